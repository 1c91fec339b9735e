#include "ledger/rules/rules.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/ledger/world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

class Law : public ::testing::Test {
 protected:
  Result<Standing> act(const std::string& code, const Operation& operation) {
    const Standing* before = standing_ ? &*standing_ : nullptr;
    const auto agency = chain_.find({SubjectKind::agency, code});
    return rules::apply({code, std::get<AgencyStanding>(agency->detail), key_of(code).public_key(),
                         chain_.head().time_ms, &kNoOthers},
                        operation, before);
  }
  void must(const std::string& code, const Operation& operation) {
    Result<Standing> after = act(code, operation);
    ASSERT_TRUE(after) << code_of(after.error());
    standing_ = *after;
  }
  const LicenseStanding& license() const { return std::get<LicenseStanding>(standing_->detail); }

  Chain chain_;
  std::optional<Standing> standing_;
};

TEST_F(Law, ALicenseIsIssuedOnce) {
  must(kIssuer, issue_license());
  EXPECT_EQ(license().state, LicenseState::valid);
  EXPECT_EQ(standing_->count, 1U);
  EXPECT_EQ(act(kIssuer, issue_license()).error(), Error::lic_duplicate_issue);
}

TEST_F(Law, AWrongCheckCharacterIsRefused) {
  std::string id = kLicense;
  id.back() = '6';
  EXPECT_EQ(act(kIssuer, issue_license(id)).error(), Error::id_check_char);
  EXPECT_EQ(act(kIssuer, issue_license("1.2.3")).error(), Error::id_malformed);
}

TEST_F(Law, OnlyGrantedTypesActionsAndDays) {
  EXPECT_EQ(act(kPlatform, issue_license()).error(), Error::issuer_not_authorized);
  EXPECT_EQ(act(kIssuer, issue_invoice()).error(), Error::issuer_not_authorized);
  EXPECT_EQ(act(kIssuer, issue_license(kLicense, "2017-12-31")).error(), Error::issuer_not_authorized);
  EXPECT_TRUE(act(kIssuer, issue_license(kLicense, "2018-01-01")));
}

TEST_F(Law, AGrantEndsWithItsLastDay) {
  AgencyStanding agency{.grants = {{.type = "T", .actions = action::kIssue, .from = 10, .to = 20}}};
  const rules::Signer signer{
      .agency = "A", .standing = agency, .key = {}, .time_ms = 0, .others = &kNoOthers};
  EXPECT_TRUE(rules::check_grant(signer, "T", action::kIssue, 10));
  EXPECT_TRUE(rules::check_grant(signer, "T", action::kIssue, 20));
  for (const CivilDay outside : {9, 21}) {
    EXPECT_EQ(rules::check_grant(signer, "T", action::kIssue, outside).error(), Error::issuer_not_authorized);
  }
  EXPECT_EQ(rules::check_grant(signer, "T", action::kChange, 15).error(), Error::issuer_not_authorized);
}

TEST_F(Law, AKeySignsFromItsFirstMomentUntilItsLast) {
  const AgencyStanding agency{.keys = {{.key = key_of("a").public_key(), .from_ms = 100, .to_ms = 200}}};
  const PublicKey key = key_of("a").public_key();
  EXPECT_EQ(rules::check_key(agency, key, 99).error(), Error::key_unknown);
  EXPECT_TRUE(rules::check_key(agency, key, 100));
  EXPECT_TRUE(rules::check_key(agency, key, 199));
  EXPECT_EQ(rules::check_key(agency, key, 200).error(), Error::key_revoked);
  EXPECT_EQ(rules::check_key(agency, key_of("b").public_key(), 150).error(), Error::key_unknown);
}

TEST_F(Law, ValidityEndsNotBeforeItBegins) {
  Operation operation = issue_license();
  auto& issue = std::get<LicenseIssue>(operation.payload);
  issue.valid_to = issue.valid_from;
  EXPECT_TRUE(act(kIssuer, operation));
  issue.valid_to = issue.valid_from - 1;
  EXPECT_EQ(act(kIssuer, operation).error(), Error::validity_malformed);
}

TEST_F(Law, SuspendAndResumeAlternate) {
  must(kIssuer, issue_license());
  EXPECT_EQ(act(kIssuer, change_license(LicenseAction::resume, *standing_)).error(),
            Error::lic_bad_transition);
  must(kIssuer, change_license(LicenseAction::suspend, *standing_));
  EXPECT_EQ(license().state, LicenseState::suspended);
  EXPECT_EQ(act(kIssuer, change_license(LicenseAction::suspend, *standing_)).error(),
            Error::lic_bad_transition);
  must(kIssuer, change_license(LicenseAction::resume, *standing_));
  EXPECT_EQ(license().state, LicenseState::valid);
}

TEST_F(Law, TerminalStatesNeverReopen) {
  for (const LicenseAction end : {LicenseAction::revoke, LicenseAction::rescind, LicenseAction::cancel}) {
    standing_.reset();
    must(kIssuer, issue_license());
    must(kIssuer, change_license(end, *standing_));
    for (int action = 1; action <= 5; ++action) {
      const Operation operation = change_license(static_cast<LicenseAction>(action), *standing_);
      EXPECT_EQ(act(kIssuer, operation).error(), Error::lic_terminal);
    }
    EXPECT_EQ(act(kIssuer, issue_license()).error(), Error::lic_duplicate_issue);
  }
}

TEST_F(Law, OnlyTheIssuerChangesALicense) {
  must(kIssuer, issue_license());
  EXPECT_EQ(act(kOtherIssuer, change_license(LicenseAction::suspend, *standing_)).error(),
            Error::lic_not_issuer);
}

TEST_F(Law, ALifeRunsForward) {
  must(kIssuer, issue_license(kLicense, "2020-01-01"));
  EXPECT_EQ(act(kIssuer, change_license(LicenseAction::suspend, *standing_, "2019-12-31")).error(),
            Error::lic_bad_transition);
}

TEST_F(Law, ALostUpdateIsRefused) {
  must(kIssuer, issue_license());
  const Standing seen = *standing_;
  must(kIssuer, change_license(LicenseAction::suspend, *standing_));
  Operation late = change_license(LicenseAction::resume, seen);
  EXPECT_EQ(act(kIssuer, late).error(), Error::previous_mismatch);
  late.previous.reset();
  EXPECT_EQ(act(kIssuer, late).error(), Error::previous_mismatch);
}

TEST_F(Law, AnInvoiceIsClaimedOnceByItsBuyer) {
  must(kPlatform, issue_invoice());
  EXPECT_EQ(act(kPlatform, claim_invoice(*standing_, "91330105XT0000000X")).error(), Error::inv_not_buyer);
  must(kPlatform, claim_invoice(*standing_));
  EXPECT_EQ(act(kPlatform, claim_invoice(*standing_)).error(), Error::inv_already_claimed);
  Operation unclaim = claim_invoice(*standing_);
  unclaim.payload = InvoiceUnclaim{.entity = buyer_of(invoice_document(), "91330105XT0000000X")};
  EXPECT_EQ(act(kPlatform, unclaim).error(), Error::inv_not_buyer);
  unclaim.payload = InvoiceUnclaim{.entity = buyer_of(invoice_document())};
  must(kPlatform, unclaim);
  unclaim.previous = standing_->last;
  EXPECT_EQ(act(kPlatform, unclaim).error(), Error::inv_not_claimed);
  must(kPlatform, claim_invoice(*standing_));
}

TEST_F(Law, WithoutABuyerAnyEntityClaimsOnce) {
  Operation issue = issue_invoice();
  std::get<InvoiceIssue>(issue.payload).buyer.reset();
  must(kPlatform, issue);
  must(kPlatform, claim_invoice(*standing_, "91330105XT0000000X"));
  EXPECT_EQ(act(kPlatform, claim_invoice(*standing_)).error(), Error::inv_already_claimed);
}

TEST_F(Law, ARedLetterInvoiceIsNeverClaimed) {
  Operation issue = issue_invoice();
  std::get<InvoiceIssue>(issue.payload).blue = false;
  EXPECT_EQ(act(kPlatform, issue).error(), Error::amount_malformed);
  std::get<InvoiceIssue>(issue.payload).amount_fen = -618177;
  std::get<InvoiceIssue>(issue.payload).tax_fen = -37091;
  must(kPlatform, issue);
  EXPECT_EQ(act(kPlatform, claim_invoice(*standing_)).error(), Error::inv_red_not_claimable);
}

TEST_F(Law, AnInvoicePayloadOnALicenseIsRefused) {
  Operation operation = issue_invoice();
  operation.subject = {SubjectKind::license, kLicense};
  EXPECT_EQ(act(kPlatform, operation).error(), Error::id_malformed);
  operation = issue_license();
  operation.subject = {SubjectKind::invoice, kInvoice};
  EXPECT_EQ(act(kIssuer, operation).error(), Error::id_malformed);
}

TEST_F(Law, NothingButItsOwnKindFollowsAnAgency) {
  Operation operation = issue_license();
  operation.subject = {SubjectKind::agency, kIssuer};
  EXPECT_EQ(act(kIssuer, operation).error(), Error::id_malformed);
}

TEST_F(Law, AnAgencyIssuesInItsOwnProvince) {
  EXPECT_EQ(act(kOtherIssuer, issue_license()).error(), Error::issuer_not_authorized);
  EXPECT_EQ(act(kPlatform, issue_invoice("24932000000306111419")).error(), Error::issuer_not_authorized);
  AgencyStanding national{.province = "000000"};
  EXPECT_TRUE(rules::check_province(national, "330000"));
  EXPECT_TRUE(rules::check_province(AgencyStanding{.province = "310000"}, std::nullopt));
}

TEST_F(Law, NothingTakesEffectAfterToday) {
  const CivilDay today = china_day_at(static_cast<std::int64_t>(chain_.head().time_ms));
  EXPECT_TRUE(act(kIssuer, issue_license(kLicense, format_civil_day(today))));
  EXPECT_EQ(act(kIssuer, issue_license(kLicense, format_civil_day(today + 1))).error(), Error::day_in_future);
}

TEST_F(Law, DaysStayWithinTheCalendar) {
  Operation operation = issue_license();
  auto& issue = std::get<LicenseIssue>(operation.payload);
  issue.valid_to = kMaxCivilDay;
  EXPECT_TRUE(act(kIssuer, operation));
  issue.valid_to = kMaxCivilDay + 1;
  EXPECT_EQ(act(kIssuer, operation).error(), Error::day_malformed);
  issue.valid_to.reset();
  issue.valid_from = kMinCivilDay - 1;
  EXPECT_EQ(act(kIssuer, operation).error(), Error::day_malformed);
}

TEST_F(Law, AHistoryEndsWhereEvidenceWould) {
  must(kIssuer, issue_license());
  standing_->count = limits::kOperationsPerSubject - 1;
  must(kIssuer, change_license(LicenseAction::suspend, *standing_));
  EXPECT_EQ(act(kIssuer, change_license(LicenseAction::resume, *standing_)).error(), Error::history_full);
}

TEST_F(Law, AmountsHaveTheSignOfTheirColourAndABound) {
  Operation operation = issue_invoice();
  auto& issue = std::get<InvoiceIssue>(operation.payload);
  issue.amount_fen = limits::kAmountFen;
  EXPECT_TRUE(act(kPlatform, operation));
  for (const std::int64_t fen : {limits::kAmountFen + 1, std::int64_t{-1}, INT64_MIN, INT64_MAX}) {
    issue.amount_fen = fen;
    EXPECT_EQ(act(kPlatform, operation).error(), Error::amount_malformed) << fen;
  }
  issue.amount_fen = 0;
  issue.tax_fen = -1;
  EXPECT_EQ(act(kPlatform, operation).error(), Error::amount_malformed);
}

TEST_F(Law, TheOriginalOfARedInvoiceIsAnotherInvoice) {
  Operation operation = issue_invoice();
  auto& issue = std::get<InvoiceIssue>(operation.payload);
  issue.original = SubjectKey{SubjectKind::invoice, "24332000000306111420"};
  EXPECT_EQ(act(kPlatform, operation).error(), Error::id_malformed);  // blue
  issue.blue = false;
  issue.amount_fen = issue.tax_fen = 0;
  EXPECT_TRUE(act(kPlatform, operation));
  for (const std::string& id : {kInvoice, std::string("\xff\x1b]0;"), std::string()}) {
    issue.original->id = id;
    EXPECT_EQ(act(kPlatform, operation).error(), Error::id_malformed);
  }
}

// Whatever 20 agencies try, a license only ever moves along the table of domain facts.
RC_GTEST_PROP(LawProperty, NoSequenceLeavesTheTable, ()) {
  const Chain chain;
  const auto agency = std::get<AgencyStanding>(chain.find({SubjectKind::agency, kIssuer})->detail);
  std::optional<Standing> standing;
  for (int step = 0; step < 20; ++step) {
    const bool issue = *rc::gen::weightedElement<bool>({{1, true}, {6, false}});
    const bool ours = *rc::gen::weightedElement<bool>({{1, false}, {4, true}});
    Operation operation = issue_license();
    if (!issue) operation.payload = LicenseChange{static_cast<LicenseAction>(*rc::gen::inRange(1, 6))};
    if (standing) operation.previous = standing->last;
    const std::string code = ours ? kIssuer : "X" + std::to_string(*rc::gen::inRange(0, 19));
    const Result<Standing> after = rules::apply({code, agency, {}, chain.head().time_ms, &kNoOthers},
                                                operation, standing ? &*standing : nullptr);
    if (!after) continue;
    const auto& now = std::get<LicenseStanding>(after->detail);
    if (standing) {
      const auto& was = std::get<LicenseStanding>(standing->detail);
      RC_ASSERT(!issue && was.issuer == code && !is_terminal(was.state));
      RC_ASSERT(now.state != LicenseState::suspended || was.state == LicenseState::valid);
      RC_ASSERT(now.state != LicenseState::valid || was.state == LicenseState::suspended);
      RC_ASSERT(after->count == standing->count + 1);
    } else {
      RC_ASSERT(issue && now.state == LicenseState::valid);
    }
    standing = *after;
  }
}

}  // namespace
}  // namespace hufu
