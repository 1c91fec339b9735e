#include "node/sequencer.hpp"

#include <gtest/gtest.h>

#include "tests/ledger/world.hpp"

namespace hufu::node {
namespace {

using consensus::Outcome;
using testing::Chain;

// Raft played by hand.
class SequencerTest : public ::testing::Test {
 protected:
  SequencerTest() { head_hash = block_hash(head); }
  void run() {
    while (!posted.empty()) {
      auto work = std::move(posted);
      posted.clear();
      for (auto& each : work) each();
    }
  }
  static std::shared_ptr<const Bytes> bytes(std::size_t size = 10) {
    return std::make_shared<const Bytes>(size);
  }
  static Hash id(std::uint64_t number) { return sha256(encode(number)); }
  Result<void> put(std::uint64_t number, std::size_t size = 10) {
    return sequencer().put(id(number), bytes(size));
  }
  Sequencer& sequencer() {
    if (!made) {
      made = std::make_unique<Sequencer>(
          SequencerParts{.ready = [this] { return ready; },
                         .propose =
                             [this](Bytes entry, consensus::ProposeCallback done) {
                               proposals.push_back(std::move(entry));
                               answer = std::move(done);
                             },
                         .head = [this]() -> const BlockHeader& { return head; },
                         .head_hash = [this]() -> const Hash& { return head_hash; },
                         .wall_clock_ms = [this] { return clock; },
                         .post = [this](std::function<void()> work) { posted.push_back(std::move(work)); },
                         .lost = [this](const Hash& lost_id) { lost.push_back(lost_id); },
                         .metrics = metrics,
                         .limits = limits});
    }
    return *made;
  }
  // The submissions of a proposal: count follows version, height, parent and time.
  static std::size_t count(const Bytes& proposal) { return proposal[49] + 256U * proposal[50]; }
  static std::uint64_t time_of(const Bytes& proposal) {
    return decode<std::uint64_t>(ByteSpan(proposal).subspan(41, 8)).value();
  }
  // The proposal on its way is applied.
  void apply(std::initializer_list<std::uint64_t> numbers) {
    std::vector<Hash> ids;
    for (const auto number : numbers) ids.push_back(id(number));
    head.height += 1;
    head.time_ms = time_of(proposals.back());
    sequencer().on_applied(ids);
    std::exchange(answer, nullptr)({Outcome::Kind::committed, 1});
    run();
  }

  bool ready = true;
  BlockHeader head;
  Hash head_hash;
  std::uint64_t clock = 1000;
  SequencerLimits limits;
  Metrics metrics;
  std::vector<Bytes> proposals;
  consensus::ProposeCallback answer;
  std::vector<std::function<void()>> posted;
  std::vector<Hash> lost;
  std::unique_ptr<Sequencer> made;
};

TEST_F(SequencerTest, WhatArrivesTogetherMakesOneBlockAndTheRestTheNext) {
  for (std::uint64_t i = 0; i < 3; ++i) ASSERT_TRUE(put(i));
  EXPECT_TRUE(proposals.empty());
  run();
  ASSERT_EQ(proposals.size(), 1u);
  EXPECT_EQ(count(proposals[0]), 3u);
  for (std::uint64_t i = 3; i < 8; ++i) ASSERT_TRUE(put(i));
  run();
  EXPECT_EQ(proposals.size(), 1u);  // Q1
  apply({0, 1, 2});
  ASSERT_EQ(proposals.size(), 2u);
  EXPECT_EQ(count(proposals[1]), 5u);
  apply({3, 4, 5, 6, 7});
  EXPECT_EQ(sequencer().waiting(), 0u);
  EXPECT_TRUE(lost.empty());
}

TEST_F(SequencerTest, Q2TimeRisesEvenWhenTheClockDoesNot) {
  head.time_ms = 5000;
  ASSERT_TRUE(put(1));
  run();
  EXPECT_EQ(time_of(proposals[0]), 5001u);
  clock = 9000;
  ASSERT_TRUE(put(2));
  apply({1});
  EXPECT_EQ(time_of(proposals[1]), 9000u);
}

TEST_F(SequencerTest, Q3TheSameIdWaitsOnce) {
  ASSERT_TRUE(put(1));
  ASSERT_TRUE(put(1));
  run();
  ASSERT_TRUE(put(1));
  EXPECT_EQ(count(proposals[0]), 1u);
  apply({1});
  EXPECT_EQ(proposals.size(), 1u);
}

TEST_F(SequencerTest, Q5FullQueueIsOverloaded) {
  limits.queue_submissions = 2;
  ASSERT_TRUE(put(1));
  ASSERT_TRUE(put(2));
  EXPECT_EQ(put(3).error(), Error::overloaded);
  run();
  EXPECT_TRUE(put(3));  // the first two are on their way
}

TEST_F(SequencerTest, Q5BytesAreBoundedInQueueAndBlockButOneAlwaysFits) {
  limits.queue_bytes = 250;
  limits.block_bytes = 100;
  ASSERT_TRUE(put(1, 120));
  ASSERT_TRUE(put(2, 60));
  ASSERT_TRUE(put(3, 60));
  EXPECT_EQ(put(4, 60).error(), Error::overloaded);
  run();
  EXPECT_EQ(count(proposals[0]), 1u);
  apply({1});
  EXPECT_EQ(count(proposals[1]), 1u);
}

TEST_F(SequencerTest, Q4LostLeadershipGivesEverythingBack) {
  ASSERT_TRUE(put(1));
  run();
  ASSERT_TRUE(put(2));
  ready = false;
  sequencer().on_role_change();
  EXPECT_EQ(lost, (std::vector<Hash>{id(2)}));
  std::exchange(answer, nullptr)({Outcome::Kind::unknown, 0});
  run();
  EXPECT_EQ(lost, (std::vector<Hash>{id(2), id(1)}));
  EXPECT_EQ(put(3).error(), Error::not_leader);
  EXPECT_EQ(sequencer().waiting(), 0u);
}

TEST_F(SequencerTest, Q4ACommittedEntryWithoutOutcomeIsTriedAgainButNotForEver) {
  ASSERT_TRUE(put(1));
  run();
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(proposals.size(), static_cast<std::size_t>(i + 1));
    std::exchange(answer, nullptr)({Outcome::Kind::committed, 1});
    run();
  }
  EXPECT_EQ(proposals.size(), 3u);
  EXPECT_EQ(lost, (std::vector<Hash>{id(1)}));
}

TEST_F(SequencerTest, AnIdThatWasAppliedWhileItWaitedIsNotProposed) {
  ASSERT_TRUE(put(1));
  run();
  ASSERT_TRUE(put(2));
  const Hash second = id(2);
  sequencer().on_applied({&second, 1});
  apply({1});
  EXPECT_EQ(proposals.size(), 1u);
}

TEST(EncodeProposal, IsTheCanonicalEncoding) {
  Chain chain;
  for (const std::size_t size : {0u, 1u, 3u, 300u}) {
    std::vector<Submission> submissions;
    std::vector<std::shared_ptr<const Bytes>> encoded;
    for (std::size_t i = 0; i < size; ++i) {
      submissions.push_back(chain.sign(testing::kPlatform, {testing::issue_invoice()}));
      encoded.push_back(std::make_shared<const Bytes>(encode(submissions.back())));
    }
    const Proposal proposal = chain.propose(submissions);
    EXPECT_EQ(encode_proposal(proposal.height, proposal.parent, proposal.time_ms, encoded), encode(proposal));
  }
}

}  // namespace
}  // namespace hufu::node
