// Virtual time, dice and the trace of a simulated world: what makes a run repeat from one integer.
//
// Invariants
//   T1  events happen in the order of their time, and of their making where the time is the same
//   T2  the same seed and the same calls give the same dice, the same order and the same trace
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <random>
#include <vector>

#include "ledger/base/bytes.hpp"

namespace hufu::consensus::sim {

inline constexpr std::uint64_t kSeedOfHashes = 1469598103934665603ULL;

// FNV: quick, and of no other merit.
inline std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) hash = (hash ^ ((value >> (8 * i)) & 0xFF)) * 1099511628211ULL;
  return hash;
}
inline std::uint64_t mix(std::uint64_t hash, ByteSpan bytes) {
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 1099511628211ULL;
  return hash;
}

class Timeline {
 public:
  explicit Timeline(std::uint64_t seed) : random_(seed) {}

  std::uint64_t now() const { return now_; }
  std::uint64_t since_start() const { return now_ - kStart; }

  // Uniform in [0, bound).
  std::uint64_t pick(std::uint64_t bound) { return bound == 0 ? 0 : random_() % bound; }
  bool chance(double probability) {
    return static_cast<double>(random_() >> 11) < probability * 9007199254740992.0;
  }

  void after(std::uint64_t ms, std::function<void()> happen) {
    events_.push({now_ + ms, order_++, std::move(happen)});
  }
  // What has happened by then; stops early when told so.
  template <class Stop>
  void run_for(std::uint64_t ms, Stop stop) {
    const std::uint64_t end = now_ + ms;
    while (!stop() && !events_.empty() && events_.top().at <= end) {
      const Event event = events_.top();
      events_.pop();
      now_ = event.at;
      event.happen();
    }
    if (!stop()) now_ = end;
  }
  // Nothing happens any more of its own.
  void clear() { events_ = {}; }

  void note(std::uint64_t kind, std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0) {
    for (const std::uint64_t value : {now_, kind, a, b, c}) trace_ = mix(trace_, value);
  }
  std::uint64_t trace() const { return trace_; }

 private:
  struct Event {
    std::uint64_t at;
    std::uint64_t order;
    std::function<void()> happen;
    bool operator<(const Event& other) const { return at != other.at ? at > other.at : order > other.order; }
  };
  static constexpr std::uint64_t kStart = 1'000'000;

  std::mt19937_64 random_;
  std::uint64_t now_ = kStart;
  std::uint64_t order_ = 0;
  std::priority_queue<Event> events_;
  std::uint64_t trace_ = kSeedOfHashes;
};

}  // namespace hufu::consensus::sim
