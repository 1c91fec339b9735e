// Whether all families of the ledger are whole.
#include <rocksdb/db.h>

#include <bit>

#include "ledger/rocksdb/ledger_store.hpp"
#include "ledger/rocksdb/slice.hpp"

namespace hufu::store {

// Of a family whose keys are written once: exact, at the cost of its list of tables.
Checked<std::uint64_t> LedgerStore::entries(Family family) const {
  rocksdb::ColumnFamilyMetaData tables;
  db_->GetColumnFamilyMetaData(handle(family), &tables);
  std::uint64_t count = 0;
  for (const rocksdb::LevelMetaData& level : tables.levels) {
    for (const rocksdb::SstFileMetaData& file : level.files) count += file.num_entries;
  }
  for (const std::string& property : {rocksdb::DB::Properties::kNumEntriesActiveMemTable,
                                      rocksdb::DB::Properties::kNumEntriesImmMemTables}) {
    std::uint64_t in_memory = 0;
    if (!db_->GetIntProperty(handle(family), property, &in_memory))
      return fail(Error::storage_corrupt, "RocksDB does not say how much a family holds");
    count += in_memory;
  }
  return count;
}

Checked<void> LedgerStore::check_whole(std::uint64_t submissions,
                                       std::map<SubjectKey, std::uint64_t> registered) const {
  const std::uint64_t blocks = head_.height + 1;
  struct Index {
    Family family;
    std::string_view what;
    std::uint64_t expected;
  };
  const Index indexes[] = {
      {Family::blocks, "blocks", blocks},
      {Family::log, "nodes of the log", 2 * blocks - static_cast<std::uint64_t>(std::popcount(blocks))},
      {Family::submissions, "submissions", submissions}};
  for (const Index& index : indexes) {
    const auto held = entries(index.family);
    if (!held) return held.error();
    if (*held == index.expected) continue;
    return fail(Error::storage_corrupt, std::to_string(*held) + " " + std::string(index.what) +
                                            " are stored, and there are " + std::to_string(index.expected));
  }
  const std::unique_ptr<rocksdb::Iterator> at(
      db_->NewIterator(rocksdb::ReadOptions(), handle(Family::registry)));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    const Result<SubjectKey> key = read_registry_key(span(at->key()));
    const Result<std::uint64_t> chunk = decode<std::uint64_t>(span(at->value()));
    const auto expected = key ? registered.find(*key) : registered.end();
    if (!chunk || expected == registered.end() || expected->second != *chunk)
      return fail(Error::storage_corrupt, "the registry names what the state does not hold");
    registered.erase(expected);
  }
  if (!at->status().ok()) return fail(at->status(), "reading the registry");
  if (!registered.empty()) {
    return fail(Error::storage_corrupt,
                "the registry lacks " + std::to_string(registered.size()) + " subjects that the state holds");
  }
  return {};
}

}  // namespace hufu::store
