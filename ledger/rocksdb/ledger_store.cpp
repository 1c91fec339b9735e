#include "ledger/rocksdb/ledger_store.hpp"

#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <algorithm>

#include "ledger/base/wal_tail.hpp"
#include "ledger/rocksdb/slice.hpp"
#include "ledger/rocksdb/tuning.hpp"

namespace hufu::store {
namespace {

Error error_of(const rocksdb::Status& status) {
  if (status.IsCorruption() || status.IsPathNotFound()) return Error::storage_corrupt;  // or a file is gone
  if (status.IsIOError()) return Error::file_unwritable;
  return Error::storage_corrupt;
}

// A database that lacks a family was written in an older schema, or its founding was cut short: then it has no version yet.
// Asked before it is opened for writing, because that would add the family.
Checked<void> check_unversioned(const std::string& path, const std::vector<std::string>& names,
                                const StoreOptions& options) {
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const std::string& name : names) descriptors.emplace_back(name, rocksdb::ColumnFamilyOptions());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  rocksdb::Status status =
      rocksdb::DB::OpenForReadOnly(database_options(options), path, descriptors, &handles, &raw);
  if (!status.ok()) return StoreFault{error_of(status), path + ": " + status.ToString()};
  const std::unique_ptr<rocksdb::DB> db(raw);
  bool versioned = false;
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    std::string version;
    if (handle->GetName() == kFamilyNames[static_cast<std::size_t>(Family::meta)]) {
      status = db->Get(checked_reads(), handle, slice(as_bytes(kVersionKey)), &version);
      versioned = !status.IsNotFound();
    }
    db->DestroyColumnFamilyHandle(handle);
  }
  if (versioned)
    return StoreFault{Error::unknown_tag, path + ": written in a schema that this build does not know"};
  return {};
}

Checked<void> make_room(rocksdb::Env& env, const std::string& path) {
  std::error_code error;
  if (&env == rocksdb::Env::Default()) {
    std::filesystem::create_directories(path, error);
    if (error) return StoreFault{Error::file_unwritable, path + ": " + error.message()};
  } else if (const auto made = env.CreateDirIfMissing(path); !made.ok()) {
    return StoreFault{Error::file_unwritable, path + ": " + made.ToString()};
  }
  std::vector<std::string> found;
  if (!env.GetChildren(path, &found).ok() || !found.empty()) {
    return StoreFault{Error::storage_corrupt, path + ": the file CURRENT is missing"};
  }
  return {};
}

// RocksDB would found a new database over the remains of one that lost its CURRENT file, and knows no families but its own.
Checked<void> look_before_opening(const std::string& path, Mode mode, const StoreOptions& options) {
  rocksdb::Env& env = *database_options(options).env;
  if (!env.FileExists(path + "/CURRENT").ok()) {
    if (mode == Mode::read_only) return StoreFault{Error::file_missing, "no ledger at " + path};
    return make_room(env, path);
  }
  std::vector<std::string> names;
  const auto listed = rocksdb::DB::ListColumnFamilies(database_options(options), path, &names);
  if (!listed.ok()) return StoreFault{error_of(listed), path + ": " + listed.ToString()};
  for (const std::string& name : names) {
    if (std::find(kFamilyNames.begin(), kFamilyNames.end(), name) == kFamilyNames.end()) {
      return StoreFault{Error::unknown_tag, path + ": holds '" + name + "', which this build does not know"};
    }
  }
  if (names.size() < kFamilyNames.size()) return check_unversioned(path, names, options);
  return {};
}

// Only the newest log that holds something may end in a write that never became durable: those before it were finished.
bool is_torn(rocksdb::Env& env, const std::string& path) {
  std::vector<std::string> files;
  if (!env.GetChildren(path, &files).ok()) return false;
  std::string newest;
  for (const std::string& file : files) {
    std::uint64_t size = 0;
    if (!file.ends_with(".log") || !env.GetFileSize(path + "/" + file, &size).ok() || size == 0) continue;
    newest = std::max(newest, file);
  }
  std::string log;
  return rocksdb::ReadFileToString(&env, path + "/" + newest, &log).ok() && is_torn_at_its_end(as_bytes(log));
}

rocksdb::Status open_database(const rocksdb::DBOptions& database, const std::string& path, Mode mode,
                              const StoreOptions& options,
                              std::vector<rocksdb::ColumnFamilyHandle*>& families, rocksdb::DB** raw) {
  const auto descriptors = family_descriptors(options);
  return mode == Mode::read_write ? rocksdb::DB::Open(database, path, descriptors, &families, raw)
                                  : rocksdb::DB::OpenForReadOnly(database, path, descriptors, &families, raw);
}

}  // namespace

void throw_exception_from_error(const StoreFault& fault, const boost::source_location& where) {
  throw_exception_from_error(fault.error, where);
}

LedgerStore::LedgerStore(std::filesystem::path directory, std::unique_ptr<rocksdb::DB> db,
                         std::vector<rocksdb::ColumnFamilyHandle*> families)
    : directory_(std::move(directory)), db_(std::move(db)), families_(std::move(families)) {}

LedgerStore::~LedgerStore() {
  for (rocksdb::ColumnFamilyHandle* family : families_) db_->DestroyColumnFamilyHandle(family);
}

Checked<std::unique_ptr<LedgerStore>> LedgerStore::open(const std::filesystem::path& directory,
                                                        const Genesis& genesis, Mode mode,
                                                        const StoreOptions& options) {
  const std::string path = directory.string();
  if (auto looked = look_before_opening(path, mode, options); !looked) return looked.error();
  rocksdb::DB* raw = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  rocksdb::DBOptions database = database_options(options);
  rocksdb::Status status = open_database(database, path, mode, options, families, &raw);
  if (status.IsCorruption() && is_torn(*database.env, path)) {
    // Raft's log replays what the end held (ledger/base/wal_tail.hpp).
    database.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
    status = open_database(database, path, mode, options, families, &raw);
  }
  if (!status.ok()) return StoreFault{error_of(status), path + ": " + status.ToString()};
  std::unique_ptr<LedgerStore> store(
      new LedgerStore(directory, std::unique_ptr<rocksdb::DB>(raw), std::move(families)));
  if (auto checked = store->check_or_found(genesis, mode); !checked) return checked.error();
  if (auto loaded = store->load_head(); !loaded) return loaded.error();
  return store;
}

Checked<void> LedgerStore::check_or_found(const Genesis& genesis, Mode mode) {
  const auto version = get(Family::meta, as_bytes(kVersionKey));
  if (!version) return version.error();
  if (!*version) {
    // Founding writes everything at once, so a ledger without a version holds nothing else either.
    for (std::size_t i = 0; i < families_.size(); ++i) {
      const std::unique_ptr<rocksdb::Iterator> any(db_->NewIterator(checked_reads(), families_[i]));
      any->SeekToFirst();
      if (!any->status().ok()) return fail(any->status(), "looking for a first key");
      if (any->Valid()) return fail(Error::storage_corrupt, "holds data but no version");
    }
    if (mode == Mode::read_only)
      return StoreFault{Error::file_missing, "no ledger at " + directory_.string()};
    return found(genesis);
  }
  const auto number = decode<std::uint32_t>(as_bytes(**version));
  if (!number || *number != kSchemaVersion) {
    return StoreFault{Error::unknown_tag,
                      directory_.string() + ": written in a schema that this build does not know"};
  }
  const auto founder = get(Family::meta, as_bytes(kGenesisKey));
  if (!founder) return founder.error();
  if (!*founder) return fail(Error::storage_corrupt, "the genesis hash is missing");
  const Hash expected = genesis_hash(genesis);
  if (!std::ranges::equal(as_bytes(**founder), expected.bytes)) {
    return StoreFault{Error::genesis_mismatch, directory_.string() + ": this ledger was founded by genesis " +
                                                   to_hex(as_bytes(**founder)).substr(0, 16) + ", not by " +
                                                   to_hex(expected).substr(0, 16)};
  }
  return {};
}

Checked<void> LedgerStore::load_head() {
  const auto stored = get(Family::meta, as_bytes(kHeadKey));
  if (!stored) return stored.error();
  if (!*stored) return fail(Error::storage_corrupt, "the head is missing");
  const auto head_header = decode<BlockHeader>(as_bytes(**stored));
  if (!head_header) return fail(Error::storage_corrupt, "the head does not decode");
  head_ = *head_header;
  head_hash_ = block_hash(head_);
  const auto chunks = get(Family::meta, as_bytes(kChunksKey));
  if (!chunks) return chunks.error();
  const auto number = *chunks ? decode<std::uint64_t>(as_bytes(**chunks)) : Error::truncated;
  if (!number) return fail(Error::storage_corrupt, "the number of chunks is missing or does not decode");
  chunks_ = *number;
  const auto newest = block(head_.height);
  if (!newest) return newest.error();
  if (!*newest || (*newest)->header != head_ || !check_contents(**newest)) {
    return fail(Error::storage_corrupt,
                "block " + std::to_string(head_.height) + " is not what the head says");
  }
  return {};
}

Checked<std::optional<std::string>> LedgerStore::get(Family family, ByteSpan key) const {
  std::string value;
  const rocksdb::Status status = db_->Get(checked_reads(), handle(family), slice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return fail(status, "reading " + to_hex(key));
  return std::optional<std::string>(std::move(value));
}

Checked<std::optional<Bytes>> LedgerStore::block_bytes(std::uint64_t height) const {
  const auto stored = get(Family::blocks, block_key(height));
  if (!stored) return stored.error();
  if (!*stored) return std::optional<Bytes>();
  return std::optional<Bytes>(to_bytes(as_bytes(**stored)));
}

Checked<std::optional<Block>> LedgerStore::block(std::uint64_t height) const {
  const auto stored = get(Family::blocks, block_key(height));
  if (!stored) return stored.error();
  if (!*stored) return std::optional<Block>();
  auto decoded = decode<Block>(as_bytes(**stored));
  if (!decoded || decoded->header.height != height) {
    return fail(Error::storage_corrupt, "block " + std::to_string(height) + " does not decode");
  }
  return std::optional<Block>(std::move(*decoded));
}

Checked<std::optional<BlockHeader>> LedgerStore::header(std::uint64_t height) const {
  const auto key = block_key(height);
  rocksdb::PinnableSlice value;  // the header is a small part of a block: nothing is copied
  const rocksdb::Status status = db_->Get(checked_reads(), handle(Family::blocks), slice(key), &value);
  if (status.IsNotFound()) return std::optional<BlockHeader>();
  if (!status.ok()) return fail(status, "reading block " + std::to_string(height));
  const ByteSpan bytes = span(value);
  const auto decoded = decode<BlockHeader>(bytes.first(std::min(bytes.size(), BlockHeader::kBytes)));
  if (!decoded || decoded->height != height) {
    return fail(Error::storage_corrupt, "the header of block " + std::to_string(height) + " does not decode");
  }
  return std::optional<BlockHeader>(*decoded);
}

Checked<std::optional<Place>> LedgerStore::place(const Hash& submission_id) const {
  const auto stored = get(Family::submissions, submission_id);
  if (!stored) return stored.error();
  if (!*stored) return std::optional<Place>();
  const auto decoded = decode<Place>(as_bytes(**stored));
  if (!decoded)
    return fail(Error::storage_corrupt, "the place of " + short_hex(submission_id) + " does not decode");
  return std::optional<Place>(*decoded);
}

Checked<std::vector<SubjectKey>> LedgerStore::registry(SubjectKind kind, std::string_view after,
                                                       std::size_t most) const {
  const Bytes first = registry_key({.kind = kind, .id = std::string(after)});
  std::vector<SubjectKey> keys;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(checked_reads(), handle(Family::registry)));
  for (at->Seek(slice(first)); at->Valid() && keys.size() < most; at->Next()) {
    Result<SubjectKey> key = read_registry_key(span(at->key()));
    if (!key) return fail(Error::storage_corrupt, "the registry is damaged, at " + to_hex(span(at->key())));
    if (key->kind != kind) break;
    if (!after.empty() && key->id == after) continue;
    keys.push_back(*std::move(key));
  }
  if (!at->status().ok()) return fail(at->status(), "reading the registry");
  return keys;
}

Result<Hash> LedgerStore::read(hufu::NodeId node) const {
  const auto stored = get(Family::log, log_key(node));
  if (!stored) return stored.error().error;
  const std::string name = std::to_string(node.level) + "/" + std::to_string(node.index);
  if (!*stored) return fail(Error::storage_corrupt, "node " + name + " of the log is missing").error;
  const auto decoded = decode<Hash>(as_bytes(**stored));
  if (!decoded) return fail(Error::storage_corrupt, "node " + name + " of the log does not decode").error;
  return *decoded;
}

std::optional<StoreFault> LedgerStore::failure() const {
  if (!failed_) return std::nullopt;
  const std::lock_guard lock(failure_mutex_);
  return failure_;
}

StoreFault LedgerStore::fail(Error error, std::string what) const {
  StoreFault fault{error, directory_.string() + ": " + std::move(what)};
  const std::lock_guard lock(failure_mutex_);
  if (!failure_) failure_ = fault;
  failed_ = true;
  return fault;
}

StoreFault LedgerStore::fail(const rocksdb::Status& status, std::string_view doing) const {
  return fail(error_of(status), std::string(doing) + ": " + status.ToString());
}

}  // namespace hufu::store
