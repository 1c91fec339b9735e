// Frames between the members of the roster over mutually authenticated TLS 1.3.
//
// Every node dials every other one twice, one connection for Raft and one for the application, so that bulk never delays
// a heartbeat; what it dials it only sends on, what it accepts it only receives on. Nothing is acknowledged or repeated:
// a frame may be lost with its connection. Single-threaded: everything runs on the io_context's one thread.
//
//   connection := hello of the dialler, hello of the listener, then frames from the dialler
//   hello      := "HUFUTP01" u64 from u64 to u8 class raw32 network
//   frame      := u32 length u8 channel, length bytes
//
// Bounds: frame length (by channel, before memory is taken), queued frames and bytes per connection, handshake and hello
// time, connections that have not authenticated (the oldest gives way).
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "consensus/limits.hpp"
#include "consensus/types.hpp"
#include "ledger/base/ed25519.hpp"
#include "ledger/base/hash.hpp"

namespace hufu::consensus {

// Sent on the wire: the numbers never change.
enum class Channel : std::uint8_t { raft = 1, app_request = 2, app_response = 3, gossip = 4 };
constexpr bool is_known(Channel channel) { return channel >= Channel::raft && channel <= Channel::gossip; }

struct Peer {
  NodeId id = 0;
  PublicKey tls_key;
  std::string host;
  std::uint16_t port = 0;

  bool operator==(const Peer&) const = default;
};

struct TransportOptions {
  NodeId self = 0;
  Hash network;  // both ends must name the same one (the genesis hash); others are refused in the hello
  std::string listen_host = "127.0.0.1";
  std::uint16_t listen_port = 0;  // 0: any free one, see Transport::port
  std::size_t max_queued_frames = 4096;
  std::size_t max_queued_raft_bytes = 64U << 20;
  std::size_t max_queued_app_bytes = 64U << 20;
  std::size_t max_unauthenticated = 32;
  std::chrono::milliseconds handshake_timeout{5000};
  std::chrono::milliseconds reconnect_min{50};
  std::chrono::milliseconds reconnect_max{2000};
};

struct TransportStatus {
  struct PeerStatus {
    NodeId id = 0;
    bool raft_out = false;  // connected, hello answered
    bool app_out = false;
    bool raft_in = false;
    bool app_in = false;
    std::size_t queued_bytes = 0;
  };
  std::vector<PeerStatus> peers;
  std::size_t unauthenticated = 0;
  std::uint64_t handshakes_refused = 0;
  std::uint64_t frames_refused = 0;  // oversize, unknown channel, wrong class
  std::uint64_t frames_dropped = 0;  // not connected or queue full
};

class Transport {
 public:
  using FrameHandler = std::function<void(NodeId from, Channel channel, Bytes frame)>;

  // The peers are the whole roster; an entry for self is ignored.
  Transport(boost::asio::io_context& io, const Seed& tls_seed, std::vector<Peer> peers,
            TransportOptions options);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  // Before start. The handler may send; it runs on the loop.
  void on_frame(FrameHandler handler);
  // The roster has changed: who left is cut off, who came is dialled, who moved is dialled anew. tls_failed.
  Checked<void> set_peers(std::vector<Peer> peers);
  // Listens and begins to dial. Faults: config_invalid (address in use, not parseable), tls_failed.
  Checked<void> start();
  // Closes everything; no handler is called afterwards.
  void stop();

  // False: unknown, not connected, over the channel's frame limit, or the queue is full. True promises nothing.
  bool send(NodeId to, Channel channel, Bytes frame);

  std::uint16_t port() const;  // the port listened on, after start
  TransportStatus status() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace hufu::consensus
