// What is on a simulated node's disk: a LogStore in memory whose writes happen when the simulation says so. Everything in it
// is durable: a step under way in a crash is made or not made, never half.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "consensus/log_store.hpp"

namespace hufu::consensus::sim {

class Platter final : public LogStore {
 public:
  Checked<Loaded> load() override {
    if (damage_) return Fault{Error::storage_corrupt, *damage_};
    Loaded loaded{hard_, snapshot_, snapshot_ ? snapshot_->index + 1 : 1, {}};
    if (!log_.empty()) loaded.first = log_.begin()->first;
    if (snapshot_ && loaded.first > snapshot_->index + 1) return gap("the log starts behind the snapshot");
    for (const auto& [index, entry] : log_) {
      if (index != loaded.first + loaded.entries.size()) return gap("the stored log has a gap");
      loaded.entries.push_back(entry);
    }
    return loaded;
  }

  Checked<void> set_hard_state(const HardState& hard) override {
    hard_ = hard;
    return {};
  }

  Checked<void> commit(const LogStep& step) override {
    if (step.truncate_from) log_.erase(log_.lower_bound(*step.truncate_from), log_.end());
    if (step.snapshot) {
      snapshot_ = step.snapshot;
      if (step.keep_nothing) log_.clear();
      log_.erase(log_.begin(), log_.lower_bound(step.keep_from));
    }
    if (step.entries.empty()) return {};
    const std::uint64_t expected =
        log_.empty() ? (snapshot_ ? snapshot_->index + 1 : 1) : log_.rbegin()->first + 1;
    if (step.append_at != expected) return gap("an append leaves a gap");
    std::uint64_t index = step.append_at;
    for (const EntryView& entry : step.entries)
      log_[index++] = {entry.term, entry.kind, to_bytes(entry.data)};
    return {};
  }

  void forget_vote() { hard_.vote = 0; }
  // D3: what is damaged is refused by name.
  void damage(std::string what) { damage_ = std::move(what); }
  bool damaged() const { return damage_.has_value(); }

  const std::map<std::uint64_t, Entry>& entries() const { return log_; }
  const std::optional<Snapshot>& snapshot() const { return snapshot_; }
  const HardState& hard_state() const { return hard_; }

 private:
  static Fault gap(std::string what) { return {Error::storage_corrupt, "storage contract: " + what}; }

  HardState hard_;
  std::optional<Snapshot> snapshot_;
  std::map<std::uint64_t, Entry> log_;
  std::optional<std::string> damage_;
};

}  // namespace hufu::consensus::sim
