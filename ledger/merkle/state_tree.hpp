// The state tree: what stands under each path now, and stood under it in recent blocks. In memory, persistent (every
// version stays readable while someone holds it), updated in batches. Hashing: state_proof.hpp.
//
// Pure, and not thread-safe: a tree and all its versions belong to one thread.
//
// Layout. The upper part is a binary tree of inner nodes {hash, left, right, references}: 44 bytes. A subtree with at most
// kPageLeaves leaves is one page {hash, references, leaves as (path, value_hash)}: 36 + 64 n bytes; the nodes inside a
// page are hashed again when needed. With 4 leaves a page this is about 95 bytes a leaf in one version of a large tree
// (64 of them the leaf itself), and two cache misses fewer on every path. A path's nodes are anywhere and wait for each other:
// so a large tree lies in huge pages, and a batch asks the memory for the nodes of many paths at once.
//
// A block of b changes copies about
// b * log2(n / b) inner nodes and b pages for as long as the version before it is held.
//
// Invariants
//   S1  a node is an inner node iff its subtree has more than kPageLeaves leaves, so equal content has equal shape
//   S2  root and proofs depend on the content only, never on the order or grouping of the updates
//   S3  a version never changes; a node is freed when no version reaches it
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "ledger/base/hash.hpp"
#include "ledger/merkle/state_proof.hpp"

namespace hufu {

struct StateLeaf {
  Hash path;
  Hash value_hash;

  bool operator==(const StateLeaf&) const = default;
};
// The new value under a path; nothing = remove it (removing what is not there changes nothing).
struct StateChange {
  Hash path;
  std::optional<Hash> value_hash;
};

class StatePool;

class StateTree {
 public:
  // Holds one state readable. Cheap to copy (a reference count); keeps the nodes alive even beyond the tree.
  class Version {
   public:
    Version() = default;
    Version(const Version& other);
    Version(Version&& other) noexcept;
    Version& operator=(Version other) noexcept;
    ~Version();

    Hash root() const;
    std::uint64_t leaves() const { return leaves_; }

   private:
    friend class StateTree;
    Version(std::shared_ptr<StatePool> pool, std::uint32_t node, std::uint64_t leaves);

    std::shared_ptr<StatePool> pool_;
    std::uint32_t node_ = 0;
    std::uint64_t leaves_ = 0;
  };

  StateTree();

  // The state without leaves; also what a default-constructed Version is.
  Version empty() const;
  // A whole state at once, for the start: leaves sorted by path, no path twice.
  Version build(std::span<const StateLeaf> sorted);
  // The state after a batch: changes sorted by path, no path twice. Every inner node above a change is hashed once.
  Version update(const Version& from, std::span<const StateChange> sorted);

  std::optional<Hash> find(const Version& version, const Hash& path) const;
  // Verifies as presence if the version holds the path, as absence if not.
  StateProof prove(const Version& version, const Hash& path) const;

  struct Memory {
    std::uint64_t used;      // bytes in nodes that some version reaches
    std::uint64_t reserved;  // bytes taken from the system
  };
  Memory memory() const;

 private:
  std::shared_ptr<StatePool> pool_;
};

}  // namespace hufu
