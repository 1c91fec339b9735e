#include "consensus/engine/log_shape.hpp"

#include <algorithm>

#include "ledger/base/check.hpp"

namespace hufu::consensus {

LogShape::LogShape(const Loaded& loaded) {
  if (loaded.snapshot) replace(*loaded.snapshot);
  first_ = loaded.first;
  last_ = first_ - 1;
  for (const Entry& entry : loaded.entries) append(entry.term);
  if (loaded.entries.empty() && loaded.snapshot) last_ = snapshot_index_;
  stored_ = last_;
}

void LogShape::append(std::uint64_t term) {
  ++last_;
  if (runs_.empty() || runs_.back().term != term) runs_.push_back({last_, term});
}

void LogShape::truncate(std::uint64_t from) {
  if (from > last_) return;
  last_ = from - 1;
  stored_ = std::min(stored_, last_);
  while (!runs_.empty() && runs_.back().first >= from) runs_.pop_back();
}

void LogShape::stored(std::uint64_t up_to) { stored_ = std::max(stored_, std::min(up_to, last_)); }

void LogShape::compact(const Snapshot& snapshot, std::uint64_t keep_from) {
  HUFU_CHECK(keep_from <= snapshot.index + 1);
  snapshot_index_ = snapshot.index;
  snapshot_term_ = snapshot.term;
  if (keep_from <= first_) return;
  first_ = keep_from;
  while (runs_.size() > 1 && runs_[1].first <= first_) runs_.pop_front();
  if (!runs_.empty()) runs_.front().first = std::max(runs_.front().first, first_);
}

void LogShape::replace(const Snapshot& snapshot) {
  snapshot_index_ = snapshot.index;
  snapshot_term_ = snapshot.term;
  first_ = snapshot.index + 1;
  last_ = snapshot.index;
  stored_ = snapshot.index;
  runs_.clear();
}

std::uint64_t LogShape::term_at(std::uint64_t index) const {
  if (index == snapshot_index_ && index != 0) return snapshot_term_;
  if (index < first_ || index > last_) return 0;
  const auto after =
      std::upper_bound(runs_.begin(), runs_.end(), index,
                       [](std::uint64_t wanted, const Run& run) { return wanted < run.first; });
  HUFU_CHECK(after != runs_.begin());
  return std::prev(after)->term;
}

}  // namespace hufu::consensus
