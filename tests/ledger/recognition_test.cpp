// A license before the counter of another province: what counts there, by agreements and authorities that the evidence shows.
#include "ledger/proof/recognition.hpp"

#include <gtest/gtest.h>

#include "ledger/proof/replay.hpp"
#include "tests/ledger/law.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

const std::string kEast = "310000";
const std::string kSouth = "330000";
const SubjectKey kSubject{SubjectKind::license, kLicense};
const SubjectKey kAgreed = agreement_key(kSouth, kEast);

AgreementStanding text() {
  return {.name = "AGR-33-31",
          .valid_from = day("2024-05-01"),
          .valid_to = day("2029-04-30"),
          .min_assurance = Assurance::l2,
          .contact = "省互认办公室",
          .entries = {{.type = kType,
                       .maps_to = "11310000XT00000001001",
                       .local_name = "本地执照",
                       .scenarios = {{"行政许可"}, {"招标投标"}},
                       .max_age_hours = 24}},
          .ended = std::nullopt};
}

class RecognitionTest : public ::testing::Test {
 protected:
  RecognitionTest() : chain_(with_authorities()) {
    EXPECT_EQ(chain_.act(kIssuer, {issue_license()}), std::nullopt);
  }

  std::optional<Error> agree(AgreementStanding agreement = text()) {
    return chain_.decree(kAgreed, AgreementText{std::move(agreement)}, {kSouth, kEast});
  }
  Judgement judge(const Evidence& evidence) const {
    return judge_evidence(chain_.genesis,
                          {.subject = evidence.subject.key,
                           .document = nullptr,
                           .day = day(on_),
                           .freshness = {.confirmed = true},
                           .verifier = verifier_,
                           .scenario = scenario_,
                           .known_at_ms = known_at_ms_},
                          evidence);
  }
  Judgement judge() const { return judge(chain_.evidence(kSubject, {kAgreed})); }
  std::string found() const { return found(judge()); }
  static std::string found(const Judgement& judgement) {
    std::string all(name_of(judgement.verdict));
    for (const Reason reason : judgement.reasons) all += " " + std::string(code_of(reason));
    return all;
  }

  LawChain chain_;
  std::string on_ = "2025-06-01";
  std::string verifier_ = kEast;
  std::string scenario_;
  std::optional<std::uint64_t> known_at_ms_;
};

TEST_F(RecognitionTest, V8WithoutAnAgreementItIsAuthenticOnly) {
  EXPECT_EQ(found(), "AUTHENTIC_NOT_RECOGNIZED NO_AGREEMENT");
  EXPECT_EQ(exit_of(judge()), 3);
  verifier_ = kSouth;  // its own province
  EXPECT_EQ(found(), "ACCEPT");
  EXPECT_EQ(judge().recognition->maps_to, kType);
  verifier_.clear();
  EXPECT_EQ(found(), "ACCEPT");
  EXPECT_FALSE(judge().recognition);
}

TEST_F(RecognitionTest, V8AnAgreementThatIsNotShownLeavesItOpen) {
  ASSERT_EQ(agree(), std::nullopt);
  EXPECT_EQ(found(judge(chain_.evidence(kSubject))), "UNDETERMINED AGREEMENT_NOT_SHOWN");
}

TEST_F(RecognitionTest, TheAgreementSaysAsWhat) {
  ASSERT_EQ(agree(), std::nullopt);
  EXPECT_EQ(found(), "ACCEPT");
  const Recognition as = judge().recognition.value();
  EXPECT_EQ(as.maps_to, "11310000XT00000001001");
  EXPECT_EQ(as.local_name, "本地执照");
  EXPECT_EQ(as.agreement, "AGR-33-31");
  verifier_ = "320000";  // recognition has a direction and two names
  EXPECT_EQ(found(judge(chain_.evidence(kSubject, {agreement_key(kSouth, "320000")}))),
            "AUTHENTIC_NOT_RECOGNIZED NO_AGREEMENT");
}

TEST_F(RecognitionTest, EveryLimitOfAnAgreementHasItsReason) {
  ASSERT_EQ(agree(), std::nullopt);
  on_ = "2024-04-30";
  EXPECT_EQ(found(), "AUTHENTIC_NOT_RECOGNIZED NO_AGREEMENT");
  on_ = "2029-05-01";
  EXPECT_EQ(found(), "AUTHENTIC_NOT_RECOGNIZED AGREEMENT_EXPIRED");
  on_ = "2029-04-30";
  EXPECT_EQ(found(), "ACCEPT");
  scenario_ = "不动产登记";
  EXPECT_EQ(found(), "AUTHENTIC_NOT_RECOGNIZED SCENARIO_NOT_COVERED");
  scenario_ = "招标投标";
  EXPECT_EQ(found(), "ACCEPT");
  AgreementStanding strict = text();
  strict.min_assurance = Assurance::l3;
  ASSERT_EQ(agree(strict), std::nullopt);
  EXPECT_EQ(found(), "AUTHENTIC_NOT_RECOGNIZED ASSURANCE_TOO_LOW");
  strict.entries[0].type = "11100000000013338W009";
  ASSERT_EQ(agree(strict), std::nullopt);
  EXPECT_EQ(found(), "AUTHENTIC_NOT_RECOGNIZED TYPE_NOT_RECOGNIZED");
}

TEST_F(RecognitionTest, OneSideEndsIt) {
  ASSERT_EQ(agree(), std::nullopt);
  ASSERT_EQ(chain_.decree(kAgreed, AgreementEnd{.by = kEast}, {kEast}, "2025-03-31"), std::nullopt);
  EXPECT_EQ(found(), "AUTHENTIC_NOT_RECOGNIZED AGREEMENT_EXPIRED");
  on_ = "2025-03-31";
  EXPECT_EQ(found(), "ACCEPT");
}

// A day gone by is asked as the provinces had agreed for it, as known now.
TEST_F(RecognitionTest, ARenewedAgreementLeavesTheDaysBeforeItToTheOldOne) {
  ASSERT_EQ(agree(), std::nullopt);
  AgreementStanding renewed = text();
  renewed.name = "renewed";
  renewed.valid_from = day("2026-01-01");
  renewed.valid_to = day("2031-12-31");
  renewed.min_assurance = Assurance::l3;
  ASSERT_EQ(agree(renewed), std::nullopt);
  on_ = "2025-12-31";
  EXPECT_EQ(found(), "ACCEPT");
  on_ = "2026-01-01";
  EXPECT_EQ(found(), "AUTHENTIC_NOT_RECOGNIZED ASSURANCE_TOO_LOW");
  // An end ends all that was agreed by then.
  ASSERT_EQ(chain_.decree(kAgreed, AgreementEnd{.by = kEast}, {kEast}, "2025-03-31"), std::nullopt);
  on_ = "2025-03-31";
  EXPECT_EQ(found(), "ACCEPT");
  on_ = "2025-12-31";
  EXPECT_EQ(found(), "AUTHENTIC_NOT_RECOGNIZED NO_AGREEMENT");
  on_ = "2032-01-01";
  EXPECT_EQ(found(), "AUTHENTIC_NOT_RECOGNIZED AGREEMENT_EXPIRED");
}

TEST_F(RecognitionTest, ARefusalCarriesTheReasonsOfRecognitionToo) {
  ASSERT_EQ(chain_.change(kIssuer, kLicense, LicenseAction::revoke), std::nullopt);
  EXPECT_EQ(found(), "REFUSE REVOKED NO_AGREEMENT");
  on_ = "2018-01-01";  // V9
  EXPECT_EQ(found(), "REFUSE NOT_FOUND");
}

TEST_F(RecognitionTest, TheAgreementDemandsAFreshStatus) {
  AgreementStanding quick = text();
  quick.entries[0].max_age_hours = 1;
  ASSERT_EQ(agree(quick), std::nullopt);
  const Evidence evidence = chain_.evidence(kSubject, {kAgreed});
  Question question{
      .subject = kSubject, .document = nullptr, .day = day(on_), .freshness = {}, .verifier = kEast};
  question.freshness = {
      .confirmed = false, .now_ms = chain_.head().time_ms + 3'600'000, .max_age_ms = 86'400'000};
  EXPECT_EQ(found(judge_evidence(chain_.genesis, question, evidence)), "ACCEPT");
  question.freshness.now_ms += 1;
  EXPECT_EQ(found(judge_evidence(chain_.genesis, question, evidence)), "UNDETERMINED LEDGER_STALE");
}

TEST_F(RecognitionTest, KnownAtSeesNothingOfWhatCameLater) {
  const std::uint64_t issued = chain_.head().time_ms;
  ASSERT_EQ(chain_.change(kIssuer, kLicense, LicenseAction::suspend, "2020-01-01"), std::nullopt);
  verifier_.clear();
  EXPECT_EQ(found(), "REFUSE SUSPENDED");
  known_at_ms_ = issued;  // it took effect in 2020, and was recorded later than this
  EXPECT_EQ(found(), "ACCEPT");
  known_at_ms_ = issued - 1;
  EXPECT_EQ(found(), "REFUSE NOT_FOUND");
}

// ---- authority that is not in the genesis file ----

constexpr std::string_view kNew = "11330105XT00001452";

class NewAgencyTest : public RecognitionTest {
 protected:
  NewAgencyTest() {
    verifier_.clear();
    const std::string code(kNew);
    EXPECT_EQ(chain_.decree(
                  key_,
                  AgencyEntry{
                      .name = "新机关",
                      .province = kSouth,
                      .grants = agency(code, kSouth, kType, action::kIssue | action::kChange).standing.grants,
                      .keys = {{.key = key_of(code).public_key()}}},
                  {kSouth}),
              std::nullopt);
    EXPECT_EQ(chain_.act(code, {chain_.license(id_, "2025-02-01")}), std::nullopt);
  }
  Evidence evidence() const { return chain_.evidence({SubjectKind::license, id_}); }
  std::string failing(const Evidence& evidence) const {
    return failed(check_evidence(chain_.genesis, evidence));
  }

  const SubjectKey key_{SubjectKind::agency, std::string(kNew)};
  const std::string id_ = license_id("001", "2025000001", kNew);
};

TEST_F(NewAgencyTest, E6ItsRegistrationIsReplayedFromTheGenesisOn) {
  EXPECT_EQ(failing(evidence()), "");
  EXPECT_EQ(evidence().support.size(), 3U) << "the agency, its province, the decision";
}

TEST_F(NewAgencyTest, E6NoSupporterCanBeLeftOut) {
  for (std::size_t i = 0; i < evidence().support.size(); ++i) {
    Evidence bad = evidence();
    bad.support.erase(bad.support.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_NE(failing(bad), "") << evidence().support[i].key().text();
  }
}

TEST_F(NewAgencyTest, E5NoOperationOfASupporterCanBeLeftOut) {
  for (std::size_t i = 0; i < evidence().support.size(); ++i) {
    if (evidence().support[i].operations.empty()) continue;
    Evidence bad = evidence();
    bad.support[i].operations.pop_back();
    EXPECT_NE(failing(bad), "") << evidence().support[i].key().text();
  }
}

TEST_F(NewAgencyTest, AnHonestRotationKeepsOldRecordsACompromiseDoesNot) {
  const std::uint64_t issued = chain_.head().time_ms;
  on_ = "2025-06-01";
  const KeyEnd honest{.key = key_of(kNew).public_key(), .compromised_ms = std::nullopt};
  ASSERT_EQ(chain_.decree(key_, honest, {kSouth}), std::nullopt);
  EXPECT_EQ(
      chain_.act(std::string(kNew), {chain_.license(license_id("001", "2025000002", kNew), "2025-02-02")}),
      Error::key_revoked);
  EXPECT_EQ(found(judge(evidence())), "ACCEPT");
  const KeyEnd stolen{.key = key_of(kNew).public_key(), .compromised_ms = issued};
  ASSERT_EQ(chain_.decree(key_, stolen, {kSouth}), std::nullopt);
  EXPECT_EQ(failing(evidence()), "");
  EXPECT_EQ(found(judge(evidence())), "REFUSE KEY_REVOKED");
}

TEST_F(NewAgencyTest, WhatWasIssuedAfterTheWithdrawalHadNoAuthority) {
  on_ = "2025-06-01";
  ASSERT_EQ(chain_.decree(key_, AgencyChange{.step = AgencyStep::withdraw}, {kSouth}, "2025-02-01"),
            std::nullopt);
  EXPECT_EQ(found(judge(evidence())), "ACCEPT") << "issued on its last day";
}

TEST_F(NewAgencyTest, AWithdrawalThatReachesBackCoversWhatWasIssuedMeanwhile) {
  on_ = "2025-06-01";
  ASSERT_EQ(chain_.decree(key_, AgencyChange{.step = AgencyStep::withdraw}, {kSouth}, "2025-01-31"),
            std::nullopt);
  EXPECT_EQ(failing(evidence()), "") << "it was in its authority when the record was ordered";
  EXPECT_EQ(found(judge(evidence())), "REFUSE ISSUER_NOT_AUTHORIZED");
}

}  // namespace
}  // namespace hufu
