#include "ledger/base/failpoint.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "ledger/base/key_file.hpp"

namespace hufu {
namespace {

TEST(Failpoint, P2UnarmedNothingHappens) {
  EXPECT_EQ(failpoints::armed, failpoints::kNone);
  failpoint("key.before_write");
}

TEST(Failpoint, P1OnlyAPointOfTheTableIsArmed) {
  for (const char* wish :
       {"", ":1", "key", "key.before_write ", "key.before_write:", "key.before_write:0",
        "key.before_write:-1", "key.before_write:1x", "key.before_write:99999999999999999999"}) {
    EXPECT_FALSE(failpoints::arm(wish)) << wish;
  }
  EXPECT_EQ(failpoints::armed, failpoints::kNone);
}

TEST(Failpoint, P3TheProcessIsGoneAtTheNthPassage) {
  const auto pass = [](const char* wish, int times) {
    if (!failpoints::arm(wish)) _exit(1);
    for (int i = 0; i < times; ++i) failpoint("key.before_write");
    failpoint("key.after_write");  // another one
    _exit(0);
  };
  EXPECT_EXIT(pass("key.before_write", 1), ::testing::KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(pass("key.before_write:3", 3), ::testing::KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(pass("key.before_write:3", 2), ::testing::ExitedWithCode(0), "");
}

// A key file that was cut short is refused, never taken for another key; one that was written whole is that key.
TEST(Failpoint, AKeyFileIsWholeOrRefused) {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / "hufu-failpoint-keys";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const Seed seed(std::array<std::uint8_t, Seed::kSize>{7});
  const KeyCost cost = kMinCost;
  int killed = 0;
  for (const std::string point : {"key.before_write", "key.after_write", "key.after_sync"}) {
    for (int passage = 1; passage <= 3; ++passage) {
      const std::string wish = point + ":" + std::to_string(passage);
      const auto path = [&](int number) { return (folder / (wish + "-" + std::to_string(number))).string(); };
      const auto write_all = [&] {
        if (!failpoints::arm(wish)) _exit(1);
        for (int number = 1; number <= 3; ++number) {
          if (!write_key_file(path(number), "a label", seed, "a passphrase", cost)) _exit(2);
        }
        _exit(0);
      };
      EXPECT_EXIT(write_all(), ::testing::KilledBySignal(SIGKILL), "") << wish;
      ++killed;
      for (int number = 1; number <= 3; ++number) {
        const Result<KeyFile> key = open_key_file(path(number), "a passphrase");
        if (number > passage) {
          EXPECT_EQ(key.error(), Error::file_missing) << wish;
        } else if (number == passage && point == "key.before_write") {
          EXPECT_EQ(key.error(), Error::truncated) << wish;
        } else {
          ASSERT_TRUE(key) << wish;
          EXPECT_TRUE(std::ranges::equal(key->seed.bytes(), seed.bytes())) << wish;
        }
      }
    }
  }
  std::filesystem::remove_all(folder);
  std::printf("3 points of a key file: %d killed\n", killed);
}

}  // namespace
}  // namespace hufu
