// Identifiers, check characters, sums and days. The vectors in the text come from published examples of the
// standards; the fuller list is read from the shared folder when that is beside the project.
#include "ledger/record/identifiers.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

namespace hufu {
namespace {

std::filesystem::path shared_folder() {
  if (const char* named = std::getenv("HUFU_SHARED")) return named;
  return std::filesystem::path(HUFU_SOURCE_DIR) / ".." / "shared";
}

const std::string kBusinessLicense =
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U";

TEST(CheckCharacters, Mod3736OfPublishedIdentifiers) {
  EXPECT_EQ(mod37_36("11100000000013338W01111430000006122244L20230000403001").value(), 'U');
  EXPECT_EQ(mod37_36("11100000000013338W01111430000006122244L20230000403002").value(), 'S');
  EXPECT_EQ(mod37_36("A12425GABC1234002").value(), 'M');
  EXPECT_EQ(mod37_36("").value(), '1');
  EXPECT_EQ(mod37_36("abc").error(), Error::id_malformed);
}

TEST(CheckCharacters, Mod112OfPublishedNumbers) {
  EXPECT_EQ(mod11_2("11010519491231002").value(), 'X');
  EXPECT_EQ(mod11_2("000000021825009").value(), '7');
  EXPECT_EQ(mod11_2("1101051949123100X").error(), Error::id_malformed);
}

TEST(CheckCharacters, UsccAcceptsTheRightLastCharacterOnly) {
  EXPECT_TRUE(uscc_valid("91350100M000100Y43"));
  EXPECT_FALSE(uscc_valid("91350100M000100Y44"));
  EXPECT_TRUE(uscc_shaped("91350211M0000XUF46"));
  EXPECT_FALSE(uscc_valid("91350211M0000XUF46"));
  EXPECT_FALSE(uscc_shaped("91350100M000100I43")) << "I, O, S, V and Z are not in the alphabet";
  EXPECT_FALSE(uscc_valid("91350100M000100Y4"));
  EXPECT_FALSE(uscc_valid(""));
}

TEST(CheckCharacters, SharedVectors) {
  std::ifstream file(shared_folder() / "vectors" / "identifiers.json");
  if (!file) GTEST_SKIP() << "vectors/identifiers.json not found; set HUFU_SHARED";
  std::stringstream text;
  text << file.rdbuf();
  const boost::json::value root = boost::json::parse(text.str());
  for (const auto& pair : root.at("mod37_36").as_array()) {
    const std::string body(pair.at(0).as_string());
    EXPECT_EQ(std::string(1, mod37_36(body).value()), std::string(pair.at(1).as_string())) << body;
  }
  for (const auto& pair : root.at("mod11_2").as_array()) {
    const std::string body(pair.at(0).as_string());
    EXPECT_EQ(std::string(1, mod11_2(body).value()), std::string(pair.at(1).as_string())) << body;
  }
  for (const auto& code : root.at("uscc_valid").as_array())
    EXPECT_TRUE(uscc_valid(std::string(code.as_string())));
  for (const auto& pair : root.at("uscc_fail").as_array()) {
    EXPECT_FALSE(uscc_valid(std::string(pair.at(0).as_string())));
  }
}

RC_GTEST_PROP(CheckCharacters, Mod3736FindsEverySingleSubstitution, ()) {
  const auto body = *rc::gen::nonEmpty(rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))));
  auto changed = body;
  const auto at = *rc::gen::inRange<std::size_t>(0, body.size());
  changed[at] = *rc::gen::elementOf(std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
  RC_PRE(changed != body);
  RC_ASSERT(mod37_36(changed).value() != mod37_36(body).value());
}

TEST(LicenseIdentifier, PartsOfAPublishedOne) {
  const auto id = parse_license_id(kBusinessLicense);
  ASSERT_TRUE(id);
  EXPECT_EQ(id->type, "11100000000013338W011");
  EXPECT_EQ(id->issuer, "11430000006122244L");
  EXPECT_EQ(id->serial, "20230000403");
  EXPECT_EQ(id->version, "001");
  EXPECT_EQ(id->check, 'U');
  EXPECT_EQ(id->text(), kBusinessLicense);
  EXPECT_EQ(id->lineage(), "11100000000013338W011.11430000006122244L.20230000403");
}

TEST(LicenseIdentifier, AnIssuerMayBeARegionCode) {
  EXPECT_TRUE(parse_license_id("1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9"));
}

TEST(LicenseIdentifier, WrongCheckCharacterIsToldApartFromWrongForm) {
  std::string wrong = kBusinessLicense;
  wrong.back() = 'V';
  EXPECT_EQ(parse_license_id(wrong).error(), Error::id_check_char);
  EXPECT_TRUE(split_license_id(wrong));
}

TEST(LicenseIdentifier, EveryDepartureFromTheGrammarIsMalformed) {
  const std::string type = "11100000000013338W011";
  const std::string root(kLicenseIdRoot);
  for (const std::string& text :
       {std::string(), root, std::string("1.2.156.3005.3.") + type + ".340100.1.001.1",
        root + type + ".340100.1.001", root + type + ".340100.1.001.", root + type + ".340100.1.001.11",
        root + type + ".340100.1.01.1", root + type + ".340100..001.1", root + type + "..1.001.1",
        root + type + "1.340100.1.001.1", root + type + ".340100.1.0A1.1", root + type + ".340100.a.001.1",
        root + type + ".340100.1.001.1.1",
        root + type + ".340100." + std::string(kLicenseSerialMaxChars + 1, '1') + ".001.1",
        root + type + '.' + std::string(kLicenseIssuerMaxChars + 1, '1') + ".1.001.1", ' ' + kBusinessLicense,
        kBusinessLicense + '\n', std::string(1 << 20, '1')}) {
    EXPECT_EQ(parse_license_id(text).error(), Error::id_malformed) << text.substr(0, 120);
  }
}

TEST(LicenseIdentifier, TheLongestPartsFit) {
  std::string text = std::string(kLicenseIdRoot) + std::string(kLicenseTypeChars, 'Z') + '.' +
                     std::string(kLicenseIssuerMaxChars, 'Z') + '.' +
                     std::string(kLicenseSerialMaxChars, 'Z') + ".999.";
  const std::string unchecked = text + "0";
  text += license_check_char(split_license_id(unchecked).value()).value();
  EXPECT_EQ(text.size(), kLicenseIdMaxChars);
  EXPECT_TRUE(parse_license_id(text));
}

RC_GTEST_PROP(LicenseIdentifier, WhatIsAcceptedIsWrittenAlike, (const std::string& noise)) {
  const std::string text = *rc::gen::element(noise, std::string(kLicenseIdRoot) + noise, kBusinessLicense);
  const auto id = split_license_id(text);
  if (id) RC_ASSERT(id->text() == text);
}

TEST(InvoiceNumber, ThreeKindsAndTheirKeys) {
  const auto digital = parse_invoice_number("", "24932000000306111419");
  EXPECT_EQ(digital->kind, InvoiceNumberKind::fully_digital);
  EXPECT_EQ(digital->key(), "24932000000306111419");
  const auto coded = parse_invoice_number("031001900111", "12345678");
  EXPECT_EQ(coded->kind, InvoiceNumberKind::coded);
  EXPECT_EQ(coded->key(), "031001900111-12345678");
  EXPECT_EQ(parse_invoice_number("3100153130", "12345678")->kind, InvoiceNumberKind::coded);
  const auto fiscal = parse_invoice_number("31060123", "0012345678");
  EXPECT_EQ(fiscal->kind, InvoiceNumberKind::fiscal);
  for (const auto& number : {*digital, *coded, *fiscal})
    EXPECT_EQ(parse_invoice_key(number.key()).value(), number);
}

TEST(InvoiceNumber, LengthsThatFitNoKindAreMalformed) {
  for (const auto& [code, number] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"", ""},
                                                                            {"", "2493200000030611141"},
                                                                            {"", "249320000003061114190"},
                                                                            {"", "12345678"},
                                                                            {"3100153130", "1234567"},
                                                                            {"31001531301", "12345678"},
                                                                            {"12345678", "12345678"},
                                                                            {"", "2493200000030611141X"},
                                                                            {"", "24992000000306111419"},
                                                                            {"0310019001-1", "12345678"}}) {
    EXPECT_EQ(parse_invoice_number(code, number).error(), Error::id_malformed) << code << '/' << number;
  }
  EXPECT_FALSE(parse_invoice_key("031001900111-12345678-"));
  EXPECT_FALSE(parse_invoice_key("-24932000000306111419"));
}

TEST(InvoiceNumber, PlannedCitiesLieInTheirProvinces) {
  EXPECT_EQ(province_of_tax_area("91"), "210000");
  EXPECT_EQ(province_of_tax_area("95"), "440000");
  EXPECT_EQ(province_of_tax_area("31"), "310000");
  EXPECT_EQ(province_of_tax_area("96"), std::nullopt);
  EXPECT_TRUE(invoice_check_code_shaped("12345678901234567890"));
  EXPECT_FALSE(invoice_check_code_shaped("1234567890123456789"));
}

TEST(Province, ThirtyFourAndTheNation) {
  int known = 0;
  for (int code = 0; code < 1'000'000; ++code) {
    std::string text = std::to_string(code);
    text.insert(0, 6 - text.size(), '0');
    known += is_province_code(text) ? 1 : 0;
  }
  EXPECT_EQ(known, 35);
  EXPECT_EQ(province_of_region("330105"), "330000");
  EXPECT_EQ(province_of_region("990105"), std::nullopt);
  EXPECT_EQ(province_of_organisation("11330105XT00001452"), "330000");
  EXPECT_EQ(province_of_organisation("11100000MB0143028R"), std::nullopt) << "a body of the nation";
}

TEST(Yuan, ExactlyTwoDecimalsAndNoOtherSpelling) {
  EXPECT_EQ(parse_yuan("6181.77").value(), 618177);
  EXPECT_EQ(parse_yuan("-0.01").value(), -1);
  EXPECT_EQ(parse_yuan("92233720368547758.07").value(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parse_yuan("-92233720368547758.08").value(), std::numeric_limits<std::int64_t>::min());
  for (const std::string_view text : {"", "1", "1.", "1.0", ".50", "01.00", "-0.00", "+1.00", "1,000.00",
                                      "1.000", " 1.00", "1.00 ", "--1.00", "1e2.00", "92233720368547758.08",
                                      "-92233720368547758.09", "100000000000000000000000000.00"}) {
    EXPECT_EQ(parse_yuan(text).error(), Error::amount_malformed) << text;
  }
}

RC_GTEST_PROP(Yuan, RoundTrips, (std::int64_t fen)) {
  RC_ASSERT(parse_yuan(format_yuan(fen)).value() == fen);
}

TEST(CivilDay, KnownDays) {
  EXPECT_EQ(parse_civil_day("1970-01-01").value(), 0);
  EXPECT_EQ(parse_civil_day("2024-02-29").value(), 19782);
  EXPECT_EQ(parse_civil_day("0001-01-01").value(), kMinCivilDay);
  EXPECT_EQ(parse_civil_day("9999-12-31").value(), kMaxCivilDay);
  for (const std::string_view text : {"2023-02-29", "2024-13-01", "2024-00-10", "2024-01-32", "0000-01-01",
                                      "2024-1-01", "2024/01/01", "2024-01-01 ", "", "20240101"}) {
    EXPECT_EQ(parse_civil_day(text).error(), Error::day_malformed) << text;
  }
}

RC_GTEST_PROP(CivilDay, RoundTrips, ()) {
  const auto day = *rc::gen::inRange<CivilDay>(kMinCivilDay, kMaxCivilDay + 1);
  RC_ASSERT(parse_civil_day(format_civil_day(day)).value() == day);
}

TEST(CivilDay, TheDayInChinaBeginsEightHoursBeforeUtc) {
  constexpr std::int64_t kHour = 3600 * 1000;
  EXPECT_EQ(china_day_at(0), 0);
  EXPECT_EQ(china_day_at(16 * kHour - 1), 0);
  EXPECT_EQ(china_day_at(16 * kHour), 1);
  EXPECT_EQ(china_day_at(-8 * kHour), 0);
  EXPECT_EQ(china_day_at(-8 * kHour - 1), -1);
  EXPECT_EQ(china_day_at(std::numeric_limits<std::int64_t>::max()), kMaxCivilDay);
  EXPECT_EQ(china_day_at(std::numeric_limits<std::int64_t>::min()), kMinCivilDay);
}

}  // namespace
}  // namespace hufu
