#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/ledger/world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

struct Pair {
  BlockHeader tip{.height = 7, .time_ms = 1000};
  BlockHeader next{.height = 8, .parent = block_hash(tip), .time_ms = 1001};
};

TEST(ChainOrder, AWellFormedPairFollows) { EXPECT_TRUE(check_follows(Pair().tip, Pair().next)); }

TEST(ChainOrder, C1HeightsHaveNoGap) {
  for (const std::uint64_t height : {0U, 7U, 9U}) {
    Pair pair;
    pair.next.height = height;
    EXPECT_EQ(check_follows(pair.tip, pair.next).error(), Error::height_gap);
  }
}

TEST(ChainOrder, C2ParentIsTheHashOfTheTip) {
  Pair pair;
  pair.next.parent.bytes[31] ^= 1;
  EXPECT_EQ(check_follows(pair.tip, pair.next).error(), Error::parent_mismatch);
}

TEST(ChainOrder, C3TimeStrictlyIncreases) {
  for (const std::uint64_t time_ms : {1000U, 999U, 0U}) {
    Pair pair;
    pair.next.time_ms = time_ms;
    EXPECT_EQ(check_follows(pair.tip, pair.next).error(), Error::time_went_back);
  }
}

TEST(ChainOrder, C4TimeStaysWithinTheCalendar) {
  Pair pair;
  pair.next.time_ms = limits::kTimeMs;
  EXPECT_TRUE(check_follows(pair.tip, pair.next));
  pair.next.time_ms = limits::kTimeMs + 1;
  EXPECT_EQ(check_follows(pair.tip, pair.next).error(), Error::time_out_of_range);
}

TEST(Block, AnUnknownVersionIsRefused) {
  BlockHeader header;
  header.version = 2;
  EXPECT_EQ(decode<BlockHeader>(encode(header)).error(), Error::unknown_tag);
}

TEST(Block, HeaderHasItsStatedSize) { EXPECT_EQ(encode(BlockHeader{}).size(), BlockHeader::kBytes); }

TEST(Block, ContentsAreThoseOfTheHeader) {
  Chain chain;
  chain.append(kIssuer, {issue_license()});
  Block block = chain.blocks.back();
  EXPECT_TRUE(check_contents(block));
  block.submissions[0].signature.bytes[0] ^= 1;
  EXPECT_EQ(check_contents(block).error(), Error::root_mismatch);
  block = chain.blocks.back();
  block.submissions[0].operations[0].effective +=
      1;  // not under the block's root, but under the submission's
  EXPECT_EQ(check_contents(block).error(), Error::submission_root);
  const std::vector<std::vector<Hash>> hashes = {operation_hashes(block.submissions[0].operations)};
  EXPECT_EQ(check_contents(block, hashes).error(), Error::submission_root);
  block.submissions.clear();
  EXPECT_EQ(check_contents(block).error(), Error::root_mismatch);
}

TEST(Execute, X1ASubmissionIsAppliedWholeOrNotAtAll) {
  Chain chain;
  std::string wrong = kLicense;
  wrong.back() = '0';
  const Outcome outcome = chain.append(kIssuer, {issue_license(), issue_license(wrong), issue_invoice()});
  const auto& faults = std::get<Refused>(outcome).faults;
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_EQ(faults[0], (Fault{1, Error::id_check_char}));
  EXPECT_EQ(faults[1], (Fault{2, Error::issuer_not_authorized}));
  EXPECT_FALSE(chain.find({SubjectKind::license, kLicense}));
  EXPECT_EQ(chain.head().count, 0U);
}

// Neither what it staged nor what it counted is there for the next one, which names the same subjects.
TEST(Execute, X1ARefusedSubmissionLeavesNothingToTheNext) {
  Chain chain;
  const Operation issue = issue_license();
  const Standing issued{.count = 1, .last = issue.hash(), .detail = LicenseStanding{}};
  const Operation suspend = change_license(LicenseAction::suspend, issued);
  const Execution execution =
      chain.extend({chain.sign(kIssuer, {issue, suspend, issue_invoice()}), chain.sign(kIssuer, {issue}),
                    chain.sign(kIssuer, {suspend, issue}), chain.sign(kIssuer, {suspend})});
  EXPECT_FALSE(applied(execution.outcomes[0]));
  EXPECT_TRUE(applied(execution.outcomes[1]));
  EXPECT_EQ(error_of(execution.outcomes[2]), Error::lic_duplicate_issue);
  EXPECT_TRUE(applied(execution.outcomes[3]));
  ASSERT_EQ(execution.changes.size(), 3U);  // the license and two requests
  const Change& change = execution.changes.at(issue.subject.path());
  EXPECT_EQ(change.key, issue.subject);
  EXPECT_EQ(change.standing.count, 2U);
  EXPECT_EQ(change.operations, (Change::Operations{{0, 0}, {1, 0}}));
}

// It is judged as it was before the submission; the next one, as it left it.
TEST(Execute, X4WhoEndsItsOwnKeyFinishesTheSubmissionAndNoMore) {
  Chain chain;
  const SubjectKey agency{SubjectKind::agency, kIssuer};
  const Operation rotate{
      .subject = agency,
      .previous = std::nullopt,
      .effective = day("2025-01-01"),
      .payload = KeyRotation{.next = {.key = key_of("next").public_key()}, .ends_signer = true}};
  const Execution execution =
      chain.extend({chain.sign(kIssuer, {rotate, issue_invoice()}),
                    chain.sign(kIssuer, {rotate, issue_license()}), chain.sign(kIssuer, {issue_license()})});
  EXPECT_FALSE(applied(execution.outcomes[0])) << "no platform: its key is whole again";
  EXPECT_TRUE(applied(execution.outcomes[1]));
  EXPECT_EQ(error_of(execution.outcomes[2]), Error::key_revoked);
  EXPECT_EQ(chain.find(agency)->count, 1U);
  EXPECT_EQ(execution.changes.at(agency.path()).operations, (Change::Operations{{0, 0}}));
}

// Who has the operations' hashes hands them over: nothing else comes of it.
TEST(Execute, X3WhoeverHashedTheOperations) {
  Chain chain;
  const Proposal proposal =
      chain.propose({chain.sign(kIssuer, {issue_license()}), chain.sign(kIssuer, {issue_invoice()}),
                     chain.sign(kPlatform, {issue_invoice()})});
  std::vector<std::vector<Hash>> hashes;
  for (const Submission& each : proposal.submissions) hashes.push_back(operation_hashes(each.operations));
  const Execution here = execute(chain.ledger, proposal, chain, check_signed);
  const Execution there = execute(chain.ledger, proposal, chain, check_signed, hashes);
  EXPECT_EQ(here.included_ids, there.included_ids);
  ASSERT_EQ(here.changes.size(), there.changes.size());
  for (const auto& [path, change] : here.changes) {
    EXPECT_EQ(change.key.path(), path);
    EXPECT_EQ(there.changes.at(path).standing, change.standing);
  }
}

TEST(Execute, X2ARepeatedSubmissionAnswersWithItsPlace) {
  Chain chain;
  const Submission submission = chain.sign(kIssuer, {issue_license()});
  const Execution twice = chain.extend({submission, submission});
  EXPECT_EQ(twice.included.size(), 1U);
  EXPECT_TRUE(std::get<Applied>(twice.outcomes[1]).repeated);
  const Execution later = chain.extend({submission});
  EXPECT_EQ(std::get<Applied>(later.outcomes[0]).place, (Place{1, 0}));
  EXPECT_TRUE(later.changes.empty());
}

TEST(Execute, X2ARequestIdIsNotUsedForOtherContent) {
  Chain chain;
  const SigningKey key = key_of(kIssuer);
  chain.extend({sign_submission(chain.ledger, kIssuer, key, request(9), {issue_license()})});
  const auto other =
      sign_submission(chain.ledger, kIssuer, key, request(9), {issue_license(kLicense, "2019-01-03")});
  EXPECT_EQ(error_of(chain.extend({other}).outcomes[0]), Error::request_id_reused);
}

TEST(Execute, X4OperationsSeeThoseBeforeThem) {
  Chain chain;
  const Operation issue = issue_license();
  const Standing issued{.count = 1, .last = issue.hash(), .detail = LicenseStanding{}};
  const Operation suspend = change_license(LicenseAction::suspend, issued);
  const Standing suspended{.count = 2, .last = suspend.hash(), .detail = LicenseStanding{}};
  const Operation resume = change_license(LicenseAction::resume, suspended);
  const Execution execution =
      chain.extend({chain.sign(kIssuer, {issue, suspend}), chain.sign(kIssuer, {resume})});
  EXPECT_TRUE(applied(execution.outcomes[0]) && applied(execution.outcomes[1]));
  const Change& change = execution.changes.at(SubjectKey{SubjectKind::license, kLicense}.path());
  EXPECT_EQ(change.standing.count, 3U);
  EXPECT_EQ(change.operations,
            (std::vector<std::pair<std::uint32_t, std::uint32_t>>{{0, 0}, {0, 1}, {1, 0}}));
}

TEST(Execute, OneOfTwoRacingClaimsWins) {
  Chain chain;
  chain.append(kPlatform, {issue_invoice()});
  const Standing issued = *chain.find({SubjectKind::invoice, kInvoice});
  const Execution race = chain.extend(
      {chain.sign(kPlatform, {claim_invoice(issued)}), chain.sign(kPlatform, {claim_invoice(issued)})});
  EXPECT_TRUE(applied(race.outcomes[0]));
  EXPECT_EQ(error_of(race.outcomes[1]), Error::inv_already_claimed);
}

TEST(Execute, StrangersAreRefused) {
  Chain chain;
  const auto sign_as = [&](const std::string& code, const std::string& key) {
    return sign_submission(chain.ledger, code, key_of(key), request(77), {issue_license()});
  };
  EXPECT_EQ(error_of(chain.extend({sign_as("NOBODY", "NOBODY")}).outcomes[0]), Error::issuer_unknown);
  EXPECT_EQ(error_of(chain.extend({sign_as(kIssuer, kOtherIssuer)}).outcomes[0]), Error::key_unknown);
  Submission forged = sign_as(kIssuer, kIssuer);
  forged.signature.bytes[40] ^= 1;
  EXPECT_EQ(error_of(chain.extend({forged}).outcomes[0]), Error::signature_invalid);
}

TEST(Execute, JudgingIsWhatExecutingSays) {
  Chain chain;
  const Submission good = chain.sign(kIssuer, {issue_license()});
  EXPECT_FALSE(judge(chain.ledger, good, chain, 1'760'000'001'000));
  chain.extend({good});
  const auto repeated = judge(chain.ledger, good, chain, 1'760'000'001'000);
  ASSERT_TRUE(repeated);
  EXPECT_TRUE(std::get<Applied>(*repeated).repeated);
  const auto refused = judge(chain.ledger, chain.sign(kIssuer, {issue_license()}), chain, 1'760'000'001'000);
  EXPECT_EQ(error_of(*refused), Error::lic_duplicate_issue);
}

// X3: two executions of one proposal, and of its decoded bytes, are the same.
TEST(Execute, X3TheOutcomeDependsOnNothingElse) {
  Chain chain;
  const Proposal proposal =
      chain.propose({chain.sign(kIssuer, {issue_license()}), chain.sign(kPlatform, {issue_invoice()})});
  const Proposal decoded = decode<Proposal>(encode(proposal)).value();
  const Execution first = execute(chain.ledger, proposal, chain, check_signed);
  const Execution second = execute(chain.ledger, decoded, chain, check_signed);
  EXPECT_EQ(first.included_ids, second.included_ids);
  ASSERT_EQ(first.changes.size(), second.changes.size());
  for (const auto& [key, change] : first.changes) EXPECT_EQ(second.changes.at(key).standing, change.standing);
}

}  // namespace
}  // namespace hufu
