#include "ledger/merkle/state_tree.hpp"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "ledger/base/check.hpp"
#include "ledger/base/hash_batch.hpp"
#include "ledger/merkle/log_tree.hpp"
#include "ledger/merkle/message.hpp"
#include "ledger/merkle/state_pool.hpp"

namespace hufu {
namespace {

// Where the elements, sorted by path and alike in the bits before depth, go right at this depth.
template <class T>
std::size_t split_point(std::span<T> sorted, std::size_t depth) {
  HUFU_CHECK(depth < kMaxStateDepth);
  const auto goes_left = [depth](const T& element) { return path_bit(element.path, depth) == 0; };
  return static_cast<std::size_t>(std::partition_point(sorted.begin(), sorted.end(), goes_left) -
                                  sorted.begin());
}

template <class T>
bool strictly_sorted(std::span<T> elements) {
  const auto not_before = [](const T& a, const T& b) { return a.path >= b.path; };
  return std::adjacent_find(elements.begin(), elements.end(), not_before) == elements.end();
}

// The hash of the subtree of a few leaves.
Hash subtree_hash(std::span<const StateLeaf> leaves, std::size_t depth) {
  if (leaves.empty()) return kZeroHash;
  if (leaves.size() == 1) return state_leaf_hash(leaves[0].path, leaves[0].value_hash);
  const std::size_t split = split_point(leaves, depth);
  return node_hash(subtree_hash(leaves.first(split), depth + 1),
                   subtree_hash(leaves.subspan(split), depth + 1));
}

// The hashes of new nodes, from the leaves upwards: those of one depth do not depend on each other.
class Hashing {
 public:
  // Of the subtree of a few leaves of a page. The leaves and `hash` stay where they are until finish().
  void subtree(std::span<const StateLeaf> leaves, std::size_t depth, Hash& hash) {
    if (leaves.size() == 1) return leaves_.push_back({&leaves[0].path, &leaves[0].value_hash, &hash});
    const std::size_t split = split_point(leaves, depth);
    const Hash& left = side(leaves.first(split), depth + 1);
    inner(left, side(leaves.subspan(split), depth + 1), depth, hash);
  }
  // Of a node at this depth. What is named stays where it is until finish().
  void inner(const Hash& left, const Hash& right, std::size_t depth, Hash& hash) {
    if (depths_.size() <= depth) depths_.resize(depth + 1);
    depths_[depth].push_back({&left, &right, &hash});
  }
  void finish() {
    run(kLeafPrefix, leaves_);
    while (!depths_.empty()) {
      run(kNodePrefix, depths_.back());
      depths_.pop_back();
    }
    within_pages_.clear();
  }

 private:
  // As state_leaf_hash() and node_hash() have it: path and value of a leaf, or both sides of a node.
  struct Pending {
    const Hash* first;
    const Hash* second;
    Hash* hash;
  };

  const Hash& side(std::span<const StateLeaf> leaves, std::size_t depth) {
    if (leaves.empty()) return kZeroHash;
    Hash& hash = within_pages_.emplace_back();
    subtree(leaves, depth, hash);
    return hash;
  }
  void run(std::uint8_t prefix, std::vector<Pending>& pending) {
    messages_.resize(pending.size());
    for (std::size_t i = 0; i < pending.size(); ++i) {
      messages_[i] = merkle_message(prefix, *pending[i].first, *pending[i].second);
      batch_.add(messages_[i], *pending[i].hash);
    }
    batch_.finish();
    pending.clear();
  }

  std::vector<Pending> leaves_;
  std::vector<std::vector<Pending>> depths_;
  std::deque<Hash> within_pages_;  // of nodes that have no slot of their own
  std::vector<MerkleMessage> messages_;
  HashBatch batch_;
};

Node make_inner(StatePool& pool, Hashing& hashing, Node left, Node right, std::size_t depth) {
  const Node node = pool.make_inner(left, right);
  hashing.inner(pool.hash(left), pool.hash(right), depth, pool.new_hash(node));
  return node;
}

Node make_subtree(StatePool& pool, Hashing& hashing, std::span<const StateLeaf> leaves, std::size_t depth) {
  if (leaves.empty()) return kEmptyNode;
  if (leaves.size() <= kPageLeaves) {
    const Node page = pool.make_page(leaves);
    hashing.subtree(pool.leaves(page), depth, pool.new_hash(page));
    return page;
  }
  const std::size_t split = split_point(leaves, depth);
  const Node left = make_subtree(pool, hashing, leaves.first(split), depth + 1);
  const Node right = make_subtree(pool, hashing, leaves.subspan(split), depth + 1);
  return make_inner(pool, hashing, left, right, depth);
}

// Of any number of leaves: what is held back for hashing is bounded.
Node build_subtree(StatePool& pool, Hashing& hashing, std::span<const StateLeaf> leaves, std::size_t depth) {
  constexpr std::size_t kAtOnce = 1U << 14;
  Node node = kEmptyNode;
  if (leaves.size() <= kAtOnce) {
    node = make_subtree(pool, hashing, leaves, depth);
  } else {
    const std::size_t split = split_point(leaves, depth);
    const Node left = build_subtree(pool, hashing, leaves.first(split), depth + 1);
    const Node right = build_subtree(pool, hashing, leaves.subspan(split), depth + 1);
    node = make_inner(pool, hashing, left, right, depth);
  }
  hashing.finish();
  return node;
}

// One batch on its way through a version. Every function returns a node that the caller owns a reference to.
class Batch {
 public:
  explicit Batch(StatePool& pool) : pool_(pool) {}

  std::int64_t leaves_added() const { return leaves_added_; }
  // After the last apply(): only now the new nodes have their hashes.
  void finish() {
    hashing_.finish();
    for (const Node node : merged_away_) pool_.release(node);
    merged_away_.clear();
  }

  Node apply(Node node, std::span<const StateChange> changes, std::size_t depth) {
    if (changes.empty()) return shared(node);
    if (!StatePool::is_inner(node)) return apply_to_leaves(node, changes, depth);
    const Node old_left = pool_.child(node, 0);
    const Node old_right = pool_.child(node, 1);
    const std::size_t split = split_point(changes, depth);
    if (changes.size() > kTogether) {
      look_ahead(old_left, changes.first(split), depth + 1);
      look_ahead(old_right, changes.subspan(split), depth + 1);
    }
    const Node left = apply(old_left, changes.first(split), depth + 1);
    const Node right = apply(old_right, changes.subspan(split), depth + 1);
    if (left != old_left || right != old_right) return join(left, right, depth);
    pool_.release(left);
    pool_.release(right);
    return shared(node);
  }

  // The nodes of a large tree come from memory, one after the other down each path. As soon as a subtree has few changes, all
  // their paths are walked side by side, so that they wait together. Siblings are needed too: their hashes and references.
  void look_ahead(Node node, std::span<const StateChange> changes, std::size_t depth) {
    if (changes.size() > kTogether) return;
    walks_.clear();
    for (const StateChange& change : changes) walks_.push_back({node, &change.path});
    pool_.prefetch_whole(node);
    for (; !walks_.empty(); ++depth) {
      std::erase_if(walks_, [](const Walk& walk) { return !StatePool::is_inner(walk.node); });
      for (Walk& walk : walks_) {
        const unsigned side = path_bit(*walk.path, depth);
        pool_.prefetch_whole(pool_.child(walk.node, 1 - side));
        walk.node = pool_.child(walk.node, side);
        pool_.prefetch_whole(walk.node);
      }
    }
  }

 private:
  static constexpr std::size_t kTogether = 32;
  struct Walk {
    Node node;
    const Hash* path;
  };

  Node shared(Node node) {
    pool_.retain(node);
    return node;
  }

  Node apply_to_leaves(Node page, std::span<const StateChange> changes, std::size_t depth) {
    const std::span<const StateLeaf> before = pool_.leaves(page);
    merged_.clear();
    auto old = before.begin();
    for (const StateChange& change : changes) {
      while (old != before.end() && old->path < change.path) merged_.push_back(*old++);
      if (old != before.end() && old->path == change.path) ++old;
      if (change.value_hash) merged_.push_back({change.path, *change.value_hash});
    }
    merged_.insert(merged_.end(), old, before.end());
    if (std::equal(before.begin(), before.end(), merged_.begin(), merged_.end())) return shared(page);
    leaves_added_ += static_cast<std::int64_t>(merged_.size()) - static_cast<std::int64_t>(before.size());
    return make_subtree(pool_, hashing_, merged_, depth);
  }

  // S1: what has become small enough is a page again.
  Node join(Node left, Node right, std::size_t depth) {
    if (StatePool::is_inner(left) || StatePool::is_inner(right))
      return make_inner(pool_, hashing_, left, right, depth);
    const std::span<const StateLeaf> lower = pool_.leaves(left);
    const std::span<const StateLeaf> upper = pool_.leaves(right);
    if (lower.size() + upper.size() > kPageLeaves) return make_inner(pool_, hashing_, left, right, depth);
    merged_.assign(lower.begin(), lower.end());
    merged_.insert(merged_.end(), upper.begin(), upper.end());
    // They may be new themselves: then hashes are still to be written into them.
    merged_away_.push_back(left);
    merged_away_.push_back(right);
    return make_subtree(pool_, hashing_, merged_, depth);
  }

  StatePool& pool_;
  Hashing hashing_;
  std::vector<Walk> walks_;
  std::vector<StateLeaf> merged_;
  std::vector<Node> merged_away_;
  std::int64_t leaves_added_ = 0;
};

}  // namespace

StateTree::Version::Version(std::shared_ptr<StatePool> pool, std::uint32_t node, std::uint64_t leaves)
    : pool_(std::move(pool)), node_(node), leaves_(leaves) {}

StateTree::Version::Version(const Version& other)
    : pool_(other.pool_), node_(other.node_), leaves_(other.leaves_) {
  if (pool_) pool_->retain(node_);
}

StateTree::Version::Version(Version&& other) noexcept
    : pool_(std::move(other.pool_)),
      node_(std::exchange(other.node_, kEmptyNode)),
      leaves_(std::exchange(other.leaves_, 0)) {}

StateTree::Version& StateTree::Version::operator=(Version other) noexcept {
  std::swap(pool_, other.pool_);
  std::swap(node_, other.node_);
  std::swap(leaves_, other.leaves_);
  return *this;
}

StateTree::Version::~Version() {
  if (pool_) pool_->release(node_);
}

Hash StateTree::Version::root() const { return pool_ ? pool_->hash(node_) : kZeroHash; }

StateTree::StateTree() : pool_(std::make_shared<StatePool>()) {}

StateTree::Version StateTree::empty() const { return {}; }

StateTree::Version StateTree::build(std::span<const StateLeaf> sorted) {
  HUFU_CHECK(strictly_sorted(sorted));
  Hashing hashing;
  return {pool_, build_subtree(*pool_, hashing, sorted, 0), sorted.size()};
}

StateTree::Version StateTree::update(const Version& from, std::span<const StateChange> sorted) {
  HUFU_CHECK(from.pool_ == nullptr || from.pool_ == pool_);
  HUFU_CHECK(strictly_sorted(sorted));
  Batch batch(*pool_);
  batch.look_ahead(from.node_, sorted, 0);
  const Node node = batch.apply(from.node_, sorted, 0);
  batch.finish();
  return {pool_, node, from.leaves_ + static_cast<std::uint64_t>(batch.leaves_added())};
}

std::optional<Hash> StateTree::find(const Version& version, const Hash& path) const {
  Node node = version.node_;
  for (std::size_t depth = 0; StatePool::is_inner(node); ++depth) {
    node = pool_->child(node, path_bit(path, depth));
  }
  for (const StateLeaf& leaf : pool_->leaves(node)) {
    if (leaf.path == path) return leaf.value_hash;
  }
  return std::nullopt;
}

StateProof StateTree::prove(const Version& version, const Hash& path) const {
  HUFU_CHECK(version.pool_ == nullptr || version.pool_ == pool_);
  StateProof proof;
  Node node = version.node_;
  std::size_t depth = 0;
  for (; StatePool::is_inner(node); ++depth) {
    const unsigned side = path_bit(path, depth);
    proof.siblings.push_back(pool_->hash(pool_->child(node, 1 - side)));
    node = pool_->child(node, side);
  }
  std::span<const StateLeaf> leaves = pool_->leaves(node);
  for (; leaves.size() > 1; ++depth) {
    const std::size_t split = split_point(leaves, depth);
    const auto left = leaves.first(split);
    const auto right = leaves.subspan(split);
    const bool goes_right = path_bit(path, depth) != 0;
    proof.siblings.push_back(subtree_hash(goes_right ? left : right, depth + 1));
    leaves = goes_right ? right : left;
  }
  if (leaves.empty()) return proof;
  if (leaves[0].path == path) {
    proof.terminal = SameLeafTerminal{};
  } else {
    proof.terminal = OtherLeafTerminal{.path = leaves[0].path, .value_hash = leaves[0].value_hash};
  }
  return proof;
}

StateTree::Memory StateTree::memory() const { return pool_->memory(); }

}  // namespace hufu
