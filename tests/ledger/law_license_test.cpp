// The whole life of a license: versions, transfers, disputes, corrections.
#include <gtest/gtest.h>

#include "tests/ledger/law.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

class LicenseLife : public ::testing::Test {
 protected:
  LicenseLife() { EXPECT_EQ(chain_.act(kIssuer, {chain_.license(first_, "2019-01-02")}), std::nullopt); }

  std::vector<Operation> succession(SuccessionKind kind, const std::string& from, const std::string& to,
                                    std::string_view on = "2020-05-01") const {
    return {chain_.on(license_key(from), LicenseLapse{.to = {kind, license_key(to)}}, on),
            chain_.license(to, on, Succession{kind, license_key(from)})};
  }

  LawChain chain_;
  const std::string first_ = license_id("001");
  const std::string second_ = license_id("002");
  const std::string third_ = license_id("003");
  const std::string elsewhere_ = license_id("001", "2020000007", kOtherIssuer);
};

TEST_F(LicenseLife, AChangeLapsesTheOldAndMakesTheNewAtOnce) {
  ASSERT_EQ(chain_.act(kIssuer, succession(SuccessionKind::change, first_, second_)), std::nullopt);
  EXPECT_EQ(chain_.state_of(first_), LicenseState::lapsed);
  EXPECT_EQ(chain_.state_of(second_), LicenseState::valid);
  EXPECT_EQ(chain_.license_standing(first_).successor->other, license_key(second_));
  EXPECT_EQ(chain_.license_standing(second_).predecessor->other, license_key(first_));
  ASSERT_EQ(chain_.act(kIssuer, succession(SuccessionKind::renew, second_, third_, "2021-01-01")),
            std::nullopt);
  EXPECT_EQ(chain_.state_of(second_), LicenseState::lapsed);
  EXPECT_EQ(chain_.change(kIssuer, first_, LicenseAction::resume), Error::lic_terminal);
}

TEST_F(LicenseLife, NeitherHalfStandsAlone) {
  const auto both = succession(SuccessionKind::change, first_, second_);
  EXPECT_EQ(chain_.act(kIssuer, {both[0]}), Error::lic_bad_transition);
  EXPECT_EQ(chain_.act(kIssuer, {both[1]}), Error::lic_live_version);
  auto crossed = both;
  std::get<LicenseIssue>(crossed[1].payload).from->kind = SuccessionKind::renew;
  EXPECT_NE(chain_.act(kIssuer, crossed), std::nullopt);
  EXPECT_EQ(chain_.state_of(first_), LicenseState::valid);
  EXPECT_FALSE(chain_.find(license_key(second_)));
}

TEST_F(LicenseLife, AChangeMakesTheNextVersionOfTheSameLicense) {
  EXPECT_EQ(chain_.act(kIssuer, succession(SuccessionKind::change, first_, third_)),
            Error::lic_bad_transition);
  const std::string other = license_id("002", "2019000002");
  EXPECT_EQ(chain_.act(kIssuer, succession(SuccessionKind::change, first_, other)),
            Error::lic_bad_transition);
}

TEST_F(LicenseLife, OneVersionIsAlive) {
  EXPECT_EQ(chain_.act(kIssuer, {chain_.license(second_, "2020-01-01")}), Error::lic_live_version);
  ASSERT_EQ(chain_.change(kIssuer, first_, LicenseAction::cancel), std::nullopt);
  ASSERT_EQ(chain_.act(kIssuer, {chain_.license(third_, "2020-01-02")}), std::nullopt);
  // Versions only rise, whether alive or not.
  EXPECT_EQ(chain_.act(kIssuer, {chain_.license(second_, "2020-01-03")}), Error::lic_live_version);
}

TEST_F(LicenseLife, AnExpiredVersionGivesWay) {
  const std::string serial = "2019000009";
  Operation first = chain_.license(license_id("001", serial), "2019-01-02");
  std::get<LicenseIssue>(first.payload).valid_to = day("2021-12-31");
  ASSERT_EQ(chain_.act(kIssuer, {first}), std::nullopt);
  const std::string next = license_id("002", serial);
  EXPECT_EQ(chain_.act(kIssuer, {chain_.license(next, "2021-12-31")}), Error::lic_live_version);
  EXPECT_EQ(chain_.act(kIssuer, {chain_.license(next, "2022-01-01")}), std::nullopt);
}

TEST_F(LicenseLife, ATransferToAnotherLedgerIsAtOnceAndCanBeCancelled) {
  const auto out = [&] {
    return chain_.on(license_key(first_), LicenseTransferOut{.province = "440000", .agency = ""},
                     "2020-01-01");
  };
  ASSERT_EQ(chain_.act(kIssuer, {out()}), std::nullopt);
  EXPECT_EQ(chain_.state_of(first_), LicenseState::transferred);
  EXPECT_EQ(chain_.change(kIssuer, first_, LicenseAction::revoke), Error::lic_bad_transition);
  EXPECT_EQ(chain_.act(kIssuer, {out()}), Error::lic_bad_transition);
  ASSERT_EQ(chain_.change(kIssuer, first_, LicenseAction::cancel_transfer), std::nullopt);
  EXPECT_EQ(chain_.state_of(first_), LicenseState::valid);
}

TEST_F(LicenseLife, ATransferBetweenProvincesIsNeverHeldByBothOrNone) {
  const auto take = succession(SuccessionKind::transfer, first_, elsewhere_);
  EXPECT_EQ(chain_.act(kOtherIssuer, take), Error::lic_not_issuer);  // nobody offered it
  const LicenseTransferOut offer{.province = "310000", .agency = kOtherIssuer};
  ASSERT_EQ(chain_.act(kIssuer, {chain_.on(license_key(first_), offer, "2020-01-01")}), std::nullopt);
  EXPECT_EQ(chain_.state_of(first_), LicenseState::valid);
  const auto halves = succession(SuccessionKind::transfer, first_, elsewhere_);
  EXPECT_EQ(chain_.act(kOtherIssuer, {halves[0]}), Error::lic_bad_transition);
  EXPECT_EQ(chain_.act(kOtherIssuer, {halves[1]}), Error::lic_bad_transition);
  ASSERT_EQ(chain_.act(kOtherIssuer, halves), std::nullopt);
  EXPECT_EQ(chain_.state_of(first_), LicenseState::transferred);
  EXPECT_EQ(chain_.state_of(elsewhere_), LicenseState::valid);
  EXPECT_EQ(chain_.change(kIssuer, first_, LicenseAction::cancel_transfer), Error::lic_terminal);
}

TEST_F(LicenseLife, AnOfferEndsWhenItIsCancelledOrTheLicenseIsNot) {
  const LicenseTransferOut offer{.province = "310000", .agency = kOtherIssuer};
  ASSERT_EQ(chain_.act(kIssuer, {chain_.on(license_key(first_), offer, "2020-01-01")}), std::nullopt);
  ASSERT_EQ(chain_.change(kIssuer, first_, LicenseAction::cancel_transfer), std::nullopt);
  EXPECT_EQ(chain_.act(kOtherIssuer, succession(SuccessionKind::transfer, first_, elsewhere_)),
            Error::lic_not_issuer);
  ASSERT_EQ(chain_.act(kIssuer, {chain_.on(license_key(first_), offer, "2020-01-02")}), std::nullopt);
  ASSERT_EQ(chain_.change(kIssuer, first_, LicenseAction::suspend, "2020-01-03"), std::nullopt);
  EXPECT_FALSE(chain_.license_standing(first_).offer);
}

TEST_F(LicenseLife, ADisputeIsAWarningInAnyState) {
  ASSERT_EQ(chain_.change(kIssuer, first_, LicenseAction::dispute_open), std::nullopt);
  EXPECT_EQ(chain_.change(kIssuer, first_, LicenseAction::dispute_open), Error::lic_bad_transition);
  EXPECT_EQ(chain_.license_standing(first_).disputed, day("2020-01-01"));
  ASSERT_EQ(chain_.change(kIssuer, first_, LicenseAction::revoke, "2020-02-01"), std::nullopt);
  ASSERT_EQ(chain_.change(kIssuer, first_, LicenseAction::dispute_close, "2020-03-01"), std::nullopt);
  EXPECT_EQ(chain_.change(kIssuer, first_, LicenseAction::dispute_close, "2020-03-01"),
            Error::lic_bad_transition);
  ASSERT_EQ(chain_.change(kIssuer, first_, LicenseAction::dispute_open, "2020-04-01"), std::nullopt);
  EXPECT_EQ(chain_.state_of(first_), LicenseState::revoked);
}

TEST_F(LicenseLife, ACorrectionLinksWhatEndedByMistake) {
  const std::string fresh = license_id("001", "2020000003");
  const auto correction = [&] {
    return chain_.on(license_key(first_), LicenseCorrection{.replacement = license_key(fresh)}, "2020-03-01");
  };
  EXPECT_EQ(chain_.act(kIssuer, {correction()}), Error::lic_bad_transition);  // still alive
  ASSERT_EQ(chain_.change(kIssuer, first_, LicenseAction::revoke), std::nullopt);
  EXPECT_EQ(chain_.act(kIssuer, {correction()}), Error::not_found);
  ASSERT_EQ(chain_.act(kIssuer, {chain_.license(fresh, "2020-03-01")}), std::nullopt);
  ASSERT_EQ(chain_.act(kIssuer, {correction()}), std::nullopt);
  EXPECT_EQ(chain_.license_standing(first_).correction, license_key(fresh));
  EXPECT_EQ(chain_.act(kIssuer, {correction()}), Error::lic_bad_transition);
}

}  // namespace
}  // namespace hufu
