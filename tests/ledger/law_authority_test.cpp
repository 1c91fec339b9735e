// Who may decide: provinces by m of n, agencies over their keys, two provinces over what they recognise.
#include <gtest/gtest.h>

#include "ledger/proof/finding.hpp"
#include "tests/ledger/law.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

const std::string kEast = "310000";
const std::string kSouth = "330000";
const std::string kNewAgency = "11330105XT00001452";

class Authority : public ::testing::Test {
 protected:
  Authority() : chain_(with_authorities()) {}

  std::optional<Error> sign(const std::string& code, const std::string& key,
                            std::vector<Operation> operations) {
    const Submission submission =
        sign_submission(chain_.ledger, code, key_of(key), request(++requests_ + 1000), std::move(operations));
    const Outcome outcome = chain_.extend({submission}).outcomes.front();
    return applied(outcome) ? std::nullopt : std::optional(error_of(outcome));
  }
  Decision decide(const SubjectKey& target, decltype(Decision::body) body,
                  std::string_view on = "2025-01-01") const {
    const Operation frame = chain_.on(target, Approve{}, on);
    return {
        .target = target, .previous = frame.previous, .effective = frame.effective, .body = std::move(body)};
  }
  std::optional<Error> propose(const Decision& decision, const std::string& province,
                               const std::string& who) {
    return sign(province, province + who,
                {chain_.on(decision_subject(decision), Propose{.decision = decision}, "2025-01-01")});
  }
  std::optional<Error> approve(const Decision& decision, const std::string& province,
                               const std::string& who) {
    return sign(province, province + who, {chain_.on(decision_subject(decision), Approve{}, "2025-01-01")});
  }
  std::optional<Error> enact(const Decision& decision, const std::string& province = kSouth) {
    return sign(province, province + "a",
                {{.subject = decision.target,
                  .previous = decision.previous,
                  .effective = decision.effective,
                  .payload = Enact{.decision = decision}}});
  }
  void carry(const Decision& decision, const std::string& province = kSouth) {
    ASSERT_EQ(propose(decision, province, "a"), std::nullopt);
    ASSERT_EQ(approve(decision, province, "b"), std::nullopt);
    ASSERT_EQ(enact(decision, province), std::nullopt);
  }
  static SubjectKey agency_key(const std::string& code) { return {SubjectKind::agency, code}; }
  const AgencyStanding& agency_standing(const std::string& code) const {
    return std::get<AgencyStanding>(chain_.state.at(agency_key(code)).detail);
  }
  AgencyEntry new_agency() const {
    const FoundingAgency founding = agency(kNewAgency, kSouth, kType, action::kIssue | action::kChange);
    return {.name = founding.standing.name,
            .province = kSouth,
            .grants = founding.standing.grants,
            .keys = founding.standing.keys};
  }

  LawChain chain_;
  std::uint64_t requests_ = 0;
};

TEST_F(Authority, AnAgencyIsRegisteredByTwoOfThree) {
  const Decision decision = decide(agency_key(kNewAgency), new_agency());
  EXPECT_EQ(enact(decision), Error::not_found);
  ASSERT_EQ(propose(decision, kSouth, "a"), std::nullopt);
  EXPECT_EQ(enact(decision), Error::issuer_not_authorized);
  EXPECT_EQ(approve(decision, kSouth, "a"), Error::already_exists);  // the same key counts once
  EXPECT_EQ(enact(decision), Error::issuer_not_authorized);
  ASSERT_EQ(approve(decision, kSouth, "c"), std::nullopt);
  ASSERT_EQ(enact(decision), std::nullopt);
  EXPECT_EQ(agency_standing(kNewAgency).province, kSouth);
  const std::string id = license_id("001", "2025000001", kNewAgency);
  EXPECT_EQ(chain_.act(kNewAgency, {chain_.license(id, "2025-02-01")}), std::nullopt);
  EXPECT_EQ(enact(decision), Error::field_invalid);  // once: it stands already
}

TEST_F(Authority, AnotherProvinceHasNoSay) {
  const Decision decision = decide(agency_key(kNewAgency), new_agency());
  EXPECT_EQ(propose(decision, kEast, "a"), Error::issuer_not_authorized);
  ASSERT_EQ(propose(decision, kSouth, "a"), std::nullopt);
  EXPECT_EQ(approve(decision, kEast, "a"), Error::issuer_not_authorized);
  EXPECT_EQ(enact(decision), Error::issuer_not_authorized);
}

TEST_F(Authority, StrangersAndAgenciesDecideNothing) {
  const Decision decision = decide(agency_key(kNewAgency), new_agency());
  EXPECT_EQ(
      sign(kSouth, "stranger", {chain_.on(decision_subject(decision), Propose{decision}, "2025-01-01")}),
      Error::key_unknown);
  EXPECT_EQ(chain_.act(kIssuer, {chain_.on(decision_subject(decision), Propose{decision}, "2025-01-01")}),
            Error::issuer_not_authorized);
  // And an authority is no agency.
  EXPECT_EQ(sign(kSouth, kSouth + "a", {chain_.license(kLicense, "2019-01-02")}),
            Error::issuer_not_authorized);
}

TEST_F(Authority, ADecisionFitsOnlyWhatItsApproversSaw) {
  carry(decide(agency_key(kIssuer), AgencyChange{.step = AgencyStep::suspend}));
  const Decision resume = decide(agency_key(kIssuer), AgencyChange{.step = AgencyStep::resume});
  carry(decide(agency_key(kIssuer), AgencySuccessor{.successor = kPlatform}));
  ASSERT_EQ(propose(resume, kSouth, "a"), std::nullopt);
  ASSERT_EQ(approve(resume, kSouth, "b"), std::nullopt);
  EXPECT_EQ(enact(resume), Error::previous_mismatch);
}

TEST_F(Authority, ASuspendedAgencySignsNothingUntilResumed) {
  carry(decide(agency_key(kIssuer), AgencyChange{.step = AgencyStep::suspend}));
  EXPECT_EQ(chain_.act(kIssuer, {chain_.license(kLicense, "2019-01-02")}), Error::issuer_not_authorized);
  carry(decide(agency_key(kIssuer), AgencyChange{.step = AgencyStep::resume}));
  EXPECT_EQ(chain_.act(kIssuer, {chain_.license(kLicense, "2019-01-02")}), std::nullopt);
}

TEST_F(Authority, AWithdrawnAgencyHasItsDaysBefore) {
  carry(decide(agency_key(kIssuer), AgencyChange{.step = AgencyStep::withdraw}, "2024-12-31"));
  EXPECT_EQ(chain_.act(kIssuer, {chain_.license(license_id("001", "7"), "2025-01-01")}),
            Error::issuer_not_authorized);
  EXPECT_EQ(chain_.act(kIssuer, {chain_.license(license_id("001", "7"), "2024-12-31")}), std::nullopt);
}

TEST_F(Authority, ASuccessorCarriesOnTheLicenses) {
  ASSERT_EQ(chain_.act(kIssuer, {chain_.license(kLicense, "2019-01-02")}), std::nullopt);
  carry(decide(agency_key(kNewAgency), new_agency()));
  EXPECT_EQ(chain_.change(kNewAgency, kLicense, LicenseAction::suspend), Error::lic_not_issuer);
  carry(decide(agency_key(kIssuer), AgencySuccessor{.successor = kNewAgency}));
  EXPECT_EQ(chain_.change(kNewAgency, kLicense, LicenseAction::suspend), std::nullopt);
}

TEST_F(Authority, TheSuccessorOfASuccessorActsAndItsProofShowsWhy) {
  const std::string third = "11330105XT00001999";
  AgencyEntry entry = new_agency();
  entry.keys = {{.key = key_of(third).public_key()}};
  ASSERT_EQ(chain_.act(kIssuer, {chain_.license(kLicense, "2019-01-02")}), std::nullopt);
  carry(decide(agency_key(kNewAgency), new_agency()));
  carry(decide(agency_key(third), entry));
  carry(decide(agency_key(kIssuer), AgencySuccessor{.successor = kNewAgency}));
  EXPECT_EQ(chain_.change(third, kLicense, LicenseAction::suspend), Error::lic_not_issuer);
  carry(decide(agency_key(kNewAgency), AgencySuccessor{.successor = third}));
  EXPECT_EQ(chain_.change(third, kLicense, LicenseAction::suspend), std::nullopt);
  EXPECT_TRUE(none_failed(check_evidence(chain_.genesis, chain_.evidence({SubjectKind::license, kLicense}))));
  // In a circle nobody is lost.
  carry(decide(agency_key(third), AgencySuccessor{.successor = kIssuer}));
  EXPECT_EQ(chain_.change(kOtherIssuer, kLicense, LicenseAction::resume), Error::lic_not_issuer);
  EXPECT_EQ(chain_.change(kIssuer, kLicense, LicenseAction::resume, "2020-02-01"), std::nullopt);
}

TEST_F(Authority, AKeyHandsOnNoMoreThanItHas) {
  AgencyKey narrow{.key = key_of("narrow").public_key()};
  narrow.scope = {
      {.type = kType, .actions = action::kIssue, .from = day("2020-01-01"), .to = day("2020-12-31")}};
  const auto rotate = [&](const std::string& with, const AgencyKey& next) {
    return sign(kIssuer, with, {chain_.on(agency_key(kIssuer), KeyRotation{.next = next}, "2025-01-01")});
  };
  ASSERT_EQ(rotate(kIssuer, narrow), std::nullopt);
  AgencyKey next{.key = key_of("next").public_key()};
  EXPECT_EQ(rotate("narrow", next), Error::issuer_not_authorized);  // open is wider than narrow
  next.scope = narrow.scope;
  next.scope[0].actions |= action::kChange;
  EXPECT_EQ(rotate("narrow", next), Error::issuer_not_authorized);
  next.scope = narrow.scope;
  next.scope[0].to.reset();
  EXPECT_EQ(rotate("narrow", next), Error::issuer_not_authorized);
  next.scope = narrow.scope;
  EXPECT_EQ(rotate("narrow", next), std::nullopt);
  EXPECT_EQ(sign(kIssuer, "narrow", {chain_.license(license_id("001", "8"), "2021-01-01")}),
            Error::issuer_not_authorized);
  EXPECT_EQ(sign(kIssuer, "narrow", {chain_.license(license_id("001", "8"), "2020-06-01")}), std::nullopt);
}

TEST_F(Authority, NoKeyIsScopedBeyondItsAgency) {
  AgencyKey wide{.key = key_of("wide").public_key()};
  wide.scope = {{.type = "OTHER", .actions = action::kIssue, .from = day("2020-01-01"), .to = std::nullopt}};
  const Decision decision = decide(agency_key(kIssuer), KeyEntry{.key = wide});
  ASSERT_EQ(propose(decision, kSouth, "a"), std::nullopt);
  ASSERT_EQ(approve(decision, kSouth, "b"), std::nullopt);
  EXPECT_EQ(enact(decision), Error::field_invalid);
}

TEST_F(Authority, AnEndedKeySignsNoMoreAndACompromiseIsDated) {
  const std::uint64_t since = chain_.genesis.time_ms + 500;
  carry(decide(agency_key(kIssuer), KeyEnd{.key = key_of(kIssuer).public_key(), .compromised_ms = since}));
  EXPECT_EQ(chain_.act(kIssuer, {chain_.license(kLicense, "2019-01-02")}), Error::key_revoked);
  EXPECT_EQ(agency_standing(kIssuer).keys[0].compromised_ms, since);
}

TEST_F(Authority, RecognitionNeedsBothProvinces) {
  AgreementStanding text;
  text.name = "AGR-31-33-2024";
  text.valid_from = day("2024-05-01");
  text.valid_to = day("2029-04-30");
  text.min_assurance = Assurance::l2;
  text.contact = "政务服务处";
  text.entries = {{.type = kType,
                   .maps_to = "",
                   .local_name = "营业执照",
                   .scenarios = {{"行政许可"}},
                   .max_age_hours = 24}};
  const SubjectKey key{SubjectKind::agreement, kEast + "/" + kSouth};
  const Decision decision = decide(key, AgreementText{.text = text});
  ASSERT_EQ(propose(decision, kEast, "a"), std::nullopt);
  ASSERT_EQ(approve(decision, kEast, "b"), std::nullopt);
  EXPECT_EQ(enact(decision, kEast), Error::issuer_not_authorized);
  ASSERT_EQ(approve(decision, kSouth, "a"), std::nullopt);
  EXPECT_EQ(enact(decision, kEast), Error::issuer_not_authorized);
  ASSERT_EQ(approve(decision, kSouth, "b"), std::nullopt);
  ASSERT_EQ(enact(decision, kEast), std::nullopt);
  carry(decide(key, AgreementEnd{.by = kSouth}, "2025-01-01"), kSouth);
  EXPECT_EQ(std::get<AgreementStanding>(chain_.state.at(key).detail).ended, day("2025-01-01"));
}

TEST_F(Authority, AnAuthorityRenewsItself) {
  ProvinceStanding entry{.name = "浙江省", .authority_keys = {key_of("new").public_key()}, .threshold = 1};
  const SubjectKey key{SubjectKind::province, kSouth};
  carry(decide(key, ProvinceEntry{.entry = entry}));
  const Decision decision = decide(agency_key(kNewAgency), new_agency());
  EXPECT_EQ(propose(decision, kSouth, "a"), Error::key_unknown);
  ASSERT_EQ(sign(kSouth, "new", {chain_.on(decision_subject(decision), Propose{decision}, "2025-01-01")}),
            std::nullopt);
  EXPECT_EQ(sign(kSouth, "new",
                 {{.subject = decision.target,
                   .previous = decision.previous,
                   .effective = decision.effective,
                   .payload = Enact{.decision = decision}}}),
            std::nullopt);
}

}  // namespace
}  // namespace hufu
