#include "consensus/engine/messages.hpp"

#include <algorithm>
#include <cstring>

#include "consensus/engine/configuration.hpp"
#include "consensus/limits.hpp"
#include "ledger/base/check.hpp"

namespace hufu::consensus {

namespace {

// An engine without memory cannot go on, and neither can we.
void* engine_memory(std::size_t bytes) {
  void* const memory = raft_malloc(std::max<std::size_t>(bytes, 1));
  HUFU_CHECK(memory != nullptr);
  return memory;
}

wire::PreVote from_tribool(raft_tribool value) {
  if (value == raft_tribool_true) return wire::PreVote::yes;
  return value == raft_tribool_false ? wire::PreVote::no : wire::PreVote::unknown;
}

raft_tribool to_tribool(wire::PreVote value) {
  if (value == wire::PreVote::yes) return raft_tribool_true;
  return value == wire::PreVote::no ? raft_tribool_false : raft_tribool_unknown;
}

wire::Append from_append(const raft_append_entries& from, std::size_t max_bytes) {
  wire::Append append{from.term, from.prev_log_index, from.prev_log_term, from.leader_commit, {}};
  const std::size_t limit = std::min<std::size_t>(from.n_entries, kMaxAppendEntries);
  std::size_t bytes = 0;
  while (append.entries.size() < limit) {
    const EntryView entry = view(from.entries[append.entries.size()]);
    if (!append.entries.empty() && bytes + entry.data.size() > max_bytes) break;
    bytes += entry.data.size();
    append.entries.push_back(entry);
  }
  if (append.entries.size() < from.n_entries) append.commit = std::min(append.commit, append.last());
  return append;
}

}  // namespace

raft_buffer engine_copy(ByteSpan bytes) {
  void* const memory = engine_memory(bytes.size());
  if (!bytes.empty()) std::memcpy(memory, bytes.data(), bytes.size());
  return {memory, bytes.size()};
}

EntryView view(const raft_entry& entry) {
  return {entry.term, static_cast<EntryKind>(entry.type), view(entry.buf)};
}

std::optional<wire::Message> from_engine(const raft_message& message, std::size_t max_append_bytes) {
  switch (message.type) {
    case RAFT_IO_REQUEST_VOTE: {
      const raft_request_vote& from = message.request_vote;
      return wire::VoteRequest{from.term, from.last_log_index, from.last_log_term, from.pre_vote};
    }
    case RAFT_IO_REQUEST_VOTE_RESULT: {
      const raft_request_vote_result& from = message.request_vote_result;
      return wire::Vote{from.term, from.vote_granted, from_tribool(from.pre_vote)};
    }
    case RAFT_IO_APPEND_ENTRIES:
      return from_append(message.append_entries, max_append_bytes);
    case RAFT_IO_APPEND_ENTRIES_RESULT: {
      const raft_append_entries_result& from = message.append_entries_result;
      return wire::AppendResult{from.term, from.rejected, from.last_log_index};
    }
    case RAFT_IO_INSTALL_SNAPSHOT: {
      const raft_install_snapshot& from = message.install_snapshot;
      return wire::Install{from.term,
                           {from.last_index, from.last_term, from.conf_index, from_configuration(from.conf),
                            to_bytes(view(from.data))}};
    }
    default:
      return std::nullopt;
  }
}

raft_snapshot* to_engine(const Snapshot& snapshot) {
  auto* const to = static_cast<raft_snapshot*>(engine_memory(sizeof(raft_snapshot)));
  *to = {};
  to->index = snapshot.index;
  to->term = snapshot.term;
  to->configuration_index = snapshot.members_index;
  HUFU_CHECK(to_configuration(snapshot.members, to->configuration));
  to->n_bufs = 1;
  to->bufs = static_cast<raft_buffer*>(engine_memory(sizeof(raft_buffer)));
  to->bufs[0] = engine_copy(snapshot.pointer);
  return to;
}

Snapshot from_engine(const raft_snapshot& snapshot) {
  Snapshot to{snapshot.index,
              snapshot.term,
              snapshot.configuration_index,
              from_configuration(snapshot.configuration),
              {}};
  for (unsigned i = 0; i < snapshot.n_bufs; ++i) {
    const ByteSpan part = view(snapshot.bufs[i]);
    to.pointer.insert(to.pointer.end(), part.begin(), part.end());
  }
  return to;
}

void to_engine(const wire::VoteRequest& body, NodeId from, raft_message& message) {
  message.type = RAFT_IO_REQUEST_VOTE;
  message.request_vote = {body.term, from, body.last_index, body.last_term, false, body.pre_vote};
}

void to_engine(const wire::Vote& body, NodeId /*from*/, raft_message& message) {
  message.type = RAFT_IO_REQUEST_VOTE_RESULT;
  message.request_vote_result = {body.term, body.granted, to_tribool(body.pre_vote)};
}

void to_engine(const wire::Append& body, NodeId /*from*/, raft_message& message) {
  message.type = RAFT_IO_APPEND_ENTRIES;
  const auto count = static_cast<unsigned>(body.entries.size());
  raft_append_entries& to = message.append_entries;
  to = {body.term, body.prev_index, body.prev_term, body.commit, nullptr, count};
  if (count == 0) return;
  std::size_t total = 0;
  for (const EntryView& entry : body.entries) total += entry.data.size();
  auto* const batch = static_cast<std::uint8_t*>(engine_memory(total));
  to.entries = static_cast<raft_entry*>(engine_memory(count * sizeof(raft_entry)));
  std::size_t at = 0;
  for (unsigned i = 0; i < count; ++i) {
    const EntryView& entry = body.entries[i];
    if (!entry.data.empty()) std::memcpy(batch + at, entry.data.data(), entry.data.size());
    to.entries[i] = {
        entry.term, static_cast<unsigned short>(entry.kind), {batch + at, entry.data.size()}, batch};
    at += entry.data.size();
  }
}

void to_engine(const wire::AppendResult& body, NodeId /*from*/, raft_message& message) {
  message.type = RAFT_IO_APPEND_ENTRIES_RESULT;
  message.append_entries_result = {body.term, body.rejected, body.last_index};
}

void to_engine(const wire::Install& body, NodeId /*from*/, raft_message& message) {
  message.type = RAFT_IO_INSTALL_SNAPSHOT;
  raft_install_snapshot& to = message.install_snapshot;
  to.term = body.term;
  to.last_index = body.snapshot.index;
  to.last_term = body.snapshot.term;
  to.conf_index = body.snapshot.members_index;
  HUFU_CHECK(to_configuration(body.snapshot.members, to.conf));
  to.data = engine_copy(body.snapshot.pointer);
}

}  // namespace hufu::consensus
