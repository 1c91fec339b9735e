#include "ledger/rocksdb/tuning.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

namespace hufu::store {
namespace {

constexpr double kFilterBitsPerKey = 10;  // one absent key in a hundred still costs a read
constexpr double kMemtableFilterShare = 0.05;
constexpr std::size_t kTableBlockBytes = 8U << 10;

rocksdb::ColumnFamilyOptions family_options(Family family, const StoreOptions& options,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  const bool random_keys = family == Family::submissions;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = kTableBlockBytes;
  table.format_version = 5;
  // A submission that is asked for may be unknown: filters answer for it, on disk and in the memtable.
  if (random_keys) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
    table.optimize_filters_for_memory = true;
  }
  rocksdb::ColumnFamilyOptions chosen;
  chosen.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  chosen.compression = rocksdb::kNoCompression;  // hashes do not get smaller
  chosen.paranoid_file_checks = true;
  chosen.force_consistency_checks = true;
  chosen.compaction_style = rocksdb::kCompactionStyleUniversal;
  // Keys that rise with every block leave tables that do not overlap: they go down the levels as they are.
  chosen.compaction_options_universal.allow_trivial_move = !random_keys;
  // By default RocksDB writes everything anew that is thirty days old. Nothing here is ever taken away: nothing would be gained.
  chosen.ttl = 0;
  chosen.periodic_compaction_seconds = 0;
  if (random_keys) {
    chosen.memtable_whole_key_filtering = true;
    chosen.memtable_prefix_bloom_size_ratio = kMemtableFilterShare;
  } else {
    // Each is found from the place of the one before. The one hint is that of the empty prefix.
    chosen.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(0));
  }
  chosen.write_buffer_size = std::max<std::size_t>(options.memtable_bytes / 4, 1U << 20);
  chosen.max_write_buffer_number = 3;
  if (options.env != nullptr) {
    chosen.disable_auto_compactions = true;
    chosen.arena_block_size = 64U << 10;
  }
  return chosen;
}

class Silence final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*values*/) override {}
};

// Threads, timers and names of the machine would make every run another one.
void isolate(rocksdb::DBOptions& options, rocksdb::Env* env) {
  options.env = env;
  options.info_log = std::make_shared<Silence>();
  options.max_background_jobs = 1;
  options.max_file_opening_threads = 1;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.db_host_id = "none";
}

}  // namespace

rocksdb::DBOptions database_options(const StoreOptions& chosen) {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.paranoid_checks = true;
  // The default (point in time) silently drops acknowledged records after a flipped byte in the middle of the log; this one
  // forgives nothing but a torn tail, which Raft's log can replay.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  // A family that changes seldom would hold back the write-ahead logs of all others, until a start has a gigabyte to replay.
  options.max_total_wal_size = 3 * chosen.memtable_bytes;
  if (chosen.env == nullptr) options.IncreaseParallelism(2);
  options.max_open_files = -1;
  options.bytes_per_sync = 1U << 20;
  options.keep_log_file_num = 2;
  options.max_log_file_size = 4U << 20;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  if (chosen.env != nullptr) isolate(options, chosen.env);
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors(const StoreOptions& options) {
  const auto cache = rocksdb::NewLRUCache(options.cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> all;
  for (std::size_t i = 0; i < kFamilyNames.size(); ++i) {
    all.emplace_back(std::string(kFamilyNames[i]), family_options(static_cast<Family>(i), options, cache));
  }
  return all;
}

}  // namespace hufu::store
