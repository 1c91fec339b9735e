// Blocks as proofs and histories read them: decoded, with the trees over their submissions and operations. Those read last are
// kept, since whoever issued a thousand records under one signature asks for their thousand proofs.
//
// Threads: any. Memory: at most kBlocks decoded blocks, some 5 MiB each at the most.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "ledger/rocksdb/ledger_store.hpp"
#include "node/receipts.hpp"

namespace hufu::node {

class ShelvedBlock {
 public:
  explicit ShelvedBlock(Block block) : block_(std::move(block)), operations_(block_.submissions.size()) {}
  const Block& block() const { return block_; }
  // The trees are made when they are first asked for. The block must hold such a submission.
  const ListTree& submissions() const;
  const ListTree& operations(std::uint32_t submission) const;

 private:
  const Block block_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<const ListTree> submissions_;
  mutable std::vector<std::unique_ptr<const ListTree>> operations_;
};

class BlockShelf {
 public:
  static constexpr std::size_t kBlocks = 8;

  explicit BlockShelf(const store::LedgerStore& store) : store_(store) {}
  const store::LedgerStore& store() const { return store_; }
  // Errors of the store; storage_corrupt where there is no such block: the index that names it is of the same ledger.
  Result<std::shared_ptr<const ShelvedBlock>> block(std::uint64_t height);

 private:
  std::shared_ptr<const ShelvedBlock> take(std::uint64_t height);

  const store::LedgerStore& store_;
  std::mutex mutex_;
  std::list<std::shared_ptr<const ShelvedBlock>> blocks_;  // the one that was asked for last in front
};

}  // namespace hufu::node
