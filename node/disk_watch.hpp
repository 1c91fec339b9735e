// Watches the disk under a node: says when it becomes full before it is, refuses new work in time, and says when it does not
// answer.
//
// A write that fails stops the node (ledger_store.hpp B5), in the middle of whatever it was doing. So below the floor nothing new is
// taken; what the cluster has ordered already still fits.
//
// Invariants
//   DW1  full() from the first look that finds less than the floor, until a look finds a quarter more than it
//   DW2  each change is one line of the log, not one a look
//   DW3  a disk that cannot be asked counts neither as full nor as low: it is logged, once
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "consensus/raft.hpp"
#include "node/logging.hpp"
#include "node/metrics.hpp"

namespace hufu::node {

struct DiskSpace {
  std::uint64_t size = 0;
  std::uint64_t free = 0;  // for this process
};
// Nothing: it cannot be asked.
std::optional<DiskSpace> disk_space(const std::filesystem::path& path);

struct DiskLimits {
  std::uint64_t floor_bytes = 256ULL << 20;
  std::uint64_t warn_bytes = 5ULL << 30;
  std::uint64_t warn_percent = 10;
};

struct DiskWatchParts {
  std::function<std::optional<DiskSpace>()> look;
  std::function<consensus::RaftStatus()> raft;
  std::function<std::uint64_t()> now_ms;         // steady
  std::function<std::uint64_t()> wall_clock_ms;  // for the one gauge by which clocks are compared
  Metrics& metrics;
  const Log& log;
  DiskLimits limits;
};

class DiskWatch {
 public:
  static constexpr std::uint64_t kLookEveryMs = 1000;

  explicit DiskWatch(DiskWatchParts parts);
  DiskWatch(const DiskWatch&) = delete;
  DiskWatch& operator=(const DiskWatch&) = delete;

  // From the node's ticker; looks at most every kLookEveryMs.
  void tick();
  // No new submission is to be taken.
  bool full() const { return full_; }
  bool low() const { return low_; }

 private:
  void look_at_space();
  void look_at_stall();
  bool is_low(const DiskSpace& space) const;

  DiskWatchParts parts_;
  std::optional<std::uint64_t> looked_ms_;
  std::optional<DiskSpace> space_;
  bool unknown_ = false;
  bool low_ = false;
  bool full_ = false;
  bool stalled_ = false;
};

}  // namespace hufu::node
