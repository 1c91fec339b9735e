#include "consensus/engine/adapter.hpp"

#include <algorithm>
#include <utility>

#include "consensus/engine/messages.hpp"
#include "ledger/base/check.hpp"
#include "ledger/base/mutant.hpp"

namespace hufu::consensus {
namespace {

constexpr unsigned kLeastDiskStallMs = 2000;

RaftOptions checked(RaftOptions options) {
  // To the engine a trailing count of 0 means "this snapshot replaces the log".
  HUFU_CHECK(options.snapshot_threshold > 0 && options.snapshot_trailing > 0);
  if (options.disk_stall_ms == 0) {
    options.disk_stall_ms = std::max(kLeastDiskStallMs, 2 * options.election_timeout_ms);
  }
  Guards& guards = options.guards;
  if (mutated("guard_serial_off")) guards.serial = false;
  if (mutated("guard_barrier_off")) guards.barrier = false;
  if (mutated("guard_clamp_off")) guards.clamp = false;
  if (mutated("guard_round_off")) guards.round = false;
  if (mutated("guard_stale_off")) guards.stale = false;
  if (mutated("guard_prevote_off")) guards.prevote = false;
  return options;
}

}  // namespace

Raft::Adapter::Adapter(NodeId self, RaftOptions options, Env& env, LogStore& store, StateMachine& machine,
                       FatalHandler fatal)
    : self_(self),
      options_(checked(std::move(options))),
      env_(env),
      store_(store),
      machine_(machine),
      fatal_(std::move(fatal)),
      engine_(std::make_unique<raft>()),
      inbox_(options_.max_inbox_frames, options_.max_inbox_bytes),
      proposals_(options_.max_waiting_entries, options_.max_waiting_bytes),
      serial_(options_.guards.serial),
      barrier_(options_.guards.barrier),
      clamp_(options_.guards.clamp),
      round_(options_.guards.round) {
  HUFU_CHECK(self_ != 0);
}

Raft::Adapter::~Adapter() {
  running_ = false;
  if (flying_) completions_.push_front(std::move(flying_->done));
  close_engine();
}

void Raft::Adapter::stop() {
  if (!running_) return;
  HUFU_CHECK(!in_engine_);
  running_ = false;
  proposals_.abandon(answers_);
  for (auto& answer : std::exchange(answers_, {})) answer();
  if (!busy_since_ms_) close_engine();
}

// Also reached from the destructor, where the world outside may be gone already: nothing of it is touched.
void Raft::Adapter::close_engine() {
  if (!opened_) return;
  opened_ = false;
  raft_close(engine_.get(), [](raft*) {});
}

void Raft::Adapter::tick() {
  watch_disk();
  tick_due_ = true;
  pump();
}

void Raft::Adapter::deliver(NodeId from, Bytes frame) {
  if (!running_) return;
  if (!inbox_.push(from, std::move(frame))) ++counters_.frames_refused;
  pump();
}

void Raft::Adapter::bulk_ready() {
  bulk_due_ = true;
  pump();
}

void Raft::Adapter::propose(Bytes entry, ProposeCallback done) {
  if (!leads()) return done({Outcome::Kind::not_leader, 0});
  if (entry.size() > kMaxEntryBytes || !proposals_.add(entry, done)) return done({Outcome::Kind::refused, 0});
  pump();
}

void Raft::Adapter::read_barrier(ReadCallback done) {
  if (leads() && mutated("stale_read")) return done(true);
  if (!leads() || !proposals_.add(done)) return done(false);
  pump();
}

void Raft::Adapter::pump() {
  if (pumping_ || !running_) return;
  const auto keep_alive = shared_from_this();
  pumping_ = true;
  while (running_ && turn()) {
  }
  pumping_ = false;
}

// False when there is nothing to do, or nothing that may be done now.
bool Raft::Adapter::turn() {
  if (!completions_.empty()) {
    const auto completion = std::move(completions_.front());
    completions_.pop_front();
    enter(completion);
    return true;
  }
  if (!answers_.empty()) {
    const auto answer = std::move(answers_.front());
    answers_.pop_front();
    answer();
    return true;
  }
  if (!busy_since_ms_ && !steps_.empty()) {
    start_step();
    return true;
  }
  if (!serial_.may_enter(busy_since_ms_.has_value())) return false;
  if (const auto received = inbox_.pop()) {
    enter([&] { receive(*received); });
    return true;
  }
  if (held_install_ && std::exchange(bulk_due_, false)) {
    const Received held = *std::exchange(held_install_, std::nullopt);
    enter([&] { receive(held); });
    return true;
  }
  if (std::exchange(tick_due_, false)) {
    enter([this] { engine_tick_(&io_); });
    return true;
  }
  return start_round();
}

// Runs right after every entry into the engine, before anything else is delivered to it.
void Raft::Adapter::after_turn() {
  if (raft_state(engine_.get()) == RAFT_UNAVAILABLE)
    return fail("the Raft engine gave up after an internal error");
  const std::uint64_t led_before = barrier_.led_term();
  const bool lead = engine_leads();
  if (barrier_.on_turn(lead, hard_.term, raft_last_index(engine_.get()))) {
    const auto done = [](EngineBarrier* own, int /*status*/) { delete own; };
    if (raft_barrier(engine_.get(), new EngineBarrier{}, done) != 0)
      return fail("the Raft engine refused a barrier");
  }
  if (!lead || led_before != hard_.term) {
    proposals_.abandon(answers_);
  } else {
    proposals_.landed(applied(), answers_);
    if (proposals_.nothing_waits() && proposals_.nothing_flies()) tell_commit(applied());
  }
  note_role();
}

void Raft::Adapter::note_role() {
  const RoleSeen now = role();
  if (now != std::exchange(role_seen_, now) && options_.on_role_change)
    answers_.push_back(options_.on_role_change);
}

// P6. The serial guard keeps the engine's ticks, and with them its heartbeats, from a busy disk anyway; this tells who waits, and
// takes nothing on. The step's end (step_done) makes it what the engine then finds itself to be.
void Raft::Adapter::watch_disk() {
  if (stalled_ || !busy_since_ms_ || env_.now_ms() - *busy_since_ms_ < options_.disk_stall_ms) return;
  stalled_ = true;
  ++counters_.disk_stalls;
  if (engine_leads()) proposals_.abandon(answers_);
  note_role();
}

bool Raft::Adapter::start_round() {
  if (!ready() || proposals_.nothing_waits() || !round_.may_start(!proposals_.nothing_flies())) return false;
  const std::uint64_t first = raft_last_index(engine_.get()) + 1;
  const std::vector<Bytes> group =
      proposals_.take_off(first, round_.group_size(options_.max_round_entries), options_.max_round_bytes);
  ++counters_.rounds;
  int refused = 0;
  enter([&] {
    if (group.empty()) {
      const auto done = [](EngineBarrier* own, int /*status*/) { delete own; };
      refused = raft_barrier(engine_.get(), new EngineBarrier{}, done);
      return;
    }
    std::vector<raft_buffer> buffers;
    for (const Bytes& entry : group) buffers.push_back(engine_copy(entry));
    // The engine calls back once for the whole group, when its first entry is applied; what landed is seen from the
    // applied index instead.
    const auto done = [](EngineApply* own, int /*status*/, void* /*result*/) { delete own; };
    refused = raft_apply(engine_.get(), new EngineApply{}, buffers.data(),
                         static_cast<unsigned>(buffers.size()), done);
  });
  if (refused != 0) fail("the Raft engine refused entries as leader");
  return true;
}

void Raft::Adapter::fail(std::string_view what) {
  if (!running_) return;
  running_ = false;
  fatal_(what);
}

Raft::Adapter::RoleSeen Raft::Adapter::role() const {
  if (!running_) return {};
  const int state = raft_state(engine_.get());
  const Role role = leads() ? Role::leader : state == RAFT_CANDIDATE ? Role::candidate : Role::follower;
  return {role, hard_.term, leader(), ready()};
}

NodeId Raft::Adapter::leader() const {
  if (!running_ || (stalled_ && engine_leads())) return 0;
  raft_id id = 0;
  const char* address = nullptr;
  raft_leader(engine_.get(), &id, &address);
  return id;
}

RaftStatus Raft::Adapter::status() const {
  RaftStatus status = counters_;
  const RoleSeen now = role();
  status.role = now.role;
  status.ready = now.ready;
  status.term = hard_.term;
  status.leader = now.leader;
  status.first_index = shape_.first();
  status.last_index = shape_.last();
  status.applied_index = applied();
  status.snapshot_index = shape_.snapshot_index();
  status.waiting_entries = proposals_.waiting_entries();
  status.flying_entries = proposals_.flying_entries();
  status.disk_busy_ms = busy_since_ms_ ? env_.now_ms() - *busy_since_ms_ : 0;
  status.disk_stalled = stalled_;
  return status;
}

}  // namespace hufu::consensus
