#include "ledger/genesis/genesis.hpp"

#include <gtest/gtest.h>

#include "tests/ledger/world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

void expect_fault(const Genesis& genesis, const std::string& where) {
  const auto faults = check_genesis(genesis);
  ASSERT_FALSE(faults.empty()) << where;
  EXPECT_EQ(faults[0].where, where) << faults[0].what;
  EXPECT_EQ(decode_genesis(encode_genesis(genesis)).error(), Error::config_invalid);
}

TEST(Genesis, AWellFormedOneIsReadBack) {
  const Genesis genesis = make_genesis();
  EXPECT_TRUE(check_genesis(genesis).empty());
  EXPECT_EQ(genesis_hash(decode_genesis(encode_genesis(genesis)).value()), genesis_hash(genesis));
}

TEST(Genesis, AnotherFirstLineIsRefused) {
  Bytes file = encode_genesis(make_genesis());
  file[14] = '2';
  EXPECT_EQ(decode_genesis(file).error(), Error::unknown_tag);
  EXPECT_EQ(decode_genesis(Bytes(limits::kGenesisBytes + 1)).error(), Error::oversize);
}

TEST(Genesis, EveryTruncationIsRefused) {
  const Bytes file = encode_genesis(make_genesis());
  for (std::size_t length = 0; length < file.size(); ++length) {
    EXPECT_FALSE(decode_genesis(ByteSpan(file).first(length)));
  }
}

TEST(Genesis, G1Origin) {
  for (const char* origin : {"", "a b", "a+b", "虎符", "a\nb"}) {
    Genesis genesis = make_genesis();
    genesis.origin = origin;
    expect_fault(genesis, "origin");
  }
}

TEST(Genesis, G2Provinces) {
  Genesis genesis = make_genesis();
  genesis.provinces[1].code = "330100";
  EXPECT_EQ(check_genesis(genesis)[0].where, "provinces[1].code");
  genesis = make_genesis();
  genesis.provinces[0].standing.name.clear();
  expect_fault(genesis, "provinces[0].name");
  genesis = make_genesis();
  genesis.provinces[0].standing.threshold = 1;
  expect_fault(genesis, "provinces[0].threshold");
}

TEST(Genesis, G3Agencies) {
  Genesis genesis = make_genesis();
  genesis.agencies[0].standing.province = "440000";
  expect_fault(genesis, "agencies[0].province");
  genesis = make_genesis();
  genesis.agencies[1].standing.keys = genesis.agencies[0].standing.keys;
  expect_fault(genesis, "agencies[1].keys[0]");
  genesis = make_genesis();
  genesis.agencies[1].standing.keys.clear();
  expect_fault(genesis, "agencies[1].keys");
  genesis = make_genesis();
  genesis.agencies[1].standing.grants[0].actions = 8;
  expect_fault(genesis, "agencies[1].grants[0].actions");
}

TEST(Genesis, G4Nodes) {
  Genesis genesis = make_genesis();
  genesis.roster.members.clear();
  expect_fault(genesis, "nodes");
  genesis = make_genesis();
  genesis.roster.members[0].tls_key = genesis.roster.members[0].log_key;
  expect_fault(genesis, "nodes[0].tlsKey");
  genesis = make_genesis();
  genesis.roster.members[0].api = genesis.roster.members[0].peer;
  expect_fault(genesis, "nodes[0].api");
  genesis = make_genesis();
  genesis.roster.members[0].name = "Node 1";
  expect_fault(genesis, "nodes[0].name");
}

TEST(Genesis, G5SortedWithoutRepetition) {
  Genesis genesis = make_genesis();
  std::swap(genesis.provinces[0], genesis.provinces[1]);
  expect_fault(genesis, "provinces[1]");
}

TEST(Genesis, AllFaultsAreNamedAtOnce) {
  Genesis genesis = make_genesis();
  genesis.origin.clear();
  genesis.roster.members[0].id = 0;
  genesis.agencies[2].standing.name.clear();
  EXPECT_EQ(check_genesis(genesis).size(), 3U);
}

TEST(Genesis, BlockZeroIsTiedToTheDocument) {
  const Genesis genesis = make_genesis();
  const BlockHeader block = founding_block(genesis);
  EXPECT_EQ(block.parent, genesis_hash(genesis));
  EXPECT_EQ(block.height, 0U);
  Genesis other = genesis;
  other.time_ms += 1;
  EXPECT_NE(block_hash(founding_block(other)), block_hash(block));
}

TEST(Genesis, TheFoundingStateIsSortedByKey) {
  const auto state = founding_state(make_genesis());
  EXPECT_EQ(state.size(), 6U);
  EXPECT_TRUE(std::is_sorted(state.begin(), state.end(), [](auto& a, auto& b) { return a.first < b.first; }));
}

}  // namespace
}  // namespace hufu
