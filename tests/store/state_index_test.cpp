#include "ledger/rocksdb/state_index.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

namespace hufu::store {
namespace {

Hash path_of(std::uint64_t number) { return sha256(as_bytes(std::to_string(number))); }

bool leads_to(const StateIndex& index, const Hash& path, std::uint64_t chunk) {
  const auto chunks = index.find(path);
  return std::find(chunks.begin(), chunks.end(), chunk) != chunks.end();
}

TEST(StateIndex, NothingIsFoundWhereNothingWasPut) {
  const StateIndex index;
  EXPECT_TRUE(index.find(path_of(1)).empty());
}

TEST(StateIndex, ASubjectIsFoundWhereItWentLast) {
  StateIndex index;
  ASSERT_TRUE(index.apply(std::array{StateIndex::Move{path_of(1), std::nullopt, 0}}));
  EXPECT_EQ(index.find(path_of(1)), std::vector<std::uint64_t>{0});
  ASSERT_TRUE(index.apply(std::array{StateIndex::Move{path_of(1), 0, 7}}));
  ASSERT_TRUE(index.apply(std::array{StateIndex::Move{path_of(1), 7, StateIndex::kMaxChunk}}));
  EXPECT_EQ(index.find(path_of(1)), std::vector<std::uint64_t>{StateIndex::kMaxChunk});
}

TEST(StateIndex, WhatIsNotWhereItIsSaidToBeDoesNotMove) {
  StateIndex index;
  EXPECT_FALSE(index.apply(std::array{StateIndex::Move{path_of(1), 0, 1}}));
  ASSERT_TRUE(index.apply(std::array{StateIndex::Move{path_of(1), std::nullopt, 1}}));
  EXPECT_FALSE(index.apply(
      std::array{StateIndex::Move{path_of(1), 2, 3}, StateIndex::Move{path_of(2), std::nullopt, 4}}));
  EXPECT_EQ(index.find(path_of(1)), std::vector<std::uint64_t>{1});
  EXPECT_EQ(index.find(path_of(2)), std::vector<std::uint64_t>{4});
}

// I1 beside a writer: the subject moves on and on, and is always somewhere.
TEST(StateIndex, AReaderBesideTheWriterFindsTheSubject) {
  constexpr std::uint64_t kMoves = 20'000;
  StateIndex index;
  ASSERT_TRUE(index.apply(std::array{StateIndex::Move{path_of(0), std::nullopt, 0}}));
  std::atomic<bool> done = false;
  std::uint64_t wrong = 0;
  std::thread reader([&] {
    for (std::uint64_t last = 0; !done;) {
      const auto chunks = index.find(path_of(0));
      if (chunks.size() != 1 || chunks[0] < last) ++wrong;
      if (!chunks.empty()) last = chunks[0];
    }
  });
  std::uint64_t refused = 0;
  for (std::uint64_t i = 1; i <= kMoves; ++i) {
    const std::array moves{StateIndex::Move{path_of(0), i - 1, i},
                           StateIndex::Move{path_of(i), std::nullopt, i}};
    if (!index.apply(moves)) ++refused;
  }
  done = true;
  reader.join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(refused, 0U);
}

// Two subjects that share a hash, as far as the index can tell: the same path twice.
TEST(StateIndex, I2OfTwoWithOneHashBothStayAndTheNewerComesFirst) {
  StateIndex index;
  const Hash path = path_of(1);
  ASSERT_TRUE(index.apply(
      std::array{StateIndex::Move{path, std::nullopt, 5}, StateIndex::Move{path, std::nullopt, 5}}));
  EXPECT_EQ(index.find(path), (std::vector<std::uint64_t>{5, 5}));
  ASSERT_TRUE(index.apply(std::array{StateIndex::Move{path, 5, 9}}));
  EXPECT_EQ(index.find(path), (std::vector<std::uint64_t>{9, 5}));
}

TEST(StateIndex, I1HundredsOfThousandsAreAllFoundAndHardlyAnythingElse) {
  constexpr std::uint64_t kSubjects = 300'000;
  StateIndex index;
  std::vector<std::uint64_t> chunks(kSubjects);
  std::vector<StateIndex::Move> moves;
  std::mt19937_64 random(7);
  std::uint64_t chunk = 0;
  const auto apply = [&] {
    ASSERT_TRUE(index.apply(moves));
    moves.clear();
  };
  for (std::uint64_t i = 0; i < kSubjects; ++i) {
    chunks[i] = chunk;
    moves.push_back({path_of(i), std::nullopt, chunk});
    if (i % 16 == 15) ++chunk;
    if (i % 1000 == 999) apply();
    if (i % 1000 != 999 || random() % 2 == 0) continue;
    const std::uint64_t again = random() % (i + 1);
    moves.push_back({path_of(again), chunks[again], ++chunk});
    chunks[again] = chunk++;
    apply();
  }
  std::uint64_t guesses = 0;
  for (std::uint64_t i = 0; i < kSubjects; ++i) {
    ASSERT_TRUE(leads_to(index, path_of(i), chunks[i])) << i;
    guesses += index.find(path_of(kSubjects + i)).size();
  }
  EXPECT_LT(guesses, kSubjects / 1000);
  EXPECT_LT(index.bytes(), kSubjects * 14);
}

}  // namespace
}  // namespace hufu::store
