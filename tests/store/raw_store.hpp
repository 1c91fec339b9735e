// A closed ledger's database, changed as RocksDB itself would change it: behind the store's back.
#pragma once

#include <rocksdb/db.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "ledger/rocksdb/slice.hpp"
#include "ledger/rocksdb/tuning.hpp"

namespace hufu::testing {

class RawStore {
 public:
  explicit RawStore(const std::filesystem::path& path) {
    rocksdb::DB* raw = nullptr;
    const rocksdb::Status opened = rocksdb::DB::Open(store::database_options(), path.string(),
                                                     store::family_descriptors({}), &handles_, &raw);
    HUFU_CHECK(opened.ok());
    db_.reset(raw);
  }
  ~RawStore() {
    for (rocksdb::ColumnFamilyHandle* each : handles_) db_->DestroyColumnFamilyHandle(each);
  }
  RawStore(const RawStore&) = delete;
  RawStore& operator=(const RawStore&) = delete;

  rocksdb::DB& db() { return *db_; }
  const std::vector<rocksdb::ColumnFamilyHandle*>& handles() const { return handles_; }
  rocksdb::ColumnFamilyHandle* handle(store::Family family) const {
    return handles_[static_cast<std::size_t>(family)];
  }

  // Nothing: taken away.
  void put(store::Family family, ByteSpan key, const std::optional<Bytes>& value) {
    const auto status = value ? db_->Put({}, handle(family), store::slice(key), store::slice(*value))
                              : db_->Delete({}, handle(family), store::slice(key));
    HUFU_CHECK(status.ok());
  }
  // The newest record of a subject, in its place.
  void change(const SubjectKey& key, const std::function<void(store::StoredRecord&)>& change) {
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}, handle(store::Family::state)));
    for (at->SeekToLast(); at->Valid(); at->Prev()) {
      bool found = false;
      store::ChunkWriter chunk;
      for (const ByteSpan bytes : store::records_of(store::span(at->value())).value()) {
        auto record = decode<store::StoredRecord>(bytes).value();
        if (record.key == key) {
          change(record);
          found = true;
        }
        chunk.add(encode(record));
      }
      if (found) return put(store::Family::state, to_bytes(store::span(at->key())), chunk.take());
    }
    HUFU_CHECK(!"the subject is stored");
  }

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

}  // namespace hufu::testing
