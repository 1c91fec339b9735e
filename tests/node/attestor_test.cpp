// What a node signs, counts and certifies.
#include <signal.h>
#include <unistd.h>

#include "ledger/base/failpoint.hpp"
#include "tests/node/attestor_world.hpp"
#include "tests/store/raw_store.hpp"

namespace hufu::node {
namespace {

TEST_F(AttestorTest, TheFoundingBlockIsSignedAtOnceAndCertifiedByTheQuorum) {
  settle();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].second.checkpoint, of_size(1));
  EXPECT_TRUE(check_attestation(chain.ledger.origin, chain.genesis.roster, sent[0].second));
  EXPECT_EQ(certified_size(), 0u);
  EXPECT_EQ(attestor->gathered()->cosignatures.size(), 1u);
  hear(2, 1);
  ASSERT_EQ(certified_size(), 1u);
  EXPECT_EQ(certifications, 1);
  EXPECT_TRUE(check_certified(chain.ledger.origin, chain.genesis.roster, attestor->certified()->cosigned()));
  EXPECT_EQ(attestor->provable()->head.header, chain.head());
  EXPECT_EQ(metric("hufu_certified_height"), "0");
}

TEST_F(AttestorTest, TheLargestSizeThatSomebodySignedIsTheOneThatIsCertified) {
  settle();
  execute_block();
  execute_block();
  settle();
  EXPECT_EQ(signed_size(), 1u) << "the last one is neither certified nor old";
  hear(2, 2);
  ASSERT_EQ(sent.size(), 6u);
  EXPECT_EQ(sent[2].second.checkpoint, of_size(2)) << "asked for by a peer, though there are three blocks";
  EXPECT_EQ(certified_size(), 2u);
  EXPECT_EQ(attestor->provable()->head.header, chain.blocks[1].header) << "its state is still held";
  EXPECT_EQ(sent[4].second.checkpoint, of_size(3)) << "certified: on to the newest";
}

TEST_F(AttestorTest, WhatAPeerSignedAboveTheHeadWaitsForExecution) {
  settle();
  Chain ahead = chain;
  const Submission next = ahead.sign(testing::kPlatform, {testing::issue_invoice(testing::kInvoice)});
  const Bytes entry = encode(ahead.propose({next}));
  ahead.extend({next});
  const std::vector<Hash> leaves = ahead.log_leaves();
  hear(2, by(2, {.size = 2, .root = tree_root(leaves)}));
  EXPECT_EQ(signed_size(), 1u);
  chain.extend({next});
  apply(entry);
  settle();
  EXPECT_EQ(signed_size(), 2u);
  EXPECT_EQ(certified_size(), 2u);
}

TEST_F(AttestorTest, AnUncertifiedSizeHoldsTheNextOneBackForAQuarterOfASecondOnly) {
  settle();
  execute_block();
  settle();
  now_ms += Attestor::kStalledMs - 1;
  attestor->tick();
  settle();
  EXPECT_EQ(signed_size(), 1u);
  now_ms += 1;
  attestor->tick();
  settle();
  EXPECT_EQ(signed_size(), 2u);
}

TEST_F(AttestorTest, WhatPeersHaveNotSignedIsSentAgain) {
  settle();
  sent.clear();
  now_ms += Attestor::kRepeatMs;
  attestor->tick();
  EXPECT_EQ(sent.size(), 2u);
  hear(2, 1);
  sent.clear();
  now_ms += Attestor::kRepeatMs;
  attestor->tick();
  EXPECT_TRUE(sent.empty()) << "certified";
}

TEST_F(AttestorTest, WhenNothingHappensTheSameSizeIsSignedAgain) {
  settle();
  hear(2, 1);
  const std::uint64_t first = attestor->certified()->time_s;
  now_ms += Attestor::kIdleMs - 1;
  attestor->tick();
  settle();
  EXPECT_EQ(attestor->newest()->cosignature.time_s, first);
  now_ms += 1;
  attestor->tick();
  settle();
  EXPECT_EQ(attestor->newest()->cosignature.time_s, first + 20);
  EXPECT_EQ(attestor->certified()->time_s, first) << "Z2: a minority cannot make it look fresher";
  hear(3, 1);
  tick();
  EXPECT_EQ(attestor->certified()->time_s, first + 20);
}

TEST_F(AttestorTest, APeerThatSignsTheSameSizeAgainIsJoinedIfOursIsOldEnough) {
  settle();
  hear(2, 1);
  const std::uint64_t first = attestor->certified()->time_s;
  now_ms += Attestor::kAnswerIdleMs - 1000;
  hear(2, 1);
  tick();
  EXPECT_EQ(attestor->newest()->cosignature.time_s, first);
  now_ms += 1000;
  hear(2, 1);
  tick();
  EXPECT_EQ(attestor->newest()->cosignature.time_s, first + 10);
  EXPECT_EQ(attestor->certified()->time_s, first + 10);
}

TEST_F(AttestorTest, X1AfterACrashBetweenMarkAndSendingTheSameRootIsSignedAgain) {
  settle();
  hear(2, 1);
  execute_block();
  loop.front()();  // consider: certified, so size 2 is ordered
  ASSERT_EQ(pool.size(), 1u);
  pool.front()();  // marked and signed, not yet sent
  EXPECT_EQ(store->signed_mark().value(), of_size(2));
  ASSERT_TRUE(open()) << fault.detail;
  EXPECT_FALSE(attestor->newest().has_value());
  settle();
  EXPECT_EQ(attestor->newest()->checkpoint, of_size(2));
}

TEST_F(AttestorTest, X1AMarkThatDoesNotFitTheLedgerIsRefusedAtTheStart) {
  settle();
  execute_block();
  HUFU_CHECK(store->mark_signed({.size = 2, .root = sha256(as_bytes("another"))}).has_value());
  EXPECT_FALSE(open());
  EXPECT_EQ(fault.error, Error::storage_rolled_back);
  EXPECT_NE(fault.detail.find("a log of 2 blocks was signed"), std::string::npos) << fault.detail;
}

TEST_F(AttestorTest, X1AMarkAboveTheHeadIsWaitedFor) {
  HUFU_CHECK(store->mark_signed({.size = 3, .root = sha256(as_bytes("another"))}).has_value());
  ASSERT_TRUE(open()) << fault.detail;
  settle();
  execute_block();
  settle();
  EXPECT_TRUE(sent.empty());
  EXPECT_EQ(fatal, "");
  execute_block();
  settle();
  EXPECT_TRUE(sent.empty());
  EXPECT_NE(fatal.find("Raft replayed gives another"), std::string::npos) << fatal;
}

TEST_F(AttestorTest, X1AMarkAboveTheHeadThatIsReachedIsSignedAgain) {
  Chain ahead = chain;
  const Submission next = ahead.sign(testing::kPlatform, {testing::issue_invoice(testing::kInvoice)});
  const Bytes entry = encode(ahead.propose({next}));
  ahead.extend({next});
  const std::vector<Hash> leaves = ahead.log_leaves();
  HUFU_CHECK(store->mark_signed({.size = 2, .root = tree_root(leaves)}).has_value());
  ASSERT_TRUE(open()) << fault.detail;
  settle();
  EXPECT_TRUE(sent.empty());
  apply(entry);
  settle();
  EXPECT_EQ(signed_size(), 2u);
}

TEST_F(AttestorTest, X2CertifiedNeverFalls) {
  settle();
  hear(2, 1);
  execute_block();
  settle();
  hear(2, 2);
  ASSERT_EQ(certified_size(), 2u);
  const int before = certifications;
  now_ms += 60'000;
  hear(3, 1);
  EXPECT_EQ(certified_size(), 2u);
  EXPECT_EQ(certifications, before);
}

TEST_F(AttestorTest, X3OnlyTheMembersOwnAndNewerAttestationCounts) {
  settle();
  hear(3, by(2, of_size(1)));
  EXPECT_EQ(metric("hufu_attestations_refused_total{why=\"member\"}"), "1");
  Attestation forged = by(2, of_size(1));
  forged.cosignature.signature.bytes[5] ^= 1;
  hear(2, forged);
  Attestation half = by(2, of_size(1));
  half.log_signature.bytes[5] ^= 1;
  hear(2, half);
  EXPECT_EQ(metric("hufu_attestations_refused_total{why=\"signature\"}"), "2");
  hear(7, by(7, of_size(1)));
  hear(1, by(1, of_size(1)));
  hear(2, by(2, {.size = 0, .root = empty_log_root()}));
  EXPECT_EQ(certified_size(), 0u);
  now_ms += 1000;
  hear(2, 1);
  const std::uint64_t time_s = attestor->gathered()->cosignatures.at(1).time_s;
  now_ms -= 1000;
  hear(2, 1);
  EXPECT_EQ(attestor->gathered()->cosignatures.at(1).time_s, time_s) << "an older one changes nothing";
}

TEST_F(AttestorTest, X4ALieOfTheSameSizeIsNeverCountedAndBecomesEvidence) {
  settle();
  hear(2, by(2, {.size = 1, .root = sha256(as_bytes("a lie"))}));
  EXPECT_EQ(certified_size(), 0u);
  EXPECT_EQ(metric("hufu_attestations_refused_total{why=\"fork\"}"), "1");
  const auto finding = evidence(1, 2);
  ASSERT_TRUE(finding.has_value()) << code_of(finding.error());
  EXPECT_EQ(finding->signed_a, std::vector<std::uint64_t>{2});
  EXPECT_EQ(finding->signed_b, std::vector<std::uint64_t>{1});
  // It does not keep the others from certifying.
  hear(3, 1);
  EXPECT_EQ(certified_size(), 1u);
  EXPECT_EQ(attestor->certified()->attestations.size(), 2u);
}

TEST_F(AttestorTest, X4ALieOfAnEarlierSizeBecomesEvidenceWithALink) {
  settle();
  hear(2, 1);
  for (int i = 0; i < 3; ++i) execute_block();
  settle();
  ASSERT_EQ(signed_size(), 4u);
  hear(2, 4);
  ASSERT_EQ(certified_size(), 4u);
  hear(3, by(3, {.size = 2, .root = sha256(as_bytes("a lie"))}));
  const auto finding = evidence(2, 3);
  ASSERT_TRUE(finding.has_value()) << code_of(finding.error());
  EXPECT_EQ(finding->signed_a, std::vector<std::uint64_t>{3});
  EXPECT_EQ(finding->signed_b, (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(AttestorTest, X4ALieOfANewerSizeIsMetWithOurOwnSignatureOfIt) {
  settle();
  execute_block();
  settle();
  ASSERT_EQ(signed_size(), 1u);
  hear(2, by(2, {.size = 2, .root = sha256(as_bytes("a lie"))}));
  EXPECT_EQ(signed_size(), 2u);
  EXPECT_EQ(certified_size(), 0u);
  EXPECT_TRUE(evidence(2, 2).has_value());
}

// kill -9 while the evidence is written: what lies under its name is whole or not there, and the next lie is kept again.
TEST_F(AttestorTest, X4EvidenceThatWasCutShortIsWrittenAgain) {
  settle();
  const Attestation lie = by(2, {.size = 1, .root = sha256(as_bytes("a lie"))});
  int killed = 0;
  for (const std::string point :
       {"evidence.before_write", "evidence.before_rename", "evidence.after_rename"}) {
    for (int time = 0; time < 3; ++time) {
      std::filesystem::remove_all(dir.path() / "evidence");
      const auto die = [&] {
        if (failpoints::arm(point)) hear(2, lie);
        _exit(0);
      };
      EXPECT_EXIT(die(), ::testing::KilledBySignal(SIGKILL), "") << point;
      ++killed;
      EXPECT_EQ(evidence(1, 2).has_value(), point == "evidence.after_rename") << point;
      hear(2, lie);  // that was a child; here it comes for the first time
      EXPECT_TRUE(evidence(1, 2).has_value()) << point;
      ASSERT_TRUE(open());
      settle();
    }
  }
  std::printf("3 points of evidence: %d killed\n", killed);
}

TEST_F(AttestorTest, Y1ABlockThatIsDamagedOnDiskIsNotSigned) {
  for (int i = 0; i < 3; ++i) execute_block();
  close();
  std::optional<testing::RawStore> raw(dir.path() / "ledger");
  // Two submissions' worth of honest bytes under another height's header: only hashing again finds it.
  Block other = chain.blocks[1];
  other.submissions = chain.blocks[2].submissions;
  raw->put(store::Family::blocks, store::block_key(1), encode(other));
  // One entry in place of the other: as many as there were (B8).
  ASSERT_TRUE(raw->db().CompactRange({}, raw->handle(store::Family::blocks), nullptr, nullptr).ok());
  raw.reset();
  ASSERT_TRUE(open()) << "the head itself is whole";
  settle();
  EXPECT_TRUE(sent.empty());
  EXPECT_EQ(fatal, "block 1 is not what its header says");
}

TEST_F(AttestorTest, Y1ALongWayIsReadBackInPieces) {
  for (std::uint64_t i = 0; i < Attestor::kBlocksAtOnce + 10; ++i) execute_block();
  settle();
  EXPECT_EQ(signed_size(), chain.blocks.size());
  EXPECT_EQ(attestor->newest()->checkpoint, of_size(chain.blocks.size()));
}

TEST(CertifiedMark, B6ItOnlyRisesAndNeverNamesTwoRootsOfOneSize) {
  const Genesis genesis = testing::make_genesis();
  const Checkpoint first{.size = 5, .root = sha256(as_bytes("a"))};
  const Checkpoint second{.size = 5, .root = sha256(as_bytes("b"))};
  const Checkpoint below{.size = 4, .root = sha256(as_bytes("a"))};
  for (const Checkpoint& wrong : {second, below}) {
    TempDir fresh;
    auto store = store::LedgerStore::open(fresh.path(), genesis, store::Mode::read_write).value();
    EXPECT_EQ(store->signed_mark().value(), std::nullopt);
    EXPECT_TRUE(store->mark_signed(first));
    EXPECT_TRUE(store->mark_signed(first)) << "the same again";
    EXPECT_EQ(store->mark_signed(wrong).error().error, Error::storage_corrupt);
    store.reset();
    store = store::LedgerStore::open(fresh.path(), genesis, store::Mode::read_write).value();
    EXPECT_EQ(store->signed_mark().value(), first);
  }
}

}  // namespace
}  // namespace hufu::node
