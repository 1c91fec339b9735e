#include "node/replica.hpp"

#include <gtest/gtest.h>
#include <rocksdb/convenience.h>

#include "tests/store/raw_store.hpp"
#include "tests/store/store_world.hpp"

namespace hufu::node {
namespace {

using testing::Chain;
using testing::TempDir;

// A replica over a real store, fed with entries by hand. The chain beside it says what is right.
class ReplicaTest : public ::testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    replica.reset();
    store.reset();
    store = store::LedgerStore::open(dir.path(), chain.genesis, store::Mode::read_write).value();
    replica = std::make_unique<Replica>(ReplicaParts{.store = *store,
                                                     .ledger = chain.ledger,
                                                     .signatures = cache,
                                                     .metrics = metrics,
                                                     .log = log,
                                                     .fatal = [this](std::string_view why) { fatal = why; }});
    replica->on_applied([this](const ProposalResult& result) {
      ++told;
      last_outcomes.assign(result.outcomes.begin(), result.outcomes.end());
      last_had_block = result.block != nullptr;
    });
    started = replica->start().has_value();
    replica->enter(1);
  }
  // The next proposal of the chain, as an entry; the chain moves on.
  Bytes next(std::vector<Submission> submissions) {
    const Bytes entry = encode(chain.propose(submissions));
    chain.extend(std::move(submissions));
    return entry;
  }
  Submission invoice(std::uint64_t number) {
    return chain.sign(testing::kPlatform,
                      {testing::issue_invoice("2433200000030" + std::to_string(6111419 + number))});
  }
  void expect_unchanged(const BlockHeader& head) {
    EXPECT_EQ(replica->head(), head);
    EXPECT_EQ(replica->state().root(), head.state_root);
    EXPECT_EQ(replica->log_of_blocks().size(), head.height + 1);
  }

  TempDir dir;
  Chain chain;
  Metrics metrics;
  SignatureCache cache{100};
  Log log{"test", LogLevel::error, -1};
  std::unique_ptr<store::LedgerStore> store;
  std::unique_ptr<Replica> replica;
  std::string fatal;
  bool started = false;
  int told = 0;
  bool last_had_block = false;
  std::vector<Outcome> last_outcomes;
};

TEST_F(ReplicaTest, A7AProposalBecomesTheBlockThatTheLedgerSays) {
  for (std::uint64_t i = 0; i < 5; ++i) replica->apply(i + 1, next({invoice(2 * i), invoice(2 * i + 1)}));
  expect_unchanged(chain.head());
  EXPECT_EQ(told, 5);
  EXPECT_EQ(store->block(3).value(), chain.blocks[3]);
  EXPECT_EQ(replica->log_of_blocks().root(), root_at(*store, 6).value());
}

// What is told becomes a receipt.
TEST_F(ReplicaTest, A7NobodyIsToldOfABlockBeforeItIsStored) {
  const Bytes entry = next({invoice(0)});
  std::uint64_t stored = 0;
  replica->on_applied([&](const ProposalResult& result) {
    EXPECT_EQ(store->block(1).value(), *result.block);
    EXPECT_EQ(replica->log_of_blocks().size(), 2u);
    stored = store->head().height;
  });
  replica->apply(1, entry);
  EXPECT_EQ(stored, 1u);
}

TEST_F(ReplicaTest, A2ReplayAfterARestartChangesNothing) {
  std::vector<Bytes> entries;
  for (std::uint64_t i = 0; i < 4; ++i) entries.push_back(next({invoice(i)}));
  for (std::uint64_t i = 0; i < 4; ++i) replica->apply(i + 1, entries[i]);
  open();
  ASSERT_TRUE(started);
  const int before = told;
  for (std::uint64_t i = 0; i < 4; ++i) replica->apply(i + 1, entries[i]);
  expect_unchanged(chain.head());
  EXPECT_EQ(told, before);
  replica->apply(5, next({invoice(9)}));
  expect_unchanged(chain.head());
  EXPECT_EQ(fatal, "");
}

TEST_F(ReplicaTest, A2StaleProposalOfADeposedLeaderIsSkipped) {
  const Bytes stale = encode(chain.propose({invoice(7)}));
  replica->apply(1, next({invoice(1)}));
  replica->apply(2, stale);
  expect_unchanged(chain.head());
  EXPECT_EQ(fatal, "");
}

TEST_F(ReplicaTest, A1WhatDoesNotDecodeIsVoid) {
  const BlockHeader head = chain.head();
  const Bytes good = encode(chain.propose({invoice(1)}));
  replica->apply(1, {});
  replica->apply(2, as_bytes("nonsense"));
  Bytes bad = good;
  bad.push_back(0);
  replica->apply(3, bad);
  bad = good;
  bad[0] = 2;
  replica->apply(4, bad);
  replica->apply(5, ByteSpan(good).first(good.size() - 1));
  expect_unchanged(head);
  EXPECT_EQ(fatal, "");
  EXPECT_EQ(metrics.counter("hufu_entries_skipped_total", "", {{"why", "undecodable"}}).value(), 5u);
  replica->apply(6, good);
  EXPECT_EQ(replica->head().height, 1u);
}

TEST_F(ReplicaTest, A3AGapIsFatal) {
  const BlockHeader head = chain.head();
  next({invoice(1)});
  replica->apply(1, next({invoice(2)}));
  EXPECT_NE(fatal.find("block 2"), std::string::npos);
  EXPECT_EQ(replica->head(), head);
  EXPECT_TRUE(replica->dead());
}

TEST_F(ReplicaTest, A4AnotherParentIsFatal) {
  Proposal proposal = chain.propose({invoice(1)});
  proposal.parent.bytes[0] ^= 1;
  replica->apply(1, encode(proposal));
  EXPECT_NE(fatal, "");
  EXPECT_EQ(replica->head().height, 0u);
  replica->apply(2, encode(chain.propose({invoice(2)})));  // dead: nothing more happens
  EXPECT_EQ(replica->head().height, 0u);
}

TEST_F(ReplicaTest, A5TimeThatDoesNotRiseIsVoid) {
  Proposal proposal = chain.propose({invoice(1)});
  for (const std::uint64_t time_ms : {chain.head().time_ms, chain.head().time_ms - 1, std::uint64_t{0}}) {
    proposal.time_ms = time_ms;
    replica->apply(1, encode(proposal));
  }
  EXPECT_EQ(replica->head().height, 0u);
  EXPECT_EQ(fatal, "");
}

TEST_F(ReplicaTest, A6WhereNothingIsIncludedThereIsNoBlockButAnAnswer) {
  Submission forged = invoice(1);
  forged.signature.bytes[3] ^= 1;
  replica->apply(1, encode(chain.propose({forged})));
  EXPECT_EQ(replica->head().height, 0u);
  ASSERT_EQ(told, 1);
  EXPECT_FALSE(last_had_block);
  EXPECT_EQ(testing::error_of(last_outcomes.at(0)), Error::signature_invalid);
}

TEST_F(ReplicaTest, TheLeaderIsNotBelieved) {
  Submission forged = invoice(1);
  forged.signature.bytes[3] ^= 1;
  const Submission good = invoice(2);
  cache.remember(good);
  Submission changed = good;  // known signature, other operations
  changed.operations = {testing::issue_invoice("24332000000306119999")};
  replica->apply(1, encode(chain.propose({forged, changed, good, good})));
  ASSERT_EQ(last_outcomes.size(), 4u);
  EXPECT_EQ(testing::error_of(last_outcomes[0]), Error::signature_invalid);
  EXPECT_EQ(testing::error_of(last_outcomes[1]), Error::submission_root);
  EXPECT_TRUE(testing::applied(last_outcomes[2]));
  EXPECT_TRUE(std::get<hufu::Applied>(last_outcomes[3]).repeated);
  EXPECT_EQ(store->block(1).value()->submissions, std::vector<Submission>{good});
}

TEST_F(ReplicaTest, N1TamperedStateIsRefusedAtStart) {
  replica->apply(1, next({invoice(0)}));
  const SubjectKey subject{SubjectKind::invoice, "24332000000306111419"};
  replica.reset();
  store.reset();
  testing::RawStore(dir.path()).change(subject, [](store::StoredRecord& record) {
    std::get<InvoiceStanding>(record.standing.detail).amount_fen += 1;
  });
  open();
  EXPECT_FALSE(started);
  EXPECT_EQ(replica->start().error().error, Error::storage_corrupt);
}

TEST_F(ReplicaTest, N2ASnapshotNamesTheSyncedHead) {
  replica->apply(1, next({invoice(0)}));
  std::uint64_t durable = 0;
  replica->on_durable([&](std::uint64_t height, const Hash& head) {
    durable = height;
    EXPECT_EQ(head, replica->head_hash());
  });
  const Bytes pointer = replica->snapshot();
  EXPECT_EQ(durable, 1u);
  EXPECT_EQ(decode<Pointer>(pointer).value(), (Pointer{1, 1, replica->head_hash()}));
  replica->apply(2, next({invoice(1)}));
  replica->restore(pointer);  // behind the head: nothing to do
  EXPECT_EQ(fatal, "");
}

// What is left when the list of tables loses its end: RocksDB opens, and a family lacks what it had.
TEST_F(ReplicaTest, B8ALedgerThatLacksWhatAFamilyHeldIsRefusedAtTheStart) {
  for (std::uint64_t i = 0; i < 3; ++i) replica->apply(i + 1, next({invoice(i)}));
  replica.reset();
  store.reset();
  for (const store::Family family : {store::Family::blocks, store::Family::state, store::Family::log,
                                     store::Family::submissions, store::Family::registry}) {
    const testing::TempDir other;
    std::filesystem::copy(dir.path(), other.path() / "ledger", std::filesystem::copy_options::recursive);
    std::filesystem::remove(other.path() / "ledger" / "LOCK");
    std::optional<testing::RawStore> raw(other.path() / "ledger");
    rocksdb::ColumnFamilyHandle* const lost = raw->handle(family);
    ASSERT_TRUE(raw->db().Flush(rocksdb::FlushOptions(), raw->handles()).ok());
    rocksdb::CompactRangeOptions downwards;  // off the first level, which the next call leaves alone
    downwards.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    ASSERT_TRUE(raw->db().CompactRange(downwards, lost, nullptr, nullptr).ok());
    ASSERT_TRUE(rocksdb::DeleteFilesInRange(&raw->db(), lost, nullptr, nullptr).ok());
    raw.reset();
    const auto opened =
        store::LedgerStore::open(other.path() / "ledger", chain.genesis, store::Mode::read_write);
    if (!opened) {
      EXPECT_EQ(opened.error().error, Error::storage_corrupt) << opened.error().detail;
      continue;
    }
    Replica again(ReplicaParts{.store = **opened,
                               .ledger = chain.ledger,
                               .signatures = cache,
                               .metrics = metrics,
                               .log = log,
                               .fatal = [](std::string_view) {}});
    const auto whole = again.start();
    ASSERT_FALSE(whole) << static_cast<int>(family);
    EXPECT_EQ(whole.error().error, Error::storage_corrupt) << whole.error().detail;
  }
}

// The simulator's seed 1004: a power cut took fetched blocks that Raft's snapshot stood for.
TEST_F(ReplicaTest, N2WhatWasFetchedIsSyncedBeforeRaftKeepsThePointer) {
  next({invoice(0)});
  std::uint64_t durable = 0;
  replica->on_durable([&](std::uint64_t height, const Hash&) { durable = height; });
  const Bytes pointer = encode(Pointer{1, 1, chain.blocks[1].header.state_root});
  EXPECT_FALSE(replica->ready_for(pointer));
  EXPECT_EQ(durable, 0u);
  ASSERT_TRUE(replica->append(chain.blocks[1]).has_value());
  EXPECT_EQ(durable, 0u);
  EXPECT_TRUE(replica->ready_for(pointer));
  EXPECT_EQ(durable, 1u);
}

TEST_F(ReplicaTest, RestoreRefusesALedgerThatIsShorterOrDifferent) {
  replica->apply(1, next({invoice(0)}));
  replica->restore(encode(Pointer{1, 1, kZeroHash}));
  EXPECT_NE(fatal.find("block 1"), std::string::npos);
  fatal.clear();
  open();
  replica->restore(encode(Pointer{1, 2, kZeroHash}));
  EXPECT_NE(fatal.find("ends at 1"), std::string::npos);
}

TEST_F(ReplicaTest, ReadyForAsksForBlocksAboveTheHeadOnly) {
  replica->apply(1, next({invoice(0)}));
  std::optional<Pointer> asked;
  replica->on_behind([&](const Pointer& pointer) { asked = pointer; });
  EXPECT_TRUE(replica->ready_for(encode(Pointer{1, 1, replica->head_hash()})));
  EXPECT_FALSE(replica->ready_for(as_bytes("?")));
  EXPECT_FALSE(replica->ready_for(encode(Pointer{2, 9, kZeroHash})));
  EXPECT_FALSE(asked.has_value());
  EXPECT_FALSE(replica->ready_for(encode(Pointer{1, 9, kZeroHash})));
  EXPECT_EQ(asked->height, 9u);
}

TEST_F(ReplicaTest, AFetchedBlockIsExecutedAndCompared) {
  next({invoice(0), invoice(1)});
  const Block good = chain.blocks[1];
  Block bad = good;
  bad.header.state_root.bytes[0] ^= 1;
  EXPECT_EQ(replica->append(bad).error(), Error::content_mismatch);
  bad = good;
  bad.submissions.pop_back();
  EXPECT_EQ(replica->append(bad).error(), Error::root_mismatch);
  bad = good;
  bad.header.parent.bytes[0] ^= 1;
  EXPECT_EQ(replica->append(bad).error(), Error::parent_mismatch);
  bad = good;
  bad.submissions[0].signature.bytes[0] ^= 1;
  bad.header.submissions_root = tree_root(submission_leaves(bad.submissions));
  EXPECT_EQ(replica->append(bad).error(), Error::content_mismatch);
  expect_unchanged(chain.blocks[0].header);
  ASSERT_TRUE(replica->append(good).has_value());
  expect_unchanged(chain.head());
  EXPECT_EQ(replica->append(good).error(), Error::height_gap);
}

}  // namespace
}  // namespace hufu::node
