// Text by lines, numbered from one. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace hufu::cli::text {

// take(number, line) for every line that holds something; a last line needs no line feed.
template <class Take>
void each_line(std::string_view text, Take take) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") != std::string_view::npos) take(number, line);
  }
}

}  // namespace hufu::cli::text
