// The parts of `hufu bench` that can be wrong quietly: quantiles, schedules' plans, answers off the wire, histograms.
#include <gtest/gtest.h>

#include "cli/bench/figures.hpp"
#include "cli/bench/line.hpp"
#include "cli/bench/load.hpp"
#include "cli/bench/node_metrics.hpp"

namespace hufu::cli::bench {
namespace {

using std::chrono::microseconds;

TEST(BenchLatency, AQuantileIsTheSmallestWithThatShareAtOrBelowIt) {
  Latencies latencies;
  EXPECT_EQ(latencies.quantiles().max, 0);
  for (int i = 100; i >= 1; --i) latencies.add(std::chrono::milliseconds(i));
  const Quantiles quantiles = latencies.quantiles();
  EXPECT_EQ(quantiles.p50, 50);
  EXPECT_EQ(quantiles.p95, 95);
  EXPECT_EQ(quantiles.p99, 99);
  EXPECT_EQ(quantiles.max, 100);
  latencies.add(microseconds(500'250));
  EXPECT_EQ(latencies.quantiles().max, 500.25);
}

TEST(BenchPlan, ALineChangesWhatItNamesAndNothingElse) {
  const RoundPlan defaults{.workload = Workload::submissions, .seconds = 3, .certified = true};
  EXPECT_EQ(parse_round("", defaults)->seconds, 3);
  const auto plan = parse_round("  workload=singles in-flight=256 rate=7000.5\twait=committed\r", defaults);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->workload, Workload::singles);
  EXPECT_EQ(plan->flights(), 256U);
  EXPECT_EQ(plan->connections(), 256U);
  EXPECT_EQ(plan->depth(), 1U);
  EXPECT_EQ(plan->rate, 7000.5);
  EXPECT_FALSE(plan->certified);
  EXPECT_EQ(plan->seconds, 3);
  EXPECT_EQ(plan->records_each(), 1U);
  EXPECT_EQ(defaults.records_each(), 1000U);
  EXPECT_EQ(parse_round("clients=8 in-flight=250", defaults)->depth(), 32U);
}

TEST(BenchPlan, WhatMakesNoSenseIsRefused) {
  for (const char* line : {"seconds", "seconds=", "seconds=0", "seconds=-1", "seconds=nan", "size=1.5",
                           "size=10001", "size=99999999999", "workload=all", "wait=never", "colour=red",
                           "clients=9 in-flight=3", "in-flight=2000", "workload=import rate=5"}) {
    const auto plan = parse_round(line, {});
    ASSERT_FALSE(plan) << line;
    EXPECT_EQ(plan.error().error, Error::usage) << line;
  }
}

TEST(BenchAnswer, IsReadWholeOrNotAtAll) {
  const std::string text =
      "HTTP/1.1 200 OK\r\nServer: hufu\r\ncontent-type: application/vnd.hufu\r\nContent-Length: "
      "3\r\n\r\nabcHTTP/1.1";
  const std::size_t whole = text.size() - 8;
  for (std::size_t size = 0; size < whole; ++size) {
    const auto read = read_answer(as_bytes(std::string_view(text).substr(0, size)));
    ASSERT_TRUE(read) << size;
    EXPECT_FALSE(*read) << size;
  }
  const auto read = read_answer(as_bytes(text));
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->bytes, whole);
  EXPECT_EQ((*read)->answer.status, 200U);
  EXPECT_EQ((*read)->answer.type, "application/vnd.hufu");
  EXPECT_EQ(as_text((*read)->answer.body), "abc");
}

TEST(BenchAnswer, WhatNoNodeSaysIsRefused) {
  for (const char* text :
       {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"}) {
    EXPECT_FALSE(read_answer(as_bytes(text))) << text;
  }
  EXPECT_FALSE(read_answer(as_bytes(std::string(20'000, 'x'))));
}

std::string metrics_text(unsigned first, unsigned second, unsigned third) {
  const auto line = [](const char* bound, unsigned count) {
    return "a_seconds_bucket{le=\"" + std::string(bound) + "\"} " + std::to_string(count) + "\n";
  };
  return "# TYPE a_seconds histogram\n" + line("0.001", first) + line("0.002", first + second) +
         line("+Inf", first + second + third) +
         "a_seconds_sum 1.5\na_seconds_count 9\nab_seconds_bucket{le=\"1\"} 7\n";
}

TEST(BenchStages, AreWhatTheHistogramsGainedInBetween) {
  const auto before = read_histogram(metrics_text(5, 0, 1), "a_seconds");
  const auto after = read_histogram(metrics_text(5, 100, 1), "a_seconds");
  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->bounds, (std::vector<double>{0.001, 0.002}));
  const auto gained = between(before, after);
  ASSERT_TRUE(gained);
  EXPECT_EQ(gained->count(), 100U);
  const Quantiles quantiles = quantiles_of(*gained);
  EXPECT_NEAR(quantiles.p50, 1.5, 1e-9);
  EXPECT_NEAR(quantiles.p99, 1.99, 1e-9);
  EXPECT_NEAR(quantiles.max, 2, 1e-9);
  EXPECT_FALSE(between(after, before)) << "a node that was started anew";
  EXPECT_FALSE(read_histogram(metrics_text(1, 1, 1), "b_seconds"));
  EXPECT_EQ(between(std::nullopt, after)->count(), 106U);
}

TEST(BenchLimits, SinglesAreBoundByEverySignatureMadeAndVerified) {
  const Primitives primitives{.verify_per_s = 20'000, .sign_per_s = 50'000, .sha256_65_per_s = 1};
  // 3 x 50 us + 20 us
  EXPECT_NEAR(singles_limit(primitives, 3), cores() / 170e-6, 1);
}

}  // namespace
}  // namespace hufu::cli::bench
