// What is hashed for a node of either tree (RFC 6962, ICS 23), and for a leaf of the state tree: a prefix and two hashes, in one piece,
// since hashing 65 bytes at once is faster than three updates.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "ledger/base/hash.hpp"

namespace hufu {

inline constexpr std::uint8_t kLeafPrefix = 0x00;
inline constexpr std::uint8_t kNodePrefix = 0x01;

using MerkleMessage = std::array<std::uint8_t, 1 + 2 * Hash::kSize>;
inline MerkleMessage merkle_message(std::uint8_t prefix, const Hash& first, const Hash& second) {
  MerkleMessage bytes;
  bytes[0] = prefix;
  std::copy(first.bytes.begin(), first.bytes.end(), bytes.begin() + 1);
  std::copy(second.bytes.begin(), second.bytes.end(), bytes.begin() + 1 + Hash::kSize);
  return bytes;
}

}  // namespace hufu
