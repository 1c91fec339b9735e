// The state of LedgerStore: records in chunks, and where the newest of each subject lies.
#include <rocksdb/db.h>

#include <algorithm>

#include "ledger/rocksdb/ledger_store.hpp"
#include "ledger/rocksdb/slice.hpp"

namespace hufu::store {

Checked<std::optional<Record>> LedgerStore::record(const SubjectKey& key) const {
  auto located = locate(key.path(), key);
  if (!located) return located.error();
  if (!*located) return std::optional<Record>();
  StoredRecord& newest = (*located)->record;
  Record record{.key = key, .standing = std::move(newest.standing), .spots = std::move(newest.spots)};
  std::uint64_t above = (*located)->chunk;
  for (auto earlier = newest.earlier; earlier;) {
    auto before = *earlier < above ? record_in(*earlier, key) : std::optional<StoredRecord>();
    if (!before) return before.error();
    if (!*before) break;  // the count tells
    record.spots.insert(record.spots.begin(), (*before)->spots.begin(), (*before)->spots.end());
    above = *earlier;
    earlier = (*before)->earlier;
  }
  if (record.spots.size() != record.standing.count)
    return fail(Error::storage_corrupt, "the operations of " + key.text() + " are not all indexed");
  return std::optional<Record>(std::move(record));
}

std::optional<Standing> LedgerStore::find_under(const Hash& path, const SubjectKey& key) const {
  auto found = locate(path, key);
  if (!found) throw StoreFailure(found.error());
  if (!*found) return std::nullopt;
  return std::move((*found)->record.standing);
}

Checked<std::vector<std::uint64_t>> LedgerStore::chunks_of(const Hash& path, const SubjectKey& key) const {
  if (!is_registered(key.kind)) {
    HUFU_CHECK(loaded_);  // B9
    return index_.find(path);
  }
  const auto stored = get(Family::registry, registry_key(key));
  if (!stored) return stored.error();
  if (!*stored) return std::vector<std::uint64_t>();
  const auto chunk = decode<std::uint64_t>(as_bytes(**stored));
  if (!chunk)
    return fail(Error::storage_corrupt, "the registry's entry for " + key.text() + " does not decode");
  return std::vector{*chunk};
}

Checked<std::optional<LedgerStore::Located>> LedgerStore::locate(const Hash& path,
                                                                 const SubjectKey& key) const {
  const auto chunks = chunks_of(path, key);
  if (!chunks) return chunks.error();
  for (const std::uint64_t chunk : *chunks) {
    auto record = record_in(chunk, key);
    if (!record) return record.error();
    if (*record) return std::optional(Located{.chunk = chunk, .record = std::move(**record)});
  }
  if (is_registered(key.kind) && !chunks->empty())
    return fail(Error::storage_corrupt, "the registry's entry for " + key.text() + " leads to nothing");
  return std::optional<Located>();
}

// B4: a record begins with its subject's key, whose encoding is no other's beginning.
Checked<std::optional<StoredRecord>> LedgerStore::record_in(std::uint64_t chunk,
                                                            const SubjectKey& key) const {
  const auto damaged = [&] {
    return fail(Error::storage_corrupt,
                "chunk " + std::to_string(chunk) + " of the state is missing or damaged");
  };
  rocksdb::PinnableSlice value;
  const auto number = chunk_key(chunk);
  const rocksdb::Status status = db_->Get(checked_reads(), handle(Family::state), slice(number), &value);
  if (status.IsNotFound()) return damaged();
  if (!status.ok()) return fail(status, "reading chunk " + std::to_string(chunk));
  const auto records = records_of(span(value));
  if (!records) return damaged();
  const Bytes wanted = encode(key);
  for (const ByteSpan record : *records) {
    if (record.size() < wanted.size() || !std::ranges::equal(record.first(wanted.size()), wanted)) continue;
    auto decoded = decode<StoredRecord>(record);
    if (!decoded) return damaged();
    return std::optional<StoredRecord>(std::move(*decoded));
  }
  return std::optional<StoredRecord>();
}

Checked<void> LedgerStore::load_state(const std::function<void(const LoadedRecord&)>& visitor) {
  if (auto earlier = failure()) return *earlier;
  rocksdb::ReadOptions options = checked_reads();
  options.fill_cache = false;
  options.readahead_size = 2U << 20;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options, handle(Family::state)));
  std::vector<StateIndex::Move> moves;
  std::uint64_t number = 0;
  for (at->SeekToFirst(); at->Valid(); at->Next(), ++number) {
    if (!std::ranges::equal(span(at->key()), chunk_key(number)))
      return fail(Error::storage_corrupt, "chunk " + std::to_string(number) + " of the state is missing");
    moves.clear();
    if (auto loaded = load_chunk(number, span(at->value()), moves, visitor); !loaded) return loaded.error();
    if (!loaded_ && !index_.apply(moves)) {
      return fail(Error::storage_corrupt,
                  "a record in chunk " + std::to_string(number) + " replaces one that is not there");
    }
  }
  if (!at->status().ok()) return fail(at->status(), "reading the state");
  if (number != chunks_) {  // B8
    return fail(
        Error::storage_corrupt,
        std::to_string(number) + " chunks of the state are stored, and there are " + std::to_string(chunks_));
  }
  loaded_ = true;
  return {};
}

Checked<void> LedgerStore::load_chunk(std::uint64_t number, ByteSpan chunk,
                                      std::vector<StateIndex::Move>& moves,
                                      const std::function<void(const LoadedRecord&)>& visitor) const {
  const auto damaged = [&] {
    return fail(Error::storage_corrupt, "chunk " + std::to_string(number) + " of the state is damaged");
  };
  const auto records = records_of(chunk);
  if (!records) return damaged();
  for (const ByteSpan bytes : *records) {
    const auto read = read_record(bytes);
    if (!read) return damaged();
    const StoredRecord& record = read->record;
    if (record.replaces.value_or(0) >= number && record.replaces) return damaged();
    const Hash path = record.key.path();
    if (!is_registered(record.key.kind))
      moves.push_back({.path = path, .from = record.replaces, .to = number});
    if (!visitor) continue;
    visitor({.path = path,
             .key = record.key,
             .standing = record.standing,
             .encoded = read->standing,
             .first = !record.replaces,
             .chunk = number});
  }
  return {};
}

}  // namespace hufu::store
