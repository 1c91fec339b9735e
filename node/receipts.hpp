// Receipts out of a block that was committed.
#pragma once

#include <vector>

#include "ledger/merkle/log_tree.hpp"
#include "ledger/proof/receipt.hpp"

namespace hufu::node {

// The tree over the leaves of one list, all its nodes in memory: many paths at log n each.
class ListTree : public NodeReader {
 public:
  explicit ListTree(std::span<const Hash> leaf_hashes);
  std::vector<Hash> path(std::uint64_t index) const;
  Result<Hash> read(hufu::NodeId node) const override;

 private:
  std::uint64_t size_ = 0;
  std::vector<std::vector<Hash>> levels_;
};

// Receipts of one block in the log of a certain size: the block's own path is computed once. The block must outlive it.
class BlockReceipts {
 public:
  // Errors of the log reader.
  static Result<BlockReceipts> make(const LedgerId& ledger, const Block& block, const NodeReader& log,
                                    std::uint64_t log_size, const Hash& log_root);
  Receipt receipt(std::uint32_t submission) const;

 private:
  BlockReceipts(const Block& block, Receipt common)
      : block_(&block), tree_(submission_leaves(block.submissions)), common_(std::move(common)) {}

  const Block* block_;
  ListTree tree_;
  Receipt common_;
};

}  // namespace hufu::node
