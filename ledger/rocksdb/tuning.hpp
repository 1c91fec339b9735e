// How RocksDB is set up for the schema: what it must promise, and what it should cost.
#pragma once

#include <rocksdb/db.h>

#include <vector>

#include "ledger/rocksdb/ledger_store.hpp"

namespace hufu::store {

rocksdb::DBOptions database_options(const StoreOptions& options = {});
// In the order of Family.
std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors(const StoreOptions& options);

}  // namespace hufu::store
