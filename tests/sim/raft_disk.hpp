// The Raft logs on a simulated machine's disk, one of each epoch, with the mark of what the ledger made durable beside each.
//
// What the log promises is durable when it says so (platter.hpp). The mark is written without waiting for the disk: a power
// cut may leave the one before.
#pragma once

#include <map>
#include <memory>

#include "node/core.hpp"
#include "tests/consensus/sim/platter.hpp"

namespace hufu::sim {

using consensus::sim::Platter;

class RaftDisk {
 public:
  struct Epoch {
    Platter platter;
    consensus::AppMark mark;
    consensus::AppMark synced;
  };

  std::unique_ptr<node::GroupLog> open(std::uint64_t epoch) {
    epochs_.erase(epochs_.begin(), epochs_.lower_bound(epoch));
    auto& own = epochs_[epoch];
    if (!own) own = std::make_shared<Epoch>();
    return std::make_unique<Opened>(own);
  }
  void power_cut(bool take_marks) {
    for (auto& [number, epoch] : epochs_) {
      if (take_marks) epoch->mark = epoch->synced;
      epoch->synced = epoch->mark;
    }
  }
  // The newest log; false when there is none.
  bool damage(std::string what) {
    if (epochs_.empty()) return false;
    epochs_.rbegin()->second->platter.damage(std::move(what));
    return true;
  }
  void replace() { epochs_.clear(); }

  // nullptr: not on this disk.
  Epoch* find(std::uint64_t epoch) const {
    const auto found = epochs_.find(epoch);
    return found == epochs_.end() ? nullptr : found->second.get();
  }
  std::uint64_t newest() const { return epochs_.empty() ? 0 : epochs_.rbegin()->first; }

 private:
  class Opened final : public node::GroupLog {
   public:
    explicit Opened(std::shared_ptr<Epoch> epoch) : epoch_(std::move(epoch)) {}
    consensus::LogStore& log() override { return epoch_->platter; }
    consensus::Mark mark() const override {
      return {.hard = epoch_->platter.hard_state(), .last_index = 0, .app = epoch_->mark};
    }
    consensus::Checked<void> made_durable(const consensus::AppMark& mark) override {
      epoch_->mark = mark;
      return {};
    }
    consensus::Checked<void> sync() override {
      epoch_->synced = epoch_->mark;
      return {};
    }

   private:
    const std::shared_ptr<Epoch> epoch_;
  };

  std::map<std::uint64_t, std::shared_ptr<Epoch>> epochs_;
};

}  // namespace hufu::sim
