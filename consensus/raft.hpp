// One member of one Raft group: the engine (libraft) behind its guards.
//
// Not thread-safe: everything is called, and calls back, on one loop thread. Knows no thread, clock, socket or file but
// through Env and LogStore, so a cluster of these runs deterministically in one thread.
//
// Promises
//   P1  committed{index}: the entry is stored by a majority and applied here; no later leader lacks it
//   P2  not_leader, refused: the entry was not and will not be proposed by this call
//   P3  unknown: it may or may not have been committed; propose again something that is safe to repeat
//   P4  every callback given is called exactly once, at the latest by stop()
//   P5  after the fatal handler was called nothing is called back and nothing is stored or sent any more
//   P6  a leader whose disk does not end a step within disk_stall_ms is none until it does: what it was asked for is answered
//       (P2, P3), nothing is sent, so that the others elect another. Never a transfer of leadership: that is a second vote
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "consensus/env.hpp"
#include "consensus/guards.hpp"
#include "consensus/limits.hpp"
#include "consensus/log_store.hpp"
#include "consensus/state_machine.hpp"
#include "consensus/types.hpp"

namespace hufu::consensus {

struct RaftOptions {
  std::uint64_t group = 1;              // frames of another group are dropped
  unsigned election_timeout_ms = 1000;  // randomised between one and two times this
  unsigned first_election_ms = 0;       // 0: as any other. Who is expected to lead may try sooner, once
  unsigned heartbeat_ms = 100;
  unsigned install_snapshot_timeout_ms = 5000;
  unsigned disk_stall_ms =
      0;  // a disk step that takes longer is a stall; 0: twice the election timeout, at least 2 s
  unsigned snapshot_threshold = 256;  // entries between two snapshots
  unsigned snapshot_trailing = 256;   // entries kept behind a snapshot; never 0
  std::size_t max_append_bytes = kMaxAppendBytes;
  std::size_t max_round_entries = 1024;
  std::size_t max_round_bytes = 4U << 20;
  std::size_t max_waiting_entries = 16384;
  std::size_t max_waiting_bytes = 64U << 20;
  std::size_t max_inbox_frames = 1024;
  std::size_t max_inbox_bytes = 64U << 20;
  Guards guards;                         // all on; tests switch one off to see that it is needed
  std::function<void()> on_role_change;  // role, term, leader or readiness changed; may call propose
};

struct Outcome {
  enum class Kind : std::uint8_t {
    committed,
    not_leader,  // try the leader
    refused,     // over kMaxEntryBytes, or too much waits already
    unknown,     // leadership was lost while it was under way
  };
  Kind kind = Kind::unknown;
  std::uint64_t index = 0;  // with committed
};
using ProposeCallback = std::function<void(Outcome)>;
// True: what is applied here now contains everything acknowledged by anybody before the read was asked for.
using ReadCallback = std::function<void(bool)>;

enum class Role : std::uint8_t { stopped, follower, candidate, leader };

struct RaftStatus {
  Role role = Role::stopped;
  bool ready = false;  // leader, and everything of earlier terms is committed and applied
  std::uint64_t term = 0;
  NodeId leader = 0;  // 0: unknown
  std::uint64_t first_index = 0;
  std::uint64_t last_index = 0;
  std::uint64_t applied_index =
      0;  // also the commit index: entries are applied as soon as they are known to be committed
  std::uint64_t snapshot_index = 0;
  std::size_t waiting_entries = 0;  // proposed, not yet in the log
  std::size_t flying_entries = 0;   // in the log, not yet committed
  std::uint64_t disk_busy_ms = 0;   // how long the disk step under way has taken: a stalled disk shows here
  bool disk_stalled = false;        // longer than disk_stall_ms (P6)
  std::uint64_t disk_stalls = 0;    // so far
  std::uint64_t rounds = 0;
  std::uint64_t disk_steps = 0;
  std::uint64_t snapshots_taken = 0;
  std::uint64_t snapshots_sent = 0;
  std::uint64_t snapshots_installed = 0;
  std::uint64_t frames_refused = 0;  // malformed, foreign, or the inbox was full
  std::uint64_t acks_clamped = 0;    // guards at work
  std::uint64_t acks_held = 0;
  std::uint64_t appends_reanchored = 0;
};

class Raft {
 public:
  // The references must outlive this object.
  Raft(NodeId self, RaftOptions options, Env& env, LogStore& store, StateMachine& machine,
       FatalHandler fatal);
  ~Raft();
  Raft(const Raft&) = delete;
  Raft& operator=(const Raft&) = delete;

  // Loads the store; an untouched one is given these members first, which must be the same on every node. A log that holds
  // other members is refused (config_invalid): membership changes by starting a new group.
  Checked<void> start(std::span<const Member> members);
  // Resolves what waits (unknown, false) and lets go of everything. A disk step under way may still run to its end.
  void stop();

  // Every few milliseconds (a tenth of the heartbeat is plenty).
  void tick();
  // A frame from the raft channel; from is who the transport authenticated. Hostile until decoded.
  void deliver(NodeId from, Bytes frame);
  // StateMachine::ready_for may say yes now.
  void bulk_ready();

  // May call back before it returns (refused, not_leader).
  void propose(Bytes entry, ProposeCallback done);
  // Batched: all reads that wait are answered behind one entry. False when not, or no longer, the leader.
  void read_barrier(ReadCallback done);

  bool is_leader() const;
  bool is_ready_leader() const;
  NodeId leader_hint() const;
  std::uint64_t term() const;
  std::uint64_t applied_index() const;
  RaftStatus status() const;

 private:
  class Adapter;
  std::shared_ptr<Adapter> adapter_;
};

}  // namespace hufu::consensus
