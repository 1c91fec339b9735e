// The ledger on disk: blocks, the state of every subject, the log of blocks.
//
// Threads: everything may be read from several threads; commit and sync belong to one, mark_signed to one at a time. A reader
// on another thread may see the head before or after a block, never half of it, as long as it makes one call.
//
// Invariants
//   B1  a block is committed in one write batch: block, state, log nodes, indexes and head are all there or none is
//   B2  an empty database is founded from the genesis in one batch; one that was founded by another genesis, or written
//       in a schema that this build does not know, is refused
//   B3  commit does not wait for the disk: what a power cut may take is what came after the last sync, and always the
//       newest blocks. Raft's log is not shortened before sync.
//   B4  what is read is checked: RocksDB's checksums, the canonical codec, and that a record is of the subject that was asked for
//   B5  after the first failed write, sync or damaged read nothing is written any more: failure() says what it was
//   B6  the mark of what was signed is durable when mark_signed returns, and so is every block committed before (they share
//       one write-ahead log). It only rises, and never names two roots of one size
//   B7  an epoch is marked as begun before this node first votes in it: one that lost its votes is told from one that is new
//   B8  who starts to work with it looks whether it is whole (load_state, check_whole): RocksDB writes its families one by one,
//       and a list of tables that lost its end opens without what a family had in the last of them, and would answer "not found"
//   B9  who asks for a subject of a kind that is not registered, or commits, has called load_state() before, or founded the
//       ledger
#pragma once

#include <atomic>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>

#include "ledger/chain/execute.hpp"
#include "ledger/checkpoint/checkpoint.hpp"
#include "ledger/genesis/genesis.hpp"
#include "ledger/merkle/log_tree.hpp"
#include "ledger/rocksdb/failure.hpp"
#include "ledger/rocksdb/schema.hpp"
#include "ledger/rocksdb/state_index.hpp"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
class Status;
class WriteBatch;
}  // namespace rocksdb

namespace hufu::store {

struct StoreOptions {
  std::size_t memtable_bytes = 64U << 20;  // a quarter for each family; small ones never fill theirs
  std::size_t cache_bytes = 64U << 20;     // of what is read from disk
  // Another disk than the machine's, which outlives the store. Then nothing runs in the background either, so that the same
  // calls leave the same bytes.
  rocksdb::Env* env = nullptr;
};

enum class Mode : std::uint8_t {
  read_write,
  read_only,  // for audit; beside a running node it shows the ledger as it was when it was opened
};

// A standing that a block changed, encoded: its hash is the leaf of the state tree, and it is stored as it is.
struct StateWrite {
  const Hash* path = nullptr;
  const Change* change = nullptr;
  Bytes standing;
};
// In the order of the paths; points into `changes`.
std::vector<StateWrite> state_writes(const Changes& changes);

// A record as load_state() meets it. Views are good during the call.
struct LoadedRecord {
  const Hash& path;
  const SubjectKey& key;
  const Standing& standing;
  ByteSpan encoded;  // the standing: what the state tree hashes
  bool first;        // of its subject; otherwise it replaces one that was met before
  std::uint64_t chunk;
};

struct BlockWrite {
  const Block& block;
  ByteSpan encoded;  // the block, by whoever has its bytes already; empty: it is encoded here
  std::span<const Hash> submission_ids;  // in the order of the block
  std::span<const StateWrite> state;
  std::span<const LogNode> log_nodes;  // that the block's header finished
};

class LedgerStore final : public StateReader, public NodeReader {
 public:
  // Faults: genesis_mismatch, unknown_tag (another schema), storage_corrupt, file_missing (read_only), file_unwritable.
  static Checked<std::unique_ptr<LedgerStore>> open(const std::filesystem::path& directory,
                                                    const Genesis& genesis, Mode mode,
                                                    const StoreOptions& options = {});
  ~LedgerStore() override;
  LedgerStore(const LedgerStore&) = delete;
  LedgerStore& operator=(const LedgerStore&) = delete;

  // The newest block; on the committing thread.
  const BlockHeader& head() const { return head_; }
  const Hash& head_hash() const { return head_hash_; }

  // Nothing: above the head.
  Checked<std::optional<Bytes>> block_bytes(std::uint64_t height) const;
  Checked<std::optional<Block>> block(std::uint64_t height) const;
  Checked<std::optional<BlockHeader>> header(std::uint64_t height) const;
  // SHA-256 of the bytes of a block that this process committed, one of the newest kDigests; nothing: not remembered. What is
  // read back with these bytes is what was executed.
  static constexpr std::size_t kDigests = 4096;
  std::optional<Hash> written_digest(std::uint64_t height) const;

  // Nothing: no such subject.
  Checked<std::optional<Record>> record(const SubjectKey& key) const;
  // Throws StoreFailure.
  std::optional<Standing> find(const SubjectKey& key) const override { return find_under(key.path(), key); }
  std::optional<Standing> find_under(const Hash& path, const SubjectKey& key) const override;
  // The subjects of a registered kind, in the order of their ids, from the first behind `after` on; at most so many.
  Checked<std::vector<SubjectKey>> registry(SubjectKind kind, std::string_view after, std::size_t most) const;
  // Where the submission with this id stands.
  Checked<std::optional<Place>> place(const Hash& submission_id) const;

  // B9, before any other thread asks; again, it only reads. Every record that was ever written, in that order: the last of a
  // subject is what stands. storage_corrupt: also when there are fewer chunks than were written (B8).
  Checked<void> load_state(const std::function<void(const LoadedRecord&)>& visitor = {});
  // Memory of what load_state() leaves and commit() adds to.
  std::uint64_t index_bytes() const { return index_.bytes(); }

  // B8. What load_state() has met: requests, and the newest chunk of each subject of the registered kinds. storage_corrupt.
  Checked<void> check_whole(std::uint64_t submissions, std::map<SubjectKey, std::uint64_t> registered) const;

  // A finished node of the log of blocks. Error::storage_corrupt, with failure() set, when it is not there.
  Result<Hash> read(hufu::NodeId node) const override;

  // The block must follow the head (checked).
  Checked<void> commit(const BlockWrite& write);
  // What was committed survives a power cut.
  Checked<void> sync();

  // The largest checkpoint that this node has signed, if any.
  Checked<std::optional<Checkpoint>> signed_mark() const;
  // B6. Before the signature leaves. storage_corrupt when the mark would fall or name another root.
  Checked<void> mark_signed(const Checkpoint& checkpoint);

  // B7. 0: in none. Marking is durable when it returns, and never falls.
  Checked<std::uint64_t> begun_epoch() const;
  Checked<void> mark_begun(std::uint64_t epoch);
  // How the roster of this epoch handed over to the next (ledger/proof/proof.hpp), opaque here; nothing where it has not, or
  // nobody could say. Kept durably; kept once.
  Checked<std::optional<Bytes>> handover(std::uint64_t epoch) const;
  Checked<void> keep_handover(std::uint64_t epoch, ByteSpan handover);

  // The first thing that went wrong.
  std::optional<StoreFault> failure() const;

 private:
  LedgerStore(std::filesystem::path directory, std::unique_ptr<rocksdb::DB> db,
              std::vector<rocksdb::ColumnFamilyHandle*> families);
  Checked<void> check_or_found(const Genesis& genesis, Mode mode);
  Checked<void> found(const Genesis& genesis);
  Checked<void> load_head();
  Checked<std::optional<std::string>> get(Family family, ByteSpan key) const;
  Checked<std::uint64_t> entries(Family family) const;
  // The newest record of a subject, and where it lies.
  struct Located {
    std::uint64_t chunk;
    StoredRecord record;
  };
  Checked<std::optional<Located>> locate(const Hash& path, const SubjectKey& key) const;
  Checked<std::vector<std::uint64_t>> chunks_of(const Hash& path, const SubjectKey& key) const;
  Checked<std::optional<StoredRecord>> record_in(std::uint64_t chunk, const SubjectKey& key) const;
  Checked<void> load_chunk(std::uint64_t number, ByteSpan chunk, std::vector<StateIndex::Move>& moves,
                           const std::function<void(const LoadedRecord&)>& visitor) const;
  // Of a block: where its records go, told to the index once the block is written.
  class StateBatch;
  Checked<Bytes> merged_record(const StateWrite& write, std::uint64_t height,
                               std::optional<std::uint64_t>& replaces) const;
  Checked<void> write(rocksdb::WriteBatch& batch);
  void remember_digest(const Hash& digest);
  Checked<void> put_durably(ByteSpan key, ByteSpan value, std::string_view doing);
  StoreFault fail(Error error, std::string what) const;
  StoreFault fail(const rocksdb::Status& status, std::string_view doing) const;
  rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return families_[static_cast<std::size_t>(family)];
  }

  const std::filesystem::path directory_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  BlockHeader head_;
  Hash head_hash_;
  bool loaded_ = false;
  std::uint64_t chunks_ = 0;  // of the state
  StateIndex index_;
  // Readers on other threads may be the first to see damage.
  mutable std::mutex failure_mutex_;
  mutable std::optional<StoreFault> failure_;
  mutable std::atomic<bool> failed_ = false;
  mutable std::mutex digests_mutex_;
  std::deque<Hash> digests_;  // of the newest blocks
  std::uint64_t newest_digest_ = 0;
};

}  // namespace hufu::store
