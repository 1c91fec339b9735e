// The ledger in a node's folder, for an audit: its blocks as they lie there, and whether what the node answers from is what
// they make.
#pragma once

#include "ledger/chain/audit.hpp"
#include "ledger/rocksdb/ledger_store.hpp"

namespace hufu::cli {

// Where it lies: a node's folder holds it under "data/ledger", its data under "ledger"; its own folder is understood too.
std::string store_directory(const std::string& directory);

class StoredBlocks final : public BlockSource {
 public:
  explicit StoredBlocks(const store::LedgerStore& store) : store_(store) {}
  Result<std::optional<Bytes>> block(std::uint64_t height) override;
  // What was wrong with the last block, if anything.
  const std::string& detail() const { return detail_; }

 private:
  const store::LedgerStore& store_;
  std::string detail_;
};

// After a full replay of the store's blocks: every standing is what the replay gives, nothing else is there, the registry leads
// to the newest, and the store is whole (B8). The first difference becomes the report's fault.
void check_store(store::LedgerStore& store, const Audit& replay, AuditReport& report);

}  // namespace hufu::cli
