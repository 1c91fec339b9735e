#include "ledger/proof/compact.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/ledger/proof_world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

class CompactTest : public ::testing::Test {
 protected:
  Anchor anchor() const { return founding_anchor(nodes_.genesis); }
  CompactProof compact(const SubjectKey& key = kLicenseKey) const {
    return make_compact(nodes_.proof(key, {1, 2, 3}), nodes_.in_force()).value();
  }
  std::string failing(const CompactProof& compact) const {
    return failed(check_compact(anchor(), compact).checks);
  }

  Nodes nodes_ = grown_nodes();
};

TEST_F(CompactTest, AnHonestCodeHolds) {
  const CompactFinding finding = check_compact(anchor(), compact());
  EXPECT_EQ(failed(finding.checks), "");
  EXPECT_EQ(finding.time_s, nodes_.now_s());
  EXPECT_EQ(finding.certified.checkpoint, nodes_.log().newest());
  EXPECT_TRUE(check_certified(nodes_.ledger.origin, nodes_.in_force(), finding.certified));
  EXPECT_EQ(failing(compact(kInvoiceKey)), "");
}

TEST_F(CompactTest, TheTextIsOfQrAlphanumericCharactersAndParsesBack) {
  const std::string text = compact_text(compact());
  EXPECT_EQ(text.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"), text.npos);
  const Result<CompactProof> parsed = parse_compact_text(text);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(compact_text(*parsed), text);
  EXPECT_EQ(parse_compact_text("HUFU2:" + text.substr(6)).error(), Error::unknown_tag);
  EXPECT_EQ(parse_compact_text(text + "!").error(), Error::text_malformed);
  EXPECT_EQ(parse_compact_text(text.substr(0, text.size() - 3)).error(), Error::truncated);
  EXPECT_EQ(parse_compact_text(std::string(kCompactPrefix) + std::string(kCompactBytes * 3, '0')).error(),
            Error::oversize);
}

TEST_F(CompactTest, TheNewestQuorumOfTheCosignaturesIsKept) {
  Proof proof = nodes_.proof(kLicenseKey, {1, 2, 3});
  const Checkpoint newest = proof.checkpoint().checkpoint;
  proof.cosignatures[0] = cosign(nodes_.ledger.origin, newest, 1, key_of("cosign-1"), nodes_.now_s() - 5);
  const CompactProof small = make_compact(proof, nodes_.in_force()).value();
  ASSERT_EQ(small.cosignatures.size(), 2U);
  EXPECT_EQ(small.cosignatures[0].position, 1);
  EXPECT_EQ(small.cosignatures[1].position, 2);
  EXPECT_EQ(check_compact(anchor(), small).time_s, check_proof(anchor(), proof).time_s);
}

TEST_F(CompactTest, WhatCannotBeMadeCompact) {
  const RosterStanding roster = nodes_.in_force();
  EXPECT_EQ(make_compact(nodes_.proof(kAbsentKey, {1, 2}), roster).error(), Error::not_found);
  EXPECT_EQ(make_compact(nodes_.proof(kLicenseKey, {1}), roster).error(), Error::quorum_missing);
  EXPECT_EQ(make_compact(nodes_.proof(kLicenseKey, {1, 2}), roster_of({2, 3, 4})).error(),
            Error::proof_invalid);
  Proof large = nodes_.proof(kLicenseKey, {1, 2});
  large.evidence.head_path.resize(64);
  large.evidence.subject.proof.siblings.assign(60, sha256(as_bytes("sibling")));
  EXPECT_EQ(make_compact(large, roster).error(), Error::oversize);
}

TEST_F(CompactTest, Q1AnotherLedgerIsRefused) {
  CompactProof bad = compact();
  bad.ledger[0] ^= 1;
  EXPECT_EQ(failing(bad), "ledger");
}

TEST_F(CompactTest, Q1AnotherEpochIsOutOfDateAndNoForgery) {
  const CompactProof old = compact();
  nodes_.hand_over(roster_of({2, 3, 4}, 2), {1, 2});
  const CompactProof after = make_compact(nodes_.proof(kLicenseKey, {2, 4}), nodes_.in_force()).value();
  const Anchor later{.genesis = &nodes_.genesis, .roster = nodes_.in_force()};
  EXPECT_EQ(failed(check_compact(later, after).checks), "");
  for (const CompactFinding& finding : {check_compact(later, old), check_compact(anchor(), after)}) {
    EXPECT_EQ(failed(finding.checks), "checkpoint quorum");
    EXPECT_EQ(finding.checks.back().error, Error::ledger_stale);
  }
}

TEST_F(CompactTest, Q2EverythingLeadsToTheCosignedCheckpoint) {
  const CompactProof good = compact();
  CompactProof bad = good;
  std::get<LicenseStanding>(bad.standing.detail).state = LicenseState::suspended;
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  bad = good;
  bad.subject.id.back() = '6';
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  bad = good;
  bad.proof.terminal = EmptyTerminal{};
  EXPECT_EQ(failing(bad), "inclusion");
  bad = good;
  bad.log_path.emplace_back();
  EXPECT_EQ(failing(bad), "inclusion");
  bad = good;
  bad.height = ~std::uint64_t{0};
  EXPECT_EQ(failing(bad), "inclusion");
  bad = good;
  bad.standing.detail = ProvinceStanding{.name = "x"};
  EXPECT_EQ(failing(bad), "inclusion");
  bad = good;
  bad.time_ms += 1;
  EXPECT_EQ(failing(bad), "checkpoint quorum");
}

TEST_F(CompactTest, Q2TheQuorumCosigned) {
  const CompactProof good = compact();
  CompactProof bad = good;
  bad.cosignatures.pop_back();
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  bad.cosignatures.push_back(bad.cosignatures[0]);
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  bad = good;
  std::swap(bad.cosignatures[0], bad.cosignatures[1]);
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  bad = good;
  bad.cosignatures[1].position = 3;
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  bad = good;
  bad.cosignatures[0].time_s += 1;
  EXPECT_EQ(failing(bad), "checkpoint quorum");
}

TEST(Base45, ExamplesOfRfc9285) {
  EXPECT_EQ(to_base45(as_bytes("AB")), "BB8");
  EXPECT_EQ(to_base45(as_bytes("Hello!!")), "%69 VD92EX0");
  EXPECT_EQ(to_base45(as_bytes("base-45")), "UJCLQE7W581");
  EXPECT_EQ(as_text(from_base45("QED8WEX0").value()), "ietf!");
  EXPECT_EQ(to_base45({}), "");
  EXPECT_EQ(from_base45("").value(), Bytes());
}

TEST(Base45, OnlyWhatItWritesIsRead) {
  EXPECT_EQ(from_base45("FGW").value(), (Bytes{0xFF, 0xFF}));
  EXPECT_EQ(from_base45("GGW").error(), Error::text_malformed);  // 65,536
  EXPECT_EQ(from_base45(":::").error(), Error::text_malformed);
  EXPECT_EQ(from_base45("U5").value(), Bytes{0xFF});
  EXPECT_EQ(from_base45("V5").error(), Error::text_malformed);  // 256
  EXPECT_EQ(from_base45("A").error(), Error::text_malformed);
  EXPECT_EQ(from_base45("BB8A").error(), Error::text_malformed);
  EXPECT_EQ(from_base45("bb8").error(), Error::text_malformed);
  EXPECT_EQ(from_base45("B\nB").error(), Error::text_malformed);
}

RC_GTEST_PROP(Base45, EveryStringComesBack, (const Bytes& bytes)) {
  RC_ASSERT(from_base45(to_base45(bytes)).value() == bytes);
}

}  // namespace
}  // namespace hufu
