// The network half of raft_io.
#include <algorithm>
#include <utility>

#include "consensus/engine/adapter.hpp"
#include "consensus/engine/messages.hpp"
#include "consensus/guards/prevote.hpp"
#include "consensus/guards/stale.hpp"
#include "ledger/base/mutant.hpp"

namespace hufu::consensus {

// Never fails and never calls done at once: both would be errors to the engine.
int Raft::Adapter::on_send(raft_io_send* request, const raft_message* message, raft_io_send_cb done) {
  bool sent = false;
  auto body = from_engine(*message, options_.max_append_bytes);
  const bool withheld = stalled_ && body && std::holds_alternative<wire::Append>(*body);  // P6
  if (running_ && !withheld && body && message->server_id != 0 && message->server_id != self_) {
    guard_outgoing(*body);
    sent = env_.send(message->server_id,
                     wire::encode({options_.group, self_, message->server_id, std::move(*body)}));
  }
  request->cb = done;
  if (done != nullptr) {
    completions_.push_back(
        [request, status = sent ? 0 : RAFT_NOCONNECTION] { request->cb(request, status); });
  }
  return 0;
}

void Raft::Adapter::guard_outgoing(wire::Message& message) {
  if (auto* const vote = std::get_if<wire::Vote>(&message); vote != nullptr && options_.guards.prevote) {
    tell_real_term(*vote, hard_.term);
  }
  auto* const result = std::get_if<wire::AppendResult>(&message);
  if (result == nullptr || result->rejected != 0) return;
  if (delivering_ && delivering_->term == result->term) clamp_.verified(result->term, delivering_->last);
  const std::uint64_t capped = clamp_.cap(result->term, result->last_index);
  if (capped != result->last_index) ++counters_.acks_clamped;
  result->last_index = capped;
}

// The engine tells followers what is committed with the next entries, or the next heartbeat. This tells them at once, as a
// heartbeat would: no entries, and a previous entry that the follower has acknowledged in this very term, up to which its log
// is the leader's. Nothing beyond that entry is called committed. Before the leader applies, so that all nodes do at once; and
// when nothing is under way, for who acknowledged too late to be told then.
void Raft::Adapter::tell_commit(std::uint64_t commit) {
  if (!ready() || followers_term_ != hard_.term) return;
  for (auto& [id, follower] : followers_) {
    const std::uint64_t term = shape_.term_at(follower.acked);
    if (follower.told >= commit || follower.acked < commit || term == 0) continue;
    follower.told = commit;
    const wire::Append empty{
        .term = hard_.term, .prev_index = follower.acked, .prev_term = term, .commit = commit, .entries = {}};
    env_.send(id, wire::encode({options_.group, self_, id, empty}));
  }
}

void Raft::Adapter::receive(const Received& received) {
  Result<wire::Frame> frame = wire::decode(received.frame);
  const Member* const sender = find_member(received.from);
  if (!frame || sender == nullptr || frame->group != options_.group || frame->from != received.from ||
      frame->to != self_) {
    ++counters_.frames_refused;
    return;
  }
  const bool admitted =
      std::visit([&](auto& body) { return guard_incoming(body, received); }, frame->message);
  if (!admitted) return;
  raft_message message{};
  message.server_id = received.from;
  message.server_address = sender->address.c_str();
  std::visit([&](const auto& body) { to_engine(body, received.from, message); }, frame->message);
  engine_receive_(&io_, &message);
  delivering_.reset();
}

bool Raft::Adapter::guard_incoming(const wire::VoteRequest& /*request*/, const Received& /*received*/) {
  return true;
}

bool Raft::Adapter::guard_incoming(const wire::Vote& /*vote*/, const Received& /*received*/) { return true; }

bool Raft::Adapter::guard_incoming(wire::Append& append, const Received& /*received*/) {
  const bool foreign_members =
      std::any_of(append.entries.begin(), append.entries.end(), [&](const EntryView& entry) {
        return entry.kind == EntryKind::configuration &&
               !std::ranges::equal(entry.data, configuration_entry_);
      });
  if (foreign_members) {
    ++counters_.frames_refused;
    return false;
  }
  if (options_.guards.stale &&
      reanchor(append, shape_.first(), shape_.snapshot_index(), shape_.snapshot_term())) {
    ++counters_.appends_reanchored;
  }
  delivering_ = {append.term, append.last()};
  return true;
}

bool Raft::Adapter::guard_incoming(const wire::AppendResult& result, const Received& received) {
  if (!barrier_.hold_result(result.term, shape_.stored())) {
    if (result.term != hard_.term || result.rejected != 0) return true;
    if (std::exchange(followers_term_, result.term) != result.term) followers_.clear();
    Follower& follower = followers_[received.from];
    follower.acked = std::max(follower.acked, result.last_index);
    return true;
  }
  ++counters_.acks_held;
  return false;
}

// The engine sees a snapshot only when all it stands for is here: until then, to it, the network is slow.
bool Raft::Adapter::guard_incoming(const wire::Install& install, const Received& received) {
  const Snapshot& snapshot = install.snapshot;
  if (!same_members(snapshot.members)) {
    ++counters_.frames_refused;
    return false;
  }
  const std::uint64_t own_term = shape_.term_at(snapshot.index);
  if (options_.guards.stale && outdated(snapshot, own_term)) return false;
  const bool have_it = own_term == snapshot.term || snapshot.index <= shape_.snapshot_index();
  if (!have_it && !machine_.ready_for(snapshot.pointer) && !mutated("bulk_not_awaited")) {
    held_install_ = received;
    return false;
  }
  delivering_ = {install.term, snapshot.index};
  return true;
}

}  // namespace hufu::consensus
