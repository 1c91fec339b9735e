// The append-only Merkle tree of RFC 6962 (proofs as restated in RFC 9162): operations of a submission, submissions of a
// block, blocks of the log. Pure.
//
//   leaf  = SHA-256(0x00 || bytes)         node = SHA-256(0x01 || left || right)         empty tree = SHA-256("")
//   a tree of n > 1 leaves splits at the largest power of two below n
//
// A node is addressed by {level, index}: the root of the complete subtree over the leaves
// [index << level, (index + 1) << level). Only complete subtrees are stored; they never change once finished, and they
// are what C2SP tlog-tiles serves (a tile is 8 levels of them).
//
// Invariants
//   L1  a proof has exactly one length for its (index, size) or (size1, size2); any other length is refused
//   L2  every path from a NodeReader equals the path from the vector of all leaf hashes
//   L3  a Frontier of size n holds exactly popcount(n) hashes, so that it has one encoding
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "ledger/base/codec.hpp"
#include "ledger/base/hash.hpp"

namespace hufu {

Hash leaf_hash(ByteSpan leaf);
Hash node_hash(const Hash& left, const Hash& right);
// SHA-256 of nothing: the root of a tree without leaves.
Hash empty_log_root();
// Where a tree of size > 1 splits: its leaves left of the split, the largest power of two below size.
inline std::uint64_t left_width(std::uint64_t size) { return std::bit_floor(size - 1); }

Hash tree_root(std::span<const Hash> leaf_hashes);
// From the leaf's sibling up to the root's child. index < leaf_hashes.size().
std::vector<Hash> inclusion_path(std::span<const Hash> leaf_hashes, std::uint64_t index);

// The root that a leaf hash, its place and its path lead to. Error::proof_invalid unless index < size and the path has
// the one length that fits.
Result<Hash> root_from_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                 std::span<const Hash> path);
// Error::proof_invalid unless the leaf hash stands at index in the tree of that size and root.
Result<void> verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                              std::span<const Hash> path, const Hash& root);
// Error::proof_invalid unless the tree (size2, root2) begins with the tree (size1, root1). From size 0 the proof is empty
// and root1 the empty root; between equal sizes the proof is empty and the roots are equal.
Result<void> verify_consistency(std::uint64_t size1, const Hash& root1, std::uint64_t size2,
                                const Hash& root2, std::span<const Hash> proof);

// The most hashes a path of either kind can have: bounds decoders and buffers.
inline constexpr std::size_t kMaxLogPath = 64;

struct NodeId {
  std::uint8_t level = 0;  // 0: a leaf hash
  std::uint64_t index = 0;

  auto operator<=>(const NodeId&) const = default;
};
struct LogNode {
  NodeId id;
  Hash hash;

  bool operator==(const LogNode&) const = default;
};

// Where the finished nodes are kept. A node that was reported finished must be readable; one that is missing or damaged is
// answered with the storage's error, which the functions below hand on.
class NodeReader {
 public:
  virtual ~NodeReader() = default;
  virtual Result<Hash> read(NodeId id) const = 0;
};

// What must be remembered of a tree to append to it and know its root: the roots of the complete subtrees it consists
// of, largest (leftmost) first.
//   frontier := size u64, popcount(size) hashes
class Frontier {
 public:
  std::uint64_t size() const { return size_; }
  Hash root() const;
  std::span<const Hash> hashes() const { return hashes_; }

  // Appends to *finished, where given, the nodes that are complete from now on: the leaf itself, then upwards.
  void append(const Hash& leaf, std::vector<LogNode>* finished = nullptr);

  // The frontier that a log had at some size, from its stored nodes: to go on after a restart.
  static Result<Frontier> load(const NodeReader& reader, std::uint64_t size);

  bool operator==(const Frontier&) const = default;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& size_;
    if constexpr (Archive::is_loading::value) hashes_.assign(std::popcount(size_), Hash{});
    for (Hash& hash : hashes_) archive& hash;
  }

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> hashes_;
};

// Of the tree of the first `size` leaves; at most 128 reads each. The caller guarantees index < size, size1 <= size2 and
// that the log has that many leaves.
Result<Hash> root_at(const NodeReader& reader, std::uint64_t size);
Result<std::vector<Hash>> inclusion_path(const NodeReader& reader, std::uint64_t index, std::uint64_t size);
Result<std::vector<Hash>> consistency_path(const NodeReader& reader, std::uint64_t size1,
                                           std::uint64_t size2);

}  // namespace hufu
