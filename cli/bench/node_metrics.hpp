// What the nodes measured themselves: their histograms, read from the text of GET /metrics. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/bench/latency.hpp"

namespace hufu::cli::bench {

struct HistogramSnapshot {
  std::vector<double> bounds;          // seconds, rising; the last bucket is what exceeds them all
  std::vector<std::uint64_t> buckets;  // one more than bounds
  double sum = 0;

  std::uint64_t count() const;
};

// The series of this name without other labels; nothing where there is none.
std::optional<HistogramSnapshot> read_histogram(std::string_view metrics, std::string_view name);
// What came between; nothing unless both are of the same histogram. A missing `before` is one that had counted nothing yet.
std::optional<HistogramSnapshot> between(const std::optional<HistogramSnapshot>& before,
                                         const std::optional<HistogramSnapshot>& after);
// In milliseconds, straight lines within a bucket; max is the upper bound of the last bucket that has any.
Quantiles quantiles_of(const HistogramSnapshot& histogram);

// By stage of a record's way: admission, ordering, apply, certified.
using StageTimes = std::map<std::string, std::optional<HistogramSnapshot>>;
StageTimes read_stages(std::string_view metrics);

}  // namespace hufu::cli::bench
