// From what stands in a cell to what was meant: codes, names, sums.
//
// Pure. Each function returns the canonical text and says what it had to change; it never guesses where a check character
// could have told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hufu::cli::importer {

// Full-width ASCII (U+FF01–FF5E), the full-width yen sign and the ideographic space as their half-width counterparts.
std::string fold_width(std::string_view text);

// Without white space at both ends: ASCII, no-break, ideographic, zero-width space and byte order mark.
std::string_view trim(std::string_view text);

// True for what people write into a cell that has nothing to say: "", NULL, N/A, —, --, ---- and the like.
bool says_nothing(std::string_view text);

// True when text holds U+FFFD (bytes that were no text) or a control character other than tab and line breaks.
bool damaged(std::string_view text);

// A code, number or identifier: half-width, upper case, no white space, no spreadsheet text mark (' or ="…").
struct Code {
  std::string text;
  bool fullwidth = false;   // held full-width characters
  bool apostrophe = false;  // bore a spreadsheet's text mark
  bool lowercase = false;   // held lower-case letters
  bool spaced = false;      // held white space inside (outside is nobody's concern)
};
Code read_code(std::string_view cell);

// "9.99659E+17": a spreadsheet has turned a long number into a floating one.
bool is_scientific(std::string_view code);

// A person's or organisation's name: NFC, no white space at the ends, brackets as Chinese text writes them.
struct Name {
  std::string text;
  bool changed = false;  // spacing or brackets were made uniform
};
Name read_name(std::string_view cell);

// Text of no particular form, such as a remark: NFC, trimmed; empty when the cell says nothing.
std::string read_text(std::string_view cell);

// A sum of money: ￥, 元, thousands separators, accounting brackets and full-width digits are understood. nullopt when
// blank, ambiguous, or finer than a fen.
std::optional<std::int64_t> read_amount(std::string_view cell);

}  // namespace hufu::cli::importer
