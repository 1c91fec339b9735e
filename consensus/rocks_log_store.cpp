#include "consensus/rocks_log_store.hpp"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <system_error>

#include "consensus/records.hpp"
#include "ledger/base/check.hpp"
#include "ledger/base/failpoint.hpp"
#include "ledger/base/mutant.hpp"
#include "ledger/base/wal_tail.hpp"

namespace hufu::consensus {

namespace {

constexpr std::string_view kGroupKey = "g";
constexpr std::string_view kHardKey = "h";
constexpr std::string_view kSnapshotKey = "s";
constexpr char kEntryPrefix = 'e';
const std::string kEntryEnd = "f";

// Big-endian, so that the order of keys is the order of indexes.
std::string entry_key(std::uint64_t index) {
  std::string key(9, kEntryPrefix);
  for (int i = 0; i < 8; ++i) key[8 - i] = static_cast<char>(index >> (8 * i));
  return key;
}
std::uint64_t index_of(const rocksdb::Slice& key) {
  std::uint64_t index = 0;
  for (std::size_t i = 1; i < key.size(); ++i) index = index << 8 | static_cast<std::uint8_t>(key[i]);
  return index;
}
rocksdb::Slice slice(ByteSpan bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }

rocksdb::Options options() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.paranoid_checks = true;
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = 32U << 20;
  options.max_background_jobs = 1;
  options.keep_log_file_num = 2;
  options.max_open_files = 64;
  return options;
}

// RocksDB names the damaged file in most of its messages; where it does not, one of the logs is it.
Fault rocks_fault(const std::filesystem::path& directory, const rocksdb::Status& status) {
  std::string detail = (directory / "log").string() + ": " + status.ToString();
  if (status.IsCorruption() && detail.find(".sst") == std::string::npos &&
      detail.find(".log") == std::string::npos && detail.find("MANIFEST") == std::string::npos &&
      detail.find("CURRENT") == std::string::npos) {
    std::error_code ignored;
    for (const auto& file : std::filesystem::directory_iterator(directory / "log", ignored)) {
      if (file.path().extension() == ".log") detail += "; write-ahead log " + file.path().string();
    }
  }
  const bool damaged = status.IsCorruption() || status.IsPathNotFound();  // a file that is gone is damage too
  return {damaged ? Error::storage_corrupt : Error::file_unwritable, std::move(detail)};
}

void before_write(const LogStep& step) {
  if (step.truncate_from) failpoint("raft.truncate.before_write");
  if (step.keep_nothing) failpoint("raft.install.before_write");
  if (step.snapshot) failpoint("raft.snapshot.before_write");
  if (!step.entries.empty()) failpoint("raft.log.before_write");
}
void after_write(const LogStep& step) {
  if (step.truncate_from) failpoint("raft.truncate.after_write");
  if (step.keep_nothing) failpoint("raft.install.after_write");
  if (step.snapshot) failpoint("raft.snapshot.after_write");
  if (!step.entries.empty()) failpoint("raft.log.after_write");
}

Fault corrupt(const std::filesystem::path& directory, std::string_view what) {
  return {Error::storage_corrupt, (directory / "log").string() + ": " + std::string(what)};
}
Fault rolled_back(const std::filesystem::path& directory, std::string_view what) {
  return {Error::storage_rolled_back, (directory / "log").string() + " holds less than " +
                                          (directory / "high-water").string() +
                                          " says was stored: " + std::string(what)};
}

// RocksDB would found a new database over the remains of one that lost its CURRENT file, and delete them. A founding that was cut
// short leaves neither tables, nor a log with anything in it, nor the high-water file.
Checked<void> look_before_opening(const std::filesystem::path& directory) {
  const std::filesystem::path current = directory / "log" / "CURRENT";
  if (std::filesystem::exists(current)) return {};
  bool holds = std::filesystem::exists(directory / "high-water");
  std::error_code ignored;
  for (const auto& file : std::filesystem::directory_iterator(directory / "log", ignored)) {
    const auto kind = file.path().extension();
    holds = holds || ((kind == ".sst" || kind == ".log") && file.file_size(ignored) > 0);
  }
  if (!holds) return {};
  return Fault{Error::storage_corrupt, current.string() + ": the file is missing"};
}

// Only the newest log that holds something may end in a write that never became durable: those before it were finished.
bool is_torn(const std::filesystem::path& database) {
  std::filesystem::path newest;
  std::error_code ignored;
  for (const auto& file : std::filesystem::directory_iterator(database, ignored)) {
    if (file.path().extension() != ".log" || file.file_size(ignored) == 0) continue;
    newest = std::max(newest, file.path());
  }
  std::string log;
  return rocksdb::ReadFileToString(rocksdb::Env::Default(), newest.string(), &log).ok() &&
         is_torn_at_its_end(as_bytes(log));
}

// Every step is synced before the next, so the end that a power cut tore off was never promised; that a whole last record was
// damaged later is what the high-water file is asked about.
template <class Open>
rocksdb::Status open_forgiving(const std::string& path, Open open) {
  const rocksdb::Status opened = open(options());
  if (!opened.IsCorruption() || !is_torn(path)) return opened;
  rocksdb::Options forgiving = options();
  forgiving.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  return open(forgiving);
}
rocksdb::Status open_database(const std::string& path, rocksdb::DB** raw) {
  return open_forgiving(path, [&](const rocksdb::Options& how) { return rocksdb::DB::Open(how, path, raw); });
}
rocksdb::Status open_to_look(const std::string& path, rocksdb::DB** raw) {
  return open_forgiving(
      path, [&](const rocksdb::Options& how) { return rocksdb::DB::OpenForReadOnly(how, path, raw); });
}

}  // namespace

Checked<std::unique_ptr<RocksLogStore>> RocksLogStore::open(const std::filesystem::path& directory,
                                                            std::uint64_t group) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) return Fault{Error::file_unwritable, directory.string() + ": " + failed.message()};
  if (auto looked = look_before_opening(directory); !looked) return looked.error();
  if (auto looked = look_before_writing(directory); !looked) return looked.error();
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status opened = open_database((directory / "log").string(), &raw);
  if (!opened.ok()) return rocks_fault(directory, opened);
  std::unique_ptr<RocksLogStore> store(new RocksLogStore(directory, std::unique_ptr<rocksdb::DB>(raw)));

  // The high-water file is older than anything in the database, so only an empty database may lack it.
  const std::unique_ptr<rocksdb::Iterator> any(raw->NewIterator({}));
  any->SeekToFirst();
  const bool empty = !any->Valid() && any->status().ok();
  auto high_water = HighWater::open(directory / "high-water", empty);
  if (!high_water) return high_water.error();
  store->high_water_ = std::move(*high_water);
  if (auto same = store->check_mark(); !same) return same.error();
  if (auto same = store->check_group(group); !same) return same.error();
  return store;
}

// Opened for good, RocksDB writes out what it could read of its logs and has done with them: what a refusal would leave behind could not
// be repaired any more, not even by its own bytes.
Checked<void> RocksLogStore::look_before_writing(const std::filesystem::path& directory) {
  const std::filesystem::path mark = directory / "high-water";
  if (!std::filesystem::exists(directory / "log" / "CURRENT") || !std::filesystem::exists(mark)) return {};
  rocksdb::DB* raw = nullptr;
  if (!open_to_look((directory / "log").string(), &raw).ok()) return {};  // opening it for good says why
  RocksLogStore store(directory, std::unique_ptr<rocksdb::DB>(raw));
  auto high_water = HighWater::open(mark, false);
  if (!high_water) return high_water.error();
  store.high_water_ = std::move(*high_water);
  return store.check_mark();
}

RocksLogStore::RocksLogStore(std::filesystem::path directory, std::unique_ptr<rocksdb::DB> db)
    : directory_(std::move(directory)), db_(std::move(db)) {}

// Nobody is left to tell about a failed sync; the mark is then an older one, which accuses nobody.
RocksLogStore::~RocksLogStore() {
  if (high_water_) static_cast<void>(high_water_->sync());
}

Checked<void> RocksLogStore::check_mark() {
  const Checked<Loaded> loaded = load();
  if (!loaded) return loaded.error();
  if (mutated("mark_unchecked")) return {};
  const Mark mark = high_water_->mark();
  if (loaded->hard.term < mark.hard.term) {
    return rolled_back(directory_, "term " + std::to_string(mark.hard.term) + " is missing");
  }
  if (loaded->hard.term == mark.hard.term && mark.hard.vote != 0 && loaded->hard.vote != mark.hard.vote) {
    return rolled_back(directory_, "the vote of term " + std::to_string(mark.hard.term) + " is missing");
  }
  if (last_ < mark.last_index) {
    return rolled_back(directory_, "entries " + std::to_string(last_ + 1) + " to " +
                                       std::to_string(mark.last_index) + " are missing");
  }
  return {};
}

Checked<void> RocksLogStore::check_group(std::uint64_t group) {
  std::string stored;
  const rocksdb::Status found = db_->Get({}, slice(kGroupKey), &stored);
  if (found.IsNotFound() && last_ == 0) {
    rocksdb::WriteBatch batch;
    batch.Put(slice(kGroupKey), slice(encode(group)));
    failpoint("raft.group.before_write");
    if (auto done = write(batch); !done) return done;
    failpoint("raft.group.after_write");
    return {};
  }
  if (!found.ok()) return rocks_fault(directory_, found);
  const Result<std::uint64_t> own = decode<std::uint64_t>(as_bytes(stored));
  if (!own) return corrupt(directory_, "the group record is damaged");
  if (*own != group) {
    return Fault{Error::config_invalid, (directory_ / "log").string() + " belongs to group " +
                                            std::to_string(*own) + ", not to group " + std::to_string(group)};
  }
  return {};
}

Checked<Loaded> RocksLogStore::load() {
  Loaded loaded;
  std::string value;
  rocksdb::Status found = db_->Get({}, slice(kHardKey), &value);
  if (found.ok()) {
    const Result<HardState> hard = decode<HardState>(as_bytes(value));
    if (!hard) return corrupt(directory_, "the hard state is damaged");
    loaded.hard = *hard;
  } else if (!found.IsNotFound()) {
    return rocks_fault(directory_, found);
  }
  found = db_->Get({}, slice(kSnapshotKey), &value);
  if (found.ok()) {
    Result<Snapshot> snapshot = decode<Snapshot>(as_bytes(value));
    if (!snapshot) return corrupt(directory_, "the snapshot record is damaged");
    loaded.first = snapshot->index + 1;
    loaded.snapshot = std::move(*snapshot);
  } else if (!found.IsNotFound()) {
    return rocks_fault(directory_, found);
  }
  if (auto done = load_entries(loaded); !done) return done.error();
  last_ = loaded.last();
  return loaded;
}

Checked<void> RocksLogStore::load_entries(Loaded& loaded) {
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
  const std::uint64_t after_snapshot = loaded.first;
  for (at->Seek(slice(std::string_view(&kEntryPrefix, 1))); at->Valid() && at->key()[0] == kEntryPrefix;
       at->Next()) {
    if (at->key().size() != 9) return corrupt(directory_, "a key is damaged");
    const std::uint64_t index = index_of(at->key());
    if (loaded.entries.empty()) loaded.first = index;
    if (index != loaded.first + loaded.entries.size() || loaded.first > after_snapshot) {
      return corrupt(directory_, "entries before " + std::to_string(index) + " are missing");
    }
    const Result<EntryView> entry = decode<EntryView>(as_bytes(at->value().ToStringView()));
    if (!entry) return corrupt(directory_, "entry " + std::to_string(index) + " is damaged");
    loaded.entries.push_back({entry->term, entry->kind, to_bytes(entry->data)});
  }
  if (!at->status().ok()) return rocks_fault(directory_, at->status());
  // A snapshot keeps the entries behind it; all gone would be a hole between the two.
  if (loaded.snapshot && loaded.last() < loaded.snapshot->index) {
    return corrupt(directory_, "entries up to the snapshot at " + std::to_string(loaded.snapshot->index) +
                                   " are missing");
  }
  return {};
}

Checked<void> RocksLogStore::set_hard_state(const HardState& hard) {
  rocksdb::WriteBatch batch;
  batch.Put(slice(kHardKey), slice(encode(hard)));
  failpoint("raft.hard.before_write");
  if (auto done = write(batch); !done) return done;
  failpoint("raft.hard.after_write");
  if (auto done = high_water_->hard_state(hard); !done) return done;
  failpoint("raft.hard.after_mark");
  return {};
}

Checked<void> RocksLogStore::commit(const LogStep& step) {
  rocksdb::WriteBatch batch;
  std::uint64_t last = last_;
  if (step.truncate_from) {
    batch.DeleteRange(entry_key(*step.truncate_from), kEntryEnd);
    last = std::min(last, *step.truncate_from - 1);
  }
  if (step.snapshot) {
    batch.Put(slice(kSnapshotKey), slice(encode(*step.snapshot)));
    batch.DeleteRange(entry_key(0), step.keep_nothing ? kEntryEnd : entry_key(step.keep_from));
    last = step.keep_nothing ? step.snapshot->index : std::max(last, step.snapshot->index);
  }
  std::uint64_t index = step.append_at;
  for (const EntryView& entry : step.entries) batch.Put(entry_key(index++), slice(encode(entry)));
  if (!step.entries.empty()) {
    HUFU_CHECK(step.append_at == last + 1);
    last = index - 1;
  }
  // What the mark promises must never be more than what is there: it falls before the log does and rises after it. The
  // lowest point in between counts, because a crash may leave the truncated log with the old mark.
  const std::uint64_t lowest = step.truncate_from ? std::min(last, *step.truncate_from - 1) : last;
  if (!mutated("mark_falls_late")) {
    if (auto done = high_water_->falling(lowest); !done) return done;
  }
  before_write(step);
  if (auto done = write(batch); !done) return done;
  after_write(step);
  last_ = last;
  if (auto done = high_water_->rising(last); !done) return done;
  failpoint("raft.log.after_mark");
  return {};
}

Checked<void> RocksLogStore::write(rocksdb::WriteBatch& batch) {
  rocksdb::WriteOptions durable;
  durable.sync = true;
  const rocksdb::Status written = db_->Write(durable, &batch);
  if (!written.ok()) return rocks_fault(directory_, written);
  return {};
}

}  // namespace hufu::consensus
