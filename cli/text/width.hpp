// Text on a terminal: how wide it is, columns that line up under Chinese characters, names that are not shown in full.
//
// Pure. Widths follow UAX #11: wide and full-width characters take two cells, combining marks none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hufu::cli::text {

// The next character of UTF-8 text, and how many bytes it takes; a byte that is no UTF-8 counts as U+FFFD, one byte.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;
};
CodePoint next_code_point(std::string_view text);

std::size_t width(char32_t code_point);
std::size_t width(std::string_view text);

// With spaces up to `cells`; longer text stays as it is.
std::string pad(std::string_view text, std::size_t cells);
// At most `cells` wide; what is cut is shown as "…".
std::string shorten(std::string_view text, std::size_t cells);
// Without control characters, so that no record can move the cursor or colour the screen: each becomes U+FFFD.
std::string printable(std::string_view text);

// A person's or an organisation's name for the screen at a counter: the first character and the last stay (of two, the
// first), everything between is a star: 温****司, 王*, 欧**娜. Codes keep their first and last four characters.
std::string masked_name(std::string_view name);
std::string masked_code(std::string_view code);

// Columns two spaces apart; the last one is not padded.
class Table {
 public:
  explicit Table(std::vector<std::string> header = {}) {
    if (!header.empty()) rows_.push_back(std::move(header));
  }
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  std::string str(std::string_view indent = "") const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// 1234567 -> "1,234,567"
std::string grouped(std::uint64_t number);
// 90 -> "1m 30s", 3725 -> "1h 02m"
std::string duration(double seconds);
std::string bytes_size(std::uint64_t bytes);  // "3.4 GiB"

}  // namespace hufu::cli::text
