#include "ledger/base/hash_batch.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace hufu {
namespace {

Bytes message(std::size_t length, std::size_t salt) {
  Bytes bytes(length);
  for (std::size_t i = 0; i < length; ++i)
    bytes[i] = static_cast<std::uint8_t>(i * 131 + salt * 17 + (i >> 8));
  return bytes;
}

// Around every boundary of a block (55, 56, 64 …), in every number of messages that fills the lanes or does not.
void expect_same_digests(std::size_t count) {
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < count; ++i) messages.push_back(message((i * 37 + count) % 200, i));
  std::vector<Hash> digests(count);
  HashBatch batch;
  for (std::size_t i = 0; i < count; ++i) batch.add(messages[i], digests[i]);
  batch.finish();
  for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(digests[i], sha256(messages[i])) << i << " of " << count;
}

TEST(HashBatch, GivesTheDigestsOfSha256) {
  for (std::size_t count = 0; count <= 70; ++count) expect_same_digests(count);
  expect_same_digests(5000);
}

TEST(HashBatch, EveryLengthUpToSixBlocks) {
  std::vector<Bytes> messages;
  for (std::size_t length = 0; length <= 384; ++length) messages.push_back(message(length, length));
  messages.push_back(message(1 << 20, 1));
  std::vector<Hash> digests(messages.size());
  HashBatch batch;
  for (std::size_t i = 0; i < messages.size(); ++i) batch.add(messages[i], digests[i]);
  batch.finish();
  for (std::size_t i = 0; i < messages.size(); ++i) ASSERT_EQ(digests[i], sha256(messages[i])) << i;
}

TEST(EncodedBatch, GivesTheDigestsOfEncodingsOneByOneAndCanBeUsedAgain) {
  EncodedBatch batch;
  for (const std::uint64_t count : {0U, 3U, 20U}) {
    for (std::uint64_t i = 0; i < count; ++i) batch.add(std::uint8_t{7}, i);
    const std::vector<Hash> digests = batch.finish();
    ASSERT_EQ(digests.size(), count);
    for (std::uint64_t i = 0; i < count; ++i) {
      Writer message;
      message& std::uint8_t{7} & i;
      EXPECT_EQ(digests[i], sha256(message.bytes())) << i << " of " << count;
    }
  }
}

TEST(HashBatch, CanBeUsedAgainAndByManyThreads) {
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (std::size_t round = 0; round < 50; ++round) expect_same_digests(20 + t + round);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace hufu
