// The small parts of a node.
#include <gtest/gtest.h>

#include "node/block_shelf.hpp"
#include "node/config.hpp"
#include "node/doubts.hpp"
#include "node/metrics.hpp"
#include "node/rate_limit.hpp"
#include "node/receipts.hpp"
#include "node/signature_cache.hpp"
#include "tests/store/store_world.hpp"

namespace hufu::node {
namespace {

using testing::Chain;

TEST(RateLimit, SpendsTheBurstThenTheRate) {
  RateLimit limit({.per_second = 10, .burst = 3}, 10);
  EXPECT_EQ(limit.take("a", 0), 0u);
  EXPECT_EQ(limit.take("a", 0), 0u);
  EXPECT_EQ(limit.take("a", 0), 0u);
  const auto retry = limit.take("a", 0);
  EXPECT_GT(retry, 90u);
  EXPECT_LE(retry, 101u);
  EXPECT_EQ(limit.take("b", 0), 0u);
  EXPECT_EQ(limit.take("a", retry), 0u);
  EXPECT_GT(limit.take("a", retry), 0u);
}

TEST(RateLimit, TableIsBoundedAndForgetsTheIdle) {
  RateLimit limit({.per_second = 1, .burst = 1}, 2);
  EXPECT_EQ(limit.take("a", 0), 0u);
  EXPECT_EQ(limit.take("b", 0), 0u);
  EXPECT_GT(limit.take("c", 0), 0u);
  EXPECT_EQ(limit.names(), 2u);
  EXPECT_EQ(limit.take("c", 1000), 0u);
  EXPECT_EQ(limit.names(), 1u);
}

TEST(RateLimit, ZeroMeansNone) {
  RateLimit limit({.per_second = 0, .burst = 1}, 1);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(limit.take(std::to_string(i), 0), 0u);
}

TEST(RateLimit, AClockThatStandsStillOrFallsGivesNothing) {
  RateLimit limit({.per_second = 10, .burst = 1}, 4);
  EXPECT_EQ(limit.take("a", 5000), 0u);
  EXPECT_GT(limit.take("a", 0), 0u);
}

TEST(Doubts, EndAfterSoManyThatWereApplied) {
  Doubts doubts;
  EXPECT_FALSE(doubts.about("A"));
  doubts.refused("A");
  for (unsigned i = 1; i < Doubts::kClears; ++i) doubts.applied("A");
  EXPECT_TRUE(doubts.about("A"));
  EXPECT_FALSE(doubts.about("B"));
  doubts.refused("A");
  for (unsigned i = 0; i < Doubts::kClears; ++i) {
    EXPECT_TRUE(doubts.about("A"));
    doubts.applied("A");
  }
  EXPECT_FALSE(doubts.about("A"));
}

TEST(Doubts, AreBoundedAndThenAboutEverybody) {
  Doubts doubts;
  for (std::size_t i = 0; i < Doubts::kNames; ++i) doubts.refused(std::to_string(i));
  EXPECT_TRUE(doubts.about("nobody"));
  doubts.refused("nobody");  // finds no room
  for (unsigned i = 0; i < Doubts::kClears; ++i) doubts.applied("0");
  EXPECT_FALSE(doubts.about("nobody"));
  EXPECT_TRUE(doubts.about("1"));
}

TEST(SignatureCache, AnswersAsCheckSignedDoes) {
  Chain chain;
  SignatureCache cache(2);
  const Submission good = chain.sign(testing::kPlatform, {testing::issue_invoice()});
  for (int round = 0; round < 2; ++round) {
    Submission bad = good;
    bad.signature.bytes[0] ^= 1;
    EXPECT_EQ(cache.check(chain.ledger, bad).error(), check_signed(chain.ledger, bad).error());
    bad = good;
    bad.operations[0].effective += 1;
    EXPECT_EQ(cache.check(chain.ledger, bad).error(), check_signed(chain.ledger, bad).error());
    bad = good;
    bad.operations.clear();
    EXPECT_EQ(cache.check(chain.ledger, bad).error(), check_signed(chain.ledger, bad).error());
    EXPECT_TRUE(cache.check(chain.ledger, good).has_value());
    cache.remember(good);
  }
}

TEST(SignatureCache, IsBounded) {
  Chain chain;
  SignatureCache cache(8);
  for (int i = 0; i < 50; ++i) cache.remember(chain.sign(testing::kPlatform, {testing::issue_invoice()}));
  EXPECT_LE(cache.size(), 16u);
  EXPECT_GE(cache.size(), 8u);
}

TEST(BlockShelf, KeepsWhatWasAskedForLastAndNoMore) {
  testing::TempDir folder;
  testing::Chain chain;
  const auto store = store::LedgerStore::open(folder.path(), chain.genesis, store::Mode::read_write).value();
  for (std::uint64_t n = 1; n <= BlockShelf::kBlocks + 1; ++n) {
    const std::string number = "2433200000030" + std::to_string(1'000'000 + 2 * n);
    const std::string other = "2433200000030" + std::to_string(1'000'001 + 2 * n);
    extend(chain, *store,
           {chain.sign(testing::kPlatform, {testing::issue_invoice(number), testing::issue_invoice(other)})});
  }
  BlockShelf shelf(*store);
  const auto first = shelf.block(1).value();
  EXPECT_EQ(first->block().header.height, 1u);
  EXPECT_EQ(shelf.block(1).value(), first);
  const std::vector<Hash> operations = operation_hashes(first->block().submissions[0].operations);
  EXPECT_EQ(first->operations(0).path(1), inclusion_path(operations, 1));
  EXPECT_EQ(first->submissions().path(0), std::vector<Hash>());
  for (std::uint64_t height = 2; height <= BlockShelf::kBlocks; ++height) ASSERT_TRUE(shelf.block(height));
  EXPECT_EQ(shelf.block(1).value(), first) << "room for all of them";
  ASSERT_TRUE(shelf.block(BlockShelf::kBlocks + 1));
  EXPECT_EQ(shelf.block(1).value(), first) << "asked for a moment ago";
  EXPECT_EQ(shelf.block(BlockShelf::kBlocks + 2).error(), Error::storage_corrupt);
}

TEST(ListTree, PathsAreThoseOfTheTreeOverTheList) {
  for (std::size_t size = 1; size < 70; ++size) {
    std::vector<Hash> leaves;
    for (std::size_t i = 0; i < size; ++i) leaves.push_back(sha256(encode(std::uint64_t{i})));
    const ListTree tree(leaves);
    for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(tree.path(i), inclusion_path(leaves, i));
  }
}

TEST(Metrics, TextIsWhatPrometheusReads) {
  Metrics metrics;
  metrics.counter("b_total", "Counted.", {{"why", "x\"y"}}).add(3);
  metrics.gauge("a", "Measured.", [] { return 1.5; });
  const std::array<double, 2> bounds = {1, 10};
  Histogram& histogram = metrics.histogram("c_seconds", "Spread.", bounds);
  for (const double value : {0.5, 1.0, 5.0, 50.0}) histogram.observe(value);
  EXPECT_EQ(metrics.text(),
            "# HELP a Measured.\n# TYPE a gauge\na 1.5\n"
            "# HELP b_total Counted.\n# TYPE b_total counter\nb_total{why=\"x\\\"y\"} 3\n"
            "# HELP c_seconds Spread.\n# TYPE c_seconds histogram\n"
            "c_seconds_bucket{le=\"1\"} 2\nc_seconds_bucket{le=\"10\"} 3\nc_seconds_bucket{le=\"+Inf\"} 4\n"
            "c_seconds_sum 56.5\nc_seconds_count 4\n");
  EXPECT_EQ(histogram.quantile(0.5), 1);
  EXPECT_EQ(&metrics.counter("b_total", "Counted.", {{"why", "x\"y"}}),
            &metrics.counter("b_total", "", {{"why", "x\"y"}}));
}

constexpr std::string_view kConfig = R"(
node = "node-1"
data = "data"
genesis = "/etc/ledger.genesis"
key = "node.key"
passphrase = "node.pass"
)";

TEST(Config, PathsAreRelativeToItsFile) {
  const auto config = parse_config(kConfig, "/srv/hufu");
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->data, "/srv/hufu/data");
  EXPECT_EQ(config->genesis, "/etc/ledger.genesis");
  EXPECT_FALSE(config->listen_peer.has_value());
  EXPECT_EQ(config->raft.election_timeout_ms, 1000u);
}

TEST(Config, EverythingCanBeSaid) {
  const auto config = parse_config(std::string(kConfig) + R"(
log_level = "debug"
[listen]
peer = "0.0.0.0:7001"
api = "[::1]:8001"
api_plain = "127.0.0.1:8081"
[raft]
election_timeout_ms = 300
heartbeat_ms = 30
[limits]
block_bytes = 4096
verify_threads = 1
[rates]
agency_per_second = 5
agency_burst = 6
)",
                                   "");
  ASSERT_TRUE(config.has_value()) << config.error().lines.front();
  EXPECT_EQ(config->log_level, LogLevel::debug);
  EXPECT_EQ(config->listen_api, (Endpoint{"::1", 8001}));
  EXPECT_EQ(config->raft.heartbeat_ms, 30u);
  EXPECT_EQ(config->limits.block_bytes, 4096u);
  EXPECT_EQ(config->rates.agency.burst, 6);
}

TEST(Config, AllFaultsAreListedAtOnce) {
  const auto config = parse_config(R"(
node = 7
data = "data"
genesis = "g"
key = ""
colour = "red"
log_level = "loud"
[listen]
peer = "nowhere"
[raft]
election_timeout_ms = 100
heartbeat_ms = 90
[limits]
block_bytes = -1
[rates]
adress_per_second = 1
)",
                                   "");
  ASSERT_FALSE(config.has_value());
  std::string all;
  for (const auto& line : config.error().lines) all += line + "\n";
  for (const std::string part :
       {"node: ", "key: ", "passphrase: missing", "colour: unknown key", "log_level: ", "listen.peer: ",
        "raft.heartbeat_ms: ", "limits.block_bytes: ", "rates.adress_per_second: unknown key"}) {
    EXPECT_NE(all.find(part), std::string::npos) << part << " in\n" << all;
  }
  EXPECT_EQ(config.error().lines.size(), 9u) << all;
}

TEST(Config, WhatIsNoTomlSaysWhere) {
  const auto config = parse_config("node = \n", "");
  ASSERT_FALSE(config.has_value());
  EXPECT_NE(config.error().lines.at(0).find("line 1"), std::string::npos);
  EXPECT_FALSE(read_config("/nonexistent/config.toml").has_value());
}

}  // namespace
}  // namespace hufu::node
