// What the audit of a folder says of the standings and the registry that a node answers from.
#include "cli/stored_ledger.hpp"

#include <gtest/gtest.h>

#include "tests/store/raw_store.hpp"
#include "tests/store/store_world.hpp"

namespace hufu::cli {
namespace {

using testing::Chain;
using testing::TempDir;

class StoredLedger : public ::testing::Test {
 protected:
  StoredLedger() {
    auto store = store::LedgerStore::open(dir_.path(), chain_.genesis, store::Mode::read_write).value();
    testing::extend(chain_, *store, {chain_.sign(testing::kIssuer, {testing::issue_license()})});
  }
  void put(store::Family family, ByteSpan key, const std::optional<Bytes>& value) {
    testing::RawStore(dir_.path()).put(family, key, value);
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

TEST_F(StoredLedger, ARegistryThatLeadsToAnOlderRecordIsFound) {
  {
    const auto store = store::LedgerStore::open(dir_.path(), chain_.genesis, store::Mode::read_write).value();
    ASSERT_TRUE(store->load_state().has_value());
    const Operation rotate{.subject = agency_,
                           .previous = std::nullopt,
                           .effective = testing::day("2025-01-01"),
                           .payload = KeyRotation{.next = {.key = testing::key_of("next").public_key()}}};
    testing::extend(chain_, *store, {chain_.sign(testing::kIssuer, {rotate})});
    ASSERT_EQ(chain_.find(agency_)->count, 1U);
  }
  EXPECT_EQ(fault(), std::nullopt);
  put(store::Family::registry, store::registry_key(agency_), encode(std::uint64_t{0}));
  EXPECT_TRUE(fault().has_value());
}

TEST_F(StoredLedger, AsManyButOthersIsFound) {
  put(store::Family::registry, store::registry_key(agency_), std::nullopt);
  put(store::Family::registry, store::registry_key({SubjectKind::agency, "X"}), Bytes());
  EXPECT_TRUE(fault().has_value());
}

TEST_F(StoredLedger, AChangedStandingIsFound) {
  testing::RawStore(dir_.path()).change(agency_, [](store::StoredRecord& record) {
    std::get<AgencyStanding>(record.standing.detail).suspended = true;
  });
  EXPECT_TRUE(fault().has_value());
}

}  // namespace
}  // namespace hufu::cli
