// Between libraft's messages and ours. What libraft keeps is allocated as it wants it: raft_malloc, one batch a message.
#pragma once

#include <optional>

#include "consensus/engine/libraft.hpp"
#include "consensus/wire.hpp"

namespace hufu::consensus {

static_assert(static_cast<int>(EntryKind::command) == RAFT_COMMAND);
static_assert(static_cast<int>(EntryKind::barrier) == RAFT_BARRIER);
static_assert(static_cast<int>(EntryKind::configuration) == RAFT_CHANGE);

// Memory of libraft's with a copy of these bytes (at least one byte, so never null).
raft_buffer engine_copy(ByteSpan bytes);
inline ByteSpan view(const raft_buffer& buffer) {
  return {static_cast<const std::uint8_t*>(buffer.base), buffer.len};
}
EntryView view(const raft_entry& entry);

// Nothing for what this room never sends (TimeoutNow). An append is cut to as many entries as fit, and its commit index to
// what it then still carries. Entries view the engine's memory.
std::optional<wire::Message> from_engine(const raft_message& message, std::size_t max_append_bytes);

// The engine's own snapshot record, to be owned by the engine; and back.
raft_snapshot* to_engine(const Snapshot& snapshot);
Snapshot from_engine(const raft_snapshot& snapshot);

// Type-specific part only; what it points to becomes the engine's when delivered.
void to_engine(const wire::VoteRequest& body, NodeId from, raft_message& message);
void to_engine(const wire::Vote& body, NodeId from, raft_message& message);
void to_engine(const wire::Append& body, NodeId from, raft_message& message);
void to_engine(const wire::AppendResult& body, NodeId from, raft_message& message);
void to_engine(const wire::Install& body, NodeId from, raft_message& message);

}  // namespace hufu::consensus
