// Frames that came while the engine was busy, bounded: what does not fit is dropped, which to Raft is a lossy network.
#pragma once

#include <deque>
#include <optional>
#include <utility>

#include "consensus/types.hpp"

namespace hufu::consensus {

struct Received {
  NodeId from = 0;
  Bytes frame;
};

class Inbox {
 public:
  Inbox(std::size_t max_frames, std::size_t max_bytes) : max_frames_(max_frames), max_bytes_(max_bytes) {}

  bool push(NodeId from, Bytes frame) {
    if (frames_.size() >= max_frames_ || frame.size() > max_bytes_ - bytes_) return false;
    bytes_ += frame.size();
    frames_.push_back({from, std::move(frame)});
    return true;
  }

  std::optional<Received> pop() {
    if (frames_.empty()) return std::nullopt;
    Received oldest = std::move(frames_.front());
    frames_.pop_front();
    bytes_ -= oldest.frame.size();
    return oldest;
  }

 private:
  const std::size_t max_frames_;
  const std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::deque<Received> frames_;
};

}  // namespace hufu::consensus
