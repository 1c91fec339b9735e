#include "node/disk_watch.hpp"

namespace hufu::node {

std::optional<DiskSpace> disk_space(const std::filesystem::path& path) {
  std::error_code error;
  const auto space = std::filesystem::space(path, error);
  if (error) return std::nullopt;
  return DiskSpace{.size = space.capacity, .free = space.available};
}

DiskWatch::DiskWatch(DiskWatchParts parts) : parts_(std::move(parts)) {
  Metrics& metrics = parts_.metrics;
  const auto flag = [&](std::string_view name, std::string_view help, const bool& value) {
    metrics.gauge(name, help, [&value] { return value ? 1.0 : 0.0; });
  };
  metrics.gauge("hufu_disk_free_bytes", "Free on the disk of the data folder.",
                [this] { return space_ ? static_cast<double>(space_->free) : 0.0; });
  metrics.gauge("hufu_disk_size_bytes", "Size of the disk of the data folder; 0: unknown.",
                [this] { return space_ ? static_cast<double>(space_->size) : 0.0; });
  flag("hufu_disk_low", "1 when the disk is nearly full.", low_);
  flag("hufu_disk_full", "1 when no submission is taken because the disk is full.", full_);
  metrics.gauge("hufu_disk_busy_seconds", "How long the step that is being written to disk has taken so far.",
                [this] { return static_cast<double>(parts_.raft().disk_busy_ms) / 1000; });
  metrics.gauge("hufu_disk_stalled", "1 when that is too long: this node does not lead until it ends.",
                [this] { return parts_.raft().disk_stalled ? 1.0 : 0.0; });
  metrics.gauge("hufu_disk_stalls", "How often that was so since start.",
                [this] { return static_cast<double>(parts_.raft().disk_stalls); });
  metrics.gauge("hufu_clock_seconds", "This node's wall clock.",
                [this] { return static_cast<double>(parts_.wall_clock_ms()) / 1000; });
}

void DiskWatch::tick() {
  look_at_stall();
  const std::uint64_t now = parts_.now_ms();
  if (looked_ms_ && now - *looked_ms_ < kLookEveryMs) return;
  looked_ms_ = now;
  look_at_space();
}

void DiskWatch::look_at_stall() {
  const consensus::RaftStatus raft = parts_.raft();
  if (raft.disk_stalled == stalled_) return;
  stalled_ = raft.disk_stalled;
  if (stalled_)
    return parts_.log.error("disk stalled", {{"busy_ms", raft.disk_busy_ms}, {"term", raft.term}});
  parts_.log.info("disk answers again");
}

bool DiskWatch::is_low(const DiskSpace& space) const {
  return space.free < parts_.limits.warn_bytes || space.free < space.size / 100 * parts_.limits.warn_percent;
}

void DiskWatch::look_at_space() {
  space_ = parts_.look();
  if (!space_) {  // DW3
    if (!std::exchange(unknown_, true)) parts_.log.warning("disk space unknown");
    return;
  }
  unknown_ = false;
  const std::uint64_t floor = parts_.limits.floor_bytes;
  const bool full = space_->free < (full_ ? floor + floor / 4 : floor);  // DW1
  const bool low = is_low(*space_);
  if (low != std::exchange(low_, low)) {
    if (low) {
      parts_.log.warning("disk nearly full", {{"free", space_->free}, {"size", space_->size}});
    } else {
      parts_.log.info("disk has space again", {{"free", space_->free}});
    }
  }
  if (full == std::exchange(full_, full)) return;
  if (full) {
    parts_.log.error("disk full: no submission is taken", {{"free", space_->free}, {"floor", floor}});
  } else {
    parts_.log.info("submissions are taken again", {{"free", space_->free}});
  }
}

}  // namespace hufu::node
