// Three whole nodes in one process.
#include "tests/node/cluster.hpp"

namespace hufu::node {
namespace {

TEST_F(ClusterTest, AnyNodeTakesASubmissionAndAllEndWithTheSameHead) {
  start_all(3);
  const std::size_t leads = leader();
  ASSERT_NE(leads, 0u);
  std::vector<std::pair<Submission, std::future<api::Submitted>>> waiting;
  for (std::uint64_t i = 0; i < 300; ++i) {
    Submission submission = issue(i);
    auto future = at(1 + i % 3).submit_later(encode(submission));
    waiting.emplace_back(std::move(submission), std::move(future));
  }
  std::map<Hash, Place> acknowledged;
  for (auto& [submission, future] : waiting) {
    const auto receipt = accepted(future.get(), submission);
    ASSERT_TRUE(receipt.has_value());
    acknowledged.emplace(receipt->id(), receipt->place);
  }
  expect_same_heads();
  for (std::size_t number = 1; number <= 3; ++number) EXPECT_EQ(places(number), acknowledged);
  const auto cluster =
      at(follower()).ask<api::ClusterStatus>([](Service& service, Done<api::ClusterStatus> done) {
        service.cluster_status(std::chrono::seconds(5),
                               [done](api::ClusterStatus status) { done(std::move(status)); });
      });
  EXPECT_EQ(cluster.value().reachable, 3u);
  EXPECT_EQ(cluster->quorum, 2u);
}

TEST_F(ClusterTest, TheSameSubmissionThroughAllNodesAtOnceStandsOnce) {
  start_all(3);
  ASSERT_NE(leader(), 0u);
  const Submission submission = issue(1);
  std::vector<std::future<api::Submitted>> futures;
  for (std::size_t i = 0; i < 9; ++i) futures.push_back(at(1 + i % 3).submit_later(encode(submission)));
  std::set<Place> found;
  for (auto& future : futures) found.insert(accepted(future.get(), submission)->place);
  EXPECT_EQ(found.size(), 1u);
  expect_same_heads();
  EXPECT_EQ(places(1).size(), 1u);
}

TEST_F(ClusterTest, WhatWasAcknowledgedSurvivesTheLeader) {
  start_all(3);
  std::map<Hash, Place> acknowledged;
  for (int round = 0; round < 2; ++round) {
    const std::size_t leads = leader();
    ASSERT_NE(leads, 0u);
    const std::size_t through = follower();
    std::vector<std::pair<Submission, std::future<api::Submitted>>> waiting;
    for (std::uint64_t i = 0; i < 60; ++i) {
      Submission submission = issue(1000U * static_cast<unsigned>(round) + i);
      auto future = at(through).submit_later(encode(submission), std::chrono::seconds(40));
      waiting.emplace_back(std::move(submission), std::move(future));
    }
    stop(leads);
    for (auto& [submission, future] : waiting) {
      const auto receipt = accepted(future.get(), submission);
      ASSERT_TRUE(receipt.has_value());
      acknowledged.emplace(receipt->id(), receipt->place);
    }
    start(leads);
  }
  expect_same_heads();
  for (std::size_t number = 1; number <= 3; ++number) EXPECT_EQ(places(number), acknowledged);
}

TEST_F(ClusterTest, ANodeThatWasAwayFetchesWhatTheLogNoLongerHolds) {
  make(3);
  testing::TestOptions options;
  options.raft.snapshot_threshold = 8;
  options.raft.snapshot_trailing = 8;
  for (std::size_t number = 1; number <= 3; ++number) start(number, options);
  ASSERT_NE(leader(), 0u);
  const std::size_t away = follower();
  const Submission before = issue(1);
  accepted(at(away).submit(before), before);
  stop(away);
  const std::size_t leads = leader();
  for (std::uint64_t i = 100; i < 160; ++i) {
    const Submission submission = issue(i);
    accepted(at(leads).submit(submission), submission);
  }
  start(away, options);
  expect_same_heads();
  EXPECT_EQ(places(away), places(leads));
  const std::string metrics = at(away).on_loop([&] { return at(away).service().metrics().text(); });
  EXPECT_NE(metrics.find("hufu_blocks_fetched_total"), std::string::npos) << "it was not a fetch";
  const Submission after = issue(2);
  accepted(at(away).submit(after), after);
}

TEST_F(ClusterTest, WithoutAQuorumNothingIsAcknowledgedAndNothingIsLost) {
  start_all(3);
  const std::size_t leads = leader();
  ASSERT_NE(leads, 0u);
  for (std::size_t number = 1; number <= 3; ++number) {
    if (number != leads) stop(number);
  }
  const Submission submission = issue(1);
  const auto refusal = std::get<api::Refusal>(at(leads).submit(submission, std::chrono::seconds(2)));
  EXPECT_TRUE(refusal.error == Error::timed_out || refusal.error == Error::no_quorum)
      << code_of(refusal.error);
  for (std::size_t number = 1; number <= 3; ++number) {
    if (number != leads) start(number);
  }
  ASSERT_NE(leader(), 0u);
  accepted(at(leads).submit(submission), submission);
  expect_same_heads();
  EXPECT_EQ(places(leads).size(), 1u);
}

TEST_F(ClusterTest, WhatWaitsIsBoundedAndAnsweredWhenTheNodeStops) {
  make(3);
  testing::TestOptions options;
  options.limits.pending_submissions = 3;
  for (std::size_t number = 1; number <= 3; ++number) start(number, options);
  const std::size_t leads = leader();
  ASSERT_NE(leads, 0u);
  for (std::size_t number = 1; number <= 3; ++number) {
    if (number != leads) stop(number);
  }
  std::vector<std::future<api::Submitted>> waiting;
  for (std::uint64_t i = 0; i < 3; ++i)
    waiting.push_back(at(leads).submit_later(encode(issue(i)), std::chrono::hours(1)));
  EXPECT_EQ(std::get<api::Refusal>(at(leads).submit(issue(9))).error, Error::overloaded);
  // One that waits already costs nothing more.
  waiting.push_back(at(leads).submit_later(encode(issue(0)), std::chrono::hours(1)));
  stop(leads);
  for (auto& future : waiting) {
    const Error error = std::get<api::Refusal>(future.get()).error;
    EXPECT_TRUE(error == Error::outcome_unknown || error == Error::ledger_unavailable) << code_of(error);
  }
}

}  // namespace
}  // namespace hufu::node
