#include "cli/text/width.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hufu::cli::text {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// East Asian Wide and Fullwidth (UAX #11), blocks joined where only unassigned characters lie between.
constexpr std::array kWide = {
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x2329, 0x232A},   Range{0x23E9, 0x23EC},
    Range{0x25FD, 0x25FE},   Range{0x2614, 0x2615},   Range{0x26A1, 0x26A1},   Range{0x2705, 0x2705},
    Range{0x274C, 0x274C},   Range{0x2753, 0x2757},   Range{0x2795, 0x2797},   Range{0x2E80, 0x303E},
    Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},
    Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE10, 0xFE19},
    Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x16FE0, 0x18DFF},
    Range{0x1B000, 0x1B2FF}, Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF},
    Range{0x20000, 0x3FFFD},
};
constexpr std::array kNone = {
    Range{0x0300, 0x036F}, Range{0x200B, 0x200F}, Range{0x202A, 0x202E}, Range{0x2060, 0x2064},
    Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xFEFF, 0xFEFF},
};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t value) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [value](const Range& r) { return value >= r.first && value <= r.last; });
}

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const std::size_t bytes = next_code_point(text).bytes;
    all.push_back(text.substr(0, bytes));
    text.remove_prefix(bytes);
  }
  return all;
}

std::string masked(std::string_view text, std::size_t keep_front, std::size_t keep_back) {
  const std::vector<std::string_view> all = characters(text);
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool kept = i < keep_front || i + keep_back >= all.size();
    out += kept ? all[i] : std::string_view("*");
  }
  return out;
}

}  // namespace

CodePoint next_code_point(std::string_view text) {
  constexpr CodePoint kInvalid{.value = 0xFFFD, .bytes = 1};
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {.value = first, .bytes = 1};
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (bytes == 0 || first > 0xF4 || text.size() < bytes) return kInvalid;
  char32_t value = first & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return kInvalid;
    value = value << 6 | (next & 0x3F);
  }
  return {.value = value, .bytes = bytes};
}

std::size_t width(char32_t code_point) {
  if (code_point < 0x20 || code_point == 0x7F) return 0;
  if (code_point < 0x300) return 1;
  if (within(kNone, code_point)) return 0;
  return within(kWide, code_point) ? 2 : 1;
}

std::size_t width(std::string_view text) {
  std::size_t cells = 0;
  while (!text.empty()) {
    if (text.starts_with("\x1b[")) {  // a colour of ours takes no room
      text.remove_prefix(std::min(text.find('m'), text.size() - 1) + 1);
      continue;
    }
    const CodePoint point = next_code_point(text);
    cells += width(point.value);
    text.remove_prefix(point.bytes);
  }
  return cells;
}

std::string pad(std::string_view text, std::size_t cells) {
  const std::size_t taken = width(text);
  std::string out(text);
  if (taken < cells) out.append(cells - taken, ' ');
  return out;
}

std::string shorten(std::string_view text, std::size_t cells) {
  if (width(text) <= cells) return std::string(text);
  std::string out;
  std::size_t taken = 0;
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    if (taken + width(point.value) + 1 > cells) break;
    taken += width(point.value);
    out += text.substr(0, point.bytes);
    text.remove_prefix(point.bytes);
  }
  return out + "…";
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    // C0, DEL, C1, and the marks that turn the direction of writing.
    const bool harmful = point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0) ||
                         (point.value >= 0x202A && point.value <= 0x202E) ||
                         (point.value >= 0x2066 && point.value <= 0x2069) || point.value == 0xFFFD;
    out += harmful ? std::string_view("\xEF\xBF\xBD") : text.substr(0, point.bytes);
    text.remove_prefix(point.bytes);
  }
  return out;
}

std::string masked_name(std::string_view name) {
  const std::size_t length = characters(name).size();
  return masked(name, 1, length > 2 ? 1 : 0);
}

std::string masked_code(std::string_view code) {
  if (code.size() <= 8) return masked(code, 1, 0);
  return masked(code, 4, 4);
}

std::string Table::str(std::string_view indent) const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    if (widths.size() < row.size()) widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string out;
  for (const auto& row : rows_) {
    out += indent;
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += i + 1 == row.size() ? row[i] : pad(row[i], widths[i] + 2);
    }
    out += '\n';
  }
  return out;
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string duration(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::max(0.0, seconds) + 0.5);
  if (whole < 60) return fmt::format("{}s", whole);
  if (whole < 3600) return fmt::format("{}m {:02}s", whole / 60, whole % 60);
  return fmt::format("{}h {:02}m", whole / 3600, whole % 3600 / 60);
}

std::string bytes_size(std::uint64_t bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 1024 && unit + 1 < kUnits.size()) {
    size /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", size, kUnits[unit]);
}

}  // namespace hufu::cli::text
