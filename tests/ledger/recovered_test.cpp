// A recovery before a verifier with nothing but a trust file: what it refuses, whom it counts, and that nothing is forgotten.
#include "ledger/proof/recovered.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "tests/ledger/proof_world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

// Nodes 1 and 2 of the east, 3 of the south; each province decides by two of its keys a, b, c.
Genesis founding() {
  Genesis genesis = with_authorities();
  genesis.roster = roster_of({1, 2, 3});
  genesis.roster.members[2].province = "330000";
  return genesis;
}
const std::vector<std::string> kBoth = {"310000a", "310000b", "330000a", "330000b"};

class RecoveredTest : public ::testing::Test {
 protected:
  RecoveredTest() : chain_(founding()) {
    EXPECT_TRUE(trust_ledger(trust_, encode_genesis(chain_.genesis)));
    chain_.append(kPlatform, {issue_invoice()});
  }
  TrustedLedger& entry() { return *find_ledger(trust_, chain_.ledger.genesis); }
  CertifiedCheckpoint certified(std::uint64_t size) const {
    const std::vector<Hash> leaves = chain_.log_leaves();
    const Checkpoint checkpoint{.size = size, .root = tree_root(std::span(leaves).first(size))};
    CertifiedCheckpoint all{.checkpoint = checkpoint, .cosignatures = {}};
    for (const std::uint64_t id : {1, 2}) {
      all.cosignatures.push_back(
          cosign(chain_.ledger.origin, checkpoint, id, key_of("cosign-" + std::to_string(id)), 1));
    }
    return all;
  }
  // Node 1 goes on alone behind the newest block; each key is "<province><name>".
  Proposal recovery(const std::vector<std::string>& keys, bool enact = true) const {
    return recovery_to({.epoch = 2, .members = {chain_.genesis.roster.members[0]}}, keys, enact);
  }
  Proposal recovery_to(const RosterStanding& after, const std::vector<std::string>& keys = kBoth,
                       bool enact = true) const {
    const Decision decision{
        .target = roster_subject(),
        .previous = std::nullopt,
        .effective = day("2025-01-01"),
        .body = RosterEntry{.roster = after,
                            .recovery = Recovery{.height = chain_.head().height,
                                                 .head = block_hash(chain_.head()),
                                                 .time_ms = chain_.head().time_ms + 1000}}};
    Proposal file{.version = Proposal::kVersion,
                  .height = chain_.head().height + 1,
                  .parent = block_hash(chain_.head()),
                  .time_ms = chain_.head().time_ms + 1000,
                  .submissions = {}};
    for (std::size_t i = 0; i < keys.size(); ++i) {
      std::vector<Operation> operations = {
          {.subject = decision_subject(decision),
           .previous = std::nullopt,
           .effective = decision.effective,
           .payload = i == 0 ? Payload(Propose{.decision = decision}) : Payload(Approve{})}};
      if (enact && i + 1 == keys.size()) {
        operations.push_back({.subject = roster_subject(),
                              .previous = std::nullopt,
                              .effective = decision.effective,
                              .payload = Enact{.decision = decision}});
      }
      file.submissions.push_back(sign_submission(chain_.ledger, keys[i].substr(0, 6), key_of(keys[i]),
                                                 request(i + 1), std::move(operations)));
    }
    EXPECT_EQ(decode_recovery(encode_recovery(file)).value(), file);
    return file;
  }
  Error refused(const Proposal& file) { return check_recovery(entry(), file).error(); }

  LawChain chain_;
  Trust trust_;
};

TEST_F(RecoveredTest, WhatTheProvincesSignedIsTakenAndNothingElseChanges) {
  ASSERT_TRUE(remember(entry(), chain_.ledger, certified(2), {}));
  const auto finding = check_recovery(entry(), recovery(kBoth));
  ASSERT_TRUE(finding) << code_of(finding.error());
  EXPECT_EQ(finding->signers.size(), 4u);
  EXPECT_EQ(finding->agreed, 2u);
  EXPECT_EQ(finding->needed, 2u);
  EXPECT_TRUE(finding->agreed_by_founding_keys());
  take_recovery(entry(), *finding);
  EXPECT_EQ(entry().roster.epoch, 2u);
  EXPECT_EQ(entry().roster.members.size(), 1u);
  EXPECT_EQ(entry().pinned->checkpoint.size, 2u) << "V2";
  EXPECT_TRUE(decode_trust(encode_trust(trust_)));
  EXPECT_EQ(refused(recovery(kBoth)), Error::already_exists);
}

// V2: what the nodes that go on certify is held against what was pinned before.
TEST_F(RecoveredTest, AnotherPastIsCaughtAfterwards) {
  ASSERT_TRUE(remember(entry(), chain_.ledger, certified(2), {}));
  take_recovery(entry(), check_recovery(entry(), recovery(kBoth)).value());
  Checkpoint other = certified(2).checkpoint;
  other.root.bytes[0] ^= 1;
  const CertifiedCheckpoint lie{
      .checkpoint = other, .cosignatures = {cosign(chain_.ledger.origin, other, 1, key_of("cosign-1"), 2)}};
  ASSERT_TRUE(check_certified(chain_.ledger.origin, entry().roster, lie));
  EXPECT_TRUE(remember(entry(), chain_.ledger, lie, {})->fork.has_value());
}

// Of one epoch two recoveries may have been signed; the ledger went on with one of them.
TEST_F(RecoveredTest, TheOwnerMayChangeOverToTheOtherRecoveryOfAnEpoch) {
  take_recovery(entry(), check_recovery(entry(), recovery(kBoth)).value());
  const RosterStanding other{.epoch = 2, .members = {chain_.genesis.roster.members[1]}};
  EXPECT_TRUE(check_recovery(entry(), recovery_to(other)));
}

TEST_F(RecoveredTest, V3ANodeThatWasKnownKeepsItsNameProvinceAndKeys) {
  const auto with = [&](const std::function<void(Member&)>& change) {
    RosterStanding after{.epoch = 2, .members = {chain_.genesis.roster.members[0]}};
    change(after.members[0]);
    return recovery_to(after);
  };
  EXPECT_TRUE(check_recovery(entry(), with([](Member& member) { member.peer.port += 1; })));
  EXPECT_EQ(refused(with([](Member& member) { member.cosign_key = key_of("another").public_key(); })),
            Error::config_invalid);
  EXPECT_EQ(refused(with([](Member& member) { member.name = "node-9"; })), Error::config_invalid);
  EXPECT_EQ(refused(with([](Member& member) { member.province = "330000"; })), Error::config_invalid);
  EXPECT_EQ(refused(with([](Member& member) { member.id = 77; })), Error::config_invalid);
  EXPECT_TRUE(check_recovery(entry(), with([](Member& member) {
                               member.cosign_key = key_of("another").public_key();
                               member.id = member_id(member.cosign_key);
                             })));
}

TEST_F(RecoveredTest, WhatLiesBetweenTwoRostersIsSaid) {
  const RosterStanding after{.epoch = 5, .members = {chain_.genesis.roster.members[0]}};
  const auto finding = check_recovery(entry(), recovery_to(after)).value();
  EXPECT_EQ(finding.agreed, 2u);
  EXPECT_TRUE(finding.later_roster);
  EXPECT_FALSE(finding.agreed_by_founding_keys()) << "who ran nodes in epoch 4 is not known";
}

TEST_F(RecoveredTest, AThresholdOfFoundingKeysSpeaksForAProvince) {
  const auto agreed = [&](const std::vector<std::string>& keys) {
    return check_recovery(entry(), recovery(keys)).value().agreed;
  };
  EXPECT_EQ(agreed({"310000a", "310000b", "330000a"}), 1u) << "one of two";
  EXPECT_EQ(agreed({"310000a", "310000a", "330000a", "330000b"}), 1u) << "the same key twice";
  EXPECT_EQ(agreed({"310000a", "310000b", "330000a", "330000z"}), 1u) << "a key that came later";
  EXPECT_EQ(agreed({"310000a", "310000b", "320000a", "320000b"}), 1u) << "a province without nodes";
  const auto finding = check_recovery(entry(), recovery({"310000a", "330000z"})).value();
  EXPECT_TRUE(finding.signers[0].founding);
  EXPECT_FALSE(finding.signers[1].founding);
  EXPECT_FALSE(finding.agreed_by_founding_keys());
  EXPECT_EQ(finding.spoke, 2u);
}

// The law counts approvals: who puts the last signature alone has not given one, and a stranger's last one adds nobody.
TEST_F(RecoveredTest, WhoOnlyEnactsHasNotApproved) {
  for (const std::string last : {"330000b", "999999x"}) {
    Proposal file = recovery({"310000a", "310000b", "330000a", last});
    Submission& enacts = file.submissions.back();
    enacts = sign_submission(chain_.ledger, last.substr(0, 6), key_of(last), request(99),
                             {enacts.operations.back()});
    ASSERT_TRUE(decode_recovery(encode_recovery(file)));
    const auto finding = check_recovery(entry(), file).value();
    EXPECT_EQ(finding.signers.size(), 3u);
    EXPECT_EQ(finding.agreed, 1u);
  }
}

TEST_F(RecoveredTest, WhatIsNotSignedAndEnactedForThisLedgerIsRefused) {
  EXPECT_EQ(refused(recovery(kBoth, false)), Error::content_mismatch);
  Proposal forged = recovery(kBoth);
  forged.submissions[2].signature.bytes[3] ^= 1;
  EXPECT_EQ(refused(forged), Error::signature_invalid);
  Proposal changed = recovery(kBoth);
  auto& enact = std::get<Enact>(changed.submissions.back().operations.back().payload);
  std::get<RosterEntry>(enact.decision.body).roster.epoch = 9;
  EXPECT_EQ(refused(changed), Error::submission_root);
  Genesis elsewhere = founding();
  elsewhere.origin = "hufu.test/elsewhere";
  Trust other;
  ASSERT_TRUE(trust_ledger(other, encode_genesis(elsewhere)));
  EXPECT_EQ(check_recovery(other.ledgers.front(), recovery(kBoth)).error(), Error::foreign_origin);
}

TEST_F(RecoveredTest, WhatWasSeenCertifiedIsNotTakenBack) {
  const Proposal file = recovery(kBoth);
  ASSERT_TRUE(remember(entry(), chain_.ledger, certified(2), {}));
  EXPECT_TRUE(check_recovery(entry(), file)) << "the block behind which it goes on is the second";
  chain_.append(kPlatform, {issue_invoice("24332000000306111427")});
  ASSERT_TRUE(remember(entry(), chain_.ledger, certified(3), {})) << "unlinked: seen";
  EXPECT_EQ(refused(file), Error::storage_rolled_back);
}

}  // namespace
}  // namespace hufu
