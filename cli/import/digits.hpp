// ASCII digits, whatever the locale says.
#pragma once

#include <algorithm>
#include <string_view>

namespace hufu::cli::importer {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

}  // namespace hufu::cli::importer
