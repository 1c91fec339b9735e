// The names that licenses, organisations, invoices, provinces, sums and days carry in the field.
//
// Pure: text in, value out; no table here depends on the day it is asked. Every parser is strict: it accepts
// exactly the canonical spelling, so `format(parse(x)) == x` for all that it accepts. Mending what an office
// really wrote (full-width digits, lost zeros, lower case) is the importer's business, never the ledger's.
//
// Grammar (GB/T 36904-2018, GB 32100-2015, GB/T 2260, ISO 7064):
//   license id  = "1.2.156.3005.2." type "." issuer "." serial "." version "." check
//     type      = 21 (digit / upper)      the body that defines the type (USCC, 18) and its number (3)
//     issuer    = 1*32 (digit / upper)    a USCC as a rule; a region code such as 340100 in older data
//     serial    = 1*64 (digit / upper)
//     version   = 3 digit
//     check     = MOD 37,36 over type issuer serial version, without root and dots
//   invoice key = 20 digit                                 fully digital: year(2) area(2) channel(1)
//   sequence(15)
//               / (10 digit / 12 digit) "-" 8 digit        older kinds: code, number
//               / 8 digit "-" 10 digit                     fiscal e-bill: code, number
//   The hyphen keeps apart what plain concatenation confuses: 12+8 digits are 20, 8+10 and 10+8 are both 18.
//   yuan        = ["-"] ("0" / nonzero *digit) "." 2 digit, within int64 fen; never "-0.00"
//   day         = YYYY "-" MM "-" DD, a day that exists, years 0001 to 9999
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/error.hpp"

namespace hufu {

// ---- check characters ----

// ISO 7064 MOD 37,36 check character over [0-9A-Z]*; id_malformed for any other character. The empty text has
// one too.
Result<char> mod37_36(std::string_view body);

// ISO 7064 MOD 11,2 check character (0-9 or X) over digits, as in the last place of a citizen number.
Result<char> mod11_2(std::string_view digits);

// True iff text is a unified social credit code whose 18th character is right. The ledger warns on a holder
// that fails and never refuses: real companies fail it. The check of the embedded organisation code is not
// enforced.
bool uscc_valid(std::string_view text);

// True iff text has the form of one: 18 characters of the 31 that GB 32100 allows.
bool uscc_shaped(std::string_view text);

// The 18th character for the first 17; nullopt when they are not 17 characters of the alphabet.
std::optional<char> uscc_check_char(std::string_view first17);

// ---- e-license identifier ----

inline constexpr std::string_view kLicenseIdRoot = "1.2.156.3005.2.";
inline constexpr std::size_t kLicenseTypeChars = 21;
inline constexpr std::size_t kLicenseIssuerMaxChars = 32;
inline constexpr std::size_t kLicenseSerialMaxChars = 64;
inline constexpr std::size_t kLicenseVersionChars = 3;
inline constexpr std::size_t kLicenseIdMaxChars = kLicenseIdRoot.size() + kLicenseTypeChars +
                                                  kLicenseIssuerMaxChars + kLicenseSerialMaxChars +
                                                  kLicenseVersionChars + 1 + 4;

// The parts, as views into the text that was parsed: they live as long as that text does.
struct LicenseId {
  std::string_view type;
  std::string_view issuer;
  std::string_view serial;
  std::string_view version;
  char check = '\0';

  // "type.issuer.serial": of all identifiers that share it at most one is live (one live version).
  std::string lineage() const;
  std::string text() const;

  friend bool operator==(const LicenseId&, const LicenseId&) = default;
};

// The form alone; id_malformed otherwise. For looking at records that may carry a wrong check character.
Result<LicenseId> split_license_id(std::string_view text);

// Form first (id_malformed), then the check character (id_check_char).
Result<LicenseId> parse_license_id(std::string_view text);

// The check character the parts call for.
Result<char> license_check_char(const LicenseId& id);

// Views into a temporary would dangle.
template <class S>
requires std::same_as<S, std::string> Result<LicenseId> split_license_id(S&&)
= delete;
template <class S>
requires std::same_as<S, std::string> Result<LicenseId> parse_license_id(S&&)
= delete;

// ---- invoice numbers ----

enum class InvoiceNumberKind : std::uint8_t {
  fully_digital = 1,  // 数电票, 20 digits, no code
  coded = 2,          // older paper and electronic kinds, code 10 or 12 + number 8 (+ check code 20)
  fiscal = 3,         // 财政电子票据, code 8 + number 10
};

inline constexpr std::size_t kInvoiceKeyMaxChars = 21;

struct InvoiceNumber {
  InvoiceNumberKind kind = InvoiceNumberKind::fully_digital;
  std::string code;  // empty for fully digital
  std::string number;

  std::string key() const;  // the one spelling under which the ledger knows it
  friend bool operator==(const InvoiceNumber&, const InvoiceNumber&) = default;
};

// code is empty for fully digital invoices. id_malformed when the lengths fit no kind, a character is no
// digit, or a fully digital number names an area that does not exist.
Result<InvoiceNumber> parse_invoice_number(std::string_view code, std::string_view number);

// The inverse of InvoiceNumber::key().
Result<InvoiceNumber> parse_invoice_key(std::string_view key);

// The 20-digit check code printed on older kinds.
bool invoice_check_code_shaped(std::string_view text);

// Province code of the tax area in a 20-digit number: the first two digits of a province, or 91-95 for the
// cities with a plan of their own; nullopt for any other.
std::optional<std::string_view> province_of_tax_area(std::string_view two_digits);

// ---- provinces ----

// One of the 34 six-digit codes of GB/T 2260, or "000000" for the nation as a whole.
bool is_province_code(std::string_view text);

// The province in which a region code or a USCC-like organisation code lies ("1133..." -> "330000"); nullopt
// if none.
std::optional<std::string_view> province_of_region(std::string_view region_code);
std::optional<std::string_view> province_of_organisation(std::string_view organisation_code);

// ---- sums and days ----

// Decimal yuan to fen and back, exactly two decimals.
Result<std::int64_t> parse_yuan(std::string_view text);
std::string format_yuan(std::int64_t fen);

// Days since 1970-01-01 in the civil calendar of China; business time in the ledger is such a day.
using CivilDay = std::int32_t;
inline constexpr CivilDay kMinCivilDay = -719162;  // 0001-01-01
inline constexpr CivilDay kMaxCivilDay = 2932896;  // 9999-12-31
// One that the calendar has; everything derived from it stays within range.
constexpr bool is_day(CivilDay day) { return day >= kMinCivilDay && day <= kMaxCivilDay; }

std::optional<CivilDay> civil_day(int year, unsigned month, unsigned day);
Result<CivilDay> parse_civil_day(std::string_view text);
std::string format_civil_day(CivilDay day);  // day within [kMinCivilDay, kMaxCivilDay]

// The civil day in China (UTC+8, no summer time) at a moment in Unix milliseconds.
CivilDay china_day_at(std::int64_t unix_ms);

}  // namespace hufu
