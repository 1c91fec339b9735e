// The log store of a real node: a RocksDB of its own, one write batch and one fsync a step, with a high-water file.
//
// Keys (all values canonical, see records.hpp):
//   "g"              the group this log belongs to
//   "h"              hard state
//   "s"              last snapshot
//   "e" u64be index  entry
//
// Opened with kTolerateCorruptedTailRecords: a record torn by a crash at the very end of the write-ahead log was never
// promised and is dropped, whether it is too short or has blocks that never came (ledger/base/wal_tail.hpp); a damaged one
// before it refuses to open. What else could be missing, the high-water file tells.
#pragma once

#include <filesystem>
#include <memory>

#include "consensus/high_water.hpp"
#include "consensus/log_store.hpp"

namespace rocksdb {
class DB;
class WriteBatch;
}  // namespace rocksdb

namespace hufu::consensus {

class RocksLogStore final : public LogStore {
 public:
  // Makes or opens directory/log (the database) and directory/high-water, and compares the two. Faults: storage_corrupt,
  // storage_rolled_back, file_missing, file_unreadable, file_unwritable, config_invalid (the log of another group). What is
  // refused as storage_rolled_back is left as it was found.
  static Checked<std::unique_ptr<RocksLogStore>> open(const std::filesystem::path& directory,
                                                      std::uint64_t group);
  ~RocksLogStore() override;

  Checked<Loaded> load() override;
  Checked<void> set_hard_state(const HardState& hard) override;
  Checked<void> commit(const LogStep& step) override;

  // For the application's mark, and for the timer that syncs it.
  HighWater& high_water() { return *high_water_; }

 private:
  RocksLogStore(std::filesystem::path directory, std::unique_ptr<rocksdb::DB> db);
  static Checked<void> look_before_writing(const std::filesystem::path& directory);
  Checked<void> check_group(std::uint64_t group);
  Checked<void> check_mark();
  Checked<void> load_entries(Loaded& loaded);
  Checked<void> write(rocksdb::WriteBatch& batch);

  const std::filesystem::path directory_;
  std::unique_ptr<rocksdb::DB> db_;
  std::unique_ptr<HighWater> high_water_;
  std::uint64_t last_ = 0;
};

}  // namespace hufu::consensus
