// Guard "stale": an append that starts below the own compaction point is moved up to the own snapshot before the engine
// sees it; a snapshot that contradicts a newer own entry is not delivered.
//
// Bug (libraft 0.15.0, replication.c:978, 1024): an append whose previous entry was compacted away is rejected for ever
// (previous > 0) or appended at the tail as if it were new (previous == 0). What was compacted is committed and therefore the
// same in every log, so the part of the message below the snapshot needs no comparison.
//
// Second bug: a snapshot whose last entry has an older term than the own entry at that index is acknowledged as if the two
// agreed.
#pragma once

#include <algorithm>
#include <cstdint>

#include "consensus/wire.hpp"

namespace hufu::consensus {

// first: the first index still in the own log; snapshot_*: the own snapshot. Of the entries before the first the engine knows the term
// of the snapshot's alone: not that of the one right before the first, where the log begins at the snapshot or before it. True when
// the message was changed.
inline bool reanchor(wire::Append& append, std::uint64_t first, std::uint64_t snapshot_index,
                     std::uint64_t snapshot_term) {
  if (append.prev_index >= first || append.prev_index >= snapshot_index) return false;
  const std::uint64_t skip =
      std::min<std::uint64_t>(append.entries.size(), snapshot_index - append.prev_index);
  append.entries.erase(append.entries.begin(), append.entries.begin() + static_cast<std::ptrdiff_t>(skip));
  append.prev_index = snapshot_index;
  append.prev_term = snapshot_term;
  append.commit = std::min(append.commit, append.last());
  return true;
}

// own_term: the term of the own entry at the snapshot's index, 0 when there is none.
inline bool outdated(const Snapshot& snapshot, std::uint64_t own_term) { return own_term > snapshot.term; }

}  // namespace hufu::consensus
