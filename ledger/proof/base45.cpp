// RFC 9285: two bytes are three characters, a last single byte is two.
#include "ledger/proof/compact.hpp"

namespace hufu {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr unsigned kBase = 45;
static_assert(kAlphabet.size() == kBase);

// The least significant digit comes first. Nothing: a character that is no digit.
std::optional<unsigned> value_of(std::string_view digits) {
  unsigned value = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    const std::size_t at = kAlphabet.find(*digit);
    if (at == kAlphabet.npos) return std::nullopt;
    value = value * kBase + static_cast<unsigned>(at);
  }
  return value;
}

}  // namespace

std::string to_base45(ByteSpan bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t taken = bytes.size() > 1 ? 2 : 1;
    unsigned value = taken == 2 ? bytes[0] * 256U + bytes[1] : bytes[0];
    for (std::size_t digit = 0; digit <= taken; ++digit, value /= kBase) text += kAlphabet[value % kBase];
    bytes = bytes.subspan(taken);
  }
  return text;
}

Result<Bytes> from_base45(std::string_view text) {
  if (text.size() % 3 == 1) return Error::text_malformed;
  Bytes bytes;
  bytes.reserve(text.size() / 3 * 2 + 1);
  while (!text.empty()) {
    const bool pair = text.size() > 2;
    const std::optional<unsigned> value = value_of(text.substr(0, 3));
    if (!value || *value > (pair ? 0xFFFFU : 0xFFU)) return Error::text_malformed;
    if (pair) bytes.push_back(static_cast<std::uint8_t>(*value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(*value & 0xFF));
    text.remove_prefix(pair ? 3 : 2);
  }
  return bytes;
}

}  // namespace hufu
