#include "ledger/record/blinding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/ledger/world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

const std::string kPrefix = "1.2.156.3005.2.11100000MB0143028R001.11330302XT00001376.";

std::string license(const std::string& serial, const std::string& version) {
  const std::string text = kPrefix + serial + "." + version + ".0";
  LicenseId id = split_license_id(text).value();
  id.check = license_check_char(id).value();
  return id.text();
}

// Computed apart from this code: HMAC-SHA-256 by Python's hmac, MOD 37,36 by its definition.
TEST(Blinding, IsAsItsHeaderSays) {
  EXPECT_EQ(blind_license_id(kLicense, Seed(std::array<std::uint8_t, 32>{1})).value(),
            "1.2.156.3005.2.11100000MB0143028R001.11330302XT00001376.0F34B5484DE02BACBCD0E6B68BEF6CFA.001.Z");
}

RC_GTEST_PROP(Blinding, GivesAnIdentifierOfTheSameForm, ()) {
  const std::string serial = *rc::gen::nonEmpty(rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))));
  RC_PRE(serial.size() <= kLicenseSerialMaxChars);
  const std::string id = license(serial, "001");
  const std::string blinded = blind_license_id(id, seed_of(kIssuer)).value();
  const LicenseId before = parse_license_id(id).value();
  const LicenseId after = parse_license_id(blinded).value();
  RC_ASSERT(after.type == before.type);
  RC_ASSERT(after.issuer == before.issuer);
  RC_ASSERT(after.version == before.version);
  RC_ASSERT(after.serial.size() == 32U);
  RC_ASSERT(after.serial != before.serial);
}

TEST(Blinding, AllVersionsOfOneLicenseShareTheirLineage) {
  const std::string first = blind_license_id(license("A1", "001"), seed_of("a")).value();
  const std::string second = blind_license_id(license("A1", "002"), seed_of("a")).value();
  EXPECT_NE(first, second);
  EXPECT_EQ(parse_license_id(first).value().lineage(), parse_license_id(second).value().lineage());
}

TEST(Blinding, OtherLicensesAndOtherAgenciesGetOtherSerials) {
  const std::string one = blind_license_id(license("A1", "001"), seed_of("a")).value();
  EXPECT_NE(one, blind_license_id(license("A2", "001"), seed_of("a")).value());
  EXPECT_NE(one, blind_license_id(license("A1", "001"), seed_of("b")).value());
  EXPECT_EQ(one, blind_license_id(license("A1", "001"), seed_of("a")).value());
}

TEST(Blinding, WhatIsNoIdentifierIsRefused) {
  EXPECT_EQ(blind_license_id("330102199001011234", seed_of("a")).error(), Error::id_malformed);
  std::string wrong = kLicense;
  wrong.back() = 'Z';
  EXPECT_EQ(blind_license_id(wrong, seed_of("a")).error(), Error::id_check_char);
}

}  // namespace
}  // namespace hufu
