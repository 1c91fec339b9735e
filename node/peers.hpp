// Questions to other nodes and their answers, over the transport's application channels.
//
// One thread: the loop. Bounds: questions of ours that wait for an answer, and questions of a peer that we have not answered
// yet; beyond them a question is answered with overloaded at once.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>

#include "consensus/transport.hpp"
#include "node/peer_message.hpp"
#include "node/world.hpp"

namespace hufu::node {

class Peers {
 public:
  using Answer = std::function<void(Result<peer::Response>)>;
  using Reply = std::function<void(peer::Response)>;  // once
  using Handler = std::function<void(consensus::NodeId from, peer::Request request, Reply reply)>;

  // Sending is injected so that tests need no network. False: certainly not sent.
  using Send = std::function<bool(consensus::NodeId to, consensus::Channel channel, Bytes frame)>;

  Peers(World& world, Send send);
  ~Peers();
  Peers(const Peers&) = delete;
  Peers& operator=(const Peers&) = delete;

  void on_request(Handler handler) { handler_ = std::move(handler); }

  // The answer comes exactly once, maybe before this returns: timed_out, ledger_unavailable (not connected, or stopped),
  // overloaded, or what the peer said, which may be a RefusedResponse.
  void ask(consensus::NodeId to, peer::Request request, std::chrono::milliseconds wait, Answer answer);

  // A frame of one of the two channels.
  void deliver(consensus::NodeId from, consensus::Channel channel, Bytes frame);

  // Answers what waits with ledger_unavailable.
  void stop();

  std::uint64_t refused_frames() const { return refused_; }

 private:
  struct Waiting {
    consensus::NodeId to = 0;
    Answer answer;
    std::unique_ptr<World::Timer> timer;
  };
  void request_came(consensus::NodeId from, ByteSpan frame);
  void response_came(consensus::NodeId from, ByteSpan frame);
  void settle(std::uint64_t correlation, Result<peer::Response> response);
  void reply(consensus::NodeId to, std::uint64_t correlation, const peer::Response& response);

  World& world_;
  Send send_;
  Handler handler_;
  std::uint64_t next_ = 1;
  std::unordered_map<std::uint64_t, Waiting> waiting_;
  std::map<consensus::NodeId, std::size_t> unanswered_;  // questions of each peer
  std::uint64_t refused_ = 0;
  bool stopped_ = false;
  // Replies may outlive this object: they look here first.
  std::shared_ptr<Peers*> self_;
};

}  // namespace hufu::node
