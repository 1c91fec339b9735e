// The RFC 6962 tree against the published reference tree, a naive definition, and everything that must be refused.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>

#include "ledger/merkle/log_tree.hpp"

namespace hufu {
namespace {

// The definition of RFC 6962 section 2.1, word for word.
Hash naive_root(std::span<const Hash> leaves) {
  if (leaves.empty()) return sha256(ByteSpan());
  if (leaves.size() == 1) return leaves[0];
  std::size_t split = 1;
  while (2 * split < leaves.size()) split *= 2;
  const Hash left = naive_root(leaves.first(split));
  const Hash right = naive_root(leaves.subspan(split));
  const Bytes prefix{1};
  return sha256({ByteSpan(prefix), ByteSpan(left), ByteSpan(right)});
}

std::vector<Hash> some_leaves(std::size_t count) {
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash(as_bytes("leaf " + std::to_string(i))));
  return leaves;
}

// A log in memory, kept the way a store keeps it.
class StoredLog : public NodeReader {
 public:
  void append(const Hash& leaf) {
    std::vector<LogNode> finished;
    frontier_.append(leaf, &finished);
    for (const LogNode& node : finished)
      EXPECT_TRUE(nodes_.emplace(node.id, node.hash).second) << "reported twice";
  }
  Result<Hash> read(NodeId id) const override {
    ++reads_;
    const auto found = nodes_.find(id);
    if (found == nodes_.end()) return Error::storage_corrupt;
    return found->second;
  }
  const Frontier& frontier() const { return frontier_; }
  std::map<NodeId, Hash>& nodes() { return nodes_; }
  std::size_t take_reads() { return std::exchange(reads_, 0); }

 private:
  Frontier frontier_;
  std::map<NodeId, Hash> nodes_;
  mutable std::size_t reads_ = 0;
};

StoredLog stored(std::span<const Hash> leaves) {
  StoredLog log;
  for (const Hash& leaf : leaves) log.append(leaf);
  return log;
}

void flip(Hash& hash, std::size_t bit) { hash.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8)); }

const std::vector<std::string> kReferenceLeaves = {
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string> kReferenceRoots = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

std::vector<Hash> reference_leaves() {
  std::vector<Hash> leaves;
  for (const std::string& leaf : kReferenceLeaves) leaves.push_back(leaf_hash(from_hex(leaf).value()));
  return leaves;
}

TEST(LogTree, RootsOfTheReferenceTree) {
  const std::vector<Hash> leaves = reference_leaves();
  for (std::size_t size = 0; size < kReferenceRoots.size(); ++size) {
    EXPECT_EQ(to_hex(tree_root(std::span(leaves).first(size))), kReferenceRoots[size]) << size;
  }
}

TEST(LogTree, InclusionPathOfTheReferenceTree) {
  const std::vector<Hash> leaves = reference_leaves();
  std::vector<std::string> path;
  for (const Hash& hash : inclusion_path(leaves, 5)) path.push_back(to_hex(hash));
  EXPECT_EQ(path,
            (std::vector<std::string>{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
}

TEST(LogTree, ConsistencyPathOfTheReferenceTree) {
  const StoredLog log = stored(reference_leaves());
  std::vector<std::string> path;
  for (const Hash& hash : consistency_path(log, 6, 8).value()) path.push_back(to_hex(hash));
  EXPECT_EQ(path,
            (std::vector<std::string>{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                                      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
}

TEST(LogTree, EveryLeafOfEverySmallTreeIsIncludedOnlyWhereItStands) {
  for (std::size_t size = 1; size <= 40; ++size) {
    const std::vector<Hash> leaves = some_leaves(size);
    const Hash root = naive_root(leaves);
    EXPECT_EQ(tree_root(leaves), root);
    for (std::size_t index = 0; index < size; ++index) {
      const std::vector<Hash> path = inclusion_path(leaves, index);
      for (std::size_t claimed = 0; claimed < size + 3; ++claimed) {
        EXPECT_EQ(verify_inclusion(leaves[index], claimed, size, path, root).has_value(), claimed == index);
      }
    }
  }
}

TEST(LogTree, EverySmallTreeBeginsWithEveryEarlierOne) {
  constexpr std::size_t kMost = 33;
  const std::vector<Hash> leaves = some_leaves(kMost);
  const StoredLog log = stored(leaves);
  std::vector<Hash> roots;
  for (std::size_t size = 0; size <= kMost; ++size)
    roots.push_back(naive_root(std::span(leaves).first(size)));
  for (std::size_t size1 = 0; size1 <= kMost; ++size1) {
    for (std::size_t size2 = size1; size2 <= kMost; ++size2) {
      const std::vector<Hash> proof = consistency_path(log, size1, size2).value();
      EXPECT_TRUE(verify_consistency(size1, roots[size1], size2, roots[size2], proof))
          << size1 << " " << size2;
      for (std::size_t other = 0; other <= kMost; ++other) {
        if (other == size1 || size1 == 0) continue;
        EXPECT_FALSE(verify_consistency(size1, roots[other], size2, roots[size2], proof));
      }
      if (size1 == size2) continue;
      EXPECT_FALSE(verify_consistency(size2, roots[size2], size1, roots[size1], proof));
    }
  }
}

TEST(LogTree, L1AnotherProofLengthIsRefused) {
  for (const std::size_t size : {1U, 2U, 5U, 7U, 8U, 21U}) {
    const std::vector<Hash> leaves = some_leaves(size);
    const StoredLog log = stored(leaves);
    const Hash root = tree_root(leaves);
    for (std::size_t index = 0; index < size; ++index) {
      std::vector<Hash> path = inclusion_path(leaves, index);
      path.push_back(root);
      EXPECT_EQ(verify_inclusion(leaves[index], index, size, path, root).error(), Error::proof_invalid);
      // For its length, not for the root that it leads to: where that root counts, it would be a tree of another size.
      EXPECT_EQ(root_from_inclusion(leaves[index], index, size, path).error(), Error::proof_invalid);
      path.pop_back();
      if (path.empty()) continue;
      path.pop_back();
      EXPECT_EQ(root_from_inclusion(leaves[index], index, size, path).error(), Error::proof_invalid);
    }
    for (std::size_t size1 = 0; size1 <= size; ++size1) {
      const Hash root1 = root_at(log, size1).value();
      std::vector<Hash> proof = consistency_path(log, size1, size).value();
      proof.push_back(root);
      EXPECT_FALSE(verify_consistency(size1, root1, size, root, proof)) << size1 << " " << size;
      proof.pop_back();
      if (proof.empty()) continue;
      proof.pop_back();
      EXPECT_FALSE(verify_consistency(size1, root1, size, root, proof)) << size1 << " " << size;
    }
  }
}

TEST(LogTree, FromNothingOnlyTheEmptyRootAndAnEmptyProof) {
  const Hash root = some_leaves(1)[0];
  EXPECT_TRUE(verify_consistency(0, empty_log_root(), 0, empty_log_root(), {}));
  EXPECT_TRUE(verify_consistency(0, empty_log_root(), 1, root, {}));
  EXPECT_EQ(verify_consistency(0, root, 1, root, {}).error(), Error::proof_invalid);
  EXPECT_EQ(verify_consistency(0, root, 0, root, {}).error(), Error::proof_invalid);
  EXPECT_EQ(verify_consistency(0, empty_log_root(), 0, root, {}).error(), Error::proof_invalid);
  EXPECT_EQ(verify_consistency(0, empty_log_root(), 1, root, std::vector<Hash>{root}).error(),
            Error::proof_invalid);
  EXPECT_EQ(verify_consistency(1, root, 0, empty_log_root(), {}).error(), Error::proof_invalid);
  EXPECT_EQ(verify_inclusion(root, 0, 0, {}, root).error(), Error::proof_invalid);
}

TEST(LogTree, SizesAtTheEndOfTheirRangeAreJudgedWithoutOverflow) {
  constexpr std::uint64_t kMost = UINT64_MAX;
  const std::vector<Hash> path = some_leaves(64);
  const Hash leaf = some_leaves(1)[0];
  EXPECT_TRUE(root_from_inclusion(leaf, 0, kMost, path));
  EXPECT_FALSE(root_from_inclusion(leaf, 0, kMost, std::span(path).first(63)));
  EXPECT_TRUE(root_from_inclusion(leaf, std::uint64_t{1} << 63, kMost, path));
  EXPECT_FALSE(root_from_inclusion(leaf, kMost, kMost, path));
  EXPECT_FALSE(verify_consistency(kMost - 1, leaf, kMost, leaf, path));
  EXPECT_FALSE(verify_consistency(std::uint64_t{1} << 63, leaf, kMost, leaf, path));
}

RC_GTEST_PROP(LogTree, AnyFlippedBitOfAnInclusionIsRefused, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(1, 300);
  const auto index = *rc::gen::inRange<std::size_t>(0, size);
  const std::vector<Hash> leaves = some_leaves(size);
  const Hash root = tree_root(leaves);
  const std::vector<Hash> path = inclusion_path(leaves, index);
  RC_ASSERT(verify_inclusion(leaves[index], index, size, path, root).has_value());
  const auto bit = *rc::gen::inRange<std::size_t>(0, 256);
  Hash leaf = leaves[index];
  flip(leaf, bit);
  RC_ASSERT(!verify_inclusion(leaf, index, size, path, root));
  Hash other_root = root;
  flip(other_root, bit);
  RC_ASSERT(!verify_inclusion(leaves[index], index, size, path, other_root));
  for (std::size_t i = 0; i < path.size(); ++i) {
    std::vector<Hash> broken = path;
    flip(broken[i], bit);
    RC_ASSERT(!verify_inclusion(leaves[index], index, size, broken, root));
  }
}

RC_GTEST_PROP(LogTree, AnyFlippedBitOfAConsistencyProofIsRefused, ()) {
  const auto size2 = *rc::gen::inRange<std::size_t>(2, 300);
  const auto size1 = *rc::gen::inRange<std::size_t>(1, size2);
  const std::vector<Hash> leaves = some_leaves(size2);
  const StoredLog log = stored(leaves);
  const Hash root1 = tree_root(std::span(leaves).first(size1));
  const Hash root2 = tree_root(leaves);
  const std::vector<Hash> proof = consistency_path(log, size1, size2).value();
  RC_ASSERT(verify_consistency(size1, root1, size2, root2, proof).has_value());
  for (std::size_t i = 0; i < proof.size(); ++i) {
    std::vector<Hash> broken = proof;
    flip(broken[i], *rc::gen::inRange<std::size_t>(0, 256));
    RC_ASSERT(!verify_consistency(size1, root1, size2, root2, broken));
  }
}

RC_GTEST_PROP(LogTree, L2PathsOfStoredNodesAreThoseOfTheLeaves, ()) {
  const auto most = *rc::gen::inRange<std::size_t>(1, 2000);
  const auto size = *rc::gen::inRange<std::size_t>(1, most + 1);
  const auto index = *rc::gen::inRange<std::size_t>(0, size);
  const std::vector<Hash> leaves = some_leaves(most);
  StoredLog log = stored(leaves);
  const auto then = std::span(leaves).first(size);
  RC_ASSERT(inclusion_path(log, index, size).value() == inclusion_path(then, index));
  RC_ASSERT(log.take_reads() <= 2 * kMaxLogPath);
  RC_ASSERT(root_at(log, size).value() == naive_root(then));
  RC_ASSERT(log.take_reads() <= kMaxLogPath);
}

RC_GTEST_PROP(LogTree, L3FrontierIsTheTreeSoFar, ()) {
  const auto most = *rc::gen::inRange<std::size_t>(0, 500);
  const auto size = *rc::gen::inRange<std::size_t>(0, most + 1);
  const std::vector<Hash> leaves = some_leaves(most);
  const StoredLog log = stored(leaves);
  RC_ASSERT(log.frontier().root() == naive_root(leaves));
  RC_ASSERT(log.frontier().size() == most);
  const Bytes bytes = encode(log.frontier());
  RC_ASSERT(bytes.size() == 8 + 32U * static_cast<unsigned>(std::popcount(most)));
  RC_ASSERT(decode<Frontier>(bytes).value() == log.frontier());
  // Taken up again at any earlier size, it grows to the same.
  Frontier frontier = Frontier::load(log, size).value();
  for (std::size_t i = size; i < most; ++i) frontier.append(leaves[i]);
  RC_ASSERT(frontier == log.frontier());
}

TEST(LogTree, FrontierWithAnotherNumberOfHashesIsRefused) {
  Frontier frontier;
  for (const Hash& leaf : some_leaves(7)) frontier.append(leaf);
  Bytes bytes = encode(frontier);
  bytes.push_back(0);
  EXPECT_EQ(decode<Frontier>(bytes).error(), Error::trailing_bytes);
  EXPECT_EQ(decode<Frontier>(ByteSpan(bytes).first(bytes.size() - 2)).error(), Error::truncated);
  Bytes larger = encode(frontier);
  larger[0] = 8;  // one hash expected, three given
  EXPECT_EQ(decode<Frontier>(larger).error(), Error::trailing_bytes);
}

TEST(LogTree, MissingNodeIsTheStorageErrorAndNotAWrongPath) {
  const std::vector<Hash> leaves = some_leaves(13);
  StoredLog log = stored(leaves);
  log.nodes().erase({.level = 2, .index = 2});  // leaves 8 to 11
  EXPECT_EQ(root_at(log, 13).error(), Error::storage_corrupt);
  EXPECT_EQ(Frontier::load(log, 13).error(), Error::storage_corrupt);
  EXPECT_EQ(inclusion_path(log, 0, 13).error(), Error::storage_corrupt);
  EXPECT_EQ(consistency_path(log, 8, 13).error(), Error::storage_corrupt);
  EXPECT_TRUE(inclusion_path(log, 0, 8)) << "does not need it";
}

TEST(LogTree, LeafThatLooksLikeANodeHashesToSomethingElse) {
  const std::vector<Hash> leaves = some_leaves(2);
  Bytes pretended = to_bytes(leaves[0]);
  pretended.insert(pretended.end(), leaves[1].bytes.begin(), leaves[1].bytes.end());
  EXPECT_NE(leaf_hash(pretended), node_hash(leaves[0], leaves[1]));
}

}  // namespace
}  // namespace hufu
