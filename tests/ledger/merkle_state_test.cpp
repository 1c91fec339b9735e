// The state tree against a naive definition: whatever the order and the grouping of updates, the same content has the same
// root and the same proofs, and versions that are held stay as they were.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "ledger/merkle/state_tree.hpp"
#include "tests/ledger/named.hpp"

namespace hufu {
namespace {

using Content = std::map<Hash, Hash>;

// ICS 23 smt, word for word, one leaf at a time: no pages, no sharing.
Hash naive_root(const std::vector<std::pair<Hash, Hash>>& leaves, std::size_t depth = 0) {
  if (leaves.empty()) return Hash{};
  if (leaves.size() == 1) {
    const Bytes prefix{0};
    return sha256({ByteSpan(prefix), ByteSpan(leaves[0].first), ByteSpan(leaves[0].second)});
  }
  std::vector<std::pair<Hash, Hash>> sides[2];
  for (const auto& leaf : leaves) sides[(leaf.first.bytes[depth / 8] >> (7 - depth % 8)) & 1].push_back(leaf);
  const Bytes prefix{1};
  const Hash left = naive_root(sides[0], depth + 1);
  const Hash right = naive_root(sides[1], depth + 1);
  return sha256({ByteSpan(prefix), ByteSpan(left), ByteSpan(right)});
}
Hash naive_root(const Content& content) {
  return naive_root(std::vector<std::pair<Hash, Hash>>(content.begin(), content.end()));
}

std::vector<StateLeaf> leaves_of(const Content& content) {
  std::vector<StateLeaf> leaves;
  for (const auto& [path, value] : content) leaves.push_back({path, value});
  return leaves;
}

using Updates = std::map<Hash, std::optional<Hash>>;

StateTree::Version update(StateTree& tree, const StateTree::Version& from, const Updates& changes) {
  std::vector<StateChange> batch;
  for (const auto& [path, value] : changes) batch.push_back({path, value});
  return tree.update(from, batch);
}

void replay(Content& content, const Updates& changes) {
  for (const auto& [path, value] : changes) {
    if (value) {
      content[path] = *value;
    } else {
      content.erase(path);
    }
  }
}

// Few different paths, many of them alike in long prefixes: pages split and join, chains run down to the last bit.
rc::Gen<Hash> crowded_path() {
  return rc::gen::map(
      rc::gen::pair(rc::gen::inRange(0, 3), rc::gen::container<std::vector<int>>(
                                                rc::gen::element(0, 1, 2, 3, 5, 7, 8, 9, 31, 100, 254, 255))),
      [](const std::pair<int, std::vector<int>>& recipe) {
        Hash path = recipe.first == 0 ? Hash{} : named("base " + std::to_string(recipe.first));
        for (const int bit : recipe.second)
          path.bytes[bit / 8] ^= static_cast<std::uint8_t>(0x80 >> (bit % 8));
        return path;
      });
}
rc::Gen<Updates> some_changes() {
  const auto value = rc::gen::map(rc::gen::inRange(0, 7), [](int n) {
    return n < 5 ? std::optional<Hash>(named(std::to_string(n))) : std::nullopt;
  });
  // Kept small: a pair of leaves that parts at bit 255 costs 256 hashes.
  return rc::gen::resize(25,
                         rc::gen::map(rc::gen::container<std::vector<std::pair<Hash, std::optional<Hash>>>>(
                                          rc::gen::pair(crowded_path(), value)),
                                      [](const auto& all) { return Updates(all.begin(), all.end()); }));
}

rc::Gen<std::vector<Updates>> several_batches() {
  return rc::gen::resize(8, rc::gen::container<std::vector<Updates>>(some_changes()));
}

void expect_proves_exactly(const StateTree& tree, const StateTree::Version& version, const Content& content,
                           const Hash& path) {
  const Hash root = version.root();
  const StateProof proof = tree.prove(version, path);
  const auto held = content.find(path);
  RC_ASSERT(tree.find(version, path).has_value() == (held != content.end()));
  RC_ASSERT(decode<StateProof>(encode(proof)).value() == proof);
  if (held == content.end()) {
    RC_ASSERT(verify_absence(root, path, proof).has_value());
    RC_ASSERT(!verify_presence(root, path, named("anything"), proof));
  } else {
    RC_ASSERT(tree.find(version, path) == held->second);
    RC_ASSERT(verify_presence(root, path, held->second, proof).has_value());
    RC_ASSERT(!verify_presence(root, path, named("anything"), proof));
    RC_ASSERT(!verify_absence(root, path, proof));
  }
}

TEST(StateTree, RootsOfSmallStates) {
  StateTree tree;
  EXPECT_EQ(tree.empty().root(), kZeroHash);
  EXPECT_EQ(StateTree::Version().root(), kZeroHash);
  const Hash a = named("a");
  EXPECT_EQ(tree.build(std::vector<StateLeaf>{{a, a}}).root(), state_leaf_hash(a, a))
      << "one leaf is the root";
  // SHA-256("a") begins with 11, SHA-256("b") with 00: they part at the root.
  const Hash b = named("b");
  const Bytes prefix{1};
  EXPECT_EQ(tree.build(std::vector<StateLeaf>{{b, a}, {a, b}}).root(),
            sha256({ByteSpan(prefix), ByteSpan(state_leaf_hash(b, a)), ByteSpan(state_leaf_hash(a, b))}));
}

RC_GTEST_PROP(StateTree, S2BatchesGiveTheRootOfTheirContent, (bool from_built)) {
  StateTree tree;
  Content content;
  StateTree::Version version = tree.empty();
  if (from_built) {
    replay(content, *some_changes());
    version = tree.build(leaves_of(content));
    RC_ASSERT(version.root() == naive_root(content));
  }
  for (const Updates& changes : *several_batches()) {
    version = update(tree, version, changes);
    replay(content, changes);
    RC_ASSERT(version.root() == naive_root(content));
    RC_ASSERT(version.leaves() == content.size());
  }
  RC_ASSERT(tree.build(leaves_of(content)).root() == version.root());
}

RC_GTEST_PROP(StateTree, S2OrderAndGroupingDoNotMatter, ()) {
  StateTree tree;
  const Updates changes = *some_changes();
  const StateTree::Version together = update(tree, tree.empty(), changes);
  std::vector<std::pair<Hash, std::optional<Hash>>> shuffled(changes.begin(), changes.end());
  const auto seed = *rc::gen::arbitrary<std::uint32_t>();
  for (std::size_t i = shuffled.size(); i > 1; --i)
    std::swap(shuffled[i - 1], shuffled[(seed ^ (i * 40503U)) % i]);
  StateTree::Version one_by_one = tree.empty();
  for (const auto& [path, value] : shuffled) one_by_one = update(tree, one_by_one, {{path, value}});
  RC_ASSERT(one_by_one.root() == together.root());
  for (const auto& [path, value] : changes)
    RC_ASSERT(tree.prove(one_by_one, path) == tree.prove(together, path));
}

RC_GTEST_PROP(StateTree, S1EqualContentTakesEqualSpace, ()) {
  Content content;
  StateTree grown;
  StateTree::Version version = grown.empty();
  for (const Updates& changes : *several_batches()) {
    version = update(grown, version, changes);
    replay(content, changes);
  }
  StateTree built;
  const StateTree::Version same = built.build(leaves_of(content));
  RC_ASSERT(grown.memory().used == built.memory().used);
}

RC_GTEST_PROP(StateTree, S3HeldVersionsStayAsTheyWere, ()) {
  StateTree tree;
  std::vector<std::pair<StateTree::Version, Content>> held{{tree.empty(), {}}};
  for (const Updates& changes : *several_batches()) {
    // Versions fork: any held one may be the base of the next.
    auto [version, content] = held[*rc::gen::inRange<std::size_t>(0, held.size())];
    version = update(tree, version, changes);
    replay(content, changes);
    held.emplace_back(std::move(version), std::move(content));
    if (held.size() > 4) held.erase(held.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, 4));
  }
  for (const auto& [version, content] : held) {
    RC_ASSERT(version.root() == naive_root(content));
    for (const auto& [path, value] : content) RC_ASSERT(tree.find(version, path) == value);
  }
  held.clear();
  RC_ASSERT(tree.memory().used == 0U);
}

RC_GTEST_PROP(StateTree, ProvesWhatItHoldsAndWhatItDoesNot, ()) {
  StateTree tree;
  Content content;
  replay(content, *some_changes());
  const StateTree::Version version = tree.build(leaves_of(content));
  for (const auto& [path, value] : content) expect_proves_exactly(tree, version, content, path);
  for (const Hash& path : *rc::gen::container<std::vector<Hash>>(crowded_path())) {
    expect_proves_exactly(tree, version, content, path);
  }
}

TEST(StateTree, RemovingEverythingLeavesNothing) {
  StateTree tree;
  Updates add;
  Updates remove;
  for (int i = 0; i < 1000; ++i) {
    add[named(std::to_string(i))] = named("value");
    remove[named(std::to_string(i))] = std::nullopt;
  }
  StateTree::Version version = update(tree, tree.empty(), add);
  EXPECT_EQ(version.leaves(), 1000U);
  version = update(tree, version, remove);
  EXPECT_EQ(version.root(), kZeroHash);
  EXPECT_EQ(version.leaves(), 0U);
  EXPECT_EQ(tree.memory().used, 0U);
}

TEST(StateTree, ChangeThatChangesNothingSharesEveryNode) {
  StateTree tree;
  Updates add;
  for (int i = 0; i < 1000; ++i) add[named(std::to_string(i))] = named("value");
  const StateTree::Version before = update(tree, tree.empty(), add);
  const std::uint64_t used = tree.memory().used;
  add[named("absent")] = std::nullopt;
  const StateTree::Version after = update(tree, before, add);
  EXPECT_EQ(after.root(), before.root());
  EXPECT_EQ(tree.memory().used, used);
}

TEST(StateTree, VersionOutlivesItsTree) {
  auto tree = std::make_unique<StateTree>();
  const Hash a = named("a");
  StateTree::Version version = tree->build(std::vector<StateLeaf>{{a, a}});
  const StateTree::Version copy = version;
  tree.reset();
  version = StateTree::Version();
  EXPECT_EQ(copy.root(), state_leaf_hash(a, a));
}

TEST(StateTree, MemoryALeafStaysWithinItsFigure) {
  StateTree tree;
  Content content;
  for (int i = 0; i < 50'000; ++i) content[named(std::to_string(i))] = named("value");
  const StateTree::Version version = tree.build(leaves_of(content));
  EXPECT_LT(static_cast<double>(tree.memory().used) / static_cast<double>(content.size()), 100.0);
}

TEST(StateTreeDeathTest, UnsortedBatchIsOurBug) {
  StateTree tree;
  const Hash a = named("a");  // after SHA-256("b")
  const Hash b = named("b");
  EXPECT_DEATH(tree.update(tree.empty(), std::vector<StateChange>{{a, a}, {b, a}}), "strictly_sorted");
  EXPECT_DEATH(tree.build(std::vector<StateLeaf>{{a, a}, {a, b}}), "strictly_sorted");
}

}  // namespace
}  // namespace hufu
