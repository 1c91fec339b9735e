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

// A draft beyond a bound cannot be encoded at all: it has to be told what is wrong, not to stop the program.
void expect_bound(const Genesis& genesis, const std::string& where) {
  const auto faults = check_genesis(genesis);
  EXPECT_TRUE(std::any_of(faults.begin(), faults.end(), [&](const GenesisFault& fault) {
    return fault.where == where && fault.what.find("too many: at most ") != std::string::npos;
  })) << where;
}

TEST(Genesis, G5EveryListHasItsBound) {
  Genesis genesis = make_genesis();
  const Member node = genesis.roster.members[0];
  for (std::uint64_t id = 2; id <= 40; ++id) {
    Member& member = genesis.roster.members.emplace_back(node);
    const std::string number = std::to_string(id);
    member = {.id = id,
              .name = "node-" + number,
              .province = node.province,
              .log_key = key_of("log-" + number).public_key(),
              .cosign_key = key_of("cosign-" + number).public_key(),
              .tls_key = key_of("tls-" + number).public_key(),
              .peer = {"node-" + number, 7001},
              .api = {"node-" + number, 8001}};
  }
  ASSERT_EQ(check_genesis(genesis).size(), 1U);
  EXPECT_EQ(check_genesis(genesis)[0].what, "40 are too many: at most 32");
  expect_bound(genesis, "nodes");

  genesis = make_genesis();
  genesis.provinces.resize(limits::kProvinces + 1, genesis.provinces[0]);
  expect_bound(genesis, "provinces");
  genesis = make_genesis();
  auto& authority = genesis.provinces[0].standing.authority_keys;
  authority.resize(limits::kAuthorityKeys + 1);
  expect_bound(genesis, "provinces[0].authorityKeys");
  genesis = make_genesis();
  genesis.agencies.resize(limits::kAgencies + 1, genesis.agencies[0]);
  expect_bound(genesis, "agencies");
  genesis = make_genesis();
  AgencyStanding& agency = genesis.agencies[0].standing;
  agency.keys.resize(limits::kKeysPerAgency + 1, agency.keys[0]);
  agency.grants.resize(limits::kGrantsPerAgency + 1, agency.grants[0]);
  expect_bound(genesis, "agencies[0].keys");
  expect_bound(genesis, "agencies[0].grants");
}

TEST(Genesis, G5TheWholeFileHasItsBound) {
  Genesis genesis = make_genesis();
  auto& grants = genesis.agencies[0].standing.grants;
  grants[0].type.assign(limits::kTypeCode, 'A');
  grants.resize(limits::kGrantsPerAgency, grants[0]);
  const FoundingAgency large = genesis.agencies[0];
  genesis.agencies.clear();
  for (int i = 0; i < 200; ++i) {
    FoundingAgency& agency = genesis.agencies.emplace_back(large);
    agency.code = "AGENCY" + std::to_string(1000 + i);
    agency.standing.keys[0].key = key_of(agency.code).public_key();
  }
  const auto faults = check_genesis(genesis);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].where, "document");
}

TEST(Genesis, G6KeysNamesAndTimeAreUsable) {
  Genesis genesis = make_genesis();
  genesis.roster.members[0].cosign_key.bytes.fill(0xFF);  // no canonical point
  expect_fault(genesis, "nodes[0].cosignKey");
  genesis = make_genesis();
  genesis.roster.members[0].log_key = PublicKey{{1}};  // the neutral element: everything verifies under it
  expect_fault(genesis, "nodes[0].logKey");
  genesis = make_genesis();
  genesis.provinces[0].standing.name = "上海\x1b[2J";
  expect_fault(genesis, "provinces[0].name");
  genesis = make_genesis();
  genesis.agencies[0].standing.grants[0].type = "A B";
  expect_fault(genesis, "agencies[0].grants[0].type");
  genesis = make_genesis();
  genesis.agencies[0].standing.grants[0].type.assign(limits::kTypeCode + 1, 'A');
  EXPECT_EQ(check_genesis(genesis)[0].where, "agencies[0].grants[0].type");
  genesis = make_genesis();
  genesis.time_ms = limits::kTimeMs + 1;
  expect_fault(genesis, "time");
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
