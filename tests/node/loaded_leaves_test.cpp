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

// More than a block in every part, and a part that holds most of them.
TEST(LoadedLeaves, TheLastUnderAPathCountsWhereverTheOthersLie) {
  constexpr std::size_t kLeaves = 30'000;
  LoadedLeaves leaves;
  std::map<Hash, Hash> expected;
  for (std::size_t i = 0; i < 2 * kLeaves; ++i) {
    Hash path = hash_of(i % 3 == 0 ? i / 3 : i);
    if (i % 2 == 0) path.bytes[0] = 7;
    leaves.add({path, hash_of(i)});
    expected.insert_or_assign(path, hash_of(i));
  }
  ASSERT_LT(expected.size(), 2 * kLeaves) << "some came twice";
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
