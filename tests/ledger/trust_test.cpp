#include "ledger/proof/trust.hpp"

#include <gtest/gtest.h>

#include "tests/ledger/proof_world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

class TrustTest : public ::testing::Test {
 protected:
  TrustTest() { EXPECT_TRUE(trust_ledger(trust_, encode_genesis(nodes_.genesis))); }

  TrustedLedger& entry() { return *find_ledger(trust_, nodes_.ledger.genesis); }
  Anchor anchor() { return {.genesis = &nodes_.genesis, .roster = entry().roster}; }
  Result<Remembered> see(const CertifiedCheckpoint& certified, const std::vector<LogLink>& links = {}) {
    return remember(entry(), nodes_.ledger, certified, links);
  }
  CertifiedCheckpoint at(std::uint64_t size) const {
    const Checkpoint checkpoint = nodes_.log().at(size);
    return {.checkpoint = checkpoint, .cosignatures = nodes_.cosign_all(checkpoint, {1, 2, 3})};
  }
  LogLink link(std::uint64_t from, std::uint64_t to) const { return nodes_.log().link(from, to); }
  // What the same nodes would sign of another history.
  CertifiedCheckpoint forged(std::uint64_t size, const Ids& ids = {2, 3}) const {
    const Checkpoint checkpoint{.size = size, .root = sha256(as_bytes("another history"))};
    return {.checkpoint = checkpoint, .cosignatures = nodes_.cosign_all(checkpoint, ids)};
  }
  std::uint64_t pinned() { return entry().pinned->checkpoint.size; }
  std::vector<std::uint64_t> seen() {
    std::vector<std::uint64_t> sizes;
    for (const CertifiedCheckpoint& certified : entry().seen) sizes.push_back(certified.checkpoint.size);
    return sizes;
  }

  Nodes nodes_ = grown_nodes();  // a log of five blocks
  Trust trust_;
};

TEST_F(TrustTest, AFileHoldsLedgersInOrder) {
  Nodes other({5, 6, 7});
  ASSERT_TRUE(trust_ledger(trust_, encode_genesis(other.genesis)));
  EXPECT_EQ(trust_ledger(trust_, encode_genesis(other.genesis)).error(), Error::already_exists);
  ASSERT_TRUE(see(at(3)));
  ASSERT_TRUE(see(at(5)));
  const Bytes file = encode_trust(trust_);
  Result<Trust> decoded = decode_trust(file);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(encode_trust(*decoded), file);
  EXPECT_NE(find_ledger(*decoded, other.ledger.genesis), nullptr);
  EXPECT_EQ(find_ledger(*decoded, {}), nullptr);

  std::swap(decoded->ledgers[0], decoded->ledgers[1]);
  EXPECT_EQ(decode_trust(encode_trust(*decoded)).error(), Error::not_canonical);
}

TEST_F(TrustTest, AFileAtFaultIsRefused) {
  ASSERT_TRUE(see(at(3)));
  Trust bad = trust_;
  bad.ledgers[0].seen = {at(3)};
  EXPECT_EQ(decode_trust(encode_trust(bad)).error(), Error::not_canonical);
  bad = trust_;
  bad.ledgers[0].pinned.reset();
  bad.ledgers[0].seen = {at(3)};
  EXPECT_EQ(decode_trust(encode_trust(bad)).error(), Error::not_canonical);
  bad = trust_;
  bad.ledgers[0].genesis_file.pop_back();
  EXPECT_EQ(decode_trust(encode_trust(bad)).error(), Error::config_invalid);
  bad = trust_;
  bad.ledgers[0].roster = roster_of({4, 5, 6}, 1);  // of the founding epoch, and another one
  EXPECT_EQ(decode_trust(encode_trust(bad)).error(), Error::config_invalid);
  EXPECT_EQ(decode_trust(as_bytes("hufu trust v2\n")).error(), Error::unknown_tag);
  EXPECT_EQ(trust_ledger(trust_, as_bytes("no genesis")).error(), Error::unknown_tag);
}

TEST_F(TrustTest, TheFirstCheckpointIsPinned) {
  EXPECT_EQ(see(at(3))->memory, Memory::first);
  EXPECT_EQ(pinned(), 3U);
  EXPECT_EQ(see(at(3))->memory, Memory::known);
}

TEST_F(TrustTest, U1AnotherRootOfThePinnedSizeIsAFork) {
  ASSERT_TRUE(see(at(3)));
  const Bytes before = encode_trust(trust_);
  const Result<Remembered> caught = see(forged(3));
  ASSERT_TRUE(caught && caught->fork);
  EXPECT_EQ(encode_trust(trust_), before);
  const Result<ForkFinding> finding = check_fork(anchor(), *caught->fork);
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->signed_a, (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(finding->culprits, (std::vector<std::uint64_t>{2, 3}));
}

TEST_F(TrustTest, U1AnotherRootOfASeenSizeIsAFork) {
  ASSERT_TRUE(see(at(3)));
  ASSERT_TRUE(see(at(5)));
  EXPECT_EQ(seen(), std::vector<std::uint64_t>{5});
  EXPECT_TRUE(see(forged(5))->fork);
}

TEST_F(TrustTest, U1ALinkToAnotherPastIsAFork) {
  ASSERT_TRUE(see(forged(3)));
  const Result<Remembered> caught = see(at(5), {link(3, 5)});
  ASSERT_TRUE(caught && caught->fork);
  EXPECT_EQ(caught->fork->split->size, 3U);
  EXPECT_EQ(pinned(), 3U);
  EXPECT_EQ(check_fork(anchor(), *caught->fork)->culprits, (std::vector<std::uint64_t>{2, 3}));
}

TEST_F(TrustTest, U1AnOldCheckpointThatThePinnedLogNeverHadIsAFork) {
  ASSERT_TRUE(see(at(5)));
  EXPECT_EQ(see(forged(4))->memory, Memory::unlinked);  // offline it is only remembered
  const Result<Remembered> caught = see(forged(4), {link(4, 5)});
  ASSERT_TRUE(caught && caught->fork);
  EXPECT_TRUE(check_fork(anchor(), *caught->fork));
}

TEST_F(TrustTest, U2PinnedMovesForwardAlongAPath) {
  ASSERT_TRUE(see(at(2)));
  EXPECT_EQ(see(at(4), {link(2, 4)})->memory, Memory::linked);
  EXPECT_EQ(pinned(), 4U);
  EXPECT_EQ(see(at(3), {link(3, 4)})->memory, Memory::linked);
  EXPECT_EQ(pinned(), 4U);
  EXPECT_TRUE(seen().empty());
}

TEST_F(TrustTest, U2WithoutAPathItIsSeenAndLinkedLater) {
  ASSERT_TRUE(see(at(2)));
  EXPECT_EQ(see(at(5))->memory, Memory::unlinked);
  EXPECT_EQ(see(at(3))->memory, Memory::unlinked);
  EXPECT_EQ(see(at(3))->memory, Memory::unlinked);
  EXPECT_EQ(pinned(), 2U);
  EXPECT_EQ(seen(), (std::vector<std::uint64_t>{3, 5}));
  EXPECT_EQ(see(at(5), {link(2, 5), link(3, 5), link(4, 5)})->memory, Memory::linked);
  EXPECT_EQ(pinned(), 5U);
  EXPECT_TRUE(seen().empty());
}

TEST_F(TrustTest, U2WhatIsLinkedThroughAnotherIsNoLongerSeen) {
  ASSERT_TRUE(see(at(5)));
  EXPECT_EQ(see(at(2))->memory, Memory::unlinked);
  EXPECT_EQ(see(at(4), {link(2, 4), link(4, 5)})->memory, Memory::linked);
  EXPECT_EQ(pinned(), 5U);
  EXPECT_TRUE(seen().empty());
}

TEST_F(TrustTest, U2WhatWasSeenIsLinkedToThePinnedLogItself) {
  ASSERT_TRUE(see(at(5)));
  ASSERT_TRUE(see(at(3)));
  EXPECT_EQ(seen(), (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(see(at(5), {link(3, 5)})->memory, Memory::known);
  EXPECT_EQ(pinned(), 5U);
  EXPECT_TRUE(seen().empty());
}

TEST_F(TrustTest, U2APathThatDoesNotVerifyTeachesNothing) {
  ASSERT_TRUE(see(at(2)));
  const Bytes before = encode_trust(trust_);
  LogLink bad = link(2, 5);
  bad.consistency[0].bytes[0] ^= 1;
  EXPECT_EQ(see(at(5), {bad}).error(), Error::proof_invalid);
  EXPECT_EQ(encode_trust(trust_), before);
}

TEST_F(TrustTest, OnlySoManyAreRemembered) {
  for (int i = 0; i < 80; ++i) nodes_.extend({});
  ASSERT_TRUE(see(at(1)));
  for (std::uint64_t size = 2; size <= 80; ++size) ASSERT_TRUE(see(at(size)));
  EXPECT_EQ(seen().size(), TrustedLedger::kSeen);
  EXPECT_EQ(seen().front(), 80U);
  EXPECT_TRUE(decode_trust(encode_trust(trust_)));
}

TEST_F(TrustTest, U3TheRosterMovesForwardWithAProof) {
  const Proof before = nodes_.proof(kLicenseKey, {1, 2});
  nodes_.hand_over(roster_of({2, 3, 4}, 2), {1, 2});
  Proof after = nodes_.proof(kLicenseKey, {3, 4});
  after.links = {link(5, 6)};
  EXPECT_EQ(remember_proof(entry(), before, check_proof(anchor(), before))->memory, Memory::first);
  EXPECT_EQ(entry().roster.epoch, 1U);
  EXPECT_EQ(remember_proof(entry(), after, check_proof(anchor(), after))->memory, Memory::linked);
  EXPECT_EQ(entry().roster, nodes_.in_force());
  EXPECT_EQ(pinned(), 6U);
  EXPECT_TRUE(decode_trust(encode_trust(trust_)));
  // What replaced nodes sign teaches nothing any more, and does not take the roster back.
  EXPECT_EQ(remember_proof(entry(), before, check_proof(anchor(), before))->memory, Memory::superseded);
  EXPECT_EQ(entry().roster.epoch, 2U);
}

class ForkTest : public TrustTest {
 protected:
  Fork fork(const CertifiedCheckpoint& a, const CertifiedCheckpoint& b,
            std::optional<LogLink> split = std::nullopt) const {
    return {.version = Fork::kVersion, .ledger = nodes_.ledger, .a = a, .b = b, .split = std::move(split)};
  }
  Error refused(const Fork& fork) { return check_fork(anchor(), fork).error(); }
};

TEST_F(ForkTest, AFileDecodesToWhatWasWritten) {
  const Bytes file = encode_fork(fork(forged(3), at(5), link(3, 5)));
  const Result<Fork> decoded = decode_fork(file);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(encode_fork(*decoded), file);
  EXPECT_TRUE(check_fork(anchor(), *decoded));
  EXPECT_EQ(decode_fork(as_bytes("hufu fork v2\n")).error(), Error::unknown_tag);
  EXPECT_EQ(decode_fork(Bytes(1U << 17)).error(), Error::oversize);
}

TEST_F(ForkTest, ANodeThatLiesAloneIsNamed) {
  const ForkFinding finding = check_fork(anchor(), fork(at(4), forged(4, {3}))).value();
  EXPECT_EQ(finding.signed_b, std::vector<std::uint64_t>{3});
  EXPECT_EQ(finding.culprits, std::vector<std::uint64_t>{3});
}

TEST_F(ForkTest, ANodeThatWasReplacedIsStillKnown) {
  nodes_.hand_over(roster_of({2, 3, 4}, 2), {1, 2});
  entry().roster = nodes_.in_force();
  EXPECT_EQ(check_fork(anchor(), fork(at(4), forged(4, {1})))->culprits, std::vector<std::uint64_t>{1});
}

TEST_F(ForkTest, WhatDoesNotContradictIsNoFork) {
  EXPECT_EQ(refused(fork(at(4), at(4))), Error::proof_invalid);
  EXPECT_EQ(refused(fork(at(3), at(4))), Error::proof_invalid);
  EXPECT_EQ(refused(fork(at(3), at(5), link(3, 5))), Error::proof_invalid);      // the true past
  EXPECT_EQ(refused(fork(forged(3), at(5), link(4, 5))), Error::proof_invalid);  // of another size
  EXPECT_EQ(refused(fork(at(5), forged(3), link(3, 5))), Error::proof_invalid);  // the wrong way round
  LogLink bad = link(3, 5);
  bad.root.bytes[0] ^= 1;
  EXPECT_EQ(refused(fork(at(3), at(5), bad)), Error::proof_invalid);
}

TEST_F(ForkTest, NobodyIsAccusedWithoutASignature) {
  Fork bad = fork(at(4), forged(4));
  bad.b.cosignatures.clear();
  EXPECT_EQ(refused(bad), Error::signature_invalid);
  bad = fork(at(4), forged(4));
  bad.b.cosignatures[0].time_s += 1;
  EXPECT_EQ(refused(bad), Error::signature_invalid);
  bad = fork(at(4), forged(4));
  bad.b.cosignatures[0].member = 1;  // whose key it is not
  EXPECT_EQ(refused(bad), Error::signature_invalid);
  bad.b.cosignatures[0].member = 9;
  EXPECT_EQ(refused(bad), Error::signature_invalid);
  bad = fork(at(4), forged(4));
  std::swap(bad.b.cosignatures[0], bad.b.cosignatures[1]);
  EXPECT_EQ(refused(bad), Error::not_canonical);
  bad = fork(at(4), forged(4));
  bad.ledger.genesis.bytes[0] ^= 1;
  EXPECT_EQ(refused(bad), Error::foreign_origin);
}

}  // namespace
}  // namespace hufu
