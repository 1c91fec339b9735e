#include "node/metrics.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>

#include "ledger/base/check.hpp"

namespace hufu::node {
namespace {

constexpr std::array<double, 16> kLatency = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                             0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
constexpr std::array<double, 13> kSizes = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10'000};

std::string number(double value) {
  char text[32];
  const int length = std::snprintf(text, sizeof text, "%.10g", value);
  return {text, static_cast<std::size_t>(length)};
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

// a="1",b="2": the key of a series, and what stands between its braces.
std::string label_text(Labels labels) {
  std::sort(labels.begin(), labels.end());
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text += ',';
    text.append(name).append("=\"").append(escaped(value)).append("\"");
  }
  return text;
}

std::string braces(const std::string& labels, const std::string& more = "") {
  const std::string inside = labels.empty() || more.empty() ? labels + more : labels + "," + more;
  return inside.empty() ? "" : "{" + inside + "}";
}

void write_histogram(const std::string& name, const std::string& labels, const Histogram& histogram,
                     std::string& out) {
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < histogram.buckets().size(); ++i) {
    below += histogram.buckets()[i];
    const bool last = i == histogram.bounds().size();
    const std::string bound = "le=\"" + (last ? std::string("+Inf") : number(histogram.bounds()[i])) + "\"";
    out += name + "_bucket" + braces(labels, bound) + " " + std::to_string(below) + "\n";
  }
  out += name + "_sum" + braces(labels) + " " + number(histogram.sum()) + "\n";
  out += name + "_count" + braces(labels) + " " + std::to_string(histogram.count()) + "\n";
}

}  // namespace

std::span<const double> latency_bounds() { return kLatency; }
std::span<const double> size_bounds() { return kSizes; }

Histogram::Histogram(std::span<const double> bounds)
    : bounds_(bounds.begin(), bounds.end()), buckets_(bounds.size() + 1) {
  HUFU_CHECK(std::is_sorted(bounds_.begin(), bounds_.end()));
}

void Histogram::observe(double value) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  ++buckets_[static_cast<std::size_t>(bucket)];
  ++count_;
  sum_ += value;
}

double Histogram::quantile(double share) const {
  const double wanted = share * static_cast<double>(count_);
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    below += buckets_[i];
    if (static_cast<double>(below) >= wanted) return bounds_[i];
  }
  return std::numeric_limits<double>::infinity();
}

Metrics::Family& Metrics::family(std::string_view name, std::string_view help, Kind kind) {
  auto found = families_.find(name);
  if (found == families_.end()) {
    found = families_.emplace(std::string(name), Family{kind, std::string(help), {}}).first;
  }
  HUFU_CHECK(found->second.kind == kind);
  return found->second;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, Labels labels) {
  auto& series = family(name, help, Kind::counter).series;
  const auto [at, fresh] = series.try_emplace(label_text(std::move(labels)), counters_.size());
  if (fresh) counters_.emplace_back();
  return counters_[at->second];
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, std::span<const double> bounds,
                              Labels labels) {
  auto& series = family(name, help, Kind::histogram).series;
  const auto [at, fresh] = series.try_emplace(label_text(std::move(labels)), histograms_.size());
  if (fresh) histograms_.emplace_back(bounds);
  return histograms_[at->second];
}

void Metrics::gauge(std::string_view name, std::string_view help, std::function<double()> read,
                    Labels labels) {
  auto& series = family(name, help, Kind::gauge).series;
  const auto [at, fresh] = series.try_emplace(label_text(std::move(labels)), gauges_.size());
  if (fresh) gauges_.emplace_back();
  gauges_[at->second] = std::move(read);
}

std::string Metrics::text() const {
  static constexpr std::array<std::string_view, 3> kKinds = {"counter", "gauge", "histogram"};
  std::string out;
  for (const auto& [name, family] : families_) {
    out.append("# HELP ").append(name).append(" ").append(family.help).append("\n# TYPE ").append(name);
    out.append(" ").append(kKinds[static_cast<std::size_t>(family.kind)]).append("\n");
    for (const auto& [labels, index] : family.series) {
      if (family.kind == Kind::histogram) {
        write_histogram(name, labels, histograms_[index], out);
      } else {
        const std::string value = family.kind == Kind::counter ? std::to_string(counters_[index].value())
                                                               : number(gauges_[index]());
        out += name + braces(labels) + " " + value + "\n";
      }
    }
  }
  return out;
}

}  // namespace hufu::node
