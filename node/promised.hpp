// What a node has told its Raft group is durable of its ledger, held against the ledger.
#pragma once

#include "consensus/high_water.hpp"
#include "ledger/rocksdb/ledger_store.hpp"
#include "node/data_dir.hpp"

namespace hufu::node {

// storage_rolled_back: the block of the mark is not there, or is another one.
consensus::Checked<void> check_promised(const consensus::Mark& mark, const store::LedgerStore& store);

// The same of a data folder, before anything is opened for writing: RocksDB then writes out what it could read of its write-ahead logs and
// has done with them, and what a refusal leaves behind could not be repaired any more, not even by the bytes that are missing.
// Nothing is said where one of the two is not there, or cannot be read: opening it for good says why.
consensus::Checked<void> look_before_opening(const DataDir& data, const Genesis& genesis);

}  // namespace hufu::node
