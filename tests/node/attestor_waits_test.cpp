// Which of the peers' signatures are looked at, and when.
#include "tests/node/attestor_world.hpp"

namespace hufu::node {
namespace {

// With three nodes two signatures are a quorum: the third peer's costs nothing until a tick, and then the newest one alone.
TEST_F(AttestorTest, WhatTheQuorumDoesNotNeedWaitsForATick) {
  settle();
  attestor->receive(2, by(2, of_size(1)));
  ASSERT_EQ(pool.size(), 1u) << "needed";
  attestor->receive(3, by(3, of_size(1)));
  EXPECT_EQ(pool.size(), 1u) << "not if the one under check is valid";
  settle();
  ASSERT_EQ(certified_size(), 1u);
  EXPECT_EQ(attestor->certified()->attestations.size(), 2u);
  now_ms += 1000;
  attestor->receive(3, by(3, of_size(1)));
  EXPECT_TRUE(pool.empty());
  attestor->tick();
  EXPECT_EQ(pool.size(), 1u);
  settle();
  EXPECT_EQ(attestor->certified()->attestations.size(), 3u);
  EXPECT_EQ(attestor->gathered()->cosignatures.at(2).time_s, now_ms / 1000);
}

// Nobody waits for the size that this node is about to sign itself: with one peer it is certified.
TEST_F(AttestorTest, WhatThisNodeIsSigningCounts) {
  settle();
  hear(2, 1);
  execute_block();
  while (pool.empty()) {
    const auto turn = std::move(loop.front());
    loop.pop_front();
    turn();
  }
  ASSERT_EQ(pool.size(), 1u) << "size 2 is being signed";
  attestor->receive(2, by(2, of_size(2)));
  attestor->receive(3, by(3, of_size(2)));
  EXPECT_EQ(pool.size(), 2u);
  settle();
  EXPECT_EQ(certified_size(), 2u);
}

// With five nodes three are a quorum: whoever signs the same again and again is one of them all the same.
TEST_F(AttestorTest, NobodyIsCountedTwice) {
  Genesis five = testing::make_genesis();
  five.roster = testing::roster_of({1, 2, 3, 4, 5});
  attestor->enter(five.roster, 0, {});
  settle();
  hear(2, 1);
  EXPECT_EQ(certified_size(), 0u);
  now_ms += 1000;
  attestor->receive(2, by(2, of_size(1)));
  attestor->receive(3, by(3, of_size(1)));
  EXPECT_EQ(pool.size(), 2u) << "needed: this node and the second are two";
  settle();
  EXPECT_EQ(certified_size(), 1u);
}

// What was thought sure goes on to a larger size before this node has signed: the one that waited is looked at without a tick.
TEST_F(AttestorTest, WhatIsNeededAfterAllIsLookedAtWithoutATick) {
  settle();
  hear(2, 1);
  execute_block();
  while (pool.empty()) {
    const auto turn = std::move(loop.front());
    loop.pop_front();
    turn();
  }
  const auto signing = std::move(pool.front());  // of size 2
  pool.pop_front();
  hear(2, by(2, of_size(2)));
  attestor->receive(3, by(3, of_size(2)));
  EXPECT_TRUE(pool.empty()) << "with the second and this node it is certified";
  const std::vector<Hash> leaves = chain.log_leaves();
  hear(2, by(2, {.size = 3, .root = tree_root(leaves)}));  // not executed here yet
  signing();
  settle();
  EXPECT_EQ(certified_size(), 2u);
}

TEST_F(AttestorTest, WhereTheOneUnderCheckIsForgedTheNextIsLookedAtAtOnce) {
  settle();
  Attestation forged = by(2, of_size(1));
  forged.cosignature.signature.bytes[5] ^= 1;
  attestor->receive(2, forged);
  attestor->receive(3, by(3, of_size(1)));
  ASSERT_EQ(pool.size(), 1u);
  settle();
  EXPECT_EQ(metric("hufu_attestations_refused_total{why=\"signature\"}"), "1");
  EXPECT_EQ(certified_size(), 1u);
}

TEST_F(AttestorTest, AnotherRootNeverWaits) {
  settle();
  hear(2, 1);
  ASSERT_EQ(certified_size(), 1u);
  attestor->receive(3, by(3, {.size = 1, .root = sha256(as_bytes("a lie"))}));
  EXPECT_EQ(pool.size(), 1u);
  settle();
  EXPECT_EQ(metric("hufu_attestations_refused_total{why=\"fork\"}"), "1");
}

}  // namespace
}  // namespace hufu::node
