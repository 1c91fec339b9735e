// What lies on the disk was changed behind the store's back.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/store/raw_store.hpp"
#include "tests/store/store_world.hpp"

namespace hufu::store {
namespace {

using testing::Chain;
using testing::RawStore;
using testing::TempDir;

// A ledger of three blocks, closed.
class Damage : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = LedgerStore::open(dir.path(), chain.genesis, Mode::read_write).value();
    for (const std::string number : {"24332000000306111419", "24332000000306111420"}) {
      testing::extend(chain, *store, {chain.sign(testing::kPlatform, {testing::issue_invoice(number)})});
    }
  }
  void put(Family family, ByteSpan key, const std::optional<Bytes>& value) {
    RawStore(dir.path()).put(family, key, value);
  }
  // As it was before this family was thought of.
  void as_of_older_schema(Family family, std::uint32_t version) {
    RawStore raw(dir.path());
    raw.put(Family::meta, as_bytes(kVersionKey), encode(version));
    ASSERT_TRUE(raw.db().DropColumnFamily(raw.handle(family)).ok());
  }
  Checked<std::unique_ptr<LedgerStore>> open() {
    return LedgerStore::open(dir.path(), chain.genesis, Mode::read_write);
  }
  std::filesystem::path newest(const std::string& ending) {
    std::filesystem::path found;
    for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
      if (entry.path().extension() == ending && entry.file_size() > 0 && entry.path() > found)
        found = entry.path();
    }
    return found;
  }

  TempDir dir;
  Chain chain;
  const SubjectKey subject{SubjectKind::invoice, testing::kInvoice};
  const SubjectKey agency{SubjectKind::agency, testing::kPlatform};
};

TEST_F(Damage, UnknownSchemaVersionIsRefused) {
  put(Family::meta, as_bytes(kVersionKey), encode(kSchemaVersion + 1));
  EXPECT_EQ(open().error().error, Error::unknown_tag);
}

TEST_F(Damage, ALedgerOfAnOlderSchemaIsRefusedAndLeftAsItIs) {
  as_of_older_schema(Family::registry, 1);
  EXPECT_EQ(open().error().error, Error::unknown_tag);
  EXPECT_EQ(open().error().error, Error::unknown_tag);
  std::vector<std::string> names;
  ASSERT_TRUE(rocksdb::DB::ListColumnFamilies(database_options(), dir.path().string(), &names).ok());
  EXPECT_EQ(names.size(), kFamilyNames.size() - 1) << "the family was not added";
}

TEST_F(Damage, AFoundingThatWasCutShortIsMadeAgain) {
  const TempDir other;
  rocksdb::DB* raw = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open({database_options(), {}}, other.path().string(), &raw).ok());
  delete raw;
  EXPECT_TRUE(LedgerStore::open(other.path(), chain.genesis, Mode::read_write).has_value());
}

TEST_F(Damage, ADamagedRegistryIsNotServed) {
  put(Family::registry, Bytes{200, 1}, Bytes());
  const auto store = open().value();
  EXPECT_TRUE(store->registry(SubjectKind::agency, "", 9).has_value());
  EXPECT_EQ(store->registry(SubjectKind::catalogue, "", 9).error().error, Error::storage_corrupt);
  EXPECT_TRUE(store->failure().has_value());
}

TEST_F(Damage, DataWithoutVersionIsNotFoundedOver) {
  put(Family::meta, as_bytes(kVersionKey), std::nullopt);
  EXPECT_EQ(open().error().error, Error::storage_corrupt);
}

TEST_F(Damage, HeadThatDoesNotMatchItsBlockIsRefused) {
  BlockHeader head = chain.head();
  head.time_ms += 1;
  put(Family::meta, as_bytes(kHeadKey), encode(head));
  EXPECT_EQ(open().error().error, Error::storage_corrupt);
}

TEST_F(Damage, BlockWithOtherContentsIsRefused) {
  Block block = chain.blocks.back();
  block.submissions.clear();
  put(Family::blocks, block_key(2), encode(block));
  EXPECT_EQ(open().error().error, Error::storage_corrupt);
}

TEST_F(Damage, B4TheRecordOfAnotherSubjectIsNotServed) {
  RawStore(dir.path()).change(agency, [](StoredRecord& record) { record.key.id = "X"; });
  const auto store = open().value();
  EXPECT_EQ(store->record(agency).error().error, Error::storage_corrupt);
  EXPECT_TRUE(store->failure().has_value());
}

TEST_F(Damage, B4FindThrowsInsteadOfSayingAbsent) {
  put(Family::state, chunk_key(0), Bytes{1, 2, 3});
  const auto store = open().value();
  EXPECT_THROW(store->find(agency), StoreFailure);
  EXPECT_EQ(store->load_state().error().error, Error::storage_corrupt);
}

TEST_F(Damage, AChunkThatIsMissingIsNotPassedOver) {
  put(Family::state, chunk_key(1), std::nullopt);
  EXPECT_EQ(open().value()->load_state().error().error, Error::storage_corrupt);
}

TEST_F(Damage, B8ChunksThatAreMissingAtTheEndAreMissed) {
  put(Family::state, chunk_key(2), std::nullopt);
  const auto loaded = open().value()->load_state();
  ASSERT_FALSE(loaded.has_value());
  EXPECT_NE(loaded.error().detail.find("2 chunks"), std::string::npos) << loaded.error().detail;
  put(Family::meta, as_bytes(kChunksKey), std::nullopt);
  EXPECT_EQ(open().error().error, Error::storage_corrupt);
}

// RocksDB's own defaults for this style of compaction: all of it once a month.
TEST_F(Damage, NothingIsWrittenAnewBecauseItIsOld) {
  RawStore raw(dir.path());
  for (rocksdb::ColumnFamilyHandle* const family : raw.handles()) {
    EXPECT_EQ(raw.db().GetOptions(family).periodic_compaction_seconds, 0U) << family->GetName();
    EXPECT_EQ(raw.db().GetOptions(family).ttl, 0U) << family->GetName();
  }
}

TEST_F(Damage, ARecordThatReplacesNothingIsNotTaken) {
  for (const std::uint64_t chunk : {0U, 1U, 2U, 3U}) {
    RawStore(dir.path()).change(subject, [&](StoredRecord& record) { record.replaces = chunk; });
    EXPECT_EQ(open().value()->load_state().error().error, Error::storage_corrupt) << chunk;
  }
}

TEST_F(Damage, ARegistryThatLeadsNowhereIsNotServed) {
  put(Family::registry, registry_key(agency), encode(std::uint64_t{1}));  // a chunk without that agency
  EXPECT_EQ(open().value()->record(agency).error().error, Error::storage_corrupt);
  put(Family::registry, registry_key(agency), encode(std::uint64_t{9}));
  EXPECT_EQ(open().value()->record(agency).error().error, Error::storage_corrupt);
  put(Family::registry, registry_key(agency), Bytes{1});
  EXPECT_EQ(open().value()->record(agency).error().error, Error::storage_corrupt);
}

TEST_F(Damage, AnIndexOfOperationsThatLostSomeIsNotServed) {
  RawStore(dir.path()).change(subject, [](StoredRecord& record) { record.spots.clear(); });
  const auto store = open().value();
  ASSERT_TRUE(store->load_state().has_value());
  EXPECT_TRUE(store->find(subject).has_value());
  EXPECT_EQ(store->record(subject).error().error, Error::storage_corrupt);
}

TEST_F(Damage, B5AfterADamagedReadNothingIsWritten) {
  put(Family::log, log_key({0, 1}), std::nullopt);
  const auto store = open().value();
  EXPECT_EQ(store->read({0, 1}).error(), Error::storage_corrupt);
  EXPECT_NE(store->failure()->detail.find("0/1"), std::string::npos);
  const Block block{make_header(3, store->head_hash(), chain.head().time_ms + 1, {}, kZeroHash), {}};
  EXPECT_EQ(store->commit({.block = block, .submission_ids = {}, .state = {}, .log_nodes = {}}).error().error,
            Error::storage_corrupt);
  EXPECT_FALSE(store->sync().has_value());
  EXPECT_EQ(store->head(), chain.head());
}

TEST_F(Damage, MissingCurrentFileIsNotFoundedOver) {
  std::filesystem::remove(dir.path() / "CURRENT");
  EXPECT_EQ(open().error().error, Error::storage_corrupt);
}

TEST_F(Damage, FlippedByteInTheMiddleOfTheWriteAheadLogIsRefused) {
  const auto wal = newest(".log");
  ASSERT_FALSE(wal.empty());
  std::fstream file(wal, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(wal) / 3));
  const int byte = file.peek();
  file.put(static_cast<char>(byte ^ 0x40));
  file.close();
  EXPECT_EQ(open().error().error, Error::storage_corrupt);
}

TEST_F(Damage, TornTailLosesTheNewestBlockOnly) {
  const auto wal = newest(".log");
  ASSERT_FALSE(wal.empty());
  std::filesystem::resize_file(wal, std::filesystem::file_size(wal) - 7);
  const auto store = open();
  ASSERT_TRUE(store.has_value()) << store.error().detail;
  EXPECT_EQ((*store)->head(), chain.blocks[1].header);
}

// As a power cut leaves it: the file has its new length, the blocks at its end never came.
TEST_F(Damage, ATornTailOfZerosLosesTheNewestBlockOnly) {
  const auto wal = newest(".log");
  ASSERT_FALSE(wal.empty());
  const auto size = std::filesystem::file_size(wal);
  std::filesystem::resize_file(wal, size - 100);
  std::filesystem::resize_file(wal, size);
  const auto store = open();
  ASSERT_TRUE(store.has_value()) << store.error().detail;
  EXPECT_EQ((*store)->head(), chain.blocks[1].header);
}

TEST_F(Damage, EveryByteOfARecordIsGuarded) {
  const StoredRecord stored{subject, *chain.find(subject), {}, {}, {}};
  const Bytes good = encode(stored);
  const Hash honest = chain.find(subject)->value_hash();
  std::size_t unnoticed = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes bad = good;
    bad[i] ^= 1;
    const auto record = decode<StoredRecord>(bad);
    // Either it does not decode, or it is another subject's, or the state root will tell at the next start.
    if (record && record->key == subject && record->standing.value_hash() == honest) ++unnoticed;
  }
  EXPECT_EQ(unnoticed, 0u);
}

}  // namespace
}  // namespace hufu::store
