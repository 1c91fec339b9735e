// What consensus orders entries for. Implemented by the node; everything is called on the loop thread.
#pragma once

#include <cstdint>

#include "ledger/base/bytes.hpp"

namespace hufu::consensus {

class StateMachine {
 public:
  virtual ~StateMachine() = default;

  // The committed entry at this index. Indexes rise but have gaps (the engine's own entries are not shown). After a
  // restart every entry since the last snapshot comes again: an entry that is already in the state must change nothing.
  // Must never fail; must not call back into Raft.
  virtual void apply(std::uint64_t index, ByteSpan entry) = 0;

  // A pointer (at most kMaxSnapshotPointer bytes) to the state after the last apply, e.g. height and hash. On return that
  // state is durable, because the log before it is about to be deleted: sync here.
  virtual Bytes snapshot() = 0;

  // Be at the state this pointer names, or beyond it: called at start with the own last snapshot, and when a leader's
  // snapshot was accepted, only after ready_for() said yes.
  virtual void restore(ByteSpan pointer) = 0;

  // Has everything the pointer names been fetched and verified, and is it durable? The pointer is about to be kept in place of
  // the entries: sync here. If not, start to fetch (idempotent), and call Raft::bulk_ready() when it has come.
  virtual bool ready_for(ByteSpan pointer) = 0;
};

}  // namespace hufu::consensus
