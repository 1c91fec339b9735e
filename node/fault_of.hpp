// A fault of the ledger's store, for who reports a node's.
#pragma once

#include "consensus/types.hpp"
#include "ledger/rocksdb/failure.hpp"

namespace hufu::node {

inline consensus::Fault fault_of(const store::StoreFault& fault) { return {fault.error, fault.detail}; }

}  // namespace hufu::node
