#include "ledger/proof/proof.hpp"

#include <gtest/gtest.h>

#include "tests/ledger/proof_world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

class ProofTest : public ::testing::Test {
 protected:
  Anchor anchor() const { return founding_anchor(nodes_.genesis); }
  std::string failing(const Proof& proof) const { return failed(check_proof(anchor(), proof).checks); }
  std::string failing(const Anchor& trusted, const Proof& proof) const {
    return failed(check_proof(trusted, proof).checks);
  }
  // Nodes 2, 3 and 4 take over from 1, 2 and 3.
  void change_roster() { nodes_.hand_over(roster_of({2, 3, 4}, 2), {1, 2}); }

  Nodes nodes_ = grown_nodes();
};

TEST_F(ProofTest, AnHonestProofHolds) {
  const Proof proof = nodes_.proof(kLicenseKey, {1, 2, 3});
  const ProofFinding finding = check_proof(anchor(), proof);
  EXPECT_EQ(failed(finding.checks), "");
  EXPECT_EQ(finding.time_s, nodes_.now_s());
  EXPECT_EQ(finding.roster, nodes_.genesis.roster);
  EXPECT_FALSE(finding.superseded);
  EXPECT_EQ(finding.checks.back().why, "3 of 3 nodes cosigned: node-1, node-2, node-3");
}

TEST_F(ProofTest, AFileDecodesToWhatWasWritten) {
  const Bytes file = encode_proof(nodes_.proof(kLicenseKey, {1, 3}));
  const Result<Proof> decoded = decode_proof(file);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(encode_proof(*decoded), file);
  EXPECT_EQ(failing(*decoded), "");
  Bytes other = file;
  other[12] = '2';
  EXPECT_EQ(decode_proof(other).error(), Error::unknown_tag);
  EXPECT_EQ(decode_proof(Bytes(kProofBytes + 1)).error(), Error::oversize);
}

TEST_F(ProofTest, F1TheEvidenceMustHold) {
  Proof bad = nodes_.proof(kLicenseKey, {1, 2});
  bad.evidence.operations.pop_back();
  EXPECT_EQ(failing(bad), "history");
}

TEST_F(ProofTest, F2EachRosterCertifiesTheNext) {
  change_roster();
  nodes_.append(kIssuer, {change_license(LicenseAction::suspend, *nodes_.find(kLicenseKey))});
  const Proof good = nodes_.proof(kLicenseKey, {2, 4});
  EXPECT_EQ(failing(good), "");
  EXPECT_EQ(check_proof(anchor(), good).roster.epoch, 2U);

  Proof bad = good;  // by too few of the old roster
  bad.handovers[0].cosignatures.pop_back();
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  bad = good;  // by the new roster itself
  bad.handovers[0].cosignatures =
      nodes_.cosign_all(nodes_.log().at(good.handovers[0].header.height + 1), {2, 4});
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  bad = good;  // to a roster that the block does not hold
  std::get<RosterStanding>(bad.handovers[0].roster.standing->detail) = roster_of({4, 5, 6}, 2);
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  bad = good;  // to no roster
  bad.handovers[0].roster.standing.reset();
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  bad = good;  // to another subject of the state
  bad.handovers[0].roster = nodes_.standing_evidence({SubjectKind::province, "310000"});
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  bad = good;  // the same twice
  bad.handovers.push_back(bad.handovers[0]);
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  bad = good;  // left out
  bad.handovers.clear();
  EXPECT_EQ(failing(bad), "checkpoint quorum");
}

TEST_F(ProofTest, F2TheEpochRises) {
  nodes_.hand_over(roster_of({2, 3, 4}, 1), {1, 2});
  EXPECT_EQ(failing(nodes_.proof(kLicenseKey, {2, 4})), "checkpoint quorum");
}

TEST_F(ProofTest, F2ARosterCountsNoNodeTwice) {
  const RosterStanding good = roster_of({2, 3, 4}, 2);
  EXPECT_TRUE(is_roster(good));
  RosterStanding bad = good;
  bad.members[1].cosign_key = bad.members[0].cosign_key;
  EXPECT_FALSE(is_roster(bad));
  nodes_.hand_over(bad, {1, 2});
  EXPECT_EQ(failing(nodes_.proof(kLicenseKey, {2, 4})), "checkpoint quorum");
  bad = good;
  bad.members[1].name = bad.members[0].name;
  EXPECT_FALSE(is_roster(bad));
  bad = good;
  std::swap(bad.members[0], bad.members[1]);
  EXPECT_FALSE(is_roster(bad));
  bad = good;
  bad.members[0].id = 0;
  EXPECT_FALSE(is_roster(bad));
  bad.members.clear();
  EXPECT_FALSE(is_roster(bad));
}

TEST_F(ProofTest, F3OneLogThroughAllRosters) {
  change_roster();
  nodes_.append(kIssuer, {change_license(LicenseAction::suspend, *nodes_.find(kLicenseKey))});
  nodes_.hand_over(roster_of({4, 5, 6}, 3), {3, 4});
  nodes_.append(kIssuer, {change_license(LicenseAction::resume, *nodes_.find(kLicenseKey))});
  const Proof good = nodes_.proof(kLicenseKey, {5, 6});
  EXPECT_EQ(failing(good), "");
  for (const std::size_t number : {0U, 1U}) {
    Proof bad = good;
    bad.handovers[number].consistency.pop_back();
    EXPECT_EQ(failing(bad), "checkpoint quorum");
    bad = good;
    bad.handovers[number].consistency[0].bytes[0] ^= 1;
    EXPECT_EQ(failing(bad), "checkpoint quorum");
  }
  Proof swapped = good;
  std::swap(swapped.handovers[0], swapped.handovers[1]);
  EXPECT_EQ(failing(swapped), "checkpoint quorum");
}

TEST_F(ProofTest, F4TheQuorumOfTheRosterInForceCosigned) {
  Proof bad = nodes_.proof(kLicenseKey, {2});
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  EXPECT_EQ(check_proof(anchor(), bad).checks.back().why, "1 of 3 nodes cosigned, 2 are needed");
  EXPECT_EQ(check_proof(anchor(), bad).time_s, 0U);
  bad.cosignatures.push_back(bad.cosignatures[0]);  // a minority repeated
  EXPECT_EQ(failing(bad), "checkpoint quorum");
  change_roster();
  EXPECT_EQ(failing(nodes_.proof(kLicenseKey, {2, 4})), "");
  EXPECT_EQ(failing(nodes_.proof(kLicenseKey, {1, 2})), "checkpoint quorum");  // 1 was removed
}

TEST_F(ProofTest, F5LinksLeadToTheLog) {
  Proof good = nodes_.proof(kLicenseKey, {1, 2});
  const LeafLog log = nodes_.log();
  for (std::uint64_t size = 1; size < log.size(); ++size) good.links.push_back(log.link(size, log.size()));
  EXPECT_EQ(failing(good), "");
  for (std::size_t number = 0; number < good.links.size(); ++number) {
    Proof bad = good;
    bad.links[number].root.bytes[0] ^= 1;
    EXPECT_EQ(failing(bad), "ledger");
    bad = good;
    bad.links[number].consistency.push_back({});
    EXPECT_EQ(failing(bad), "ledger");
  }
  Proof bad = good;
  std::swap(bad.links[0], bad.links[1]);
  EXPECT_EQ(failing(bad), "ledger");
  bad.links = {good.links[0], good.links[0]};
  EXPECT_EQ(failing(bad), "ledger");
  bad.links = {log.link(log.size(), log.size())};
  EXPECT_EQ(failing(bad), "ledger");
  bad.links = {{.size = 0, .root = empty_log_root(), .consistency = {}}};
  EXPECT_EQ(failing(bad), "ledger");
}

TEST_F(ProofTest, F6AProofFromBeforeARosterChangeVerifiesAfterIt) {
  const Proof before = nodes_.proof(kLicenseKey, {1, 2});
  change_roster();
  EXPECT_EQ(failing(before), "");
  const Anchor later{.genesis = &nodes_.genesis, .roster = nodes_.in_force()};
  EXPECT_EQ(failing(later, before), "");
  EXPECT_TRUE(check_proof(later, before).superseded);
}

TEST_F(ProofTest, F6AProofFromAfterARosterChangeVerifiesFromTheGenesisFile) {
  change_roster();
  const Proof after = nodes_.proof(kLicenseKey, {3, 4});
  EXPECT_EQ(failing(after), "");
  EXPECT_EQ(check_proof(anchor(), after).roster, roster_of({2, 3, 4}, 2));
  const Anchor later{.genesis = &nodes_.genesis, .roster = nodes_.in_force()};
  EXPECT_EQ(failing(later, after), "");
  EXPECT_FALSE(check_proof(later, after).superseded);
}

TEST_F(ProofTest, F6ARosterBesideTheTrustedOneIsRefused) {
  const Anchor trusted{.genesis = &nodes_.genesis, .roster = roster_of({7, 8, 9}, 2)};
  change_roster();
  EXPECT_EQ(failing(trusted, nodes_.proof(kLicenseKey, {3, 4})), "checkpoint quorum");
}

TEST_F(ProofTest, AbsenceIsProved) {
  const Proof absent = nodes_.proof(kAbsentKey, {1, 3});
  EXPECT_EQ(failing(absent), "");
  EXPECT_FALSE(absent.evidence.subject.standing);
}

}  // namespace
}  // namespace hufu
