// Which indexes and terms the engine's log holds, mirrored from what passes through raft_io. Pure.
//
// Invariants
//   L1  the log holds exactly first … last (last == first - 1: nothing); first <= snapshot_index + 1
//   L2  stored <= last: what is on disk
//   L3  terms never fall as indexes rise, so a few runs describe them
#pragma once

#include <cstdint>
#include <deque>

#include "consensus/log_store.hpp"

namespace hufu::consensus {

class LogShape {
 public:
  LogShape() = default;
  explicit LogShape(const Loaded& loaded);

  void append(std::uint64_t term);  // at last + 1
  void truncate(std::uint64_t from);
  void stored(std::uint64_t up_to);
  // A snapshot was taken; entries below keep_from are gone (never more than the snapshot stands for).
  void compact(const Snapshot& snapshot, std::uint64_t keep_from);
  // A leader's snapshot replaces everything.
  void replace(const Snapshot& snapshot);

  std::uint64_t first() const { return first_; }
  std::uint64_t last() const { return last_; }
  std::uint64_t stored() const { return stored_; }
  std::uint64_t snapshot_index() const { return snapshot_index_; }
  std::uint64_t snapshot_term() const { return snapshot_term_; }
  // 0 when not known: compacted away, or beyond the end.
  std::uint64_t term_at(std::uint64_t index) const;

 private:
  struct Run {
    std::uint64_t first;
    std::uint64_t term;
  };

  std::uint64_t first_ = 1;
  std::uint64_t last_ = 0;
  std::uint64_t stored_ = 0;
  std::uint64_t snapshot_index_ = 0;
  std::uint64_t snapshot_term_ = 0;
  std::deque<Run> runs_;
};

}  // namespace hufu::consensus
