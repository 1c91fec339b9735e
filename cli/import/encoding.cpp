#include "cli/import/encoding.hpp"

#include <algorithm>
#include <array>

namespace hufu::cli::importer {
namespace {

constexpr std::array kEncodings = {Encoding::utf8, Encoding::utf16le, Encoding::utf16be, Encoding::gb18030};

// Length of the UTF-8 sequence at the front by RFC 3629: 0 when it is not one, npos when text ends inside it.
std::size_t sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xC2 && lead <= 0xDF   ? 2
                           : (lead & 0xF0) == 0xE0        ? 3
                           : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                          : 0;
  if (size == 0) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (i == text.size()) return std::string_view::npos;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (i == 1 && lead == 0xE0) low = 0xA0;
    if (i == 1 && lead == 0xED) high = 0x9F;
    if (i == 1 && lead == 0xF0) low = 0x90;
    if (i == 1 && lead == 0xF4) high = 0x8F;
    if (byte(i) < low || byte(i) > high) return 0;
  }
  return size;
}

bool valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t n = sequence(text);
    if (n == 0) return false;
    if (n == std::string_view::npos) return true;
    text.remove_prefix(n);
  }
  return true;
}

std::optional<Encoding> utf16_without_mark(std::string_view bytes) {
  std::array<std::size_t, 2> noughts{};
  for (std::size_t i = 0; i < bytes.size(); ++i) noughts[i % 2] += bytes[i] == '\0' ? 1 : 0;
  const auto [even, odd] = noughts;
  // Text has digits, delimiters and line ends, each with one NUL byte; a stray NUL in 8-bit text is no such pattern.
  const std::size_t enough = std::max<std::size_t>(2, bytes.size() / 64);
  if (odd >= enough && odd > 8 * even) return Encoding::utf16le;
  if (even >= enough && even > 8 * odd) return Encoding::utf16be;
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Encoding encoding) {
  constexpr std::array<std::string_view, 4> kNames = {"UTF-8", "UTF-16LE", "UTF-16BE", "GB18030"};
  return kNames[static_cast<std::size_t>(encoding)];
}

std::optional<Encoding> encoding_named(std::string_view name) {
  for (const Encoding encoding : kEncodings) {
    if (name_of(encoding) == name) return encoding;
  }
  return std::nullopt;
}

Detected detect_encoding(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return {Encoding::utf8, 3};
  if (bytes.starts_with("\xFF\xFE")) return {Encoding::utf16le, 2};
  if (bytes.starts_with("\xFE\xFF")) return {Encoding::utf16be, 2};
  if (bytes.starts_with("\x84\x31\x95\x33")) return {Encoding::gb18030, 4};
  if (const auto wide = utf16_without_mark(bytes)) return {*wide, 0};
  const bool ascii =
      std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) return {};
  return {valid_utf8(bytes) ? Encoding::utf8 : Encoding::gb18030, 0};
}

}  // namespace hufu::cli::importer
