#include "cli/import/dates.hpp"

#include <algorithm>
#include <string>

#include "cli/import/cells.hpp"
#include "cli/import/digits.hpp"

namespace hufu::cli::importer {
namespace {

constexpr CivilDay kSpreadsheetEpoch = -25569;  // 1899-12-30
constexpr int kSerialMin = 10'000;              // 1927: below, a number is no day anybody records
constexpr int kSerialMax = 80'000;              // 2119
constexpr std::size_t kDateMaxBytes = 64;
constexpr std::int32_t kDaySeconds = 24 * 3600;
constexpr std::int32_t kChinaOffset = 8 * 3600;

// Up to `max` digits off the front; nullopt when there is none.
std::optional<unsigned> take_number(std::string_view& text, std::size_t max) {
  std::size_t n = 0;
  unsigned value = 0;
  while (n < text.size() && n < max && is_digit(text[n]))
    value = value * 10 + static_cast<unsigned>(text[n++] - '0');
  if (n == 0) return std::nullopt;
  text.remove_prefix(n);
  return value;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// One of the separators that may stand between the parts of a date.
bool take_separator(std::string_view& text, std::string_view chinese) {
  while (take(text, " ")) {
  }
  const bool found = take(text, "-") || take(text, "/") || take(text, ".") || take(text, chinese);
  while (found && take(text, " ")) {
  }
  return found;
}

// "09:35", "09:35:59", "09:35:59.000", then an optional "Z", "+0800", "+08:00". The moment is moved to China time.
bool take_time(std::string_view text, Date& date) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return false;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return false;
  unsigned second = 0;
  if (take(text, ":")) {
    const auto read = take_number(text, 2);
    if (!read || *read > 60) return false;
    second = std::min(*read, 59u);
    if (take(text, ".") && !take_number(text, 9)) return false;
  }
  date.second_of_day = static_cast<std::int32_t>(*hour * 3600 + *minute * 60 + second);
  if (text.empty()) return true;

  std::int32_t offset = 0;
  if (!take(text, "Z")) {
    const bool west = text.starts_with('-');
    if (!take(text, "+") && !take(text, "-")) return false;
    const auto hours = take_number(text, 2);
    take(text, ":");
    const auto minutes = take_number(text, 2);
    if (!hours || *hours > 14 || !minutes || *minutes > 59) return false;
    offset = static_cast<std::int32_t>(*hours * 3600 + *minutes * 60);
    if (west) offset = -offset;
  }
  if (!text.empty()) return false;
  std::int32_t seconds = date.second_of_day - offset + kChinaOffset;
  if (seconds < 0) date.day -= 1, seconds += kDaySeconds;
  if (seconds >= kDaySeconds) date.day += 1, seconds -= kDaySeconds;
  date.second_of_day = seconds;
  return date.day >= kMinCivilDay && date.day <= kMaxCivilDay;
}

bool take_rest(std::string_view text, Date& date) {
  while (take(text, " ")) {
  }
  take(text, "日");
  if (take(text, "T")) return take_time(text, date);
  while (take(text, " ")) {
  }
  return text.empty() || take_time(text, date);
}

std::optional<Date> long_date(std::string_view text) {
  const auto year = take_number(text, 4);
  if (!year || *year < 1000 || !take_separator(text, "年")) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take_separator(text, "月")) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const auto civil = civil_day(static_cast<int>(*year), *month, *day);
  if (!civil) return std::nullopt;
  Date date{.day = *civil};
  if (!take_rest(text, date)) return std::nullopt;
  return date;
}

// 20240512 or 20240512093559.
std::optional<Date> compact_date(std::string_view text) {
  if ((text.size() != 8 && text.size() != 14) || !std::all_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t width) {
    std::string_view part = text.substr(at, width);
    return *take_number(part, width);
  };
  const auto civil = civil_day(static_cast<int>(number(0, 4)), number(4, 2), number(6, 2));
  if (!civil || number(0, 4) < 1000) return std::nullopt;
  Date date{.day = *civil};
  if (text.size() == 8) return date;
  if (number(8, 2) > 23 || number(10, 2) > 59 || number(12, 2) > 59) return std::nullopt;
  date.second_of_day = static_cast<std::int32_t>(number(8, 2) * 3600 + number(10, 2) * 60 + number(12, 2));
  return date;
}

std::optional<Date> serial_date(std::string_view text) {
  if (text.size() < 5) return std::nullopt;
  const auto days = take_number(text, 5);
  if (!days || *days < kSerialMin || *days > kSerialMax) return std::nullopt;
  Date date{.day = kSpreadsheetEpoch + static_cast<CivilDay>(*days), .serial = true};
  if (text.empty()) return date;
  // The fraction of a day; nine digits are finer than a second.
  if (!take(text, ".") || text.empty() || !std::all_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  std::int64_t part = 0;
  std::int64_t whole = 1;
  for (const char c : text.substr(0, 9)) part = part * 10 + (c - '0'), whole *= 10;
  date.second_of_day =
      static_cast<std::int32_t>(std::min<std::int64_t>(part * kDaySeconds / whole, kDaySeconds - 1));
  return date;
}

// Chinese numerals as digits: 二〇二四年五月十二日 -> 2024年5月12日. Only what dates need: single digits and tens.
std::string western_digits(std::string_view text) {
  constexpr std::array<std::string_view, 10> kDigits = {"〇", "一", "二", "三", "四",
                                                        "五", "六", "七", "八", "九"};
  std::string out;
  const auto digit_at = [&](std::string_view rest) -> int {
    if (rest.starts_with("零") || rest.starts_with("○")) return 0;
    for (std::size_t i = 0; i < kDigits.size(); ++i) {
      if (rest.starts_with(kDigits[i])) return static_cast<int>(i);
    }
    return -1;
  };
  while (!text.empty()) {
    if (text.starts_with("十")) {
      text.remove_prefix(3);
      if (out.empty() || !is_digit(out.back())) out += '1';
      if (digit_at(text) < 0) out += '0';
    } else if (const int digit = digit_at(text); digit >= 0) {
      text.remove_prefix(3);
      out += static_cast<char>('0' + digit);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

// Half-width, trimmed, without a text mark; empty when too long to be a date.
std::string plain(std::string_view cell) {
  std::string_view text = trim(cell);
  if (text.starts_with('\'')) text = trim(text.substr(1));
  if (text.size() > kDateMaxBytes) return {};
  if (text.find('\xEF') == std::string_view::npos && text.find('\xE3') == std::string_view::npos)
    return std::string(text);
  return fold_width(text);
}

std::optional<ShortDate> short_date(std::string_view text) {
  ShortDate date;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t before = text.size();
    const auto number = take_number(text, i == 2 ? 4 : 2);
    if (!number) return std::nullopt;
    // A last part of four digits can only be a year; of three digits nothing at all.
    if (i == 2 && before - text.size() == 3) return std::nullopt;
    date.part[i] = *number;
    if (i < 2 && !take(text, "/") && !take(text, "-") && !take(text, ".")) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return date;
}

int full_year(unsigned year) {
  return static_cast<int>(year < 100 ? (year < 70 ? 2000 + year : 1900 + year) : year);
}

std::optional<Date> ordered_date(std::string_view text, DateOrder order) {
  const auto parts = short_date(text);
  if (!parts) return std::nullopt;
  auto day = day_of(*parts, order);
  for (const DateOrder other : kDateOrders) {
    if (!day) day = day_of(*parts, other);
  }
  if (!day) return std::nullopt;
  Date date{.day = *day};
  // A two-digit year leaves open which part is the year; a full one only which is the day, unless one part tells.
  const bool full = parts->part[2] > 99;
  date.ambiguous =
      !full || (parts->part[0] <= 12 && parts->part[1] <= 12 && parts->part[0] != parts->part[1]);
  return date;
}

}  // namespace

std::string_view name_of(DateOrder order) {
  constexpr std::array<std::string_view, 3> kNames = {"dmy", "ymd", "mdy"};
  return kNames[static_cast<std::size_t>(order)];
}

std::optional<DateOrder> date_order_named(std::string_view name) {
  for (const DateOrder order : kDateOrders) {
    if (name_of(order) == name) return order;
  }
  return std::nullopt;
}

std::optional<Date> read_date(std::string_view cell, DateOrder order) {
  const std::string text = plain(cell);
  if (text.empty()) return std::nullopt;
  if (is_digit(text.front())) {
    if (const auto date = long_date(text)) return date;
    if (const auto date = compact_date(text)) return date;
    if (const auto date = serial_date(text)) return date;
    return ordered_date(text, order);
  }
  return long_date(western_digits(text));
}

bool is_open_end(std::string_view cell) {
  if (says_nothing(cell)) return true;
  const std::string text = plain(cell);
  for (const std::string_view word :
       {"长期", "长期有效", "永久", "永久有效", "无固定期限", "无期限", "99991231"}) {
    if (text == word) return true;
  }
  if (!text.starts_with("9999") && !text.starts_with("2099")) return false;
  const auto date = read_date(text, DateOrder::year_month_day);
  return date && (format_civil_day(date->day) == "9999-12-31" || format_civil_day(date->day) == "2099-12-31");
}

std::optional<ShortDate> read_short_date(std::string_view cell) { return short_date(plain(cell)); }

std::optional<CivilDay> day_of(const ShortDate& date, DateOrder order) {
  const auto [a, b, c] = date.part;
  if (order == DateOrder::day_month_year) return civil_day(full_year(c), b, a);
  if (order == DateOrder::month_day_year) return civil_day(full_year(c), a, b);
  if (c > 31) return std::nullopt;
  return civil_day(full_year(a), b, c);
}

std::string format_day(const Date& date) { return format_civil_day(date.day); }

std::string format_moment(const Date& date) {
  std::string out = format_civil_day(date.day);
  if (date.second_of_day == 0) return out;
  const auto two = [&out](char before, std::int32_t value) {
    out += before;
    out += static_cast<char>('0' + value / 10);
    out += static_cast<char>('0' + value % 10);
  };
  two('T', date.second_of_day / 3600);
  two(':', date.second_of_day / 60 % 60);
  two(':', date.second_of_day % 60);
  return out + "+08:00";
}

}  // namespace hufu::cli::importer
