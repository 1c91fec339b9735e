#include "node/loaded_leaves.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace hufu::node {
namespace {

Hash hash_of(std::size_t number) { return sha256(as_bytes(std::to_string(number))); }

TEST(LoadedLeaves, NoneMakeTheEmptyTree) {
  StateTree tree;
  EXPECT_EQ(LoadedLeaves().build(tree).root(), kZeroHash);
}

// More than a block in every part, and a part that holds most of them; every other leaf replaces one.
TEST(LoadedLeaves, TheLastUnderAPathCountsWhereverTheOthersLie) {
  constexpr std::size_t kLeaves = 40'000;
  LoadedLeaves leaves;
  std::map<Hash, Hash> expected;
  std::size_t replaced = 0;
  for (std::size_t i = 0; i < 2 * kLeaves; ++i) {
    Hash path = hash_of(i % 2 == 0 ? i : i / 100);
    if (path.bytes[1] % 2 == 0) path.bytes[0] = 7;
    const bool first = expected.insert_or_assign(path, hash_of(i)).second;
    replaced += first ? 0 : 1;
    leaves.add({path, hash_of(i)}, !first);
  }
  ASSERT_GT(replaced, kLeaves / 2);
  std::vector<StateLeaf> sorted;
  for (const auto& [path, value] : expected) sorted.push_back({path, value});
  StateTree tree;
  const StateTree::Version built = leaves.build(tree);
  EXPECT_EQ(built.leaves(), expected.size());
  StateTree other;
  EXPECT_EQ(built.root(), other.build(sorted).root());
  EXPECT_EQ(leaves.build(tree).root(), kZeroHash) << "nothing is left";
}

}  // namespace
}  // namespace hufu::node
