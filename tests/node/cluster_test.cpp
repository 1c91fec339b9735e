// Three whole nodes in one process.
#include <gtest/gtest.h>

#include <set>

#include "tests/node/node_world.hpp"

namespace hufu::node {
namespace {

using testing::eventually;
using testing::TempDir;
using testing::TestNode;

std::string invoice(std::uint64_t number) { return "2433200000030" + std::to_string(1'000'000 + number); }

class ClusterTest : public ::testing::Test {
 protected:
  void make(std::size_t size) {
    genesis = testing::cluster_genesis(size);
    ledger = ledger_id(genesis);
    nodes.resize(size);
  }
  void start(std::size_t number, consensus::RaftOptions raft = node_raft_options()) {
    nodes.at(number - 1) = std::make_unique<TestNode>(genesis, number, directory(number), NodeLimits{}, raft);
  }
  void start_all(std::size_t size) {
    make(size);
    for (std::size_t number = 1; number <= size; ++number) start(number);
  }
  void stop(std::size_t number) { nodes.at(number - 1).reset(); }
  TestNode& at(std::size_t number) { return *nodes.at(number - 1); }
  std::filesystem::path directory(std::size_t number) const { return dir.path() / std::to_string(number); }

  Submission issue(std::uint64_t number, std::uint64_t request = 0) {
    return sign_submission(ledger, testing::kPlatform, testing::key_of(testing::kPlatform),
                           testing::request(request == 0 ? 1'000'000 + number : request),
                           {testing::issue_invoice(invoice(number))});
  }
  std::size_t leader() {
    std::size_t found = 0;
    eventually([&] {
      for (std::size_t number = 1; number <= nodes.size(); ++number) {
        if (!nodes[number - 1]) continue;
        const auto status = at(number).status();
        if (status.role == api::Role::leader && status.ready) found = number;
      }
      return found != 0;
    });
    return found;
  }
  std::size_t follower() {
    const std::size_t leads = leader();
    for (std::size_t number = 1; number <= nodes.size(); ++number) {
      if (number != leads && nodes[number - 1]) return number;
    }
    return 0;
  }
  // The receipt, if it is one and holds.
  std::optional<Receipt> accepted(const api::Submitted& submitted, const Submission& submission) {
    const auto* yes = std::get_if<api::Accepted>(&submitted);
    if (yes == nullptr) {
      ADD_FAILURE() << "refused: " << code_of(std::get<api::Refusal>(submitted).error);
      return std::nullopt;
    }
    EXPECT_EQ(yes->receipt.id(), submission_id(ledger, submission.header));
    EXPECT_TRUE(check_receipt(ledger, yes->receipt).has_value());
    return yes->receipt;
  }
  void expect_same_heads() {
    EXPECT_TRUE(eventually([&] {
      std::set<Hash> heads;
      for (auto& node : nodes) {
        if (node) heads.insert(node->status().head_hash);
      }
      return heads.size() == 1;
    }));
  }
  // Every block of every node: each id once, all chains equal.
  std::map<Hash, Place> places(std::size_t number) {
    std::map<Hash, Place> found;
    const std::uint64_t height = at(number).status().head.height;
    for (std::uint64_t h = 0; h <= height; ++h) {
      const Bytes bytes = at(number).on_loop([&] { return at(number).service().block(h).value(); });
      const Block block = decode<Block>(bytes).value();
      for (std::uint32_t i = 0; i < block.submissions.size(); ++i) {
        const Hash id = submission_id(ledger, block.submissions[i].header);
        EXPECT_TRUE(found.emplace(id, Place{h, i}).second) << "twice: " << short_hex(id);
      }
    }
    return found;
  }

  TempDir dir;
  Genesis genesis;
  LedgerId ledger;
  std::vector<std::unique_ptr<TestNode>> nodes;
};

TEST_F(ClusterTest, OneNodeIsALedger) {
  start_all(1);
  ASSERT_EQ(leader(), 1u);
  const Submission submission = issue(1);
  const auto receipt = accepted(at(1).submit(submission), submission);
  EXPECT_EQ(receipt->place, (Place{1, 0}));
  // Again: the same receipt's place, and no second block.
  const auto again = at(1).submit(submission);
  EXPECT_TRUE(std::get<api::Accepted>(again).repeated);
  EXPECT_EQ(accepted(again, submission)->place, receipt->place);
  // Other content under the same request id.
  const auto other = at(1).submit(issue(2, 1'000'001));
  EXPECT_EQ(std::get<api::Refusal>(other).error, Error::request_id_reused);
  stop(1);
  start(1);
  ASSERT_EQ(leader(), 1u);
  EXPECT_EQ(at(1).status().head.height, 1u);
  EXPECT_EQ(accepted(at(1).submit(submission), submission)->place, receipt->place);
}

TEST_F(ClusterTest, ARefusalNamesEveryOperationAndWhatStandsInItsWay) {
  start_all(1);
  ASSERT_EQ(leader(), 1u);
  const Submission first = issue(1);
  accepted(at(1).submit(first), first);
  const Submission mixed =
      sign_submission(ledger, testing::kPlatform, testing::key_of(testing::kPlatform), testing::request(5),
                      {testing::issue_invoice(invoice(1)), testing::issue_invoice(invoice(7)),
                       testing::issue_invoice("123")});
  const auto refusal = std::get<api::Refusal>(at(1).submit(mixed));
  EXPECT_EQ(refusal.error, Error::id_malformed);
  ASSERT_EQ(refusal.faults.size(), 2u);
  EXPECT_EQ(refusal.faults[0].error, Error::inv_duplicate_issue);
  EXPECT_EQ(refusal.faults[0].place, (Place{1, 0}));
  EXPECT_EQ(refusal.faults[1].operation, 2u);
  EXPECT_FALSE(refusal.faults[1].place.has_value());
  EXPECT_EQ(at(1).status().head.height, 1u);
}

TEST_F(ClusterTest, HostileSubmissionsGetAClearErrorAndLeaveNothing) {
  start_all(1);
  ASSERT_EQ(leader(), 1u);
  const auto error = [&](const Bytes& bytes) {
    return std::get<api::Refusal>(at(1).submit_later(bytes).get()).error;
  };
  Submission bad = issue(1);
  bad.signature.bytes[0] ^= 1;
  EXPECT_EQ(error(encode(bad)), Error::signature_invalid);
  bad = issue(1);
  bad.operations.push_back(testing::issue_invoice(invoice(2)));
  EXPECT_EQ(error(encode(bad)), Error::submission_root);
  const Bytes good = encode(issue(1));
  EXPECT_EQ(error(Bytes(good.begin(), good.end() - 1)), Error::truncated);
  EXPECT_EQ(error({}), Error::truncated);
  EXPECT_EQ(error(Bytes(limits::kSubmissionBytes + 1)), Error::oversize);
  EXPECT_EQ(error(encode(sign_submission(ledger, "NOBODY", testing::key_of("x"), testing::request(1),
                                         {testing::issue_invoice()}))),
            Error::issuer_unknown);
  EXPECT_EQ(error(encode(sign_submission(ledger, testing::kPlatform, testing::key_of("x"),
                                         testing::request(1), {testing::issue_invoice()}))),
            Error::key_unknown);
  LedgerId foreign = ledger;
  foreign.origin = "elsewhere";
  const auto refused =
      error(encode(sign_submission(foreign, testing::kPlatform, testing::key_of(testing::kPlatform),
                                   testing::request(1), {testing::issue_invoice()})));
  EXPECT_TRUE(refused == Error::foreign_origin || refused == Error::signature_invalid);
  EXPECT_EQ(at(1).status().head.height, 0u);
  const Submission submission = issue(1);
  accepted(at(1).submit(submission), submission);
}

TEST_F(ClusterTest, EvidenceAndReadsOfOneHeadHold) {
  start_all(1);
  ASSERT_EQ(leader(), 1u);
  const Submission first = issue(1);
  accepted(at(1).submit(first), first);
  const SubjectKey subject{SubjectKind::invoice, invoice(1)};
  const auto standing = at(1).ask<api::StandingAnswer>([&](Service& service, Done<api::StandingAnswer> done) {
    service.standing(subject, Read::settled, done);
  });
  EXPECT_TRUE(standing.value().as_of.confirmed);
  ASSERT_TRUE(standing->standing.has_value());
  for (std::uint64_t i = 2; i < 12; ++i) {
    const Submission more = issue(i);
    accepted(at(1).submit(more), more);
  }
  for (const SubjectKey& key : {subject, SubjectKey{SubjectKind::invoice, invoice(99)}}) {
    const auto evidence = at(1).ask<Evidence>(
        [&](Service& service, Done<Evidence> done) { service.evidence(key, Read::settled, done); });
    ASSERT_TRUE(evidence.has_value());
    EXPECT_EQ(evidence->head.height, 11u);
    for (const Check& check : check_evidence(genesis, *evidence)) {
      EXPECT_NE(check.result, Check::Result::fail) << check.name << ": " << check.why;
    }
    EXPECT_EQ(decode<Evidence>(encode(*evidence)).value().log_root, evidence->log_root);
  }
  const auto history = at(1).ask<api::HistoryAnswer>(
      [&](Service& service, Done<api::HistoryAnswer> done) { service.history(subject, Read::local, done); });
  ASSERT_EQ(history.value().entries.size(), 1u);
  EXPECT_EQ(history->entries[0].operation, first.operations[0]);
  EXPECT_EQ(history->entries[0].submission, submission_id(ledger, first.header));
  const auto receipt = at(1).ask<api::ReceiptAnswer>([&](Service& service, Done<api::ReceiptAnswer> done) {
    service.receipt(submission_id(ledger, first.header), Read::local, done);
  });
  EXPECT_TRUE(check_receipt(ledger, receipt.value().receipt.value()).has_value());
  EXPECT_EQ(receipt->receipt->log_size, 12u);
  const auto by_request = at(1).ask<api::ReceiptAnswer>([&](Service& service, Done<api::ReceiptAnswer> done) {
    service.receipt(testing::kPlatform, first.header.request_id, Read::settled, done);
  });
  EXPECT_EQ(by_request.value().receipt, receipt->receipt);
  at(1).on_loop([&] {
    const auto path = at(1).service().log_consistency(3, 12).value();
    EXPECT_TRUE(verify_consistency(3, at(1).service().log_root(3).value(), 12,
                                   at(1).service().log_root(12).value(), path)
                    .has_value());
    EXPECT_EQ(at(1).service().log_consistency(3, 13).error(), Error::field_invalid);
    EXPECT_EQ(at(1).service().block(12).error(), Error::not_found);
    return true;
  });
}

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
  consensus::RaftOptions raft = node_raft_options();
  raft.snapshot_threshold = 8;
  raft.snapshot_trailing = 8;
  for (std::size_t number = 1; number <= 3; ++number) start(number, raft);
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
  start(away, raft);
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

TEST_F(ClusterTest, ALedgerThatLostItsTailIsNotStarted) {
  make(1);
  consensus::RaftOptions raft = node_raft_options();
  raft.snapshot_threshold = 4;
  raft.snapshot_trailing = 4;
  start(1, raft);
  ASSERT_EQ(leader(), 1u);
  for (std::uint64_t i = 0; i < 12; ++i) {
    const Submission submission = issue(i);
    accepted(at(1).submit(submission), submission);
  }
  stop(1);
  std::filesystem::remove_all(directory(1) / "ledger");
  const auto fault = TestNode::fault(genesis, 1, directory(1));
  EXPECT_EQ(fault.error, Error::storage_rolled_back);
  EXPECT_NE(fault.detail.find("block 12"), std::string::npos) << fault.detail;
}

TEST_F(ClusterTest, ANodeThatLostItsRaftLogIsNotStarted) {
  start_all(1);
  ASSERT_EQ(leader(), 1u);
  const Submission submission = issue(1);
  accepted(at(1).submit(submission), submission);
  stop(1);
  std::filesystem::remove_all(directory(1) / "raft");
  EXPECT_EQ(TestNode::fault(genesis, 1, directory(1)).error, Error::storage_rolled_back);
}

TEST_F(ClusterTest, OneDirectoryOneProcessAndOnlyItsOwnKey) {
  start_all(1);
  EXPECT_EQ(TestNode::fault(genesis, 1, directory(1)).error, Error::already_exists);
  Genesis other = genesis;
  other.roster.members[0].tls_key.bytes[0] ^= 1;
  EXPECT_EQ(TestNode::fault(other, 1, directory(2)).error, Error::config_invalid);
  stop(1);
  other = genesis;
  other.time_ms += 1;
  EXPECT_EQ(TestNode::fault(other, 1, directory(1)).error, Error::genesis_mismatch);
}

}  // namespace
}  // namespace hufu::node
