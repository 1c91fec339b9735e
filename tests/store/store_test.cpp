#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/store/store_world.hpp"

namespace hufu::store {
namespace {

using testing::Chain;
using testing::TempDir;

std::unique_ptr<LedgerStore> open(const TempDir& dir, const Chain& chain, Mode mode = Mode::read_write) {
  auto opened = LedgerStore::open(dir.path(), chain.genesis, mode);
  EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().detail);
  return opened ? std::move(*opened) : nullptr;
}
Error refusal(const TempDir& dir, const Genesis& genesis, Mode mode = Mode::read_write) {
  auto opened = LedgerStore::open(dir.path(), genesis, mode);
  return opened ? Error::usage : opened.error().error;
}

// Everything in the store is what the chain in memory says.
void expect_same(LedgerStore& store, const Chain& chain) {
  EXPECT_EQ(store.head(), chain.head());
  EXPECT_EQ(store.head_hash(), block_hash(chain.head()));
  for (const Block& block : chain.blocks) EXPECT_EQ(store.block(block.header.height).value(), block);
  std::map<Hash, Hash> leaves;
  std::size_t subjects = 0;
  ASSERT_TRUE(store
                  .load_state([&](const LoadedRecord& record) {
                    EXPECT_EQ(record.path, record.key.path());
                    EXPECT_EQ(to_bytes(record.encoded), encode(record.standing));
                    EXPECT_EQ(record.first,
                              leaves.insert_or_assign(record.path, sha256(record.encoded)).second);
                    subjects += record.first ? 1 : 0;
                  })
                  .has_value());
  EXPECT_EQ(subjects, chain.state.size());
  StateTree tree;
  std::vector<StateLeaf> sorted;
  for (const auto& [path, value_hash] : leaves) sorted.push_back({path, value_hash});
  EXPECT_EQ(tree.build(sorted).root(), chain.head().state_root);
  for (const auto& [key, standing] : chain.state) EXPECT_EQ(store.find(key), standing) << key.text();
  for (const auto& [key, places] : chain.places) {
    const auto record = store.record(key).value().value();
    ASSERT_EQ(record.spots.size(), places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      EXPECT_EQ(record.spots[i].place(), places[i].first);
      EXPECT_EQ(record.spots[i].operation, places[i].second);
    }
  }
  std::vector<Hash> log;
  for (const Block& block : chain.blocks) log.push_back(leaf_hash(encode(block.header)));
  EXPECT_EQ(root_at(store, log.size()).value(), tree_root(log));
}

TEST(Store, B2AnEmptyDatabaseIsFounded) {
  const TempDir dir;
  const Chain chain;
  const auto store = open(dir, chain);
  expect_same(*store, chain);
  EXPECT_EQ(store->head().height, 0u);
  EXPECT_TRUE(store->record({SubjectKind::roster, ""}).value().has_value());
  EXPECT_FALSE(store->record({SubjectKind::license, testing::kLicense}).value().has_value());
  EXPECT_FALSE(store->block_bytes(1).value().has_value());
  EXPECT_FALSE(store->header(1).value().has_value());
}

TEST(Store, B1BlockStateLogAndIndexAreThereAfterReopening) {
  const TempDir dir;
  Chain chain;
  Hash id;
  {
    const auto store = open(dir, chain);
    const auto first = testing::extend(chain, *store,
                                       {chain.sign(testing::kIssuer, {testing::issue_license()}),
                                        chain.sign(testing::kPlatform, {testing::issue_invoice()})});
    id = first.included_ids.at(1);
    const Standing license = *chain.find({SubjectKind::license, testing::kLicense});
    testing::extend(
        chain, *store,
        {chain.sign(testing::kIssuer, {testing::change_license(LicenseAction::suspend, license)})});
    expect_same(*store, chain);
  }
  const auto store = open(dir, chain);
  expect_same(*store, chain);
  EXPECT_EQ(store->place(id).value(), (Place{.height = 1, .submission = 1}));
  EXPECT_FALSE(store->place(kZeroHash).value().has_value());
  EXPECT_EQ(store->header(2).value(), chain.head());
  EXPECT_EQ(decode<Block>(*store->block_bytes(2).value()).value(), chain.blocks[2]);
}

TEST(Store, TheRegistryListsWhoMayDoWhatAndNothingElse) {
  const TempDir dir;
  Chain chain;
  const auto store = open(dir, chain);
  testing::extend(chain, *store, {chain.sign(testing::kIssuer, {testing::issue_license()})});
  for (auto kind = SubjectKind::license; is_known(kind);
       kind = static_cast<SubjectKind>(static_cast<int>(kind) + 1)) {
    std::vector<SubjectKey> expected;
    for (const auto& [key, standing] : chain.state) {
      if (key.kind == kind && is_registered(kind)) expected.push_back(key);
    }
    EXPECT_EQ(store->registry(kind, "", 1000).value(), expected) << name_of(kind);
  }
  EXPECT_EQ(store->registry(SubjectKind::agency, "", 1000).value().size(), chain.genesis.agencies.size());
}

TEST(Store, TheRegistryIsReadInPages) {
  const TempDir dir;
  const Chain chain;
  const auto store = open(dir, chain);
  const std::vector<SubjectKey> all = store->registry(SubjectKind::agency, "", 1000).value();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(store->registry(SubjectKind::agency, "", 2).value(), (std::vector{all[0], all[1]}));
  EXPECT_EQ(store->registry(SubjectKind::agency, all[1].id, 2).value(), std::vector{all[2]});
  EXPECT_TRUE(store->registry(SubjectKind::agency, all[2].id, 2).value().empty());
  // Behind an id that is not there, and only within the kind.
  EXPECT_EQ(store->registry(SubjectKind::agency, all[0].id + "!", 9).value(), (std::vector{all[1], all[2]}));
  EXPECT_EQ(store->registry(SubjectKind::province, "310000", 9).value(),
            (std::vector{SubjectKey{SubjectKind::province, "330000"}}));
  EXPECT_EQ(store->registry(SubjectKind::roster, "", 9).value().size(), 1u);
}

TEST(Store, B2AnotherGenesisIsRefused) {
  const TempDir dir;
  const Chain chain;
  open(dir, chain).reset();
  Genesis other = chain.genesis;
  other.time_ms += 1;
  EXPECT_EQ(refusal(dir, other), Error::genesis_mismatch);
  EXPECT_EQ(refusal(dir, other, Mode::read_only), Error::genesis_mismatch);
}

TEST(Store, B2TwoProcessesCannotWriteOneLedger) {
  const TempDir dir;
  const Chain chain;
  const auto store = open(dir, chain);
  EXPECT_EQ(refusal(dir, chain.genesis), Error::file_unwritable);
}

TEST(Store, ASubjectOfAKindThatIsRegisteredIsThereBeforeTheStateIsRead) {
  const TempDir dir;
  const Chain chain;
  open(dir, chain).reset();
  const auto store = open(dir, chain);
  for (const auto& [key, standing] : chain.state) EXPECT_EQ(store->find(key), standing) << key.text();
}

TEST(Store, ReadOnlyShowsTheLedgerBesideItsWriter) {
  const TempDir dir;
  Chain chain;
  const auto store = open(dir, chain);
  testing::extend(chain, *store, {chain.sign(testing::kIssuer, {testing::issue_license()})});
  const auto reader = open(dir, chain, Mode::read_only);
  expect_same(*reader, chain);
}

TEST(Store, ReadOnlyFoundsNothing) {
  const TempDir dir;
  const Chain chain;
  EXPECT_EQ(refusal(dir, chain.genesis, Mode::read_only), Error::file_missing);
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(Store, OneSubjectChangedTwiceInABlockHasBothSpots) {
  const TempDir dir;
  Chain chain;
  const auto store = open(dir, chain);
  const Operation issue = testing::issue_license();
  Standing issued;
  issued.last = issue.hash();
  testing::extend(
      chain, *store,
      {chain.sign(testing::kIssuer, {issue, testing::change_license(LicenseAction::suspend, issued)})});
  const auto record = store->record(issue.subject).value().value();
  EXPECT_EQ(record.spots, (std::vector<Spot>{{1, 0, 0}, {1, 0, 1}}));
  expect_same(*store, chain);
}

// More operations than lie together (StoredRecord), in one block and in many, before and after reopening.
TEST(Store, ALongHistoryIsWholeAndInOrder) {
  const TempDir dir;
  Chain chain;
  auto store = open(dir, chain);
  const Operation issue = testing::issue_license();
  testing::extend(chain, *store, {chain.sign(testing::kIssuer, {issue})});
  std::size_t turn = 0;
  for (const std::size_t at_once : {1U, 30U, 1U, 1U, 70U, 1U, 31U, 32U, 33U, 1U}) {
    std::vector<Operation> operations;
    Standing before = *chain.find(issue.subject);
    for (std::size_t i = 0; i < at_once; ++i) {
      operations.push_back(
          testing::change_license(turn++ % 2 == 0 ? LicenseAction::suspend : LicenseAction::resume, before));
      before.last = operations.back().hash();
    }
    testing::extend(chain, *store, {chain.sign(testing::kIssuer, std::move(operations))});
    expect_same(*store, chain);
  }
  EXPECT_EQ(store->record(issue.subject).value()->spots.size(), turn + 1);
  store.reset();
  store = open(dir, chain);
  expect_same(*store, chain);
}

TEST(Store, ABlockOfManySubjectsLiesInSeveralChunks) {
  const TempDir dir;
  Chain chain;
  {
    const auto store = open(dir, chain);
    for (std::size_t count :
         {kRecordsPerChunk - 1, kRecordsPerChunk, kRecordsPerChunk + 1, std::size_t{100}}) {
      std::vector<Operation> operations;
      for (std::size_t i = 0; i < count; ++i) {
        const std::string number = std::to_string(1'000'000 + 1000 * count + i);
        operations.push_back(testing::issue_invoice("2433200000030" + number));
      }
      testing::extend(chain, *store, {chain.sign(testing::kPlatform, std::move(operations))});
    }
    expect_same(*store, chain);
  }
  expect_same(*open(dir, chain), chain);
}

// A property, because the log's nodes and the places depend on the height in ways that single cases miss.
TEST(Store, AnyNumberOfBlocksReadsBackAfterReopening) {
  rc::check("blocks read back", [] {
    const auto blocks = *rc::gen::inRange<std::size_t>(1, 20);
    const TempDir dir;
    Chain chain;
    const auto first = *rc::gen::inRange<std::uint64_t>(0, 1000);
    {
      const auto store = open(dir, chain);
      for (std::size_t i = 0; i < blocks; ++i) {
        const std::string number = std::to_string(1'000'000 + first + i);
        testing::extend(chain, *store,
                        {chain.sign(testing::kPlatform, {testing::issue_invoice("2433200000030" + number)})});
      }
    }
    expect_same(*open(dir, chain), chain);
  });
}

}  // namespace
}  // namespace hufu::store
