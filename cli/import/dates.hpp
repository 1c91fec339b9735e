// The many shapes of a date in an office's table.
//
// Pure. Understood, with full-width digits and a spreadsheet's text mark removed first:
//   2024-05-12  2024/5/12  2024.5.12  2024年5月12日  20240512  20240512093559  二〇二四年五月十二日
//   each of these with a time behind it, with or without an offset (2024-05-11T16:00:00.000Z is 12 May in China)
//   45424  45424.5               days since 1899-12-30, as a spreadsheet counts
//   12/5/24  12/5/2024           order of the parts as DateOrder says
//   长期  长期有效  永久  9999-12-31  2099-12-31  ----   no end (only where an end is asked for)
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ledger/record/identifiers.hpp"

namespace hufu::cli::importer {

enum class DateOrder : std::uint8_t { day_month_year, year_month_day, month_day_year };
inline constexpr std::array kDateOrders = {DateOrder::day_month_year, DateOrder::year_month_day,
                                           DateOrder::month_day_year};

std::string_view name_of(DateOrder order);  // "dmy", "ymd", "mdy"
std::optional<DateOrder> date_order_named(std::string_view name);

struct Date {
  CivilDay day = 0;
  std::int32_t second_of_day = 0;  // China time; 0 when the cell gives only a day
  bool serial = false;             // was a spreadsheet's day number
  bool ambiguous = false;          // the parts could be read in another order
};

// nullopt when it is none of the above; blank cells are the caller's business.
std::optional<Date> read_date(std::string_view cell, DateOrder order);

// True for what stands in the place of an end that never comes, the empty cell included.
bool is_open_end(std::string_view cell);

// Three short numbers between slashes, dots or hyphens: what DateOrder decides about. For the guess over a column.
struct ShortDate {
  std::array<unsigned, 3> part{};
};
std::optional<ShortDate> read_short_date(std::string_view cell);
std::optional<CivilDay> day_of(const ShortDate& date, DateOrder order);

// "YYYY-MM-DD", or with a time "YYYY-MM-DDTHH:MM:SS+08:00".
std::string format_day(const Date& date);
std::string format_moment(const Date& date);

}  // namespace hufu::cli::importer
