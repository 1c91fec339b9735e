// SHA-256, the only hash function of the ledger (FIPS 180-4), on OpenSSL.
//
// Every hash that is not a Merkle node starts with a tag line, so that no byte string can be read as two things:
//   tagged_hash(tag, parts…) = SHA-256(tag || 0x0A || parts…)      tag: "hufu/<what>/v1", without a newline
// Merkle hashes start with 0x00 or 0x01 (RFC 6962, ICS 23) and therefore never collide with a tag.
#pragma once

#include <array>
#include <compare>
#include <initializer_list>

#include "ledger/base/bytes.hpp"

namespace hufu {

struct Hash {
  static constexpr std::size_t kSize = 32;
  std::array<std::uint8_t, kSize> bytes{};

  auto operator<=>(const Hash&) const = default;
  operator ByteSpan() const { return bytes; }  // NOLINT(google-explicit-constructor): a hash is its bytes

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bytes;
  }
};

// 32 zero bytes: the parent of nothing, the empty state tree.
inline constexpr Hash kZeroHash{};

Hash sha256(ByteSpan bytes);
Hash sha256(std::initializer_list<ByteSpan> parts);
Hash tagged_hash(std::string_view tag, std::initializer_list<ByteSpan> parts);
// HMAC-SHA-256 (RFC 2104).
Hash hmac_sha256(ByteSpan key, std::initializer_list<ByteSpan> parts);

inline std::string to_hex(const Hash& hash) { return to_hex(ByteSpan(hash)); }
// Error::hex_malformed unless 64 hexadecimal digits.
Result<Hash> hash_from_hex(std::string_view text);
// First 8 hexadecimal digits, for logs and people.
std::string short_hex(const Hash& hash);

// For unordered containers keyed by values that are already uniformly distributed.
struct HashOfHash {
  std::size_t operator()(const Hash& hash) const noexcept;
};

}  // namespace hufu
