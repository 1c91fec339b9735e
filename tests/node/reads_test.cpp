// Reads are linearizable on the leader, or say as of when: never silently stale.
#include <atomic>
#include <future>

#include "tests/node/cluster.hpp"

namespace hufu::node {
namespace {

class Reads : public ClusterTest {
 protected:
  Result<api::Head> head(std::size_t number, Read read) {
    return at(number).ask<api::Head>(
        [read](Service& service, Done<api::Head> done) { service.head(read, done); });
  }
  std::uint64_t issued(std::size_t through, std::uint64_t number) {
    const Submission submission = issue(number);
    const auto receipt = accepted(at(through).submit(submission), submission);
    return receipt ? receipt->place.height : 0;
  }
};

// The old leader sleeps while the others elect another and go on. When it wakes it still believes that it leads: what it is
// asked first, before it hears of anything, must not be answered from what it has.
TEST_F(Reads, ADeposedLeaderThatDoesNotKnowItYetAnswersNoFreshRead) {
  start_all(3);
  const std::size_t old = leader();
  ASSERT_NE(old, 0u);
  ASSERT_GT(issued(old, 1), 0u);

  struct Seen {
    bool led = false;
    std::uint64_t height = 0;
  };
  std::promise<void> wake;
  std::promise<void> asleep;
  std::promise<Seen> seen;
  std::promise<Result<api::Head>> answer;
  const std::future<void> awake = wake.get_future();
  // Both run in one turn of the loop: nothing from the network comes between them.
  boost::asio::post(at(old).loop(), [&] {
    asleep.set_value();
    awake.wait();
    const api::NodeStatus status = at(old).service().status();
    seen.set_value({.led = status.role == api::Role::leader && status.ready, .height = status.head.height});
    at(old).service().head(Read::settled, [&](Result<api::Head> head) { answer.set_value(std::move(head)); });
  });
  asleep.get_future().wait();
  std::size_t now = 0;
  ASSERT_TRUE(eventually([&] {
    for (std::size_t number = 1; number <= 3; ++number) {
      if (number == old) continue;
      const auto status = at(number).status();
      if (status.role == api::Role::leader && status.ready) now = number;
    }
    return now != 0;
  })) << "nobody was elected while it slept";
  const std::uint64_t acknowledged = issued(now, 2);
  wake.set_value();

  const Seen before = seen.get_future().get();
  EXPECT_TRUE(before.led) << "it was to believe that it leads still";
  EXPECT_LT(before.height, acknowledged) << "it was to miss what was acknowledged";
  const Result<api::Head> head = answer.get_future().get();
  if (head) {
    EXPECT_GE(head->header.height, acknowledged) << "a stale answer";
  } else {
    EXPECT_EQ(head.error(), Error::no_quorum);
  }
}

// Asked in every turn of its loop: an elected leader that does not know yet what was acknowledged before it makes the reader wait.
TEST_F(Reads, AFreshlyElectedLeaderAnswersOnlyWhatIsConfirmed) {
  start_all(3);
  const std::size_t old = leader();
  ASSERT_NE(old, 0u);
  const std::uint64_t acknowledged = issued(old, 1);
  struct Watch {
    TestNode* node = nullptr;
    std::atomic<bool> stop = false;
    std::atomic<unsigned> asked = 0;
    std::atomic<unsigned> answered = 0;
    std::atomic<unsigned> stale = 0;
    std::function<void()> turn;
  };
  std::vector<std::unique_ptr<Watch>> watches;
  for (std::size_t number = 1; number <= 3; ++number) {
    if (number == old) continue;
    watches.push_back(std::make_unique<Watch>());
    Watch& watch = *watches.back();
    watch.node = &at(number);
    watch.turn = [&watch, acknowledged] {
      if (watch.stop) return;
      const auto status = watch.node->service().status();
      if (status.role == api::Role::leader && !status.ready) {
        ++watch.asked;
        watch.node->service().head(Read::settled, [&watch, acknowledged](Result<api::Head> head) {
          ++watch.answered;
          if (head && (!head->confirmed || head->header.height < acknowledged)) ++watch.stale;
        });
      }
      boost::asio::post(watch.node->loop(), watch.turn);
    };
    boost::asio::post(watch.node->loop(), watch.turn);
  }
  stop(old);
  EXPECT_TRUE(eventually([&] {
    unsigned asked = 0;
    unsigned answered = 0;
    for (const auto& watch : watches) {
      asked += watch->asked;
      answered += watch->answered;
    }
    return asked > 0 && answered == asked && leader() != 0;
  }));
  for (const auto& watch : watches) {
    watch->stop = true;
    EXPECT_EQ(watch->stale, 0u);
  }
  // What is posted refers to the watches. A turn that was under way has posted one more, behind the first of these: after the second
  // nothing does.
  for (int turn = 0; turn < 2; ++turn) {
    for (const auto& watch : watches) watch->node->on_loop([] { return true; });
  }
}

TEST_F(Reads, AFollowerSaysAsOfWhenAndNeverThatItIsConfirmed) {
  start_all(3);
  const std::size_t leads = leader();
  ASSERT_NE(leads, 0u);
  const std::uint64_t height = issued(leads, 1);
  const std::size_t other = follower();
  ASSERT_TRUE(eventually([&] { return at(other).status().head.height >= height; }));
  for (const Read read : {Read::local, Read::settled}) {
    const auto answer =
        at(other).ask<api::StandingAnswer>([read](Service& service, Done<api::StandingAnswer> done) {
          service.standing({SubjectKind::invoice, invoice(1)}, read, done);
        });
    ASSERT_TRUE(answer.has_value());
    EXPECT_TRUE(answer->standing.has_value());
    EXPECT_FALSE(answer->as_of.confirmed);
    EXPECT_EQ(answer->as_of.height, at(other).status().head.height);
    EXPECT_GT(answer->as_of.time_ms, 0u);
  }
  EXPECT_TRUE(head(leads, Read::settled)->confirmed);
  EXPECT_FALSE(head(leads, Read::local)->confirmed);
}

// A proof is of a certified checkpoint, at any node: also at one that hears nothing new.
TEST_F(Reads, AProofOfAFollowerIsOfACertifiedCheckpoint) {
  start_all(3);
  const std::size_t leads = leader();
  ASSERT_NE(leads, 0u);
  const std::uint64_t height = issued(leads, 1);
  const std::size_t alone = follower();
  ASSERT_TRUE(eventually([&] { return at(alone).status().certified_size > height; }));
  for (std::size_t number = 1; number <= 3; ++number) {
    if (number != alone) stop(number);
  }
  const auto proof = at(alone).ask<Proof>([](Service& service, Done<Proof> done) {
    service.proof({SubjectKind::invoice, invoice(1)}, Read::local, {}, done);
  });
  ASSERT_TRUE(proof.has_value()) << code_of(proof.error());
  EXPECT_GE(proof->evidence.log_size, height + 1);
  EXPECT_GE(proof->cosignatures.size(), 2u) << "the quorum's";
}

}  // namespace
}  // namespace hufu::node
