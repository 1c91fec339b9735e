// The nodes of a state tree: fixed-size slots in slabs, addressed by 32 bits and counted references. Part of
// state_tree.hpp, which says what the nodes mean.
//
// A Node names a slot: the low 3 bits are its kind (0 an inner node, n a page of n leaves), the others its index in the slab
// of that kind; 0 is the empty subtree. 2^29 slots a kind.
//
// Invariants
//   N1  a slot's references are its parents plus the versions and callers that hold it; at none it is free
//   N2  a node never changes while it is referenced, but for the hash of a new one: its maker fills it in before anybody else
//       sees the node
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ledger/base/hash.hpp"
#include "ledger/base/region.hpp"
#include "ledger/merkle/state_tree.hpp"

namespace hufu {

inline constexpr std::size_t kPageLeaves = 4;

using Node = std::uint32_t;
inline constexpr Node kEmptyNode = 0;

// Slots of one size. They never move, so addresses stay valid while others are taken. The first few thousand come from
// malloc, so that a small tree is small, the others in regions of huge pages.
class StateSlab {
 public:
  explicit StateSlab(std::size_t slot_bytes);

  std::uint32_t take();
  void give(std::uint32_t index);
  std::byte* at(std::uint32_t index) const {
    if (index < kFirstSlots) return first_.get() + index * slot_bytes_;
    index -= kFirstSlots;
    return regions_[index >> kRegionBits].get() + (index & (kRegionSlots - 1)) * slot_bytes_;
  }
  std::size_t slot_bytes() const { return slot_bytes_; }
  std::uint64_t used_bytes() const { return used_ * slot_bytes_; }
  std::uint64_t reserved_bytes() const { return (next_ - 1) * slot_bytes_; }

 private:
  static constexpr std::uint32_t kFirstSlots = 1U << 12;
  static constexpr unsigned kRegionBits = 19;
  static constexpr std::uint32_t kRegionSlots = 1U << kRegionBits;
  static constexpr std::uint32_t kMaxSlots = 1U << 29;

  std::size_t slot_bytes_;
  std::unique_ptr<std::byte[]> first_;
  std::vector<Region> regions_;
  std::uint32_t next_ = 1;  // index 0 stays unused: it would be the empty node
  std::uint32_t free_ = 0;  // first of the free slots, each holding the next
  std::uint64_t used_ = 0;
};

class StatePool {
 public:
  StatePool();

  // Both give a reference to the caller, the first takes over the caller's to each child. The hash is still to be filled in.
  Node make_inner(Node left, Node right);
  Node make_page(std::span<const StateLeaf> leaves);
  Hash& new_hash(Node made) { return header(made).hash; }

  void retain(Node node);
  // Frees what nothing references any more, without recursion.
  void release(Node node);

  static bool is_inner(Node node) { return node != kEmptyNode && kind(node) == 0; }
  const Hash& hash(Node node) const { return node == kEmptyNode ? kZeroHash : header(node).hash; }
  Node child(Node inner, unsigned side) const { return children(inner)[side]; }
  // Of a page; none for the empty node.
  std::span<const StateLeaf> leaves(Node page) const;
  // Asks the memory for the head of a node, or for all of it, and does not wait.
  void prefetch(Node node) const {
    if (node != kEmptyNode) __builtin_prefetch(slot(node));
  }
  void prefetch_whole(Node node) const;
  StateTree::Memory memory() const;

 private:
  struct Header {
    Hash hash;
    std::uint32_t references;
  };
  using Children = std::array<Node, 2>;

  static unsigned kind(Node node) { return node & 7U; }
  Node take(unsigned kind);
  std::byte* slot(Node node) const { return slabs_[kind(node)].at(node >> 3); }
  Header& header(Node node) const { return *reinterpret_cast<Header*>(slot(node)); }
  const Children& children(Node node) const {
    return *reinterpret_cast<const Children*>(slot(node) + sizeof(Header));
  }

  static_assert(kPageLeaves <= 7, "a page's kind has three bits");
  std::vector<StateSlab> slabs_;
  std::vector<Node> dying_;
};

}  // namespace hufu
