#include "cli/bench/node_metrics.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace hufu::cli::bench {
namespace {

std::optional<double> sample_of(std::string_view text) {
  if (text == "+Inf") return std::numeric_limits<double>::infinity();
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

double quantile(const HistogramSnapshot& histogram, double share) {
  const double wanted = share * static_cast<double>(histogram.count());
  double below = 0;
  for (std::size_t i = 0; i < histogram.buckets.size(); ++i) {
    const auto here = static_cast<double>(histogram.buckets[i]);
    if (here == 0 || below + here < wanted) {
      below += here;
      continue;
    }
    const double from = i == 0 ? 0 : histogram.bounds[i - 1];
    if (i == histogram.bounds.size()) return from;  // beyond the last bound nothing more is known
    return from + (histogram.bounds[i] - from) * (wanted - below) / here;
  }
  return 0;
}

}  // namespace

std::uint64_t HistogramSnapshot::count() const {
  std::uint64_t all = 0;
  for (const std::uint64_t bucket : buckets) all += bucket;
  return all;
}

std::optional<HistogramSnapshot> read_histogram(std::string_view metrics, std::string_view name) {
  const std::string bucket = std::string(name) + "_bucket{le=\"";
  const std::string sum = std::string(name) + "_sum ";
  HistogramSnapshot histogram;
  std::uint64_t below = 0;
  while (!metrics.empty()) {
    std::string_view line = metrics.substr(0, metrics.find('\n'));
    metrics.remove_prefix(std::min(line.size() + 1, metrics.size()));
    if (line.starts_with(sum)) {
      histogram.sum = sample_of(line.substr(sum.size())).value_or(0);
      continue;
    }
    if (!line.starts_with(bucket)) continue;
    line.remove_prefix(bucket.size());
    const std::size_t quote = line.find("\"} ");
    if (quote == std::string_view::npos) return std::nullopt;
    const auto bound = sample_of(line.substr(0, quote));
    const auto count = sample_of(line.substr(quote + 3));
    if (!bound || !count || *count < static_cast<double>(below)) return std::nullopt;
    if (std::isfinite(*bound)) histogram.bounds.push_back(*bound);
    histogram.buckets.push_back(static_cast<std::uint64_t>(*count) - below);
    below = static_cast<std::uint64_t>(*count);
  }
  const bool whole = !histogram.bounds.empty() && histogram.buckets.size() == histogram.bounds.size() + 1;
  return whole ? std::optional(std::move(histogram)) : std::nullopt;
}

std::optional<HistogramSnapshot> between(const std::optional<HistogramSnapshot>& before,
                                         const std::optional<HistogramSnapshot>& after) {
  if (!before || !after) return after;
  if (before->bounds != after->bounds) return std::nullopt;
  HistogramSnapshot difference = *after;
  for (std::size_t i = 0; i < difference.buckets.size(); ++i) {
    if (difference.buckets[i] < before->buckets[i]) return std::nullopt;  // the node was started anew
    difference.buckets[i] -= before->buckets[i];
  }
  difference.sum -= before->sum;
  return difference;
}

Quantiles quantiles_of(const HistogramSnapshot& histogram) {
  Quantiles quantiles{.p50 = quantile(histogram, 0.50) * 1000,
                      .p95 = quantile(histogram, 0.95) * 1000,
                      .p99 = quantile(histogram, 0.99) * 1000};
  for (std::size_t i = 0; i < histogram.buckets.size(); ++i) {
    if (histogram.buckets[i] > 0)
      quantiles.max = histogram.bounds[std::min(i, histogram.bounds.size() - 1)] * 1000;
  }
  return quantiles;
}

StageTimes read_stages(std::string_view metrics) {
  return {{"admission", read_histogram(metrics, "hufu_admission_seconds")},
          {"ordering", read_histogram(metrics, "hufu_ordering_seconds")},
          {"apply", read_histogram(metrics, "hufu_apply_seconds")},
          {"certified", read_histogram(metrics, "hufu_certify_seconds")}};
}

}  // namespace hufu::cli::bench
