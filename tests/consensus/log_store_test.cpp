// The durable log on a real disk: what survives, what is tolerated, what is refused and how it is named.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>

#include "consensus/rocks_log_store.hpp"
#include "ledger/base/failpoint.hpp"
#include "tests/consensus/scratch.hpp"

namespace hufu::consensus {
namespace {

class LogStoreOnDisk : public testing::Test {
 protected:
  std::filesystem::path directory() const { return scratch_.path() / "raft"; }

  Checked<std::unique_ptr<RocksLogStore>> open(std::uint64_t group = 7) {
    return RocksLogStore::open(directory(), group);
  }
  std::unique_ptr<RocksLogStore> must_open() {
    auto store = open();
    EXPECT_TRUE(store) << store.error().detail;
    return store ? std::move(*store) : nullptr;
  }

  // Entries of one term with recognisable data, durable on return.
  static void append(LogStore& store, std::uint64_t at, std::uint64_t count, std::uint64_t term = 1) {
    std::vector<Bytes> data;
    for (std::uint64_t i = 0; i < count; ++i) data.push_back(data_at(at + i));
    LogStep step;
    step.append_at = at;
    for (const Bytes& bytes : data) step.entries.push_back({term, EntryKind::command, bytes});
    ASSERT_TRUE(store.commit(step));
  }
  static Bytes data_at(std::uint64_t index) {
    const std::string text = "entry number " + std::to_string(index) + std::string(100, 'x');
    return to_bytes(as_bytes(text));
  }
  static Snapshot snapshot_at(std::uint64_t index) {
    return {index, 1, 1, {{1, "a:1"}, {2, "b:2"}}, to_bytes(as_bytes("pointer"))};
  }

  std::filesystem::path wal() const {
    std::filesystem::path newest;
    for (const auto& file : std::filesystem::directory_iterator(directory() / "log")) {
      if (file.path().extension() == ".log" && file.file_size() > 0) newest = std::max(newest, file.path());
    }
    return newest;
  }
  static void flip(const std::filesystem::path& file, std::uint64_t at) {
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(stream.get() ^ 0x40);
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(byte);
  }
  static void zero(const std::filesystem::path& file, std::uint64_t at, std::uint64_t bytes) {
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(static_cast<std::streamoff>(at));
    stream << std::string(bytes, '\0');
  }

  Scratch scratch_;
};

TEST_F(LogStoreOnDisk, AFreshDirectoryIsPristine) {
  const auto store = must_open();
  const auto loaded = store->load();
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(loaded->pristine());
}

TEST_F(LogStoreOnDisk, EverythingIsThereAfterReopening) {
  {
    const auto store = must_open();
    ASSERT_TRUE(store->set_hard_state({3, 2}));
    append(*store, 1, 5);
    append(*store, 6, 1, 3);
  }
  const auto loaded = must_open()->load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->hard, (HardState{3, 2}));
  EXPECT_EQ(loaded->first, 1U);
  ASSERT_EQ(loaded->entries.size(), 6U);
  EXPECT_EQ(loaded->entries[4].data, data_at(5));
  EXPECT_EQ(loaded->entries[5].term, 3U);
}

TEST_F(LogStoreOnDisk, TruncationAndAppendAreOneStep) {
  {
    const auto store = must_open();
    append(*store, 1, 9);
    LogStep step;
    step.truncate_from = 5;
    step.append_at = 5;
    const Bytes data = data_at(5);
    step.entries.push_back({2, EntryKind::command, data});
    ASSERT_TRUE(store->commit(step));
  }
  const auto loaded = must_open()->load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->last(), 5U);
  EXPECT_EQ(loaded->entries[4].term, 2U);
}

TEST_F(LogStoreOnDisk, ASnapshotKeepsWhatTrailsIt) {
  {
    const auto store = must_open();
    append(*store, 1, 9);
    LogStep step;
    step.snapshot = snapshot_at(7);
    step.keep_from = 5;
    ASSERT_TRUE(store->commit(step));
    append(*store, 10, 1);
  }
  const auto loaded = must_open()->load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->first, 5U);
  EXPECT_EQ(loaded->last(), 10U);
  ASSERT_TRUE(loaded->snapshot);
  EXPECT_EQ(loaded->snapshot->index, 7U);
  EXPECT_EQ(loaded->snapshot->members.size(), 2U);
  EXPECT_EQ(as_text(loaded->snapshot->pointer), "pointer");
}

TEST_F(LogStoreOnDisk, AnInstalledSnapshotReplacesTheLog) {
  {
    const auto store = must_open();
    append(*store, 1, 9);
    LogStep step;
    step.snapshot = snapshot_at(50);
    step.keep_nothing = true;
    ASSERT_TRUE(store->commit(step));
  }
  {
    const auto store = must_open();
    const auto loaded = store->load();
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->first, 51U);
    EXPECT_TRUE(loaded->entries.empty());
    append(*store, 51, 1);
  }
  EXPECT_EQ(must_open()->load()->last(), 51U);
}

TEST_F(LogStoreOnDisk, AnotherGroupIsRefused) {
  append(*must_open(), 1, 1);
  const auto store = open(8);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().error, Error::config_invalid);
}

TEST_F(LogStoreOnDisk, ATornTailThatWasNeverPromisedIsDropped) {
  append(*must_open(), 1, 20);
  const auto promised = std::filesystem::file_size(wal());
  const auto mark = scratch_.path() / "mark";
  std::filesystem::copy(directory() / "high-water", mark);
  append(*must_open(), 21, 1);  // reopening starts a new write-ahead log
  const auto file = wal();
  ASSERT_TRUE(promised > 0 && std::filesystem::file_size(file) > 60);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 50);
  std::filesystem::copy_file(mark, directory() / "high-water",
                             std::filesystem::copy_options::overwrite_existing);
  const auto loaded = must_open()->load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->last(), 20U);
}

TEST_F(LogStoreOnDisk, ATornTailThatWasPromisedIsRefused) {
  append(*must_open(), 1, 20);
  const auto file = wal();
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 50);
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().error, Error::storage_rolled_back);
}

// What a power cut leaves: the log is as long as the write would have made it, and some of its blocks never came.
TEST_F(LogStoreOnDisk, ATornTailOfZerosThatWasNeverPromisedIsDropped) {
  append(*must_open(), 1, 20);
  const auto mark = directory() / "high-water";
  const auto before = scratch_.path() / "mark";
  std::filesystem::copy(mark, before);
  append(*must_open(), 21, 1);
  const auto file = wal();
  const auto whole = scratch_.path() / "whole";
  std::filesystem::copy(directory(), whole, std::filesystem::copy_options::recursive);
  // From the middle of its data, of its key, of its header on; from its very beginning.
  for (std::uint64_t zeros = std::filesystem::file_size(file); zeros > 0;
       zeros -= std::min<std::uint64_t>(zeros, 5)) {
    std::filesystem::remove_all(directory());
    std::filesystem::copy(whole, directory(), std::filesystem::copy_options::recursive);
    std::filesystem::copy_file(before, mark, std::filesystem::copy_options::overwrite_existing);
    zero(file, std::filesystem::file_size(file) - zeros, zeros);
    ASSERT_EQ(must_open()->load()->last(), 20U) << zeros;
  }
  append(*must_open(), 21, 1);
  EXPECT_EQ(must_open()->load()->last(), 21U);
}

TEST_F(LogStoreOnDisk, AHoleInTheLastWriteIsATornTail) {
  append(*must_open(), 1, 20);
  const auto before = scratch_.path() / "mark";
  std::filesystem::copy(directory() / "high-water", before);
  append(*must_open(), 21, 1000);  // one record of many fragments, of which the last ones are whole
  zero(wal(), 64 * 1024, 4096);
  std::filesystem::copy_file(before, directory() / "high-water",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(must_open()->load()->last(), 20U);
}

TEST_F(LogStoreOnDisk, AHoleBeforeTheLastWriteIsRefused) {
  {
    const auto store = must_open();
    append(*store, 1, 1);
    append(*store, 2, 1000);
    append(*store, 1002, 1);
  }
  zero(wal(), 64 * 1024, 4096);
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().error, Error::storage_corrupt);
}

TEST_F(LogStoreOnDisk, ATornTailOfZerosThatWasPromisedIsRefused) {
  append(*must_open(), 1, 20);
  zero(wal(), std::filesystem::file_size(wal()) - 40, 40);
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().error, Error::storage_rolled_back);
}

TEST_F(LogStoreOnDisk, AMissingCurrentFileIsRefusedAndNothingIsTouched) {
  append(*must_open(), 1, 20);
  const auto current = directory() / "log" / "CURRENT";
  const auto aside = scratch_.path() / "CURRENT";
  std::filesystem::rename(current, aside);
  const auto mark = directory() / "high-water";
  const auto kept = scratch_.path() / "mark";
  for (const bool with_mark : {true, false}) {
    if (!with_mark) std::filesystem::rename(mark, kept);
    const auto store = open();
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().error, Error::storage_corrupt);
    EXPECT_NE(store.error().detail.find("CURRENT"), std::string::npos) << store.error().detail;
  }
  std::filesystem::rename(aside, current);
  std::filesystem::rename(kept, mark);
  EXPECT_EQ(must_open()->load()->last(), 20U);
}

TEST_F(LogStoreOnDisk, ALogThatIsTooShortIsRefusedAndItsBytesMendIt) {
  append(*must_open(), 1, 20);
  const auto file = wal();
  const auto aside = scratch_.path() / "whole.log";
  std::filesystem::copy_file(file, aside);
  std::filesystem::resize_file(file, 3);
  for (int start = 0; start < 2; ++start) EXPECT_EQ(open().error().error, Error::storage_rolled_back);
  EXPECT_EQ(std::filesystem::file_size(file), 3U);
  std::filesystem::copy_file(aside, file, std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(must_open()->load()->last(), 20U);
}

TEST_F(LogStoreOnDisk, AFlippedByteInTheMiddleIsRefusedByName) {
  {
    const auto store = must_open();
    for (std::uint64_t i = 1; i <= 20; ++i) append(*store, i, 1);
  }
  const auto file = wal();
  flip(file, std::filesystem::file_size(file) / 2);
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().error, Error::storage_corrupt);
  EXPECT_NE(store.error().detail.find(".log"), std::string::npos) << store.error().detail;
}

TEST_F(LogStoreOnDisk, ADeletedWriteAheadLogIsRefused) {
  {
    const auto store = must_open();
    ASSERT_TRUE(store->set_hard_state({3, 2}));
    append(*store, 1, 20);
  }
  std::filesystem::remove(wal());
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().error, Error::storage_rolled_back);
  EXPECT_NE(store.error().detail.find("high-water"), std::string::npos) << store.error().detail;
}

TEST_F(LogStoreOnDisk, AForgottenVoteIsRefused) {
  ASSERT_TRUE(must_open()->set_hard_state({3, 0}));
  const auto before = scratch_.path() / "before";
  std::filesystem::copy(directory() / "log", before, std::filesystem::copy_options::recursive);
  ASSERT_TRUE(must_open()->set_hard_state({3, 2}));
  std::filesystem::remove_all(directory() / "log");
  std::filesystem::rename(before, directory() / "log");
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().error, Error::storage_rolled_back);
  EXPECT_NE(store.error().detail.find("vote of term 3"), std::string::npos) << store.error().detail;
}

TEST_F(LogStoreOnDisk, AMissingHighWaterFileIsRefused) {
  append(*must_open(), 1, 1);
  std::filesystem::remove(directory() / "high-water");
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().error, Error::file_missing);
}

// The mark must not accuse a step that a crash cut off between the two files.
TEST_F(LogStoreOnDisk, AMarkFromBeforeTheLastStepIsFine) {
  append(*must_open(), 1, 5);
  const auto mark = scratch_.path() / "mark";
  std::filesystem::copy(directory() / "high-water", mark);
  append(*must_open(), 6, 5);
  std::filesystem::copy_file(mark, directory() / "high-water",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(must_open()->load()->last(), 10U);
}

// The crash is between the two files: a mark above the log would accuse the node of a rollback that never was.
TEST_F(LogStoreOnDisk, TheMarkFallsBeforeTheLogDoes) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer starts no threads in a forked child, and RocksDB needs some";
#endif
  LogStep step;
  step.truncate_from = 5;
  step.append_at = 5;
  const Bytes data = data_at(5);
  step.entries.push_back({2, EntryKind::command, data});
  const auto die = [&] {
    const auto store = must_open();
    append(*store, 1, 9);
    if (failpoints::arm("raft.truncate.after_write")) static_cast<void>(store->commit(step));
    _exit(0);
  };
  EXPECT_EXIT(die(), ::testing::KilledBySignal(SIGKILL), "");
  const auto store = must_open();
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->high_water().mark().last_index, 4U);
  EXPECT_EQ(store->load()->last(), 5U);
}

TEST(HighWaterFile, RemembersEverything) {
  const Scratch scratch;
  const auto file = scratch.path() / "mark";
  Hash head;
  head.bytes.fill(9);
  {
    const auto mark = HighWater::open(file, true);
    ASSERT_TRUE(mark);
    ASSERT_TRUE((*mark)->hard_state({4, 2}));
    ASSERT_TRUE((*mark)->rising(17));
    ASSERT_TRUE((*mark)->app({5, head}));
    ASSERT_TRUE((*mark)->sync());
  }
  const auto mark = HighWater::open(file, false);
  ASSERT_TRUE(mark);
  EXPECT_EQ((*mark)->mark(), (Mark{{4, 2}, 17, {5, head}}));
}

TEST(HighWaterFile, OneDamagedSlotIsSurvivedTwoAreNot) {
  const Scratch scratch;
  const auto file = scratch.path() / "mark";
  {
    const auto mark = HighWater::open(file, true);
    ASSERT_TRUE(mark && (*mark)->rising(16) && (*mark)->rising(17));
  }
  const auto damage = [&](std::streamoff at) {
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(at);
    stream.put('?');
  };
  damage(20);
  const auto survived = HighWater::open(file, false);
  ASSERT_TRUE(survived);
  EXPECT_GE((*survived)->mark().last_index, 16U);
  damage(4096 + 20);
  const auto refused = HighWater::open(file, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, Error::storage_corrupt);
  EXPECT_NE(refused.error().detail.find(file.string()), std::string::npos);
}

TEST(HighWaterFile, EveryTornWriteLeavesAnOlderMark) {
  const Scratch scratch;
  const auto file = scratch.path() / "mark";
  for (const int torn_at : {0, 8, 16, 40, 80, 100, 111}) {
    std::filesystem::remove(file);
    const auto mark = HighWater::open(file, true);
    ASSERT_TRUE(mark && (*mark)->rising(16));
    std::ifstream before_stream(file, std::ios::binary);
    const std::string before((std::istreambuf_iterator<char>(before_stream)), {});
    ASSERT_TRUE((*mark)->rising(17));
    std::ifstream after_stream(file, std::ios::binary);
    std::string after((std::istreambuf_iterator<char>(after_stream)), {});
    // The last write reached the disk only up to torn_at, in whichever slot it went to.
    const std::size_t slot = std::equal(before.begin(), before.begin() + 4096, after.begin()) ? 4096 : 0;
    const auto kept = slot + static_cast<std::size_t>(torn_at);
    std::copy(before.begin() + static_cast<long>(kept), before.begin() + static_cast<long>(slot) + 4096,
              after.begin() + static_cast<long>(kept));
    std::ofstream(file, std::ios::binary | std::ios::trunc) << after;
    const auto reopened = HighWater::open(file, false);
    ASSERT_TRUE(reopened) << torn_at;
    EXPECT_EQ((*reopened)->mark().last_index, 16U) << torn_at;
  }
}

}  // namespace
}  // namespace hufu::consensus
