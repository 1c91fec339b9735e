// Makes the store of a ledger from its blocks alone, as a node that executed them would have it: standings, spots, registry,
// places, nodes of the log. One thread.
//
// Invariants
//   R1  a block is written only if it follows the head and every one of its submissions is executed again and accepted
//   R2  nothing counts before finish(): what is in the folder until then is nobody's ledger
//
// Signatures and state roots are the caller's question: an Audit at level full asks both, on all cores and without a disk
// (chain/audit.hpp A3, A4), and the same block is handed on here.
#pragma once

#include "ledger/rocksdb/ledger_store.hpp"

namespace hufu::store {

class Rebuild {
 public:
  // Founds a ledger in a folder that is empty or not there.
  static Checked<std::unique_ptr<Rebuild>> begin(const std::filesystem::path& directory,
                                                 const Genesis& genesis);

  // The next block; block 0 is there already. Errors: those of check_follows, storage_corrupt, and of the store.
  Checked<void> append(const Block& block);
  // Everything is on the disk.
  Checked<void> finish();
  const LedgerStore& store() const { return *store_; }

 private:
  Rebuild(LedgerId ledger, std::unique_ptr<LedgerStore> store, Frontier frontier)
      : ledger_(std::move(ledger)), store_(std::move(store)), frontier_(std::move(frontier)) {}

  const LedgerId ledger_;
  std::unique_ptr<LedgerStore> store_;
  Frontier frontier_;
};

}  // namespace hufu::store
