// The fixed-size beginnings of a connection and of a frame. Pure.
#pragma once

#include <optional>

#include "consensus/transport.hpp"
#include "ledger/base/codec.hpp"

namespace hufu::consensus {

// The two connections between a pair of nodes, each way.
enum class Lane : std::uint8_t { raft = 1, app = 2 };
constexpr bool is_known(Lane lane) { return lane == Lane::raft || lane == Lane::app; }

constexpr Lane lane_of(Channel channel) { return channel == Channel::raft ? Lane::raft : Lane::app; }
constexpr std::size_t max_frame(Channel channel) {
  return channel == Channel::raft ? kMaxRaftFrame : kMaxAppFrame;
}

struct Hello {
  static constexpr std::size_t kSize = 8 + 8 + 8 + 1 + 32;
  static constexpr std::array<std::uint8_t, 8> kMagic{'H', 'U', 'F', 'U', 'T', 'P', '0', '1'};
  NodeId from = 0;
  NodeId to = 0;
  Lane lane = Lane::raft;
  Hash network;

  bool operator==(const Hello&) const = default;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    std::array<std::uint8_t, 8> magic = kMagic;
    archive& magic& from& to& lane& network;
    if constexpr (Archive::is_loading::value) {
      if (magic != kMagic) archive.fail(Error::unknown_tag);
    }
  }
};

struct FrameHead {
  static constexpr std::size_t kSize = 4 + 1;
  std::uint32_t length = 0;
  Channel channel = Channel::raft;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& length& channel;
    if constexpr (Archive::is_loading::value) {
      if (!archive.error() && length > max_frame(channel)) archive.fail(Error::oversize);
    }
  }
};

}  // namespace hufu::consensus
