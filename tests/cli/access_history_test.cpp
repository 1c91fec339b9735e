#include "cli/access_history.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cli/supervision_tables.hpp"
#include "ledger/trace/frame.hpp"
#include "tests/ledger/world.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;
using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

// The access log of node 1 of the test genesis, as its file would be.
class AccessHistoryFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "hufu-access-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    AccessChain chain({.genesis = ledger_id(genesis_).genesis, .member = 1});
    for (std::uint8_t i = 0; i < 5; ++i) {
      AccessRecord record = Tally{.agency = "A", .error = 524, .count = i};
      if (i % 2 == 0) {
        Trace trace{.genesis = ledger_id(genesis_).genesis, .agency = kIssuer, .id = {i}, .reason = "核验"};
        record = sign_trace(std::move(trace), key_of(kIssuer));
      }
      put_frame(bytes_, encode(chain.extend(std::move(record), 1000 + i, key_of("cosign-1"))));
    }
  }
  void TearDown() override { fs::remove_all(folder_); }

  Try<AccessHistory> read(ByteSpan bytes) {
    const fs::path file = folder_ / "access.log";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << as_text(bytes);
    refusals_ = {};
    return access_history(file.string(), genesis_, [this](const std::string& node, const SignedEntry& entry) {
      EXPECT_EQ(node, "node-1");
      refusals_.see(entry);
    });
  }

  const Genesis genesis_ = make_genesis();
  fs::path folder_;
  Bytes bytes_;
  Refusals refusals_;
};

TEST_F(AccessHistoryFile, IsReadWholeAndKnowsWhoseItIs) {
  const Try<AccessHistory> history = read(bytes_);
  ASSERT_TRUE(history) << history.error().why;
  EXPECT_EQ(history->entries, 5U);
  EXPECT_EQ(history->node, "node-1");
  EXPECT_EQ(refusals_.traces(), 3U);
  SupervisionTable table = refusal_table();
  add_refusals(table, refusals_, history->node);
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(table.rows[0],
            (std::vector<std::string>{"node-1", "A", "DOUBLE_CLAIM", "INV_ALREADY_CLAIMED", "4"}));
}

TEST_F(AccessHistoryFile, HalfAnEntryAtTheEndIsLeftOut) {
  const Try<AccessHistory> history = read(ByteSpan(bytes_).first(bytes_.size() - 1));
  ASSERT_TRUE(history);
  EXPECT_EQ(history->entries, 4U);
}

TEST_F(AccessHistoryFile, AChangedByteBeforeTheLastEntryIsAnAlarm) {
  const std::size_t last = [&] {
    std::size_t at = 0;
    for (std::size_t next = 0; next < bytes_.size();
         next += kFrameHeadBytes + frame_at(ByteSpan(bytes_).subspan(next))->size())
      at = next;
    return at;
  }();
  for (std::size_t at = 0; at < last; at += 11) {
    Bytes changed = bytes_;
    changed[at] ^= 1;
    const Try<AccessHistory> history = read(changed);
    ASSERT_FALSE(history) << at;
    EXPECT_EQ(exit_of(history.error()), kIntegrityAlarm);
  }
}

TEST_F(AccessHistoryFile, AnEntryThatIsNotTheNodesIsAnAlarm) {
  // Well framed and well chained, signed by nobody of the roster.
  AccessChain chain({.genesis = ledger_id(genesis_).genesis, .member = 1});
  Bytes foreign;
  put_frame(foreign, encode(chain.extend(Tally{}, 1, key_of("somebody"))));
  const Try<AccessHistory> history = read(foreign);
  ASSERT_FALSE(history);
  EXPECT_EQ(exit_of(history.error()), kIntegrityAlarm);
}

TEST_F(AccessHistoryFile, AnEntryTakenOutIsAnAlarm) {
  const std::size_t first = kFrameHeadBytes + frame_at(bytes_)->size();
  const Try<AccessHistory> history = read(ByteSpan(bytes_).subspan(first));
  ASSERT_FALSE(history);
  EXPECT_EQ(exit_of(history.error()), kIntegrityAlarm);
  EXPECT_NE(history.error().why.find("entry 0"), std::string::npos) << history.error().why;
}

TEST(SupervisionTables, OnlyWhatIsMoreThanTheMassIsListed) {
  Supervision supervision;
  Block block;
  block.header.time_ms = 20'000ULL * 86'400'000;
  block.submissions.emplace_back();
  block.submissions.back().header.agency = kIssuer;
  for (int i = 0; i < 3; ++i) {
    block.submissions.back().operations.push_back(
        {.subject = {SubjectKind::license, kLicense},
         .previous = std::nullopt,
         .effective = 1,
         .payload = LicenseChange{.action = LicenseAction::revoke}});
  }
  supervision.see(block);
  const auto listed = [&](std::uint64_t mass) {
    for (const SupervisionTable& table : supervision_tables(supervision, mass)) {
      if (table.name == "mass_revocations") return table.rows;
    }
    return std::vector<std::vector<std::string>>();
  };
  EXPECT_TRUE(listed(3).empty());
  ASSERT_EQ(listed(2).size(), 1U);
  EXPECT_EQ(listed(2)[0], (std::vector<std::string>{kIssuer, "2024-10-04", "3"}));
}

}  // namespace
}  // namespace hufu::cli
