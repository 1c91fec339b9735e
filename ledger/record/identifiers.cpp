#include "ledger/record/identifiers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>

namespace hufu {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

bool all_alphanumeric(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_upper(c); });
}

// Value of a MOD 37,36 character, -1 for a stranger.
constexpr int value36(char c) {
  if (is_digit(c)) return c - '0';
  if (is_upper(c)) return c - 'A' + 10;
  return -1;
}

// The pure system MOD 37,36 as a running product, so that the parts need not be joined.
class Mod3736 {
 public:
  bool add(std::string_view text) {
    for (const char c : text) {
      const int value = value36(c);
      if (value < 0) return false;
      product_ = (product_ + value) % 36;
      if (product_ == 0) product_ = 36;
      product_ = product_ * 2 % 37;
    }
    return true;
  }
  char check() const { return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(37 - product_) % 36]; }

 private:
  int product_ = 36;
};

constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::size_t kUsccChars = 18;
constexpr std::array<int, 17> kUsccWeights = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};

constexpr std::array<std::string_view, 34> kProvinces = {
    "110000", "120000", "130000", "140000", "150000", "210000", "220000", "230000", "310000",
    "320000", "330000", "340000", "350000", "360000", "370000", "410000", "420000", "430000",
    "440000", "450000", "460000", "500000", "510000", "520000", "530000", "540000", "610000",
    "620000", "630000", "640000", "650000", "710000", "810000", "820000"};
constexpr std::string_view kNation = "000000";

struct PlannedCity {
  std::string_view area;
  std::string_view province;
};
constexpr std::array<PlannedCity, 5> kPlannedCities = {{
    {"91", "210000"},  // Dalian
    {"92", "330000"},  // Ningbo
    {"93", "370000"},  // Qingdao
    {"94", "350000"},  // Xiamen
    {"95", "440000"},  // Shenzhen
}};

// Asked of every record, and too short for memcmp to pay.
bool begins_with(std::string_view code, std::string_view two_digits) {
  return code[0] == two_digits[0] && code[1] == two_digits[1];
}

std::optional<std::string_view> province_by_prefix(std::string_view two_digits) {
  for (const std::string_view code : kProvinces) {
    if (begins_with(code, two_digits)) return code;
  }
  return std::nullopt;
}

// Takes the text up to the next dot off the front of rest; false when there is none.
bool take_part(std::string_view& rest, std::string_view& part) {
  const auto dot = rest.find('.');
  if (dot == std::string_view::npos) return false;
  part = rest.substr(0, dot);
  rest.remove_prefix(dot + 1);
  return true;
}

bool within(std::size_t size, std::size_t max) { return size >= 1 && size <= max; }

}  // namespace

Result<char> mod37_36(std::string_view body) {
  Mod3736 sum;
  if (!sum.add(body)) return Error::id_malformed;
  return sum.check();
}

Result<char> mod11_2(std::string_view digits) {
  int product = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return Error::id_malformed;
    product = (product + (c - '0')) * 2 % 11;
  }
  return "0123456789X"[(12 - product) % 11];
}

bool uscc_shaped(std::string_view text) {
  return text.size() == kUsccChars && text.find_first_not_of(kUsccAlphabet) == std::string_view::npos;
}

std::optional<char> uscc_check_char(std::string_view first17) {
  if (first17.size() != kUsccWeights.size()) return std::nullopt;
  int sum = 0;
  for (std::size_t i = 0; i < first17.size(); ++i) {
    const auto value = kUsccAlphabet.find(first17[i]);
    if (value == std::string_view::npos) return std::nullopt;
    sum += static_cast<int>(value) * kUsccWeights[i];
  }
  return kUsccAlphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

bool uscc_valid(std::string_view text) {
  return uscc_shaped(text) && uscc_check_char(text.substr(0, 17)) == text[17];
}

std::string LicenseId::lineage() const {
  std::string out;
  out.reserve(type.size() + issuer.size() + serial.size() + 2);
  out.append(type).append(1, '.').append(issuer).append(1, '.').append(serial);
  return out;
}

std::string LicenseId::text() const {
  std::string out(kLicenseIdRoot);
  out.append(lineage()).append(1, '.').append(version).append(1, '.').append(1, check);
  return out;
}

Result<LicenseId> split_license_id(std::string_view text) {
  if (text.size() > kLicenseIdMaxChars || !text.starts_with(kLicenseIdRoot)) return Error::id_malformed;
  std::string_view rest = text.substr(kLicenseIdRoot.size());
  LicenseId id;
  if (!take_part(rest, id.type) || !take_part(rest, id.issuer) || !take_part(rest, id.serial) ||
      !take_part(rest, id.version)) {
    return Error::id_malformed;
  }
  if (id.type.size() != kLicenseTypeChars || !all_alphanumeric(id.type)) return Error::id_malformed;
  if (!within(id.issuer.size(), kLicenseIssuerMaxChars) || !all_alphanumeric(id.issuer))
    return Error::id_malformed;
  if (!within(id.serial.size(), kLicenseSerialMaxChars) || !all_alphanumeric(id.serial))
    return Error::id_malformed;
  if (id.version.size() != kLicenseVersionChars || !all_digits(id.version)) return Error::id_malformed;
  if (rest.size() != 1 || !all_alphanumeric(rest)) return Error::id_malformed;
  id.check = rest.front();
  return id;
}

Result<char> license_check_char(const LicenseId& id) {
  Mod3736 sum;
  if (!sum.add(id.type) || !sum.add(id.issuer) || !sum.add(id.serial) || !sum.add(id.version)) {
    return Error::id_malformed;
  }
  return sum.check();
}

Result<LicenseId> parse_license_id(std::string_view text) {
  const Result<LicenseId> id = split_license_id(text);
  if (!id) return id;
  const Result<char> check = license_check_char(*id);
  if (!check) return check.error();
  if (*check != id->check) return Error::id_check_char;
  return id;
}

std::string InvoiceNumber::key() const {
  if (kind == InvoiceNumberKind::fully_digital) return number;
  return code + '-' + number;
}

Result<InvoiceNumber> parse_invoice_number(std::string_view code, std::string_view number) {
  if (!all_digits(code) || !all_digits(number)) return Error::id_malformed;
  const auto made = [&](InvoiceNumberKind kind) {
    return InvoiceNumber{.kind = kind, .code = std::string(code), .number = std::string(number)};
  };
  if (code.empty() && number.size() == 20) {
    if (!province_of_tax_area(number.substr(2, 2))) return Error::id_malformed;
    return made(InvoiceNumberKind::fully_digital);
  }
  if ((code.size() == 10 || code.size() == 12) && number.size() == 8) return made(InvoiceNumberKind::coded);
  if (code.size() == 8 && number.size() == 10) return made(InvoiceNumberKind::fiscal);
  return Error::id_malformed;
}

Result<InvoiceNumber> parse_invoice_key(std::string_view key) {
  if (key.size() > kInvoiceKeyMaxChars) return Error::id_malformed;
  const auto hyphen = key.find('-');
  if (hyphen == std::string_view::npos) return parse_invoice_number({}, key);
  if (hyphen == 0) return Error::id_malformed;
  return parse_invoice_number(key.substr(0, hyphen), key.substr(hyphen + 1));
}

bool invoice_check_code_shaped(std::string_view text) { return text.size() == 20 && all_digits(text); }

std::optional<std::string_view> province_of_tax_area(std::string_view two_digits) {
  if (two_digits.size() != 2) return std::nullopt;
  for (const PlannedCity& city : kPlannedCities) {
    if (begins_with(city.area, two_digits)) return city.province;
  }
  return province_by_prefix(two_digits);
}

bool is_province_code(std::string_view text) {
  return text == kNation || std::find(kProvinces.begin(), kProvinces.end(), text) != kProvinces.end();
}

std::optional<std::string_view> province_of_region(std::string_view region_code) {
  if (region_code.size() != 6 || !all_digits(region_code)) return std::nullopt;
  return province_by_prefix(region_code.substr(0, 2));
}

std::optional<std::string_view> province_of_organisation(std::string_view organisation_code) {
  if (!uscc_shaped(organisation_code)) return std::nullopt;
  return province_of_region(organisation_code.substr(2, 6));
}

Result<std::int64_t> parse_yuan(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = negative ? text.substr(1) : text;
  // 17 whole digits are the most that int64 fen can hold; longer ones are refused before they are read.
  if (digits.size() < 4 || digits.size() > 20 || digits[digits.size() - 3] != '.')
    return Error::amount_malformed;
  const std::string_view whole = digits.substr(0, digits.size() - 3);
  const std::string_view cents = digits.substr(digits.size() - 2);
  if (!all_digits(whole) || !all_digits(cents)) return Error::amount_malformed;
  if (whole.size() > 1 && whole.front() == '0') return Error::amount_malformed;

  std::uint64_t fen = 0;
  for (const char c : whole) fen = fen * 10 + static_cast<std::uint64_t>(c - '0');
  for (const char c : cents) fen = fen * 10 + static_cast<std::uint64_t>(c - '0');
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (fen > kMax + (negative ? 1 : 0)) return Error::amount_malformed;
  if (negative && fen == 0) return Error::amount_malformed;
  return static_cast<std::int64_t>(negative ? 0 - fen : fen);
}

std::string format_yuan(std::int64_t fen) {
  const bool negative = fen < 0;
  const std::uint64_t size = negative ? 0 - static_cast<std::uint64_t>(fen) : static_cast<std::uint64_t>(fen);
  std::string out = negative ? "-" : "";
  out += std::to_string(size / 100);
  out += '.';
  out += static_cast<char>('0' + size % 100 / 10);
  out += static_cast<char>('0' + size % 10);
  return out;
}

std::optional<CivilDay> civil_day(int year, unsigned month, unsigned day) {
  if (year < 1 || year > 9999) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!date.ok()) return std::nullopt;
  return static_cast<CivilDay>(std::chrono::sys_days{date}.time_since_epoch().count());
}

Result<CivilDay> parse_civil_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return Error::day_malformed;
  const std::string_view year = text.substr(0, 4);
  const std::string_view month = text.substr(5, 2);
  const std::string_view day = text.substr(8, 2);
  if (!all_digits(year) || !all_digits(month) || !all_digits(day)) return Error::day_malformed;
  const auto number = [](std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
  };
  const auto found =
      civil_day(number(year), static_cast<unsigned>(number(month)), static_cast<unsigned>(number(day)));
  if (!found) return Error::day_malformed;
  return *found;
}

std::string format_civil_day(CivilDay day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  std::string out = "0000-00-00";
  const auto put = [&out](std::size_t at, std::size_t width, unsigned value) {
    for (std::size_t i = width; i-- > 0; value /= 10) out[at + i] = static_cast<char>('0' + value % 10);
  };
  put(0, 4, static_cast<unsigned>(static_cast<int>(date.year())));
  put(5, 2, static_cast<unsigned>(date.month()));
  put(8, 2, static_cast<unsigned>(date.day()));
  return out;
}

CivilDay china_day_at(std::int64_t unix_ms) {
  constexpr std::int64_t kOffsetMs = 8 * 3600 * 1000;
  constexpr std::int64_t kDayMs = 24 * 3600 * 1000;
  const std::int64_t days = unix_ms / kDayMs;
  const std::int64_t in_day = unix_ms % kDayMs + kOffsetMs;
  const std::int64_t carry = in_day < 0 ? -1 : in_day >= kDayMs ? 1 : 0;
  return static_cast<CivilDay>(std::clamp<std::int64_t>(days + carry, kMinCivilDay, kMaxCivilDay));
}

}  // namespace hufu
