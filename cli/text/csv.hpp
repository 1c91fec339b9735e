// Lines of CSV (RFC 4180) for spreadsheets. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hufu::cli::text {

// What makes a spreadsheet read a file as UTF-8; stands at its beginning.
inline constexpr std::string_view kCsvBegin = "\xEF\xBB\xBF";

// Quoted where it must be. Text that a spreadsheet would compute (=, +, -, @, and not a number) gets an apostrophe in front:
// names come from strangers.
std::string csv_cell(std::string_view text);
// With its line end.
std::string csv_line(const std::vector<std::string>& cells);

}  // namespace hufu::cli::text
