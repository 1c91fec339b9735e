// Byte strings and their textual forms. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.hpp"

namespace hufu {

using Bytes = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;

inline ByteSpan as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(ByteSpan bytes) { return {bytes.begin(), bytes.end()}; }

// Lower-case hexadecimal, two digits a byte.
std::string to_hex(ByteSpan bytes);
// Accepts lower and upper case. Error::hex_malformed on an odd length or another character.
Result<Bytes> from_hex(std::string_view text);

// RFC 4648 section 4, padded.
std::string to_base64(ByteSpan bytes);
// Canonical only: padded, no white space, unused bits zero. Error::base64_malformed.
Result<Bytes> from_base64(std::string_view text);

// True iff the bytes are well-formed UTF-8 (no surrogates, no overlong form, at most U+10FFFF).
bool is_utf8(std::string_view text);

}  // namespace hufu
