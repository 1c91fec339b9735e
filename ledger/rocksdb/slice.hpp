// Bytes as RocksDB takes and gives them: views, good as long as what they view; and how it is to read.
#pragma once

#include <rocksdb/options.h>
#include <rocksdb/slice.h>

#include "ledger/base/bytes.hpp"

namespace hufu::store {

inline rocksdb::Slice slice(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline ByteSpan span(const rocksdb::Slice& slice) {
  return {reinterpret_cast<const std::uint8_t*>(slice.data()), slice.size()};
}

inline rocksdb::ReadOptions checked_reads() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  return options;
}

}  // namespace hufu::store
