// What members of a group say to each other. Pure: bytes in, values out; every refusal is an Error.
//
//   frame    := u8 1, u64 group, u64 from, u64 to, u8 tag, body          from, to != 0, from != to
//   body     := tag 1 vote request    u64 term, u64 last_index, u64 last_term, flag pre_vote
//             | tag 2 vote            u64 term, flag granted, u8 pre_vote (0 unknown, 1 yes, 2 no)
//             | tag 3 append          u64 term, u64 prev_index, u64 prev_term, u64 commit, list of entry
//             | tag 4 append result   u64 term, u64 rejected, u64 last_index
//             | tag 5 install         u64 term, snapshot
//   (entry, snapshot: see records.hpp)
//
// The sum of an append's entries is at most kMaxAppendBytes unless it has only one. Candidate and leader are not named: they
// are whom the transport authenticated as from. Tags and version never change their meaning.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "consensus/log_store.hpp"

namespace hufu::consensus::wire {

inline constexpr std::uint8_t kVersion = 1;

struct VoteRequest {
  static constexpr std::uint8_t kTag = 1;
  std::uint64_t term = 0;
  std::uint64_t last_index = 0;
  std::uint64_t last_term = 0;
  bool pre_vote = false;
};

enum class PreVote : std::uint8_t { unknown = 0, yes = 1, no = 2 };
constexpr bool is_known(PreVote value) { return value <= PreVote::no; }

struct Vote {
  static constexpr std::uint8_t kTag = 2;
  std::uint64_t term = 0;
  bool granted = false;
  PreVote pre_vote = PreVote::unknown;
};

struct Append {
  static constexpr std::uint8_t kTag = 3;
  std::uint64_t term = 0;
  std::uint64_t prev_index = 0;
  std::uint64_t prev_term = 0;
  std::uint64_t commit = 0;
  std::vector<EntryView> entries;  // after decode: views into the frame's bytes

  std::uint64_t last() const { return prev_index + entries.size(); }
};

struct AppendResult {
  static constexpr std::uint8_t kTag = 4;
  std::uint64_t term = 0;
  std::uint64_t rejected = 0;  // 0: accepted
  std::uint64_t last_index = 0;
};

struct Install {
  static constexpr std::uint8_t kTag = 5;
  std::uint64_t term = 0;
  Snapshot snapshot;
};

using Message = std::variant<VoteRequest, Vote, Append, AppendResult, Install>;

struct Frame {
  std::uint64_t group = 0;
  NodeId from = 0;
  NodeId to = 0;
  Message message;
};

Bytes encode(const Frame& frame);

// Of which group the frame says it is, without decoding the rest; nothing where even that does not read.
std::optional<std::uint64_t> group_of(ByteSpan bytes);

// The frame's entries refer to these bytes.
Result<Frame> decode(ByteSpan bytes);

}  // namespace hufu::consensus::wire
