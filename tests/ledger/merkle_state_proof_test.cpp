// What a state proof must never get past a verifier: each invariant broken by hand, every bit flipped.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

#include "ledger/merkle/log_tree.hpp"
#include "ledger/merkle/state_tree.hpp"
#include "tests/ledger/named.hpp"

namespace hufu {
namespace {

Hash with_bit(Hash path, std::size_t bit) {
  path.bytes[bit / 8] ^= static_cast<std::uint8_t>(0x80U >> (bit % 8));
  return path;
}

// A state of 40 leaves: kHeld under its path, and beside it a leaf that parts from it only at bit 200, so that the proof
// has empty siblings too.
struct State {
  const Hash path = named("held");
  const Hash value = named("value");
  const Hash neighbour = with_bit(path, 200);
  StateTree tree;
  StateTree::Version version;
  Hash root;

  State() {
    std::vector<StateLeaf> leaves{{path, value}, {neighbour, value}};
    for (int i = 0; i < 38; ++i) leaves.push_back({named(std::to_string(i)), value});
    std::sort(leaves.begin(), leaves.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    version = tree.build(leaves);
    root = version.root();
  }
  StateProof prove(const Hash& of) const { return tree.prove(version, of); }
};

bool shows_anything(const Hash& root, const Hash& path, const Hash& value, const StateProof& proof) {
  return verify_presence(root, path, value, proof) || verify_absence(root, path, proof);
}

void expect_every_flip_refused(const State& state, const Hash& path, const StateProof& proof) {
  const Bytes good = encode(proof);
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const Result<StateProof> decoded = decode<StateProof>(bad);
    if (!decoded) continue;
    EXPECT_EQ(encode(*decoded), bad);
    EXPECT_FALSE(shows_anything(state.root, path, state.value, *decoded)) << "bit " << bit;
  }
}

TEST(StateProof, AnyFlippedBitIsRefused) {
  const State state;
  const Hash beside = with_bit(state.path, 220);  // ends at the leaf of path
  const Hash aside = with_bit(state.path, 150);   // ends in an empty subtree
  const StateProof present = state.prove(state.path);
  const StateProof other = state.prove(beside);
  const StateProof empty = state.prove(aside);
  ASSERT_TRUE(std::holds_alternative<SameLeafTerminal>(present.terminal));
  ASSERT_TRUE(std::holds_alternative<OtherLeafTerminal>(other.terminal));
  ASSERT_TRUE(std::holds_alternative<EmptyTerminal>(empty.terminal));
  EXPECT_TRUE(verify_presence(state.root, state.path, state.value, present));
  EXPECT_TRUE(verify_absence(state.root, beside, other));
  EXPECT_TRUE(verify_absence(state.root, aside, empty));
  expect_every_flip_refused(state, state.path, present);
  expect_every_flip_refused(state, beside, other);
  expect_every_flip_refused(state, aside, empty);
}

TEST(StateProof, AnotherPathValueOrRootIsRefused) {
  const State state;
  const StateProof present = state.prove(state.path);
  const Hash aside = with_bit(state.path, 150);
  const StateProof empty = state.prove(aside);
  for (std::size_t bit = 0; bit < 256; ++bit) {
    EXPECT_FALSE(verify_presence(with_bit(state.root, bit), state.path, state.value, present));
    EXPECT_FALSE(verify_presence(state.root, with_bit(state.path, bit), state.value, present));
    EXPECT_FALSE(verify_presence(state.root, state.path, with_bit(state.value, bit), present));
    EXPECT_FALSE(verify_absence(with_bit(state.root, bit), aside, empty));
    // The bits below an empty subtree do not matter: nothing at all stands there.
    const bool below = bit >= empty.siblings.size();
    EXPECT_EQ(verify_absence(state.root, with_bit(aside, bit), empty).has_value(), below) << bit;
  }
}

TEST(StateProof, AbsenceOfAHeldPathIsNeverShown) {
  const State state;
  const StateProof present = state.prove(state.path);
  ASSERT_EQ(present.siblings.size(), 201U);
  for (std::size_t depth = 0; depth <= present.siblings.size(); ++depth) {
    StateProof lie;
    lie.siblings.assign(present.siblings.begin(),
                        present.siblings.begin() + static_cast<std::ptrdiff_t>(depth));
    EXPECT_FALSE(verify_absence(state.root, state.path, lie));
    for (const StateLeaf& leaf : {StateLeaf{state.path, state.value}, StateLeaf{state.neighbour, state.value},
                                  StateLeaf{with_bit(state.path, 255), state.value}}) {
      lie.terminal = OtherLeafTerminal{.path = leaf.path, .value_hash = leaf.value_hash};
      EXPECT_FALSE(verify_absence(state.root, state.path, lie));
    }
    lie.terminal = SameLeafTerminal{};
    EXPECT_FALSE(verify_absence(state.root, state.path, lie)) << "P4";
  }
}

TEST(StateProof, P1DeeperThanAPathIsRefused) {
  StateProof proof{.siblings = std::vector<Hash>(257, named("sibling")), .terminal = {}};
  EXPECT_FALSE(verify_absence(kZeroHash, kZeroHash, proof));
  proof.terminal = OtherLeafTerminal{.path = named("other"), .value_hash = {}};
  EXPECT_FALSE(verify_absence(kZeroHash, kZeroHash, proof));
  proof.terminal = SameLeafTerminal{};
  EXPECT_FALSE(verify_presence(kZeroHash, kZeroHash, kZeroHash, proof));
  EXPECT_EQ(decode<StateProof>(Bytes{0x01, 0x01}).error(), Error::too_long);
}

TEST(StateProof, P2NothingOrALeafBesideAnEmptySubtreeIsRefused) {
  const Hash path{};
  const Hash value = named("value");
  const Hash leaf = state_leaf_hash(path, value);
  // Roots that no state has, but that the hashes would lead to.
  StateProof proof{.siblings = {kZeroHash}, .terminal = EmptyTerminal{}};
  EXPECT_FALSE(verify_absence(node_hash(kZeroHash, kZeroHash), path, proof));
  proof.terminal = SameLeafTerminal{};
  EXPECT_FALSE(verify_presence(node_hash(leaf, kZeroHash), path, value, proof));
  proof.siblings.clear();
  EXPECT_TRUE(verify_presence(leaf, path, value, proof)) << "alone it is the root";
}

TEST(StateProof, P3AnotherLeafMustLieOnTheWayAndBeAnother) {
  const Hash path{};
  const Hash value = named("value");
  const Hash beside = named("right sibling");
  const auto proof_by = [&](const Hash& other) {
    return StateProof{.siblings = {beside},
                      .terminal = OtherLeafTerminal{.path = other, .value_hash = value}};
  };
  const auto root_by = [&](const Hash& other) { return node_hash(state_leaf_hash(other, value), beside); };
  const Hash on_the_way = with_bit(path, 1);
  const Hash elsewhere = with_bit(path, 0);
  EXPECT_TRUE(verify_absence(root_by(on_the_way), path, proof_by(on_the_way)));
  EXPECT_FALSE(verify_absence(root_by(elsewhere), path, proof_by(elsewhere)));
  EXPECT_FALSE(verify_absence(root_by(path), path, proof_by(path)));
}

TEST(StateProof, EmptyStateHoldsNothing) {
  StateTree tree;
  const StateProof proof = tree.prove(tree.empty(), named("anything"));
  EXPECT_EQ(to_hex(encode(proof)), "000000");
  EXPECT_TRUE(verify_absence(kZeroHash, named("anything"), proof));
  EXPECT_FALSE(verify_absence(named("root"), named("anything"), proof));
}

TEST(StateProof, GoldenBytes) {
  StateTree tree;
  Hash near{};  // parts from the zero path at bit 2
  near.bytes[0] = 0x20;
  const std::vector<StateLeaf> leaves{{kZeroHash, named("a")}, {near, named("b")}};
  const StateTree::Version version = tree.build(leaves);
  const std::string sibling = to_hex(state_leaf_hash(near, named("b")));
  EXPECT_EQ(to_hex(encode(tree.prove(version, kZeroHash))),
            "0300"
            "20" +
                sibling + "02");
  EXPECT_EQ(to_hex(encode(tree.prove(version, with_bit(kZeroHash, 255)))),
            "0300"
            "20" +
                sibling + "01" + to_hex(kZeroHash) + to_hex(named("a")));
  EXPECT_EQ(to_hex(encode(tree.prove(version, with_bit(kZeroHash, 0)))),
            "0100"
            "80" +
                to_hex(node_hash(
                    node_hash(state_leaf_hash(kZeroHash, named("a")), state_leaf_hash(near, named("b"))),
                    kZeroHash)) +
                "00");
}

TEST(StateProof, OtherEncodingsAreRefused) {
  const std::string hash = to_hex(named("sibling"));
  const auto error_of = [](const std::string& hex) {
    return decode<StateProof>(from_hex(hex).value()).error();
  };
  EXPECT_TRUE(decode<StateProof>(from_hex("010080" + hash + "00").value()));
  EXPECT_EQ(error_of("0100c0" + hash + hash + "00"), Error::not_canonical) << "bit beyond the depth";
  EXPECT_EQ(error_of("010081" + hash + "00"), Error::not_canonical) << "bit beyond the depth";
  EXPECT_EQ(error_of("010080" + to_hex(kZeroHash) + "00"), Error::not_canonical)
      << "empty marked as not empty";
  EXPECT_EQ(error_of("010080" + hash + "03"), Error::unknown_tag);
  EXPECT_EQ(error_of("010080" + hash), Error::truncated);
  EXPECT_EQ(error_of("010080" + hash + "0000"), Error::trailing_bytes);
  EXPECT_EQ(error_of("ffff"), Error::too_long);
  EXPECT_EQ(error_of("0001"), Error::truncated) << "depth 256 without its bitmap";
}

RC_GTEST_PROP(StateProof, ArbitraryProofsDecodeToThemselves, ()) {
  StateProof proof;
  const auto depth = *rc::gen::inRange<std::size_t>(0, 257);
  for (std::size_t i = 0; i < depth; ++i) {
    proof.siblings.push_back(*rc::gen::arbitrary<bool>() ? named(std::to_string(i)) : kZeroHash);
  }
  if (*rc::gen::arbitrary<bool>())
    proof.terminal = OtherLeafTerminal{.path = named("p"), .value_hash = named("v")};
  RC_ASSERT(decode<StateProof>(encode(proof)).value() == proof);
}

}  // namespace
}  // namespace hufu
