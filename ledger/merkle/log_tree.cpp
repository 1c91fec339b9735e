#include "ledger/merkle/log_tree.hpp"

#include <algorithm>
#include <array>

#include "ledger/base/check.hpp"
#include "ledger/base/hash_batch.hpp"
#include "ledger/base/mutant.hpp"
#include "ledger/merkle/message.hpp"

namespace hufu {
namespace {

// The walk of RFC 9162 from a node of the last level towards the root: which side it is on, and when the root is reached.
class Climb {
 public:
  Climb(std::uint64_t node, std::uint64_t last) : node_(node), last_(last) {}

  bool at_root() const { return last_ == 0; }
  // The next sibling stands on the left: the node is a right child, or the last of its level and lifted.
  bool sibling_is_left() const { return (node_ & 1) != 0 || node_ == last_; }
  void up() {
    if (sibling_is_left()) skip_lifted();
    node_ >>= 1;
    last_ >>= 1;
  }
  // Leaves the node's chain of right children: they are in the old tree already.
  void skip_right_children() {
    while ((node_ & 1) != 0) {
      node_ >>= 1;
      last_ >>= 1;
    }
  }

 private:
  // A last node without a sibling is its own parent: no hash of the proof belongs to that level.
  void skip_lifted() {
    while ((node_ & 1) == 0 && node_ != 0) {
      node_ >>= 1;
      last_ >>= 1;
    }
  }

  std::uint64_t node_;
  std::uint64_t last_;
};

// The root over the leaves [begin, end) of a stored log; begin is a multiple of the range's width rounded up to a power
// of two, so that only complete subtrees are read.
Result<Hash> range_root(const NodeReader& reader, std::uint64_t begin, std::uint64_t end) {
  const std::uint64_t size = end - begin;
  if (std::has_single_bit(size)) {
    const auto level = static_cast<std::uint8_t>(std::countr_zero(size));
    return reader.read({level, begin >> level});
  }
  const std::uint64_t middle = begin + left_width(size);
  const Result<Hash> left = range_root(reader, begin, middle);
  if (!left) return left;
  const Result<Hash> right = range_root(reader, middle, end);
  if (!right) return right;
  return node_hash(*left, *right);
}

struct Range {
  std::uint64_t begin;
  std::uint64_t end;
};

Result<std::vector<Hash>> roots_upwards(const NodeReader& reader, std::span<const Range> downwards) {
  std::vector<Hash> path;
  path.reserve(downwards.size());
  for (auto range = downwards.rbegin(); range != downwards.rend(); ++range) {
    const Result<Hash> root = range_root(reader, range->begin, range->end);
    if (!root) return root.error();
    path.push_back(*root);
  }
  return path;
}

// Goes down one level towards the leaf and returns the side not taken.
Range descend(Range& range, std::uint64_t leaf) {
  const std::uint64_t middle = range.begin + left_width(range.end - range.begin);
  if (leaf < middle) {
    const Range aside{middle, range.end};
    range.end = middle;
    return aside;
  }
  const Range aside{range.begin, middle};
  range.begin = middle;
  return aside;
}

}  // namespace

Hash leaf_hash(ByteSpan leaf) { return sha256({ByteSpan(&kLeafPrefix, 1), leaf}); }

Hash node_hash(const Hash& left, const Hash& right) {
  return sha256(ByteSpan(merkle_message(kNodePrefix, left, right)));
}

Hash empty_log_root() { return sha256(ByteSpan()); }

// Level by level; a last node without a sibling is lifted as it is, which is where RFC 6962 splits, too.
Hash tree_root(std::span<const Hash> leaf_hashes) {
  if (leaf_hashes.empty()) return empty_log_root();
  std::vector<Hash> level(leaf_hashes.begin(), leaf_hashes.end());
  std::vector<MerkleMessage> messages(level.size() / 2);
  HashBatch batch;
  while (level.size() > 1) {
    const std::size_t pairs = level.size() / 2;
    for (std::size_t i = 0; i < pairs; ++i) {
      messages[i] = merkle_message(kNodePrefix, level[2 * i], level[2 * i + 1]);
      batch.add(messages[i], level[i]);
    }
    batch.finish();
    if (level.size() % 2 == 1) level[pairs] = level.back();
    level.resize(level.size() - pairs);
  }
  return level.front();
}

std::vector<Hash> inclusion_path(std::span<const Hash> leaf_hashes, std::uint64_t index) {
  HUFU_CHECK(index < leaf_hashes.size());
  std::vector<Hash> path;
  Range range{0, leaf_hashes.size()};
  while (range.end - range.begin > 1) {
    const Range aside = descend(range, index);
    path.push_back(tree_root(leaf_hashes.subspan(aside.begin, aside.end - aside.begin)));
  }
  std::reverse(path.begin(), path.end());
  return path;
}

Result<Hash> root_from_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                 std::span<const Hash> path) {
  if (index >= size && !mutated("index_unchecked")) return Error::proof_invalid;
  Climb climb(index, size - 1);
  Hash root = leaf;
  for (const Hash& sibling : path) {
    if (climb.at_root() && !mutated("path_too_long")) return Error::proof_invalid;
    root = climb.sibling_is_left() ? node_hash(sibling, root) : node_hash(root, sibling);
    climb.up();
  }
  if (!climb.at_root()) return Error::proof_invalid;
  return root;
}

Result<void> verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                              std::span<const Hash> path, const Hash& root) {
  const Result<Hash> reached = root_from_inclusion(leaf, index, size, path);
  if (!reached) return reached.error();
  if (*reached != root) return Error::proof_invalid;
  return {};
}

Result<void> verify_consistency(std::uint64_t size1, const Hash& root1, std::uint64_t size2,
                                const Hash& root2, std::span<const Hash> proof) {
  if (size1 > size2) return Error::proof_invalid;
  if (size1 == 0 && root1 != empty_log_root()) return Error::proof_invalid;
  if (size1 == size2 && root1 != root2) return Error::proof_invalid;
  if (size1 == 0 || size1 == size2) return proof.empty() ? Result<void>() : Error::proof_invalid;

  // Where the old tree is complete it is itself the first node, and the proof leaves it out.
  const bool old_is_complete = std::has_single_bit(size1);
  if (!old_is_complete && proof.empty()) return Error::proof_invalid;
  Climb climb(size1 - 1, size2 - 1);
  climb.skip_right_children();
  Hash old_root = old_is_complete ? root1 : proof.front();
  Hash new_root = old_root;
  for (const Hash& sibling : proof.subspan(old_is_complete ? 0 : 1)) {
    if (climb.at_root()) return Error::proof_invalid;
    if (climb.sibling_is_left()) {
      old_root = node_hash(sibling, old_root);
      new_root = node_hash(sibling, new_root);
    } else {
      new_root = node_hash(new_root, sibling);
    }
    climb.up();
  }
  if (!climb.at_root() || new_root != root2) return Error::proof_invalid;
  if (old_root != root1 && !mutated("past_unchecked")) return Error::proof_invalid;
  return {};
}

Hash Frontier::root() const {
  if (hashes_.empty()) return empty_log_root();
  Hash root = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i > 0; --i) root = node_hash(hashes_[i - 1], root);
  return root;
}

void Frontier::append(const Hash& leaf, std::vector<LogNode>* finished) {
  HUFU_CHECK(size_ + 1 != 0);
  LogNode node{.id = {.level = 0, .index = size_}, .hash = leaf};
  if (finished != nullptr) finished->push_back(node);
  for (; (node.id.index & 1) != 0; hashes_.pop_back()) {
    node = {.id = {.level = static_cast<std::uint8_t>(node.id.level + 1), .index = node.id.index >> 1},
            .hash = node_hash(hashes_.back(), node.hash)};
    if (finished != nullptr) finished->push_back(node);
  }
  hashes_.push_back(node.hash);
  ++size_;
}

Result<Frontier> Frontier::load(const NodeReader& reader, std::uint64_t size) {
  Frontier frontier;
  frontier.size_ = size;
  for (std::uint64_t rest = size, begin = 0; rest != 0;) {
    const std::uint64_t width = std::bit_floor(rest);
    const Result<Hash> root = range_root(reader, begin, begin + width);
    if (!root) return root.error();
    frontier.hashes_.push_back(*root);
    begin += width;
    rest -= width;
  }
  return frontier;
}

Result<Hash> root_at(const NodeReader& reader, std::uint64_t size) {
  if (size == 0) return empty_log_root();
  return range_root(reader, 0, size);
}

Result<std::vector<Hash>> inclusion_path(const NodeReader& reader, std::uint64_t index, std::uint64_t size) {
  HUFU_CHECK(index < size);
  std::vector<Range> downwards;
  for (Range range{0, size}; range.end - range.begin > 1;) downwards.push_back(descend(range, index));
  return roots_upwards(reader, downwards);
}

Result<std::vector<Hash>> consistency_path(const NodeReader& reader, std::uint64_t size1,
                                           std::uint64_t size2) {
  HUFU_CHECK(size1 <= size2);
  if (size1 == 0 || size1 == size2) return std::vector<Hash>();
  std::vector<Range> downwards;
  // Down to the subtree that ends exactly where the old tree ended.
  Range range{0, size2};
  while (range.end != size1) downwards.push_back(descend(range, size1 - 1));
  // It is the whole old tree only if nothing of the old tree was left aside.
  if (range.begin != 0) downwards.push_back(range);
  return roots_upwards(reader, downwards);
}

}  // namespace hufu
