// How long many things took: kept one by one, so that no quantile is an estimate. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace hufu::cli::bench {

struct Quantiles {
  double p50 = 0;
  double p95 = 0;
  double p99 = 0;
  double max = 0;
};

class Latencies {
 public:
  void reserve(std::size_t count) { micros_.reserve(count); }
  void add(std::chrono::steady_clock::duration time);
  std::size_t count() const { return micros_.size(); }
  // In milliseconds; of nothing all are 0. A quantile is the smallest one with that share at or below it.
  Quantiles quantiles() const;

 private:
  std::vector<std::uint32_t> micros_;
};

}  // namespace hufu::cli::bench
