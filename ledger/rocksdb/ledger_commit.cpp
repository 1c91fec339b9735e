// The writing half of LedgerStore.
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "ledger/base/failpoint.hpp"
#include "ledger/base/mutant.hpp"
#include "ledger/rocksdb/ledger_store.hpp"
#include "ledger/rocksdb/slice.hpp"

namespace hufu::store {
namespace {

// What a batch costs beyond its values: keys, lengths, tags.
constexpr std::size_t kBytesPerWrite = 64;

}  // namespace

// The records of one block on their way: into chunks of the write batch, and, once that is written, into the index.
class LedgerStore::StateBatch {
 public:
  StateBatch(LedgerStore& store, rocksdb::WriteBatch& batch)
      : store_(store), batch_(batch), chunk_(store.chunks_) {}

  void add(const Hash& path, const SubjectKey& key, ByteSpan record, std::optional<std::uint64_t> replaces) {
    if (records_.full()) put();
    records_.add(record);
    if (is_registered(key.kind)) {
      batch_.Put(store_.handle(Family::registry), slice(registry_key(key)), slice(encode(chunk_)));
    } else if (!replaces || !mutated("record_not_moved")) {
      moves_.push_back({.path = path, .from = replaces, .to = chunk_});
    }
  }
  // Before the batch is written.
  void finish() {
    if (!records_.empty()) put();
    batch_.Put(store_.handle(Family::meta), slice(as_bytes(kChunksKey)), slice(encode(chunk_)));
  }
  // After it.
  void written() {
    store_.chunks_ = chunk_;
    HUFU_CHECK(store_.index_.apply(moves_));  // each was located there
  }

 private:
  void put() {
    batch_.Put(store_.handle(Family::state), slice(chunk_key(chunk_)), slice(records_.take()));
    ++chunk_;
  }

  LedgerStore& store_;
  rocksdb::WriteBatch& batch_;
  std::uint64_t chunk_;
  ChunkWriter records_;
  std::vector<StateIndex::Move> moves_;
};

Checked<void> LedgerStore::found(const Genesis& genesis) {
  const BlockHeader founding = founding_block(genesis);
  rocksdb::WriteBatch batch;
  StateBatch state(*this, batch);
  for (const auto& [key, standing] : founding_state(genesis)) {
    state.add(key.path(), key, encode(StoredRecord{key, standing, {}, {}, {}}), std::nullopt);
  }
  state.finish();
  std::vector<LogNode> nodes;
  Frontier frontier;
  frontier.append(leaf_hash(encode(founding)), &nodes);
  for (const LogNode& node : nodes) batch.Put(handle(Family::log), slice(log_key(node.id)), slice(node.hash));
  batch.Put(handle(Family::blocks), slice(block_key(0)), slice(encode(Block{founding, {}})));
  batch.Put(handle(Family::meta), slice(as_bytes(kVersionKey)), slice(encode(kSchemaVersion)));
  batch.Put(handle(Family::meta), slice(as_bytes(kGenesisKey)), slice(genesis_hash(genesis)));
  batch.Put(handle(Family::meta), slice(as_bytes(kHeadKey)), slice(encode(founding)));
  failpoint("ledger.found.before_write");
  if (auto written = write(batch); !written) return written.error();
  state.written();
  loaded_ = true;
  failpoint("ledger.found.after_write");
  if (auto synced = sync(); !synced) return synced.error();
  failpoint("ledger.found.after_sync");
  return {};
}

std::vector<StateWrite> state_writes(const Changes& changes) {
  std::vector<StateWrite> writes;
  writes.reserve(changes.size());
  for (const auto& [path, change] : changes) writes.push_back({&path, &change, encode(change.standing)});
  return writes;
}

// The subject's record after this block, encoded; and the chunk with the one before, if there is one.
Checked<Bytes> LedgerStore::merged_record(const StateWrite& write, std::uint64_t height,
                                          std::optional<std::uint64_t>& replaces) const {
  const auto& added = write.change->operations;
  auto before = locate(*write.path, write.change->key);
  if (!before) return before.error();
  std::uint32_t count = 0;
  std::optional<std::uint64_t> earlier;
  std::vector<Spot> spots;
  if (*before) {
    StoredRecord& record = (*before)->record;
    replaces = (*before)->chunk;
    count = record.standing.count;
    const bool together = record.spots.size() + added.size() <= StoredRecord::kSpotsTogether;
    earlier = together ? record.earlier : replaces;
    if (together) spots = std::move(record.spots);
  }
  if (count + added.size() != write.change->standing.count) {
    return fail(Error::storage_corrupt,
                "the operations of " + short_hex(*write.path) + " are not all indexed");
  }
  spots.reserve(spots.size() + added.size());
  for (const auto& [submission, operation] : added) {
    spots.push_back({.height = height, .submission = submission, .operation = operation});
  }
  Writer record;  // as schema.hpp says
  record.reserve(write.change->key.id.size() + write.standing.size() + spots.size() * sizeof(Spot) + 32);
  record& write.change->key;
  record.raw(write.standing);
  record& replaces& earlier& bounded<limits::kOperationsPerSubject>(spots);
  return record.take();
}

Checked<void> LedgerStore::commit(const BlockWrite& write) {
  if (auto earlier = failure()) return *earlier;
  const BlockHeader& header = write.block.header;
  HUFU_CHECK(loaded_);  // B9
  HUFU_CHECK(header.height == head_.height + 1 && header.parent == head_hash_);
  HUFU_CHECK(write.submission_ids.size() == write.block.submissions.size());
  const Bytes made = write.encoded.empty() ? encode(write.block) : Bytes();
  const ByteSpan block = write.encoded.empty() ? ByteSpan(made) : write.encoded;
  rocksdb::WriteBatch batch(block.size() + write.state.size() * (200 + kBytesPerWrite));
  batch.Put(handle(Family::blocks), slice(block_key(header.height)), slice(block));
  StateBatch state(*this, batch);
  for (const StateWrite& change : write.state) {
    std::optional<std::uint64_t> replaces;
    const auto record = merged_record(change, header.height, replaces);
    if (!record) return record.error();
    state.add(*change.path, change.change->key, *record, replaces);
  }
  state.finish();
  for (const LogNode& node : write.log_nodes) {
    batch.Put(handle(Family::log), slice(log_key(node.id)), slice(node.hash));
  }
  for (std::uint32_t i = 0; i < write.submission_ids.size() && !mutated("place_not_kept"); ++i) {
    batch.Put(handle(Family::submissions), slice(write.submission_ids[i]),
              slice(encode(Place{.height = header.height, .submission = i})));
  }
  batch.Put(handle(Family::meta), slice(as_bytes(kHeadKey)), slice(encode(header)));
  failpoint("ledger.commit.before_write");
  if (auto written = this->write(batch); !written) return written.error();
  state.written();
  failpoint("ledger.commit.after_write");
  head_ = header;
  head_hash_ = block_hash(head_);
  remember_digest(sha256(block));
  return {};
}

void LedgerStore::remember_digest(const Hash& digest) {
  const std::scoped_lock lock(digests_mutex_);
  digests_.push_back(digest);
  newest_digest_ = head_.height;
  if (digests_.size() > kDigests) digests_.pop_front();
}

std::optional<Hash> LedgerStore::written_digest(std::uint64_t height) const {
  const std::scoped_lock lock(digests_mutex_);
  if (height > newest_digest_ || newest_digest_ - height >= digests_.size()) return std::nullopt;
  return digests_[digests_.size() - 1 - static_cast<std::size_t>(newest_digest_ - height)];
}

Checked<void> LedgerStore::write(rocksdb::WriteBatch& batch) {
  rocksdb::WriteOptions options;
  options.sync = false;
  const rocksdb::Status status = db_->Write(options, &batch);
  if (!status.ok()) return fail(status, "writing a block");
  return {};
}

Checked<std::optional<Checkpoint>> LedgerStore::signed_mark() const {
  const auto stored = get(Family::meta, as_bytes(kSignedKey));
  if (!stored) return stored.error();
  if (!*stored) return std::optional<Checkpoint>();
  const auto mark = decode<Checkpoint>(as_bytes(**stored));
  if (!mark) return fail(Error::storage_corrupt, "the mark of what was signed does not decode");
  return std::optional<Checkpoint>(*mark);
}

Checked<void> LedgerStore::mark_signed(const Checkpoint& checkpoint) {
  if (auto earlier = failure()) return *earlier;
  const auto before = signed_mark();
  if (!before) return before.error();
  if (*before == checkpoint) return {};
  if (*before && (*before)->size >= checkpoint.size && !mutated("mark_may_fall")) {
    return fail(Error::storage_corrupt, "a log of " + std::to_string((*before)->size) + " with root " +
                                            short_hex((*before)->root) + " was signed; now " +
                                            std::to_string(checkpoint.size) + " with root " +
                                            short_hex(checkpoint.root) + " is to be");
  }
  return put_durably(as_bytes(kSignedKey), encode(checkpoint), "marking what is signed");
}

Checked<void> LedgerStore::put_durably(ByteSpan key, ByteSpan value, std::string_view doing) {
  rocksdb::WriteOptions options;
  options.sync = true;
  failpoint("ledger.signed.before_write");
  const rocksdb::Status status = db_->Put(options, handle(Family::meta), slice(key), slice(value));
  if (!status.ok()) return fail(status, doing);
  failpoint("ledger.signed.after_write");
  return {};
}

Checked<void> LedgerStore::sync() {
  if (auto earlier = failure()) return *earlier;
  failpoint("ledger.sync.before");
  const rocksdb::Status status = db_->FlushWAL(true);
  if (!status.ok()) return fail(status, "syncing");
  failpoint("ledger.sync.after");
  return {};
}

}  // namespace hufu::store
