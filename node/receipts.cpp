#include "node/receipts.hpp"

namespace hufu::node {

ListTree::ListTree(std::span<const Hash> leaf_hashes) : size_(leaf_hashes.size()) {
  Frontier frontier;
  std::vector<LogNode> finished;
  for (const Hash& leaf : leaf_hashes) {
    finished.clear();
    frontier.append(leaf, &finished);
    for (const LogNode& node : finished) {
      if (levels_.size() <= node.id.level) levels_.resize(node.id.level + 1U);
      levels_[node.id.level].push_back(node.hash);
    }
  }
}

Result<Hash> ListTree::read(hufu::NodeId node) const {
  HUFU_CHECK(node.level < levels_.size() && node.index < levels_[node.level].size());
  return levels_[node.level][node.index];
}

std::vector<Hash> ListTree::path(std::uint64_t index) const {
  return inclusion_path(static_cast<const NodeReader&>(*this), index, size_).value();
}

Result<BlockReceipts> BlockReceipts::make(const LedgerId& ledger, const Block& block, const NodeReader& log,
                                          std::uint64_t log_size, const Hash& log_root) {
  auto log_path = inclusion_path(log, block.header.height, log_size);
  if (!log_path) return log_path.error();
  Receipt common;
  common.ledger = ledger;
  common.block = block.header;
  common.log_size = log_size;
  common.log_root = log_root;
  common.log_path = std::move(*log_path);
  return BlockReceipts(block, std::move(common));
}

Receipt BlockReceipts::receipt(std::uint32_t submission) const {
  Receipt receipt = common_;
  const Submission& stored = block_->submissions.at(submission);
  receipt.header = stored.header;
  receipt.signature = stored.signature;
  receipt.place = {.height = common_.block.height, .submission = submission};
  receipt.block_path = tree_.path(submission);
  return receipt;
}

}  // namespace hufu::node
