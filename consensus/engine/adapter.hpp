// One libraft instance behind a guarded raft_io. Private to this room: raft.hpp is its face.
//
// The pump is the only place from which the engine is entered. One turn does one thing, in this order: complete what
// the engine waits for, answer clients, start a disk step, and, when the guards allow, deliver one message, one tick, or one
// round of proposals. Nothing is ever called back from inside the engine.
//
// Lifetime: the entries of a disk step are the engine's memory, so the engine is closed only when no step is under way;
// the step's continuation keeps the adapter alive until then. A continuation that is dropped instead of called (a simulated
// crash) brings the destructor, which completes the step for the engine so that it frees its memory.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "consensus/engine/inbox.hpp"
#include "consensus/engine/libraft.hpp"
#include "consensus/engine/log_shape.hpp"
#include "consensus/engine/proposals.hpp"
#include "consensus/guards/barrier.hpp"
#include "consensus/guards/clamp.hpp"
#include "consensus/guards/round.hpp"
#include "consensus/guards/serial.hpp"
#include "consensus/raft.hpp"
#include "consensus/wire.hpp"

namespace hufu::consensus {

class Raft::Adapter : public std::enable_shared_from_this<Raft::Adapter> {
 public:
  Adapter(NodeId self, RaftOptions options, Env& env, LogStore& store, StateMachine& machine,
          FatalHandler fatal);
  ~Adapter();
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;

  Checked<void> start(std::span<const Member> members);
  void stop();
  void tick();
  void deliver(NodeId from, Bytes frame);
  void bulk_ready();
  void propose(Bytes entry, ProposeCallback done);
  void read_barrier(ReadCallback done);

  bool leads() const { return engine_leads() && !stalled_; }
  bool ready() const { return leads() && barrier_.ready(applied()); }
  NodeId leader() const;
  std::uint64_t term() const { return hard_.term; }
  std::uint64_t applied() const { return opened_ ? raft_last_applied(engine_.get()) : 0; }
  RaftStatus status() const;

 private:
  // One durable step: what to store, and what to tell the engine afterwards.
  struct Step {
    LogStep log;
    std::function<void()> done;
    Checked<void> outcome{};
  };
  // The verified end of the message that is being delivered.
  struct Delivering {
    std::uint64_t term;
    std::uint64_t last;
  };
  struct RoleSeen {
    Role role = Role::stopped;
    std::uint64_t term = 0;
    NodeId leader = 0;
    bool ready = false;
    bool operator==(const RoleSeen&) const = default;
  };

  bool engine_leads() const { return running_ && raft_state(engine_.get()) == RAFT_LEADER; }

  // adapter.cpp: the pump
  void pump();
  bool turn();
  template <class Entry>
  void enter(Entry&& entry) {
    in_engine_ = true;
    entry();
    in_engine_ = false;
    if (running_) after_turn();
  }
  void after_turn();
  bool start_round();
  void watch_disk();
  void note_role();
  void fail(std::string_view what);
  void close_engine();
  RoleSeen role() const;

  // adapter_start.cpp: from the store into the engine
  Checked<void> bootstrap_if_pristine();
  Checked<void> check_members() const;
  const Member* find_member(NodeId id) const;
  bool same_members(const std::vector<Member>& others) const;
  void connect_engine();
  static Adapter& self(raft_io* io) { return *static_cast<Adapter*>(io->impl); }
  static Adapter& self(raft_fsm* machine) { return *static_cast<Adapter*>(machine->data); }
  int on_load(raft_term* term, raft_id* vote, raft_snapshot** snapshot, raft_index* start,
              raft_entry** entries, std::size_t* count);

  // adapter_storage.cpp: raft_io's disk half, raft_fsm
  int on_hard_state(const HardState& hard);
  int on_append(raft_io_append* request, const raft_entry* entries, unsigned count, raft_io_append_cb done);
  int on_truncate(std::uint64_t from);
  int on_snapshot_put(unsigned trailing, raft_io_snapshot_put* request, const raft_snapshot* snapshot,
                      raft_io_snapshot_put_cb done);
  int on_snapshot_get(raft_io_snapshot_get* request, raft_io_snapshot_get_cb done);
  int on_apply(const raft_buffer* entry);
  int on_take_snapshot(raft_buffer** buffers, unsigned* count);
  int on_restore(raft_buffer* pointer);
  void queue_step(LogStep log, std::function<void()> done);
  void start_step();
  void step_done(Step& step);

  // adapter_network.cpp: raft_io's network half
  int on_send(raft_io_send* request, const raft_message* message, raft_io_send_cb done);
  void guard_outgoing(wire::Message& message);
  void tell_commit(std::uint64_t commit);
  void receive(const Received& received);
  bool guard_incoming(const wire::VoteRequest& request, const Received& received);
  bool guard_incoming(const wire::Vote& vote, const Received& received);
  bool guard_incoming(wire::Append& append, const Received& received);
  bool guard_incoming(const wire::AppendResult& result, const Received& received);
  bool guard_incoming(const wire::Install& install, const Received& received);

  const NodeId self_;
  const RaftOptions options_;
  Env& env_;
  LogStore& store_;
  StateMachine& machine_;
  const FatalHandler fatal_;

  std::vector<Member> members_;
  Bytes configuration_entry_;
  std::unique_ptr<raft> engine_;
  raft_io io_{};
  raft_fsm fsm_{};
  raft_io_tick_cb engine_tick_ = nullptr;
  raft_io_recv_cb engine_receive_ = nullptr;

  bool running_ = false;
  bool opened_ = false;
  bool pumping_ = false;
  bool in_engine_ = false;
  bool tick_due_ = false;
  bool bulk_due_ = false;

  Loaded loaded_;  // between load and start only
  HardState hard_;
  LogShape shape_;
  std::optional<Snapshot> snapshot_;
  std::optional<std::uint64_t> truncate_from_;  // rides with the append or snapshot that follows
  std::deque<Step> steps_;
  std::shared_ptr<Step> flying_;                // the disk step under way
  std::optional<std::uint64_t> busy_since_ms_;  // since when
  bool stalled_ = false;                        // for longer than options_.disk_stall_ms

  Inbox inbox_;
  std::optional<Received> held_install_;  // until the state machine has the bulk
  std::optional<Delivering> delivering_;
  std::deque<std::function<void()>> completions_;  // back into the engine
  Answers answers_;                                // out to clients
  Proposals proposals_;
  RoleSeen role_seen_;
  // On the leader: what each follower has acknowledged in this term, and which commit index it was told at once.
  struct Follower {
    std::uint64_t acked = 0;
    std::uint64_t told = 0;
  };
  std::map<NodeId, Follower> followers_;
  std::uint64_t followers_term_ = 0;

  const SerialGuard serial_;
  BarrierGuard barrier_;
  ClampGuard clamp_;
  const RoundGuard round_;

  RaftStatus counters_;
};

}  // namespace hufu::consensus
