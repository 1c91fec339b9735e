// A backup's file: its grammar, and that no other bytes are taken for it.
#include "ledger/chain/backup.hpp"

#include <gtest/gtest.h>

#include "tests/ledger/world.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

Bytes written(const Genesis& genesis, const std::vector<Block>& blocks, std::string_view note) {
  Bytes file;
  BackupWriter writer(
      [&](ByteSpan bytes) {
        file.insert(file.end(), bytes.begin(), bytes.end());
        return true;
      },
      encode_genesis(genesis), note);
  for (const Block& block : blocks) writer.block(encode(block));
  writer.finish();
  EXPECT_EQ(writer.bytes(), file.size());
  return file;
}

BackupReader reader_of(const Bytes& file) {
  return BackupReader([&file, at = std::size_t{0}](std::size_t count) mutable -> std::optional<Bytes> {
    const std::size_t got = std::min(count, file.size() - at);
    const auto begin = file.begin() + static_cast<std::ptrdiff_t>(at);
    at += got;
    return Bytes(begin, begin + static_cast<std::ptrdiff_t>(got));
  });
}

// All sections, or the first error.
Result<std::vector<BackupSection>> read_all(const Bytes& file) {
  BackupReader reader = reader_of(file);
  std::vector<BackupSection> sections;
  while (sections.empty() || sections.back().kind != BackupKind::seal) {
    Result<BackupSection> section = reader.next();
    if (!section) return section.error();
    sections.push_back(std::move(*section));
  }
  return sections;
}

Bytes section(BackupKind kind, ByteSpan bytes) {
  return encode(BackupSection{.kind = kind, .bytes = to_bytes(bytes)});
}

class BackupTest : public ::testing::Test {
 protected:
  BackupTest() {
    chain.append(kPlatform, {issue_invoice()});
    chain.append(kIssuer, {issue_license()});
    file = written(chain.genesis, chain.blocks, "a note\n");
  }
  Chain chain;
  Bytes file;
};

TEST_F(BackupTest, WhatWasWrittenIsRead) {
  const auto sections = read_all(file);
  ASSERT_TRUE(sections.has_value()) << code_of(sections.error());
  ASSERT_EQ(sections->size(), 2 + chain.blocks.size() + 1);
  EXPECT_EQ(sections->at(0).bytes, encode_genesis(chain.genesis));
  EXPECT_EQ(as_text(sections->at(1).bytes), "a note\n");
  for (std::size_t height = 0; height < chain.blocks.size(); ++height) {
    EXPECT_EQ(sections->at(2 + height).bytes, encode(chain.blocks[height]));
  }
}

TEST_F(BackupTest, WithoutANoteThereIsNone) {
  const auto sections = read_all(written(chain.genesis, chain.blocks, ""));
  ASSERT_TRUE(sections.has_value());
  EXPECT_EQ(sections->at(1).kind, BackupKind::block);
}

TEST_F(BackupTest, NoFlippedBitPasses) {
  for (std::size_t at = 0; at < file.size(); ++at) {
    Bytes other = file;
    other[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    EXPECT_FALSE(read_all(other).has_value()) << "byte " << at;
  }
}

TEST_F(BackupTest, NoBeginningOfItPasses) {
  for (std::size_t length = 0; length < file.size(); ++length) {
    EXPECT_FALSE(
        read_all(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length))).has_value())
        << length;
  }
}

TEST_F(BackupTest, NothingFollowsTheSeal) {
  file.push_back(0);
  EXPECT_EQ(read_all(file).error(), Error::trailing_bytes);
}

TEST_F(BackupTest, ABlockLeftOutOrSentTwiceBreaksTheSeal) {
  std::vector<Block> without = chain.blocks;
  without.erase(without.begin() + 1);
  const Bytes seal(file.end() - 37, file.end());
  for (const auto& blocks :
       {without, std::vector<Block>{chain.blocks[0], chain.blocks[0], chain.blocks[1], chain.blocks[2]}}) {
    Bytes other = written(chain.genesis, blocks, "a note\n");
    std::copy(seal.begin(), seal.end(), other.end() - 37);
    EXPECT_EQ(read_all(other).error(), Error::content_mismatch);
  }
}

TEST_F(BackupTest, SectionsHaveOneOrder) {
  const Bytes magic = to_bytes(as_bytes(kBackupMagic));
  const Bytes genesis = section(BackupKind::genesis, encode_genesis(chain.genesis));
  const Bytes block = section(BackupKind::block, encode(chain.blocks[0]));
  const Bytes note = section(BackupKind::checkpoint, as_bytes("n"));
  const Bytes seal = section(BackupKind::seal, kZeroHash);
  const std::vector<std::vector<Bytes>> wrong = {{block},
                                                 {genesis, genesis},
                                                 {genesis, block, note},
                                                 {genesis, note, note},
                                                 {genesis, seal},
                                                 {genesis, note, seal},
                                                 {seal}};
  for (const auto& sections : wrong) {
    Bytes other = magic;
    for (const Bytes& each : sections) other.insert(other.end(), each.begin(), each.end());
    EXPECT_EQ(read_all(other).error(), Error::field_invalid);
  }
}

TEST_F(BackupTest, AnotherFileIsRefusedAndItsLengthsAreNotBelieved) {
  EXPECT_EQ(read_all(encode_genesis(chain.genesis)).error(), Error::unknown_tag);
  Bytes other = to_bytes(as_bytes(kBackupMagic));
  const Bytes huge = {1, 0xFF, 0xFF, 0xFF, 0xFF};
  other.insert(other.end(), huge.begin(), huge.end());
  EXPECT_EQ(read_all(other).error(), Error::oversize);
}

TEST_F(BackupTest, ASinkThatTakesNothingIsRemembered) {
  BackupWriter writer([](ByteSpan) { return false; }, encode_genesis(chain.genesis), "");
  EXPECT_TRUE(writer.failed());
}

}  // namespace
}  // namespace hufu
