#include "ledger/base/key_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hufu {
namespace {

namespace fs = std::filesystem;

const Seed kSeed(std::array<std::uint8_t, 32>{1, 2, 3, 4, 5, 6, 7, 8, 9});
constexpr std::string_view kPassphrase = "correct horse battery staple";

class KeyFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "hufu-key-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
};

Bytes sealed() {
  return seal_key({.label = "agency A", .seed = kSeed}, kPassphrase, kRandomPassphrase).value();
}

TEST_F(KeyFiles, OpensWithItsPassphraseAndKeepsLabelAndSeed) {
  ASSERT_TRUE(write_key_file(path("a.key"), "agency 甲", kSeed, kPassphrase, kRandomPassphrase));
  const Result<KeyFile> opened = open_key_file(path("a.key"), kPassphrase);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->label, "agency 甲");
  EXPECT_EQ(SigningKey(opened->seed).public_key(), SigningKey(kSeed).public_key());
}

TEST_F(KeyFiles, DefaultCostOpensToo) {
  ASSERT_TRUE(write_key_file(path("a.key"), "a", kSeed, kPassphrase));
  EXPECT_TRUE(open_key_file(path("a.key"), kPassphrase));
}

TEST_F(KeyFiles, WrongPassphraseIsRefused) {
  ASSERT_TRUE(write_key_file(path("a.key"), "a", kSeed, kPassphrase, kRandomPassphrase));
  for (const std::string_view wrong : {"", "correct horse battery stapl", "correct horse battery staple "}) {
    EXPECT_EQ(open_key_file(path("a.key"), wrong).error(), Error::passphrase_wrong);
  }
}

TEST_F(KeyFiles, F3ModeIs0600WhateverTheUmaskAndTheFileIsNeverOverwritten) {
  const mode_t before = ::umask(0);
  ASSERT_TRUE(write_key_file(path("a.key"), "a", kSeed, kPassphrase, kRandomPassphrase));
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat(path("a.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
  EXPECT_EQ(write_key_file(path("a.key"), "b", Seed(), kPassphrase, kRandomPassphrase).error(),
            Error::already_exists);
  EXPECT_EQ(open_key_file(path("a.key"), kPassphrase)->label, "a");
}

TEST_F(KeyFiles, F3AFolderThatIsNotThereIsAnErrorAndLeavesNothing) {
  EXPECT_EQ(write_key_file(path("no/a.key"), "a", kSeed, kPassphrase, kRandomPassphrase).error(),
            Error::file_unwritable);
}

TEST_F(KeyFiles, F4ReadableByOthersIsRefused) {
  ASSERT_TRUE(write_key_file(path("a.key"), "a", kSeed, kPassphrase, kRandomPassphrase));
  for (const mode_t mode : {0640, 0604, 0660, 0601, 0644}) {
    ASSERT_EQ(::chmod(path("a.key").c_str(), mode), 0);
    EXPECT_EQ(open_key_file(path("a.key"), kPassphrase).error(), Error::file_permissions) << std::oct << mode;
  }
  ASSERT_EQ(::chmod(path("a.key").c_str(), 0400), 0);
  EXPECT_TRUE(open_key_file(path("a.key"), kPassphrase));
}

TEST_F(KeyFiles, F4SymbolicLinksPipesAndFoldersAreNotRead) {
  ASSERT_TRUE(write_key_file(path("a.key"), "a", kSeed, kPassphrase, kRandomPassphrase));
  fs::create_symlink(path("a.key"), path("link.key"));
  EXPECT_EQ(open_key_file(path("link.key"), kPassphrase).error(), Error::file_unreadable);
  ASSERT_EQ(::mkfifo(path("pipe.key").c_str(), 0600), 0);
  EXPECT_EQ(open_key_file(path("pipe.key"), kPassphrase).error(), Error::file_unreadable);
  fs::create_directory(path("folder.key"));
  EXPECT_EQ(open_key_file(path("folder.key"), kPassphrase).error(), Error::file_unreadable);
  EXPECT_EQ(open_key_file(path("none.key"), kPassphrase).error(), Error::file_missing);
}

TEST_F(KeyFiles, AFileThatGrewOverItsLimitIsRefused) {
  ASSERT_TRUE(write_secret_file(path("a.key"), Bytes(KeyFile::kMaxBytes + 1)));
  EXPECT_EQ(open_key_file(path("a.key"), kPassphrase).error(), Error::oversize);
}

TEST(SealedKey, TwoSealingsOfOneKeyDiffer) { EXPECT_NE(sealed(), sealed()); }

TEST(SealedKey, EveryFlippedByteIsNoticed) {
  const Bytes good = sealed();
  // The cost fields are tried apart: a flipped one may be a dear one.
  for (std::size_t i = 0; i < good.size(); ++i) {
    if (i >= 9 && i < 17) continue;
    Bytes bad = good;
    bad[i] ^= 0x01;
    EXPECT_FALSE(unseal_key(bad, kPassphrase)) << i;
  }
}

TEST(SealedKey, EveryTruncationAndAnyTailIsNoticed) {
  const Bytes good = sealed();
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(unseal_key(ByteSpan(good).first(size), kPassphrase)) << size;
  }
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_EQ(unseal_key(longer, kPassphrase).error(), Error::trailing_bytes);
}

TEST(SealedKey, F2CostOutOfBoundsIsRefusedBeforeItIsPaid) {
  const Bytes good = sealed();
  const auto with = [&](std::size_t offset, std::uint32_t value) {
    Bytes bad = good;
    for (std::size_t i = 0; i < 4; ++i) bad[offset + i] = static_cast<std::uint8_t>(value >> (8 * i));
    return unseal_key(bad, kPassphrase).error();
  };
  constexpr std::size_t kPasses = 9;
  constexpr std::size_t kMemory = 13;
  for (const std::uint32_t passes : {0u, kMaxCost.passes + 1, 0xFFFFFFFFu}) {
    EXPECT_EQ(with(kPasses, passes), Error::field_invalid);
  }
  for (const std::uint32_t memory : {0u, kMinCost.memory_kib - 1, kMaxCost.memory_kib + 1, 0xFFFFFFFFu}) {
    EXPECT_EQ(with(kMemory, memory), Error::field_invalid);
  }
  EXPECT_EQ(with(kPasses, 2), Error::passphrase_wrong);
}

TEST(SealedKey, LabelsAreBoundedUtf8) {
  const auto seal = [](const std::string& label) {
    return seal_key({.label = label, .seed = kSeed}, kPassphrase, kRandomPassphrase);
  };
  EXPECT_TRUE(seal(std::string(KeyFile::kLabel, 'x')));
  EXPECT_EQ(seal(std::string(KeyFile::kLabel + 1, 'x')).error(), Error::too_long);
  EXPECT_EQ(seal("\xff").error(), Error::text_malformed);
}

}  // namespace
}  // namespace hufu
