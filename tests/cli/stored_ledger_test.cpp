// What the audit of a folder says of the standings and the registry that a node answers from.
#include "cli/stored_ledger.hpp"

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include "ledger/rocksdb/tuning.hpp"
#include "tests/store/store_world.hpp"

namespace hufu::cli {
namespace {

using testing::Chain;
using testing::TempDir;

rocksdb::Slice slice(ByteSpan bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

class StoredLedger : public ::testing::Test {
 protected:
  StoredLedger() {
    auto store = store::LedgerStore::open(dir_.path(), chain_.genesis, store::Mode::read_write).value();
    testing::extend(chain_, *store, {chain_.sign(testing::kIssuer, {testing::issue_license()})});
  }
  // Nothing: taken away.
  void put(store::Family family, ByteSpan key, const std::optional<Bytes>& value) {
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* raw = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(store::database_options(), dir_.path().string(),
                                  store::family_descriptors({}), &handles, &raw)
                    .ok());
    const std::unique_ptr<rocksdb::DB> db(raw);
    rocksdb::ColumnFamilyHandle* handle = handles[static_cast<std::size_t>(family)];
    const auto status =
        value ? db->Put({}, handle, slice(key), slice(*value)) : db->Delete({}, handle, slice(key));
    EXPECT_TRUE(status.ok());
    for (auto* each : handles) db->DestroyColumnFamilyHandle(each);
  }
  std::optional<AuditFault> fault() const {
    const auto store = store::LedgerStore::open(dir_.path(), chain_.genesis, store::Mode::read_only).value();
    Audit replay(chain_.genesis, AuditLevel::full);
    StoredBlocks blocks(*store);
    AuditReport report = audit(replay, blocks, [](const AuditReport&) {});
    EXPECT_FALSE(report.fault.has_value());
    EXPECT_EQ(report.blocks, chain_.blocks.size());
    check_store(*store, replay, report);
    return report.fault;
  }

  const TempDir dir_;
  Chain chain_;
  const SubjectKey agency_{SubjectKind::agency, testing::kIssuer};
};

TEST_F(StoredLedger, AsTheNodeWroteItItIsClean) { EXPECT_EQ(fault(), std::nullopt); }

TEST_F(StoredLedger, AnAgencyThatIsLeftOutOfTheRegistryIsFound) {
  put(store::Family::registry, store::registry_key(agency_), std::nullopt);
  ASSERT_TRUE(fault().has_value());
  EXPECT_EQ(fault()->error, Error::storage_corrupt);
}

TEST_F(StoredLedger, ASubjectThatIsRegisteredAndNotThereIsFound) {
  put(store::Family::registry, store::registry_key({SubjectKind::catalogue, "310000/T"}), Bytes());
  EXPECT_TRUE(fault().has_value());
}

TEST_F(StoredLedger, AsManyButOthersIsFound) {
  put(store::Family::registry, store::registry_key(agency_), std::nullopt);
  put(store::Family::registry, store::registry_key({SubjectKind::agency, "X"}), Bytes());
  EXPECT_TRUE(fault().has_value());
}

TEST_F(StoredLedger, AChangedStandingIsFound) {
  store::Record record{agency_, *chain_.find(agency_), {}};
  std::get<AgencyStanding>(record.standing.detail).suspended = true;
  put(store::Family::state, agency_.path(), encode(record));
  EXPECT_TRUE(fault().has_value());
}

}  // namespace
}  // namespace hufu::cli
