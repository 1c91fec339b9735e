// The ledger of this node: what Raft ordered becomes blocks and state here, and nowhere else.
//
// The leader is not believed: every signature and every rule is checked again (execute), and the header is computed, not
// received. One thread: the loop.
//
// What becomes of an entry at index i, with the head at height h
//   A1  it does not decode as a proposal          void: counted and logged (a leader may lie; all nodes skip it alike)
//   A2  proposal.height <= h                      stale: a replay after a restart, or the proposal of a deposed leader
//   A3  proposal.height > h + 1                   fatal: blocks are missing here
//   A4  height == h + 1, another parent           fatal: this node's chain and the cluster's have parted
//   A5  its time is not later than the head's,
//       or later than the calendar reaches        void
//   A6  nothing in it is included                 no block; the refusals are told to who waits
//   A7  otherwise                                 block h + 1, committed to the store before anybody is told
//
// Invariants
//   N1  the state tree's root is the head's state root, after every block and at start
//   N3  of a Raft group whose epoch is over nothing is executed any more: what follows the block that changed the roster is void
//   N2  a snapshot's pointer names a synced block: what it names is never less than what Raft's log may forget
#pragma once

#include <chrono>
#include <functional>
#include <span>

#include "consensus/state_machine.hpp"
#include "ledger/merkle/state_tree.hpp"
#include "ledger/rocksdb/ledger_store.hpp"
#include "node/logging.hpp"
#include "node/metrics.hpp"
#include "node/signature_cache.hpp"

namespace hufu::node {

// A snapshot, as Raft sees it: pointer := epoch u64, height u64, block hash.
struct Pointer {
  std::uint64_t epoch = 0;
  std::uint64_t height = 0;
  Hash head;

  bool operator==(const Pointer&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& epoch& height& head;
  }
};

// What one proposal came to. Views are valid during the call.
struct ProposalResult {
  const Block* block = nullptr;       // null: no block (A6)
  std::span<const Hash> ids;          // of the proposal's submissions
  std::span<const Outcome> outcomes;  // one each
};

struct ReplicaParts {
  store::LedgerStore& store;
  const LedgerId& ledger;
  const SignatureCache& signatures;
  Metrics& metrics;
  const Log& log;
  // Must not return in a running node; after it the replica does nothing any more.
  std::function<void(std::string_view why)> fatal;
};

class Replica final : public consensus::StateMachine {
 public:
  explicit Replica(ReplicaParts parts);

  // Rebuilds what is kept in memory from what is on disk. storage_corrupt when the state is not what the head says.
  store::Checked<void> start();

  // Before Raft starts. Called after each proposal, with the block committed; must not call back into Raft.
  void on_applied(std::function<void(const ProposalResult&)> listener) { applied_ = std::move(listener); }
  // Called after a sync, with the block that is now safe.
  void on_durable(std::function<void(std::uint64_t height, const Hash& head)> listener) {
    durable_ = std::move(listener);
  }
  // Called when a block has changed the roster, after everybody was told of the block; must not call back into Raft.
  void on_roster(std::function<void()> listener) { roster_changed_ = std::move(listener); }
  // What Raft orders from now on is of this epoch's group.
  void enter(std::uint64_t epoch) { epoch_ = epoch; }
  // Called when Raft waits for blocks up to this pointer.
  void on_behind(std::function<void(const Pointer&)> listener) { behind_ = std::move(listener); }

  void apply(std::uint64_t index, ByteSpan entry) override;
  Bytes snapshot() override;
  void restore(ByteSpan pointer) override;
  bool ready_for(ByteSpan pointer) override;

  // A block fetched from a peer, whose hash is known to be the right one: it must follow the head and be what executing it
  // gives. Errors: those of check_follows and check_contents; content_mismatch; ledger_unavailable after a failure.
  Result<void> append(Block block);
  // Syncs and tells on_durable.
  void sync();

  // The nodes, as the newest block leaves them.
  const RosterStanding& roster() const { return roster_; }
  const BlockHeader& head() const { return store_.head(); }
  const Hash& head_hash() const { return store_.head_hash(); }
  const StateTree::Version& state() const { return state_; }
  StateTree& tree() { return tree_; }
  const Frontier& log_of_blocks() const { return frontier_; }
  bool dead() const { return dead_; }
  // When the execution of the newest proposal began: for metrics alone.
  std::chrono::steady_clock::time_point apply_began() const { return apply_began_; }

 private:
  void execute_proposal(Proposal proposal, ByteSpan entry);
  // `submissions`: those of the block, encoded, where they came so; else empty.
  Result<void> commit(Execution& execution, const Proposal& frame, const BlockHeader* expected,
                      std::span<const Hash> ids, ByteSpan submissions);
  store::Checked<void> load_state();
  store::Checked<void> load_roster();
  void skip(std::string_view why, std::uint64_t index, std::uint64_t height);
  void fatal(const std::string& why);

  store::LedgerStore& store_;
  const LedgerId& ledger_;
  std::uint64_t epoch_ = 0;  // of the Raft group
  RosterStanding roster_;
  const SignatureCache& signatures_;
  Metrics& metrics_;
  const Log& log_;
  std::function<void(std::string_view)> fatal_;
  std::function<void(const ProposalResult&)> applied_;
  std::function<void(std::uint64_t, const Hash&)> durable_;
  std::function<void(const Pointer&)> behind_;
  std::function<void()> roster_changed_;
  StateTree tree_;
  StateTree::Version state_;
  Frontier frontier_;
  bool dead_ = false;
  std::chrono::steady_clock::time_point apply_began_;
};

}  // namespace hufu::node
