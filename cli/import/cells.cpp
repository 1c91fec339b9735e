#include "cli/import/cells.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include <algorithm>
#include <array>
#include <limits>

#include "cli/import/digits.hpp"
#include "ledger/base/check.hpp"

namespace hufu::cli::importer {
namespace {

constexpr std::string_view kIdeographicSpace = "\xE3\x80\x80";
constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
constexpr std::string_view kZeroWidthSpace = "\xE2\x80\x8B";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::array kWideSpaces = {kIdeographicSpace, kNoBreakSpace, kZeroWidthSpace, kByteOrderMark};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// U+FF01–FF5E are EF BC 81 … EF BD 9E in UTF-8; 0 when the three bytes are not one of them.
char half_width(unsigned char second, unsigned char third) {
  if (second == 0xBC && third >= 0x81 && third <= 0xBF) return static_cast<char>(third - 0x81 + '!');
  if (second == 0xBD && third >= 0x80 && third <= 0x9E) return static_cast<char>(third - 0x80 + '`');
  return 0;
}

// Only characters of these lead bytes can be anything but NFC-stable: everything in E4-E9 is CJK, EF BC/BD is full width.
bool surely_nfc(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0xC0 || (c >= 0xE4 && c <= 0xE9)) continue;
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if (c == 0xEF && (next == 0xBC || next == 0xBD)) continue;
    return false;
  }
  return true;
}

std::string to_nfc(std::string_view text) {
  if (surely_nfc(text)) return std::string(text);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  HUFU_CHECK(U_SUCCESS(status));
  const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
  if (nfc->isNormalizedUTF8(piece, status) && U_SUCCESS(status)) return std::string(text);
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  status = U_ZERO_ERROR;
  nfc->normalizeUTF8(0, piece, sink, nullptr, status);
  HUFU_CHECK(U_SUCCESS(status));
  return out;
}

std::string_view without_text_mark(std::string_view text, bool& marked) {
  if (text.size() >= 3 && text.starts_with("=\"") && text.ends_with('"')) {
    marked = true;
    return text.substr(2, text.size() - 3);
  }
  for (const std::string_view mark :
       {std::string_view("'"), std::string_view("\xE2\x80\x99"), std::string_view("`")}) {
    if (text.size() > mark.size() && text.starts_with(mark)) {
      marked = true;
      return text.substr(mark.size());
    }
  }
  return text;
}

// Whether a wide space can begin, or end, with this byte: spares the comparisons for nearly every character.
bool may_begin_wide_space(char c) { return c == '\xE3' || c == '\xC2' || c == '\xE2' || c == '\xEF'; }
bool may_end_wide_space(char c) { return c == '\x80' || c == '\xA0' || c == '\x8B' || c == '\xBF'; }

// The length of the white space character that text begins with, 0 when it begins with none.
std::size_t space_at_front(std::string_view text) {
  if (text.empty()) return 0;
  if (is_space(text.front())) return 1;
  if (!may_begin_wide_space(text.front())) return 0;
  for (const std::string_view wide : kWideSpaces) {
    if (text.starts_with(wide)) return wide.size();
  }
  return 0;
}

std::size_t space_at_back(std::string_view text) {
  if (text.empty()) return 0;
  if (is_space(text.back())) return 1;
  if (!may_end_wide_space(text.back())) return 0;
  for (const std::string_view wide : kWideSpaces) {
    if (text.ends_with(wide)) return wide.size();
  }
  return 0;
}

bool strip_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool strip_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

// Digits with optional thousands separators in their proper places, without the separators; nullopt otherwise.
std::optional<std::string> whole_digits(std::string_view text) {
  if (text.find(',') == std::string_view::npos) return std::string(text);
  std::string out;
  const auto first = text.find(',');
  if (first == 0 || first > 3) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool separator_due = i >= first && (i - first) % 4 == 0;
    if (separator_due != (text[i] == ',')) return std::nullopt;
    if (!separator_due) out += text[i];
  }
  if ((text.size() - first) % 4 != 0) return std::nullopt;
  return out;
}

}  // namespace

std::string fold_width(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0xE3 || i + 2 >= text.size()) {
      out += text[i];
      continue;
    }
    const auto second = static_cast<unsigned char>(text[i + 1]);
    const auto third = static_cast<unsigned char>(text[i + 2]);
    if (c == 0xEF && half_width(second, third) != 0) {
      out += half_width(second, third);
      i += 2;
    } else if (c == 0xEF && second == 0xBF && third == 0xA5) {  // U+FFE5
      out += "\xC2\xA5";
      i += 2;
    } else if (text.substr(i, 3) == kIdeographicSpace) {
      out += ' ';
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string_view trim(std::string_view text) {
  while (const std::size_t n = space_at_front(text)) text.remove_prefix(n);
  while (const std::size_t n = space_at_back(text)) text.remove_suffix(n);
  return text;
}

bool says_nothing(std::string_view cell) {
  const std::string_view text = trim(cell);
  if (text.empty()) return true;
  constexpr std::size_t kLongestWord = 6;
  if (text.front() == '-' && text.find_first_not_of('-') == std::string_view::npos) return true;
  if (text.size() > kLongestWord) return false;
  for (const std::string_view nothing :
       {"NULL", "null", "Null", "N/A", "n/a", "#N/A", "None", "无", "—", "——", "－", "/", "\\"}) {
    if (text == nothing) return true;
  }
  return false;
}

bool damaged(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') return true;
    if (c == 0xEF && text.substr(i, 3) == "\xEF\xBF\xBD") return true;
  }
  return false;
}

Code read_code(std::string_view cell) {
  Code code;
  std::string folded;
  std::string_view text = trim(cell);
  text = without_text_mark(text, code.apostrophe);
  if (text.find('\xEF') != std::string_view::npos) {
    folded = fold_width(text);
    code.fullwidth = folded.size() != text.size();
    text = folded;
  }
  text = trim(text);
  code.text.reserve(text.size());
  while (!text.empty()) {
    if (const std::size_t space = space_at_front(text)) {
      code.spaced = true;
      text.remove_prefix(space);
      continue;
    }
    const char c = text.front();
    const bool lower = c >= 'a' && c <= 'z';
    code.lowercase = code.lowercase || lower;
    code.text += lower ? static_cast<char>(c - 'a' + 'A') : c;
    text.remove_prefix(1);
  }
  return code;
}

bool is_scientific(std::string_view code) {
  const auto e = code.find('E');
  if (e == std::string_view::npos || e == 0 || e + 2 >= code.size()) return false;
  if (code[e + 1] != '+' ||
      !std::all_of(code.begin() + static_cast<std::ptrdiff_t>(e) + 2, code.end(), is_digit)) {
    return false;
  }
  const std::string_view mantissa = code.substr(0, e);
  return std::count(mantissa.begin(), mantissa.end(), '.') <= 1 &&
         std::all_of(mantissa.begin(), mantissa.end(), [](char c) { return is_digit(c) || c == '.'; });
}

Name read_name(std::string_view cell) {
  Name name;
  const std::string_view text = trim(cell);
  name.changed = text.size() != cell.size();
  if (says_nothing(text)) return {};
  std::string out;
  out.reserve(text.size() + 8);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(' || text[i] == ')') {
      out += text[i] == '(' ? "（" : "）";
      name.changed = true;
    } else {
      out += text[i];
    }
  }
  name.text = to_nfc(out);
  name.changed = name.changed || name.text.size() != out.size();
  return name;
}

std::string read_text(std::string_view cell) {
  const std::string_view text = trim(cell);
  if (says_nothing(text)) return {};
  return to_nfc(text);
}

std::optional<std::int64_t> read_amount(std::string_view cell) {
  std::string folded = fold_width(trim(cell));
  std::erase_if(folded, is_space);
  std::string_view text = folded;
  bool marked = false;
  text = without_text_mark(text, marked);
  bool negative = false;
  if (text.size() >= 2 && text.front() == '(' && text.back() == ')') {
    negative = true;
    text = text.substr(1, text.size() - 2);
  }
  const bool sign_first = strip_prefix(text, "-");
  while (strip_prefix(text, "\xC2\xA5") || strip_prefix(text, "RMB") || strip_prefix(text, "CNY") ||
         strip_prefix(text, "人民币")) {
  }
  const bool sign_second = strip_prefix(text, "-");
  while (strip_suffix(text, "元") || strip_suffix(text, "圆") || strip_suffix(text, "整")) {
  }
  if (static_cast<int>(negative) + static_cast<int>(sign_first) + static_cast<int>(sign_second) > 1)
    return std::nullopt;
  negative = negative || sign_first || sign_second;

  const auto point = text.find('.');
  const auto whole = whole_digits(text.substr(0, point));
  std::string_view fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (!whole || whole->empty() || whole->size() > 15 ||
      (point != std::string_view::npos && fraction.empty())) {
    return std::nullopt;
  }
  if (!std::all_of(whole->begin(), whole->end(), is_digit) ||
      !std::all_of(fraction.begin(), fraction.end(), is_digit)) {
    return std::nullopt;
  }
  // Digits beyond the fen are a floating-point tail when they are noughts; otherwise nobody can say what was meant.
  while (fraction.size() > 2 && fraction.back() == '0') fraction.remove_suffix(1);
  if (fraction.size() > 2) return std::nullopt;
  std::int64_t fen = 0;
  for (const char c : *whole) fen = fen * 10 + (c - '0');
  for (std::size_t i = 0; i < 2; ++i) fen = fen * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  return negative ? -fen : fen;
}

}  // namespace hufu::cli::importer
