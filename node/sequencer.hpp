// On the leader: puts what was admitted into proposals, one at a time, each on top of the block before it.
//
// Batching is natural: while one proposal is on its way everything that arrives waits, and makes the next one. The only
// place of a node that reads the wall clock; what it reads becomes the block's time and nothing else.
//
// Invariants
//   Q1  at most one proposal of this node is on its way, built on the head of that moment
//   Q2  a proposal's time is later than its parent's, even when the clock is not
//   Q3  an id waits at most once, however often it is put in
//   Q4  every id that was taken is either seen applied (on_applied) or given back (lost), never forgotten
//   Q5  queue and proposal are bounded in number and bytes
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <unordered_set>
#include <vector>

#include "consensus/raft.hpp"
#include "ledger/chain/block.hpp"
#include "node/metrics.hpp"
#include "node/stage_times.hpp"

namespace hufu::node {

struct SequencerLimits {
  std::size_t block_bytes = 1U << 20;
  std::size_t block_submissions = 1024;
  std::size_t queue_bytes = 128U << 20;
  std::size_t queue_submissions = 20'000;
};

struct SequencerParts {
  std::function<bool()> ready;  // leader, and everything of earlier terms is applied
  std::function<void(Bytes entry, consensus::ProposeCallback done)> propose;
  std::function<const BlockHeader&()> head;
  std::function<const Hash&()> head_hash;
  std::function<std::uint64_t()> wall_clock_ms;
  std::function<void(std::function<void()>)> post;  // run it on the loop, later
  // The id was not applied by us, and maybe never will be: it has to find its way again.
  std::function<void(const Hash& id)> lost;
  Metrics& metrics;
  SequencerLimits limits;
};

class Sequencer {
 public:
  explicit Sequencer(SequencerParts parts);

  // A submission's canonical bytes, verified. not_leader, overloaded.
  Result<void> put(const Hash& id, std::shared_ptr<const Bytes> submission);
  // From the replica: these ids have their outcome; their execution began then.
  void on_applied(std::span<const Hash> ids, StageClock::time_point began = StageClock::now());
  // Leadership or readiness changed.
  void on_role_change();

  std::size_t waiting() const { return ids_.size(); }

 private:
  struct Item {
    Hash id;
    std::shared_ptr<const Bytes> submission;
    unsigned tries = 0;
    StageClock::time_point since = StageClock::now();
  };
  void build();
  std::vector<Item> take_batch();
  void answered(consensus::Outcome outcome);
  void lose(const Item& item);
  void lose_queue();
  void build_later();

  SequencerParts parts_;
  std::deque<Item> queue_;
  std::size_t queue_bytes_ = 0;
  std::vector<Item> flying_;
  bool on_its_way_ = false;
  bool build_posted_ = false;
  std::unordered_set<Hash, HashOfHash> ids_;  // of queue_ and flying_ that have no outcome yet
};

// The canonical encoding of a proposal whose submissions are canonical bytes already.
Bytes encode_proposal(std::uint64_t height, const Hash& parent, std::uint64_t time_ms,
                      std::span<const std::shared_ptr<const Bytes>> submissions);

}  // namespace hufu::node
