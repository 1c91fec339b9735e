// The disk half of raft_io, and raft_fsm.
#include <algorithm>
#include <cstring>
#include <utility>

#include "consensus/engine/adapter.hpp"
#include "consensus/engine/messages.hpp"
#include "ledger/base/check.hpp"
#include "ledger/base/failpoint.hpp"
#include "ledger/base/mutant.hpp"

namespace hufu::consensus {

// Synchronous by contract: a term or a vote that could be forgotten is a second vote.
int Raft::Adapter::on_hard_state(const HardState& hard) {
  if (!running_) return RAFT_IOERR;
  if (mutated("vote_not_kept")) {
    hard_ = hard;
    return 0;
  }
  if (const auto stored = store_.set_hard_state(hard); !stored) {
    fail(stored.error().detail);
    return RAFT_IOERR;
  }
  hard_ = hard;
  return 0;
}

// The engine has these entries in its own log already and keeps their memory until done is called.
int Raft::Adapter::on_append(raft_io_append* request, const raft_entry* entries, unsigned count,
                             raft_io_append_cb done) {
  LogStep log;
  log.truncate_from = std::exchange(truncate_from_, std::nullopt);
  log.append_at = shape_.last() + 1;
  if (log.append_at + count != raft_last_index(engine_.get()) + 1)
    fail("the Raft engine appends out of order");
  for (unsigned i = 0; i < count; ++i) {
    // libraft's own barriers carry uninitialised memory.
    if (entries[i].type == RAFT_BARRIER) std::memset(entries[i].buf.base, 0, entries[i].buf.len);
    log.entries.push_back(view(entries[i]));
    shape_.append(entries[i].term);
  }
  if (delivering_) clamp_.verified(delivering_->term, delivering_->last);
  request->cb = done;
  const auto stored = [this, request, last = shape_.last()] {
    shape_.stored(last);
    request->cb(request, 0);
  };
  if (mutated("ack_before_store")) {
    completions_.push_back(stored);
    queue_step(std::move(log), [] {});
    return 0;
  }
  queue_step(std::move(log), stored);
  return 0;
}

int Raft::Adapter::on_truncate(std::uint64_t from) {
  if (from <= applied() || from <= shape_.snapshot_index())
    fail("the Raft engine deletes what was committed");
  shape_.truncate(from);
  truncate_from_ = std::min(truncate_from_.value_or(from), from);
  return 0;
}

int Raft::Adapter::on_snapshot_put(unsigned trailing, raft_io_snapshot_put* request,
                                   const raft_snapshot* taken, raft_io_snapshot_put_cb done) {
  const bool installed = trailing == 0;
  LogStep log;
  log.truncate_from = std::exchange(truncate_from_, std::nullopt);
  log.snapshot = from_engine(*taken);
  log.keep_nothing = installed;
  log.keep_from = taken->index > trailing ? taken->index - trailing + 1 : 1;
  if (installed) {
    // The engine has reset its log in memory before it asks for this.
    shape_.replace(*log.snapshot);
    if (delivering_) clamp_.verified(delivering_->term, delivering_->last);
    ++counters_.snapshots_installed;
  } else {
    ++counters_.snapshots_taken;
  }
  request->cb = done;
  // Made before the log is moved away: the order of a call's arguments is the compiler's.
  auto stored = [this, request, installed, snapshot = *log.snapshot, keep = log.keep_from] {
    if (!installed) shape_.compact(snapshot, keep);
    snapshot_ = snapshot;
    request->cb(request, 0);
  };
  queue_step(std::move(log), std::move(stored));
  return 0;
}

int Raft::Adapter::on_snapshot_get(raft_io_snapshot_get* request, raft_io_snapshot_get_cb done) {
  ++counters_.snapshots_sent;
  completions_.push_back([this, request, done] {
    if (running_ && snapshot_) {
      done(request, to_engine(*snapshot_), 0);
    } else {
      done(request, nullptr, RAFT_CANCELED);
    }
  });
  return 0;
}

void Raft::Adapter::queue_step(LogStep log, std::function<void()> done) {
  steps_.push_back({std::move(log), std::move(done)});
}

void Raft::Adapter::start_step() {
  const auto step = std::make_shared<Step>(std::move(steps_.front()));
  steps_.pop_front();
  flying_ = step;
  busy_since_ms_ = env_.now_ms();
  ++counters_.disk_steps;
  env_.disk([step, &store = store_] { step->outcome = store.commit(step->log); },
            [step, own = shared_from_this()] { own->step_done(*step); });
}

void Raft::Adapter::step_done(Step& step) {
  flying_.reset();
  busy_since_ms_.reset();
  stalled_ = false;
  completions_.push_front(std::move(step.done));
  if (!running_) return close_engine();
  if (!step.outcome) return fail(step.outcome.error().detail);
  failpoint("raft.log.before_ack");
  pump();
}

int Raft::Adapter::on_apply(const raft_buffer* entry) {
  if (!running_) return RAFT_SHUTDOWN;
  if (engine_leads()) tell_commit(applied() + 1);
  failpoint("raft.apply.before");
  machine_.apply(applied() + 1, view(*entry));  // the engine counts an entry as applied when this returns
  failpoint("raft.apply.after");
  return 0;
}

int Raft::Adapter::on_take_snapshot(raft_buffer** buffers, unsigned* count) {
  if (!running_) return RAFT_SHUTDOWN;
  const Bytes pointer = machine_.snapshot();
  HUFU_CHECK(pointer.size() <= kMaxSnapshotPointer);
  *buffers = static_cast<raft_buffer*>(raft_malloc(sizeof(raft_buffer)));
  HUFU_CHECK(*buffers != nullptr);
  **buffers = engine_copy(pointer);
  *count = 1;
  return 0;
}

int Raft::Adapter::on_restore(raft_buffer* pointer) {
  if (running_) machine_.restore(view(*pointer));
  raft_free(pointer->base);
  return 0;
}

}  // namespace hufu::consensus
