// Counters, gauges and histograms of one node, and their text for Prometheus (exposition format 0.0.4).
//
// Lives on the loop thread: no locks, no atomics. A series is asked for once and kept by reference; it lives as long as
// the registry. Labels are few and fixed: never an id, an address or anything that a client can choose.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hufu::node {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_ += n; }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

class Histogram {
 public:
  explicit Histogram(std::span<const double> bounds);
  void observe(double value);
  std::uint64_t count() const { return count_; }
  double sum() const { return sum_; }
  std::span<const double> bounds() const { return bounds_; }
  // One more than bounds: the last is what exceeds them all.
  std::span<const std::uint64_t> buckets() const { return buckets_; }
  // The bound below which this share (0 to 1) of the observations lies; infinite beyond the last bound.
  double quantile(double share) const;

 private:
  std::vector<double> bounds_;  // rising
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  double sum_ = 0;
};

// {name, value}; sorted by the registry.
using Labels = std::vector<std::pair<std::string, std::string>>;

// 0.1 ms to 10 s.
std::span<const double> latency_bounds();
// 1 to 10,000, for counts.
std::span<const double> size_bounds();

class Metrics {
 public:
  Metrics() = default;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The same name and labels give the same series. A name belongs to one kind (checked).
  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, std::span<const double> bounds,
                       Labels labels = {});
  // Read when asked. Replaces an earlier one of the same name and labels.
  void gauge(std::string_view name, std::string_view help, std::function<double()> read, Labels labels = {});

  // Families by name, series by labels.
  std::string text() const;

 private:
  enum class Kind : std::uint8_t { counter, gauge, histogram };
  struct Family {
    Kind kind;
    std::string help;
    std::map<std::string, std::size_t> series;  // label text -> index in the deque of its kind
  };
  Family& family(std::string_view name, std::string_view help, Kind kind);

  std::map<std::string, Family, std::less<>> families_;
  std::deque<Counter> counters_;
  std::deque<Histogram> histograms_;
  std::deque<std::function<double()>> gauges_;
};

}  // namespace hufu::node
