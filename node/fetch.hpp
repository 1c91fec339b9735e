// Catching up: a node that Raft's log no longer reaches fetches blocks from its peers' ledgers.
//
// Raft's snapshot names a height and a hash, and is as trustworthy as the leader; no peer is trusted at all. First the
// headers, downwards from the named hash: each must hash to what the one above it calls its parent, down to our own head. Then
// the blocks, upwards: each must have the hash that is now known, and executing it must give its header. So a peer can
// withhold, never mislead.
//
// Bounds: one question at a time; kHashes hashes in memory; a peer that answers wrongly or not at all is left alone for a
// while, and another is asked.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "node/peers.hpp"
#include "node/replica.hpp"

namespace hufu::node {

struct FetchParts {
  World& world;
  Peers& peers;
  Replica& replica;
  std::vector<consensus::NodeId> members;  // all but this node
  const Log& log;
  Metrics& metrics;
  std::function<void()> arrived;                    // the target is reached
  std::function<void(std::string_view why)> fatal;  // the chains have parted
  std::chrono::milliseconds ask_wait{5000};
  std::chrono::milliseconds penalty{5000};
  std::chrono::milliseconds pause{200};  // when nobody is left to be asked
};

class Fetcher {
 public:
  static constexpr std::size_t kHashes = 8U << 20;  // 256 MiB: as many blocks at once

  explicit Fetcher(FetchParts parts);
  ~Fetcher();
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  // Who can be asked from now on.
  void set_members(std::vector<consensus::NodeId> members) { parts_.members = std::move(members); }
  // Idempotent; a newer target replaces the one under way.
  void go(const Pointer& target);
  // Raft's own log made the fetch unnecessary, or the node stops.
  void stop();
  // 0: nothing is fetched.
  std::uint64_t target_height() const { return target_ ? target_->height : 0; }

 private:
  void step();
  void step_later(std::chrono::milliseconds pause);
  std::optional<consensus::NodeId> pick();
  void ask(peer::Request request);
  // What is wrong with the answer; nothing: it was of use.
  std::optional<std::string_view> took_headers(const peer::HeadersResponse& response);
  std::optional<std::string_view> took_blocks(const peer::BlocksResponse& response);
  void blame(consensus::NodeId peer, std::string_view why);

  FetchParts parts_;
  std::optional<Pointer> target_;
  // Of the heights target.height, target.height - 1, …: the last is the lowest known. Taken from the back by blocks.
  std::vector<Hash> hashes_;
  bool headers_complete_ = false;
  bool asking_ = false;
  std::size_t turn_ = 0;
  // Not asked for a while, and then only where nobody else has failed less often since it was last of use: the dead cost a long wait
  // each time.
  struct Blame {
    std::uint64_t until_ms = 0;
    unsigned times = 0;
  };
  std::map<consensus::NodeId, Blame> blamed_;
  std::unique_ptr<World::Timer> timer_;
  std::shared_ptr<Fetcher*> self_;
};

// The answering side; reads the store only.
peer::Response answer_headers(const store::LedgerStore& store, const peer::HeadersRequest& request);
peer::Response answer_blocks(const store::LedgerStore& store, const peer::BlocksRequest& request);

}  // namespace hufu::node
