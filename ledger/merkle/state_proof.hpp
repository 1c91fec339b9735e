// Proof that the state tree holds, or does not hold, a value under a path. Pure; needs the root and nothing else.
//
// Hashing is that of the ICS 23 `smt` proof spec (Celestia), path = SHA-256(key), value_hash = SHA-256(value):
//   leaf  = SHA-256(0x00 || path || value_hash)      node = SHA-256(0x01 || left || right)
//   empty subtree = 32 zero bytes                     a subtree with exactly one leaf is that leaf
// The node at depth d is divided by bit d of the path, most significant bit of the first byte first: 0 left, 1 right.
//
// Grammar (codec of ledger/base/codec.hpp)
//   state_proof := depth u16                   0..256: how many siblings stand between the root and the terminal
//                  bitmap                      ceil(depth / 8) bytes; bit i (most significant first) is the sibling below
//                                              the node at depth i, 1 = not empty; unused bits zero
//                  siblings                    the non-empty ones only, 32 bytes each, from the root down; none is zero
//                  terminal u8                 0 empty subtree | 1 another leaf | 2 the leaf itself
//                  path, value_hash            32 bytes each, of the other leaf; only with terminal 1
//
// Invariants, all checked when a proof is verified
//   P1  depth <= 256
//   P2  the deepest sibling is not empty: otherwise the terminal would stand higher
//   P3  another leaf shares the first `depth` bits with the path in question, and is not it
//   P4  presence needs terminal 2, absence terminal 0 or 1, so that no proof shows both
#pragma once

#include <array>
#include <variant>
#include <vector>

#include "ledger/base/codec.hpp"
#include "ledger/base/hash.hpp"

namespace hufu {

Hash state_leaf_hash(const Hash& path, const Hash& value_hash);

inline constexpr std::size_t kMaxStateDepth = 8 * Hash::kSize;

// Which way the path goes below the node at this depth: 0 left, 1 right.
inline unsigned path_bit(const Hash& path, std::size_t depth) {
  return (path.bytes[depth / 8] >> (7 - depth % 8)) & 1U;
}

struct EmptyTerminal {
  static constexpr std::uint8_t kTag = 0;
  bool operator==(const EmptyTerminal&) const = default;
  template <class Archive>
  void serialize(Archive& /*archive*/, unsigned /*version*/) {}
};
struct OtherLeafTerminal {
  static constexpr std::uint8_t kTag = 1;
  Hash path;
  Hash value_hash;
  bool operator==(const OtherLeafTerminal&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& path& value_hash;
  }
};
struct SameLeafTerminal {
  static constexpr std::uint8_t kTag = 2;
  bool operator==(const SameLeafTerminal&) const = default;
  template <class Archive>
  void serialize(Archive& /*archive*/, unsigned /*version*/) {}
};

struct StateProof {
  std::vector<Hash> siblings;  // from the root down; kZeroHash = empty subtree
  std::variant<EmptyTerminal, OtherLeafTerminal, SameLeafTerminal> terminal;

  bool operator==(const StateProof&) const = default;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    if constexpr (Archive::is_loading::value) {
      load_siblings(archive);
    } else {
      save_siblings(archive);
    }
    archive& terminal;
  }

 private:
  void load_siblings(Reader& reader);
  void save_siblings(Writer& writer) const;
};

// The root of the state that holds this value under this path, if the proof is one of presence. Error::proof_invalid.
Result<Hash> root_from_presence(const Hash& path, const Hash& value_hash, const StateProof& proof);
// Error::proof_invalid unless the state with this root holds exactly this value under this path.
Result<void> verify_presence(const Hash& root, const Hash& path, const Hash& value_hash,
                             const StateProof& proof);
// Error::proof_invalid unless the state with this root holds nothing under this path.
Result<void> verify_absence(const Hash& root, const Hash& path, const StateProof& proof);

}  // namespace hufu
