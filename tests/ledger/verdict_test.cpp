#include "ledger/proof/verdict.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/ledger/world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

const SubjectKey kSubject{SubjectKind::license, kLicense};
const SubjectKey kPaper{SubjectKind::invoice, kInvoice};

class VerdictTest : public ::testing::Test {
 protected:
  VerdictTest() { chain_.append(kIssuer, {issue_license()}); }

  Judgement judge(const SubjectKey& subject, const Document* document = nullptr,
                  const std::string& on = "2024-06-01") {
    const Question question{
        .subject = subject, .document = document, .day = day(on), .freshness = freshness_};
    return judge_evidence(chain_.genesis, question, chain_.evidence(subject));
  }
  static std::vector<std::string> codes(const std::vector<Reason>& reasons) {
    std::vector<std::string> all;
    for (const Reason reason : reasons) all.emplace_back(code_of(reason));
    return all;
  }
  void change(LicenseAction action) {
    chain_.append(kIssuer, {change_license(action, *chain_.find(kSubject))});
  }

  Chain chain_;
  Freshness freshness_{.confirmed = true};
};

TEST_F(VerdictTest, AValidLicenseWithItsDocumentIsAccepted) {
  const Document document = license_document();
  const Judgement judgement = judge(kSubject, &document);
  EXPECT_EQ(judgement.verdict, Verdict::accept);
  EXPECT_TRUE(judgement.reasons.empty());
  EXPECT_TRUE(judgement.notes.empty());
}

TEST_F(VerdictTest, EveryCheckIsListedOnceWhateverTheVerdict) {
  const std::set<std::string> all = {"document",  "issuer signature", "issuer authority",  "inclusion",
                                     "ledger",    "history",          "checkpoint quorum", "status",
                                     "freshness", "recognition"};
  const auto names = [](const Judgement& judgement) {
    std::multiset<std::string> found;
    for (const Check& check : judgement.checks) found.insert(check.name);
    return found;
  };
  const std::multiset<std::string> expected(all.begin(), all.end());
  EXPECT_EQ(names(judge(kSubject)), expected);
  EXPECT_EQ(names(judge(kPaper)), expected);
  EXPECT_EQ(names(judge_nothing(Reason::ledger_unavailable)), expected);
}

TEST_F(VerdictTest, AcceptDoesNotClaimRecognition) {
  const Judgement judgement = judge(kSubject);
  for (const Check& check : judgement.checks) {
    if (check.name == "recognition" || check.name == "checkpoint quorum") {
      EXPECT_EQ(check.result, Check::Result::skip);
    }
  }
  EXPECT_NE(verdict_sentence(judgement, "T", false).find("was not checked"), std::string::npos);
}

TEST_F(VerdictTest, WithoutADocumentThatIsSaid) {
  EXPECT_EQ(codes(judge(kSubject).notes), std::vector<std::string>{"NO_DOCUMENT"});
}

TEST_F(VerdictTest, AnAlteredDocumentIsRefused) {
  const Document document = license_document(kLicense, "另一公司");
  const Judgement judgement = judge(kSubject, &document);
  EXPECT_EQ(judgement.verdict, Verdict::refuse);
  EXPECT_EQ(codes(judgement.reasons), std::vector<std::string>{"CONTENT_MISMATCH"});
}

TEST_F(VerdictTest, ADocumentOfAnotherSubjectIsRefused) {
  const Document document = invoice_document();
  EXPECT_EQ(codes(judge(kSubject, &document).reasons), std::vector<std::string>{"CONTENT_MISMATCH"});
}

TEST_F(VerdictTest, WhatIsNotThereIsProvedAbsent) {
  const Judgement judgement = judge(kPaper);
  EXPECT_EQ(judgement.verdict, Verdict::refuse);
  EXPECT_EQ(codes(judgement.reasons), std::vector<std::string>{"NOT_FOUND"});
}

TEST_F(VerdictTest, EveryStateHasItsReason) {
  const std::pair<LicenseAction, const char*> cases[] = {{LicenseAction::suspend, "SUSPENDED"},
                                                         {LicenseAction::revoke, "REVOKED"},
                                                         {LicenseAction::rescind, "RESCINDED"},
                                                         {LicenseAction::cancel, "CANCELLED"}};
  for (const auto& [action, code] : cases) {
    chain_ = Chain();
    chain_.append(kIssuer, {issue_license()});
    change(action);
    EXPECT_EQ(judge(kSubject).verdict, Verdict::refuse);
    EXPECT_EQ(codes(judge(kSubject).reasons), std::vector<std::string>{code});
  }
}

TEST_F(VerdictTest, AResumedLicenseIsGoodAgain) {
  change(LicenseAction::suspend);
  change(LicenseAction::resume);
  EXPECT_EQ(judge(kSubject).verdict, Verdict::accept);
}

TEST_F(VerdictTest, APastDayIsJudgedByWhatHadTakenEffectThen) {
  chain_.append(kIssuer, {change_license(LicenseAction::suspend, *chain_.find(kSubject), "2020-03-01")});
  chain_.append(kIssuer, {change_license(LicenseAction::resume, *chain_.find(kSubject), "2020-06-01")});
  chain_.append(kIssuer, {change_license(LicenseAction::revoke, *chain_.find(kSubject), "2021-01-01")});
  const auto reasons = [&](const char* on) { return codes(judge(kSubject, nullptr, on).reasons); };
  EXPECT_EQ(reasons("2018-12-31"), std::vector<std::string>{"NOT_FOUND"});
  EXPECT_EQ(reasons("2020-02-29"), std::vector<std::string>{});
  EXPECT_EQ(reasons("2020-03-01"), std::vector<std::string>{"SUSPENDED"});
  EXPECT_EQ(reasons("2020-05-31"), std::vector<std::string>{"SUSPENDED"});
  EXPECT_EQ(reasons("2020-06-01"), std::vector<std::string>{});
  EXPECT_EQ(reasons("2021-01-01"), std::vector<std::string>{"REVOKED"});
  EXPECT_EQ(status_on(chain_.evidence(kSubject), day("2020-04-01")), "SUSPENDED");
  EXPECT_EQ(status_on(chain_.evidence(kSubject), day("2018-12-31")), "NOT_FOUND");
}

TEST_F(VerdictTest, TheCalendarDecidesAtItsEdges) {
  chain_ = Chain();
  Operation issue = issue_license();
  auto& payload = std::get<LicenseIssue>(issue.payload);
  payload.valid_from = day("2020-01-01");
  payload.valid_to = day("2022-12-31");
  chain_.append(kIssuer, {issue});
  const auto reasons = [&](const char* on) { return codes(judge(kSubject, nullptr, on).reasons); };
  EXPECT_EQ(reasons("2019-12-31"), std::vector<std::string>{"NOT_YET_VALID"});
  EXPECT_EQ(reasons("2020-01-01"), std::vector<std::string>{});
  EXPECT_EQ(reasons("2022-12-31"), std::vector<std::string>{});  // the end day counts
  EXPECT_EQ(reasons("2023-01-01"), std::vector<std::string>{"EXPIRED"});
  EXPECT_EQ(codes(judge(kSubject, nullptr, "2022-12-31").notes),
            (std::vector<std::string>{"EXPIRES_SOON", "NO_DOCUMENT"}));
  EXPECT_EQ(status_on(*chain_.find(kSubject), day("2023-01-01")), "EXPIRED");
  EXPECT_EQ(status_on(*chain_.find(kSubject), day("2019-01-01")), "NOT_YET_VALID");
}

TEST_F(VerdictTest, V2AllReasonsAreGivenInOrder) {
  chain_ = Chain();
  Operation issue = issue_license();
  std::get<LicenseIssue>(issue.payload).valid_to = day("2022-12-31");
  chain_.append(kIssuer, {issue});
  change(LicenseAction::revoke);
  const Document document = license_document(kLicense, "另一公司");
  EXPECT_EQ(codes(judge(kSubject, &document, "2024-01-01").reasons),
            (std::vector<std::string>{"CONTENT_MISMATCH", "REVOKED"}));
}

TEST_F(VerdictTest, AClaimedInvoiceIsNotToBeBookedAgain) {
  chain_.append(kPlatform, {issue_invoice()});
  EXPECT_EQ(codes(judge(kPaper).notes), std::vector<std::string>{"NO_DOCUMENT"});
  chain_.append(kPlatform, {claim_invoice(*chain_.find(kPaper))});
  const Judgement judgement = judge(kPaper);
  EXPECT_EQ(judgement.verdict, Verdict::refuse);
  EXPECT_EQ(codes(judgement.reasons), std::vector<std::string>{"INV_ALREADY_CLAIMED"});
  EXPECT_EQ(status_on(*chain_.find(kPaper), 0), "CLAIMED");
}

TEST_F(VerdictTest, V3StaleDataNeverAcceptsAndNeverSaysForged) {
  freshness_ = {.confirmed = false, .now_ms = chain_.head().time_ms + 10'001, .max_age_ms = 10'000};
  EXPECT_EQ(judge(kSubject).verdict, Verdict::undetermined);
  EXPECT_EQ(codes(judge(kSubject).reasons), std::vector<std::string>{"LEDGER_STALE"});
  // Absent from an old state: it may have been issued since.
  EXPECT_EQ(judge(kPaper).verdict, Verdict::undetermined);
  freshness_.now_ms = chain_.head().time_ms + 10'000;
  EXPECT_EQ(judge(kSubject).verdict, Verdict::accept);
}

TEST_F(VerdictTest, AHeadFromTheFutureIsNotFresh) {
  constexpr std::uint64_t kSkew = 300'000;  // five minutes
  freshness_ = {.confirmed = false, .now_ms = chain_.head().time_ms - kSkew - 1, .max_age_ms = 10'000};
  EXPECT_EQ(judge(kSubject).verdict, Verdict::undetermined);
  EXPECT_EQ(codes(judge(kSubject).reasons), std::vector<std::string>{"LEDGER_STALE"});
  freshness_.now_ms += 1;
  EXPECT_EQ(judge(kSubject).verdict, Verdict::accept);
}

TEST_F(VerdictTest, V4AnAnswerToAnotherQuestionIsNoAnswer) {
  chain_.append(kPlatform, {issue_invoice()});
  const Question question{
      .subject = kSubject, .document = nullptr, .day = day("2024-06-01"), .freshness = freshness_};
  const Judgement judgement = judge_evidence(chain_.genesis, question, chain_.evidence(kPaper));
  EXPECT_EQ(judgement.verdict, Verdict::refuse);
  EXPECT_EQ(codes(judgement.reasons), std::vector<std::string>{"PROOF_INVALID"});
}

TEST_F(VerdictTest, ForgedEvidenceIsRefusedWithItsReason) {
  const Question question{
      .subject = kSubject, .document = nullptr, .day = day("2024-06-01"), .freshness = freshness_};
  Evidence forged = chain_.evidence(kSubject);
  forged.operations[0].signature.bytes[0] ^= 1;
  const Judgement signature = judge_evidence(chain_.genesis, question, forged);
  EXPECT_EQ(signature.verdict, Verdict::refuse);
  EXPECT_NE(std::find(signature.reasons.begin(), signature.reasons.end(), Reason::signature_invalid),
            signature.reasons.end());
  forged = chain_.evidence(kSubject);
  std::get<LicenseStanding>(forged.subject.standing->detail).issuer = kOtherIssuer;
  EXPECT_EQ(judge_evidence(chain_.genesis, question, forged).verdict, Verdict::refuse);
}

TEST(Reasons, AreDescribedInBothLanguagesWithUniqueCodes) {
  std::set<std::string_view> codes;
  for (std::uint8_t number = 0; number <= static_cast<std::uint8_t>(Reason::no_document); ++number) {
    const ReasonInfo& info = describe(static_cast<Reason>(number));
    EXPECT_TRUE(codes.insert(info.code).second) << info.code;
    EXPECT_FALSE(info.en.empty() || info.zh.empty()) << info.code;
  }
}

TEST(Reasons, VerdictsHaveTheirExitCodes) {
  EXPECT_EQ(exit_of(Verdict::accept), 0);
  EXPECT_EQ(exit_of(Verdict::refuse), 1);
  EXPECT_EQ(exit_of(Verdict::authentic_not_recognized), 3);
  EXPECT_EQ(exit_of(Verdict::undetermined), 4);
  EXPECT_EQ(judge_nothing(Reason::ledger_unavailable).verdict, Verdict::undetermined);
  EXPECT_EQ(judge_nothing(Reason::id_check_char).verdict, Verdict::refuse);
}

}  // namespace
}  // namespace hufu
