#include "cli/bench/plan.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "ledger/base/limits.hpp"

namespace hufu::cli::bench {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"singles", "submissions", "mixed", "import"};
constexpr std::size_t kMostConnections = 1000;  // a node takes 1,024
constexpr std::size_t kMostInFlight = 16'384;
constexpr double kMostSeconds = 86'400;

Trouble usage(std::string what) { return {.error = Error::usage, .what = std::move(what), .exit = kUsage}; }

Try<void> set(RoundPlan& plan, std::string_view key, std::string_view value) {
  if (key == "workload") {
    const Try<Workload> workload = workload_named(value);
    if (!workload) return workload.error();
    plan.workload = *workload;
    return {};
  }
  if (key == "wait") {
    if (value != "committed" && value != "certified") return usage("wait is committed or certified");
    plan.certified = value == "certified";
    return {};
  }
  const Try<double> number = number_of(value, key);
  if (!number) return number.error();
  if (key == "seconds") {
    plan.seconds = *number;
  } else if (key == "rate") {
    plan.rate = *number;
  } else if (*number > UINT32_MAX || *number != std::floor(*number)) {
    return usage(fmt::format("{} is not a whole number", key));
  } else {
    const auto whole = static_cast<unsigned>(*number);
    if (key == "size")
      plan.size = whole;
    else if (key == "clients")
      plan.clients = whole;
    else if (key == "in-flight")
      plan.in_flight = whole;
    else if (key == "records")
      plan.records = whole;
    else
      return usage(fmt::format("a round has no setting {}", key));
  }
  return {};
}

}  // namespace

std::string_view name_of(Workload workload) { return kNames.at(static_cast<std::size_t>(workload)); }

std::size_t RoundPlan::flights() const {
  if (in_flight != 0) return in_flight;
  if (clients != 0) return clients;
  return workload == Workload::submissions ? 8 : 64;
}

Try<Workload> workload_named(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<Workload>(i);
  }
  return usage(fmt::format("there is no workload {}", text));
}

Try<double> number_of(std::string_view text, std::string_view option) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number) || number <= 0) {
    return usage(fmt::format("{} is not a number above 0: {}", option, text));
  }
  return number;
}

Try<void> check_plan(const RoundPlan& plan) {
  if (plan.size < 1 || plan.size > limits::kOperationsPerSubmission)
    return usage(fmt::format("a submission has 1 to {} records", limits::kOperationsPerSubmission));
  if (plan.connections() > kMostConnections)
    return usage(
        fmt::format("a node takes {} connections; with more in flight name --clients too", kMostConnections));
  if (plan.flights() > kMostInFlight || plan.flights() < plan.connections())
    return usage(fmt::format("in flight: as many as there are clients, up to {}", kMostInFlight));
  if (plan.seconds > kMostSeconds) return usage("a round takes a day at most");
  if (plan.workload == Workload::import && plan.open_loop())
    return usage("an import goes as fast as it can: it has no rate");
  return {};
}

Try<RoundPlan> parse_round(std::string_view line, RoundPlan defaults) {
  RoundPlan plan = defaults;
  while (true) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    line.remove_prefix(word.size());
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos)
      return usage(fmt::format("a round's setting is key=value: {}", word));
    const Try<void> done = set(plan, word.substr(0, equals), word.substr(equals + 1));
    if (!done) return done.error();
  }
  if (const auto sound = check_plan(plan); !sound) return sound.error();
  return plan;
}

}  // namespace hufu::cli::bench
