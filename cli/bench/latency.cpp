#include "cli/bench/latency.hpp"

#include <algorithm>
#include <cmath>

namespace hufu::cli::bench {

void Latencies::add(std::chrono::steady_clock::duration time) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  micros_.push_back(static_cast<std::uint32_t>(std::clamp<std::int64_t>(micros, 0, UINT32_MAX)));
}

Quantiles Latencies::quantiles() const {
  if (micros_.empty()) return {};
  std::vector<std::uint32_t> sorted = micros_;
  std::sort(sorted.begin(), sorted.end());
  const auto at = [&sorted](double share) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return static_cast<double>(sorted[std::max<std::size_t>(rank, 1) - 1]) / 1000;
  };
  return {.p50 = at(0.50), .p95 = at(0.95), .p99 = at(0.99), .max = at(1)};
}

}  // namespace hufu::cli::bench
