// The simulated disk itself, and a ledger on it: what was promised stays, what was not may go, and damage is refused.
#include "tests/sim/memory_disk.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <random>

#include "tests/store/store_world.hpp"

namespace hufu::sim {
namespace {

using testing::Chain;

class DiskTest : public ::testing::Test {
 protected:
  store::Checked<std::unique_ptr<store::LedgerStore>> open() {
    auto opened =
        store::LedgerStore::open("/ledger", chain.genesis, store::Mode::read_write,
                                 {.memtable_bytes = 16U << 20, .cache_bytes = 1U << 20, .env = disk.env()});
    if (!opened) return opened.error();
    if (auto loaded = (*opened)->load_state(); !loaded) return loaded.error();
    return opened;
  }
  void extend(store::LedgerStore& store) {
    const std::string number = "2433200000030" + std::to_string(1'000'000 + chain.blocks.size());
    testing::extend(chain, store, {chain.sign(testing::kPlatform, {testing::issue_invoice(number)})});
  }
  Dice dice(std::uint64_t seed) {
    random.seed(seed);
    return [this](std::uint64_t bound) { return random() % bound; };
  }
  void crash(std::unique_ptr<store::LedgerStore> store, std::optional<std::uint64_t> power_cut) {
    disk.freeze();
    store.reset();
    if (power_cut) disk.power_cut(dice(*power_cut));
    disk.thaw();
  }

  MemoryDisk disk;
  Chain chain;
  std::mt19937_64 random;
};

TEST_F(DiskTest, AKilledProcessLosesNothing) {
  auto opened = open();
  ASSERT_TRUE(opened.has_value()) << opened.error().detail;
  auto store = std::move(*opened);
  for (int i = 0; i < 3; ++i) extend(*store);
  crash(std::move(store), std::nullopt);
  EXPECT_EQ(open().value()->head(), chain.head());
}

TEST_F(DiskTest, M1APowerCutTakesTheNewestUnsyncedBlocksAndNoOther) {
  std::set<std::uint64_t> heights;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    disk.replace();
    chain = Chain();
    auto store = open().value();
    for (int i = 0; i < 3; ++i) extend(*store);
    ASSERT_TRUE(store->sync().has_value());
    for (int i = 0; i < 3; ++i) extend(*store);
    crash(std::move(store), seed);
    auto again = open();
    ASSERT_TRUE(again.has_value()) << seed << ": " << again.error().detail;
    const BlockHeader head = (*again)->head();
    EXPECT_GE(head.height, 3u) << seed;
    EXPECT_EQ(head, chain.blocks.at(head.height).header) << seed;
    heights.insert(head.height);
  }
  EXPECT_EQ(heights, (std::set<std::uint64_t>{3, 4, 5, 6}));
}

TEST_F(DiskTest, AFlippedBitIsNeverServed) {
  std::uint64_t refused = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    disk.replace();
    chain = Chain();
    auto store = open().value();
    for (int i = 0; i < 3; ++i) extend(*store);
    ASSERT_TRUE(store->sync().has_value());
    crash(std::move(store), seed);
    if (seed % 2 == 0) crash(open().value(), seed);  // then there are tables besides the write-ahead log
    ASSERT_NE(disk.flip(dice(seed)), "");
    auto again = open();
    if (!again) {
      ++refused;
      continue;
    }
    for (std::uint64_t height = 0; height <= (*again)->head().height; ++height) {
      const auto header = (*again)->header(height);
      if (!header) {
        ++refused;
        break;
      }
      ASSERT_TRUE(header->has_value());
      EXPECT_EQ(**header, chain.blocks.at(height).header) << seed;
    }
  }
  std::cout << "200 flips, " << refused << " refused\n";
  EXPECT_GT(refused, 50u);
}

TEST_F(DiskTest, M3TheSameCallsLeaveTheSameLengths) {
  std::vector<std::uint64_t> sizes;
  for (int round = 0; round < 2; ++round) {
    disk.replace();
    chain = Chain();
    for (int life = 0; life < 3; ++life) {
      auto store = open().value();
      extend(*store);
      crash(std::move(store), 7);
      auto opened = open().value();
      // A lost block: build on what is there.
      while (chain.head().height > opened->head().height) {
        chain = Chain();
      }
      if (chain.head().height != opened->head().height) disk.replace();
      crash(std::move(opened), std::nullopt);
    }
    sizes.push_back(disk.bytes());
  }
  EXPECT_EQ(sizes[0], sizes[1]);
}

TEST_F(DiskTest, OpeningIsFast) {
  { open().value(); }
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 50; ++i) open().value();
  const auto took =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  std::cout << "opening: " << took.count() / 50 << " us\n";
}

}  // namespace
}  // namespace hufu::sim
