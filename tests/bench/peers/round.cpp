#include "tests/bench/peers/round.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace hufu::bench {
namespace {

double milliseconds(const std::vector<std::uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[at] / 1000.0;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

}  // namespace

RoundPlan RoundPlan::read(const std::string& line) {
  RoundPlan plan;
  std::istringstream words(line);
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    const double number = std::strtod(value.c_str(), nullptr);
    if (name == "key") {
      plan.word = value;
    } else if (name == "seconds") {
      plan.seconds = number;
    } else if (name == "rate") {
      plan.rate = number;
    } else if (name == "clients") {
      plan.clients = static_cast<std::size_t>(number);
    } else if (name == "in-flight") {
      plan.in_flight = static_cast<std::size_t>(number);
    } else if (name == "size") {
      plan.size = static_cast<std::size_t>(number);
    } else {
      std::fprintf(stderr, "what is %s?\n", word.c_str());
      std::exit(2);
    }
  }
  if (plan.clients == 0 || plan.in_flight < plan.clients || plan.size == 0 || plan.seconds <= 0) {
    std::fprintf(stderr, "no round can be run by: %s\n", line.c_str());
    std::exit(2);
  }
  return plan;
}

void Tally::done(Clock::time_point due, Clock::time_point now, Clock::time_point end) {
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now - due).count();
  latency_us.push_back(static_cast<std::uint32_t>(std::max<std::int64_t>(took, 0)));
  if (now <= end) ++requests;
}

void Tally::failed(const std::string& why) {
  if (errors++ == 0) error = why;
}

void Tally::add(const Tally& other) {
  latency_us.insert(latency_us.end(), other.latency_us.begin(), other.latency_us.end());
  requests += other.requests;
  if (errors == 0) error = other.error;
  errors += other.errors;
}

Pace::Pace(const RoundPlan& plan, std::size_t sender, std::size_t senders, Clock::time_point start)
    : due_(start) {
  if (plan.rate <= 0) return;
  const std::chrono::duration<double> step(static_cast<double>(senders) / plan.rate);
  step_ = std::chrono::duration_cast<Clock::duration>(step);
  due_ += step_ * static_cast<std::int64_t>(sender) / static_cast<std::int64_t>(senders);
}

std::string value_of(std::uint64_t number, std::size_t bytes) {
  std::string value(bytes, '\0');
  std::uint64_t state = number * 0x9E3779B97F4A7C15U + 1;  // splitmix64
  for (char& c : value) {
    state += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
    c = static_cast<char>(mixed >> 56);
  }
  return value;
}

std::string json_line(const RoundPlan& plan, Tally tally) {
  std::sort(tally.latency_us.begin(), tally.latency_us.end());
  const double rate = static_cast<double>(tally.requests) / plan.seconds;
  char text[512];
  std::snprintf(text, sizeof text,
                "\"requests\":%llu,\"errors\":%llu,\"requests_per_s\":%.1f,\"records_per_s\":%.1f,"
                "\"latency_ms\":{\"p50\":%.3f,\"p95\":%.3f,\"p99\":%.3f,\"max\":%.3f}",
                static_cast<unsigned long long>(tally.requests),
                static_cast<unsigned long long>(tally.errors), rate, rate * static_cast<double>(plan.size),
                milliseconds(tally.latency_us, 0.5), milliseconds(tally.latency_us, 0.95),
                milliseconds(tally.latency_us, 0.99), milliseconds(tally.latency_us, 1));
  return "{" + std::string(text) + ",\"error\":\"" + escaped(tally.error) + "\"}";
}

}  // namespace hufu::bench
