// Bytes as RocksDB takes them: a view, good as long as what it views.
#pragma once

#include <rocksdb/slice.h>

#include "ledger/base/bytes.hpp"

namespace hufu::store {

inline rocksdb::Slice slice(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace hufu::store
