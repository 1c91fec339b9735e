// From the store into the engine.
#include <algorithm>
#include <utility>

#include "consensus/engine/adapter.hpp"
#include "consensus/engine/configuration.hpp"
#include "consensus/engine/messages.hpp"
#include "consensus/records.hpp"
#include "ledger/base/check.hpp"
#include "ledger/base/failpoint.hpp"
#include "ledger/base/mutant.hpp"

namespace hufu::consensus {

namespace {
// The members are the first entry of every log of a group, at this index and term.
constexpr std::uint64_t kFirstIndex = 1;
constexpr std::uint64_t kFirstTerm = 1;
}  // namespace

Checked<void> Raft::Adapter::start(std::span<const Member> members) {
  HUFU_CHECK(!opened_ && !running_);
  members_.assign(members.begin(), members.end());
  std::sort(members_.begin(), members_.end(), [](const Member& a, const Member& b) { return a.id < b.id; });
  if (!well_formed(members_) || find_member(self_) == nullptr)
    return Fault{Error::config_invalid, "the members of the Raft group are not well formed"};
  configuration_entry_ = configuration_entry(members_);

  if (auto done = bootstrap_if_pristine(); !done) return done;
  Checked<Loaded> loaded = store_.load();
  if (!loaded) return loaded.error();
  loaded_ = std::move(*loaded);
  if (auto same = check_members(); !same) return same;
  hard_ = loaded_.hard;
  snapshot_ = loaded_.snapshot;
  shape_ = LogShape(loaded_);

  connect_engine();
  running_ = true;
  int rejected = 0;
  enter([&] { rejected = raft_start(engine_.get()); });
  // What was drawn for the first election stands; the next ones are drawn from this.
  raft_set_election_timeout(engine_.get(), options_.election_timeout_ms);
  if (rejected != 0) {
    running_ = false;
    return Fault{Error::storage_corrupt,
                 std::string("the Raft engine does not start: ") + raft_errmsg(engine_.get())};
  }
  pump();
  return {};
}

// The hard state first: a crash between the two leaves term 1 without a vote, which is as good as untouched.
Checked<void> Raft::Adapter::bootstrap_if_pristine() {
  const Checked<Loaded> found = store_.load();
  if (!found) return found.error();
  const bool half_done =
      found->hard == HardState{kFirstTerm, 0} && !found->snapshot && found->entries.empty();
  if (!found->pristine() && !half_done) return {};
  if (auto done = store_.set_hard_state({kFirstTerm, 0}); !done) return done;
  LogStep step;
  step.append_at = kFirstIndex;
  step.entries.push_back({kFirstTerm, EntryKind::configuration, configuration_entry_});
  failpoint("raft.bootstrap.before_entry");
  if (auto done = store_.commit(step); !done) return done;
  failpoint("raft.bootstrap.after_entry");
  return {};
}

Checked<void> Raft::Adapter::check_members() const {
  bool same = !loaded_.snapshot || same_members(loaded_.snapshot->members);
  for (const Entry& entry : loaded_.entries) {
    if (entry.kind == EntryKind::configuration && entry.data != configuration_entry_) same = false;
  }
  if (same || mutated("members_unchecked")) return {};
  return Fault{Error::config_invalid, "the stored Raft log belongs to a group with other members"};
}

const Member* Raft::Adapter::find_member(NodeId id) const {
  const auto found =
      std::find_if(members_.begin(), members_.end(), [&](const Member& member) { return member.id == id; });
  return found == members_.end() ? nullptr : &*found;
}

bool Raft::Adapter::same_members(const std::vector<Member>& others) const {
  return std::equal(members_.begin(), members_.end(), others.begin(), others.end(),
                    [](const Member& a, const Member& b) { return a.id == b.id && a.address == b.address; });
}

void Raft::Adapter::connect_engine() {
  io_.version = 1;
  io_.impl = this;  // io_.data is the engine's
  io_.init = [](raft_io*, raft_id, const char*) { return 0; };
  io_.close = [](raft_io* io, raft_io_close_cb done) {
    // Everything under way completes as if stored, the only case in which a closing engine just frees its memory.
    Adapter& own = self(io);
    for (Step& step : std::exchange(own.steps_, {})) own.completions_.push_back(std::move(step.done));
    while (!own.completions_.empty()) {
      const auto completion = std::move(own.completions_.front());
      own.completions_.pop_front();
      completion();
    }
    done(io);
  };
  io_.load = [](raft_io* io, raft_term* term, raft_id* vote, raft_snapshot** snapshot, raft_index* first,
                raft_entry** entries,
                size_t* count) { return self(io).on_load(term, vote, snapshot, first, entries, count); };
  io_.start = [](raft_io* io, unsigned, raft_io_tick_cb on_tick, raft_io_recv_cb on_receive) {
    self(io).engine_tick_ = on_tick;
    self(io).engine_receive_ = on_receive;
    return 0;
  };
  io_.bootstrap = [](raft_io*, const raft_configuration*) -> int { return RAFT_CANTBOOTSTRAP; };
  io_.recover = [](raft_io*, const raft_configuration*) -> int { return RAFT_INVALID; };
  io_.set_term = [](raft_io* io, raft_term term) { return self(io).on_hard_state({term, 0}); };
  io_.set_vote = [](raft_io* io, raft_id vote) {
    return self(io).on_hard_state({self(io).hard_.term, vote});
  };
  io_.send = [](raft_io* io, raft_io_send* request, const raft_message* message, raft_io_send_cb done) {
    return self(io).on_send(request, message, done);
  };
  io_.append = [](raft_io* io, raft_io_append* request, const raft_entry entries[], unsigned count,
                  raft_io_append_cb done) { return self(io).on_append(request, entries, count, done); };
  io_.truncate = [](raft_io* io, raft_index from) { return self(io).on_truncate(from); };
  io_.snapshot_put = [](raft_io* io, unsigned trailing, raft_io_snapshot_put* request,
                        const raft_snapshot* snapshot, raft_io_snapshot_put_cb done) {
    return self(io).on_snapshot_put(trailing, request, snapshot, done);
  };
  io_.snapshot_get = [](raft_io* io, raft_io_snapshot_get* request, raft_io_snapshot_get_cb done) {
    return self(io).on_snapshot_get(request, done);
  };
  io_.time = [](raft_io* io) -> raft_time { return self(io).env_.now_ms(); };
  io_.random = [](raft_io* io, int low, int high) { return self(io).env_.random(low, high); };

  fsm_.version = 1;
  fsm_.data = this;
  fsm_.apply = [](raft_fsm* machine, const raft_buffer* entry, void** result) {
    *result = nullptr;
    return self(machine).on_apply(entry);
  };
  fsm_.snapshot = [](raft_fsm* machine, raft_buffer** buffers, unsigned* count) {
    return self(machine).on_take_snapshot(buffers, count);
  };
  fsm_.restore = [](raft_fsm* machine, raft_buffer* pointer) { return self(machine).on_restore(pointer); };

  HUFU_CHECK(raft_init(engine_.get(), &io_, &fsm_, self_, find_member(self_)->address.c_str()) == 0);
  opened_ = true;
  const unsigned first = options_.first_election_ms;
  raft_set_election_timeout(engine_.get(), first != 0 ? first : options_.election_timeout_ms);
  raft_set_heartbeat_timeout(engine_.get(), options_.heartbeat_ms);
  raft_set_install_snapshot_timeout(engine_.get(), options_.install_snapshot_timeout_ms);
  raft_set_snapshot_threshold(engine_.get(), options_.snapshot_threshold);
  raft_set_snapshot_trailing(engine_.get(), options_.snapshot_trailing);
  raft_set_pre_vote(engine_.get(), true);
}

int Raft::Adapter::on_load(raft_term* term, raft_id* vote, raft_snapshot** snapshot, raft_index* first,
                           raft_entry** entries, std::size_t* count) {
  const Loaded loaded = std::exchange(loaded_, {});
  *term = loaded.hard.term;
  *vote = loaded.hard.vote;
  *snapshot = loaded.snapshot ? to_engine(*loaded.snapshot) : nullptr;
  *first = loaded.first;
  *count = loaded.entries.size();
  *entries = nullptr;
  if (loaded.entries.empty()) return 0;
  *entries = static_cast<raft_entry*>(raft_calloc(loaded.entries.size(), sizeof(raft_entry)));
  HUFU_CHECK(*entries != nullptr);
  for (std::size_t i = 0; i < loaded.entries.size(); ++i) {
    const Entry& entry = loaded.entries[i];
    const raft_buffer copy = engine_copy(entry.data);
    (*entries)[i] = {entry.term, static_cast<unsigned short>(entry.kind), copy, copy.base};
  }
  return 0;
}

}  // namespace hufu::consensus
