#include "ledger/chain/block.hpp"

#include "ledger/base/mutant.hpp"
#include "ledger/merkle/log_tree.hpp"

namespace hufu {

Hash block_hash(const BlockHeader& header) { return tagged_hash("hufu/block/v1", {encode(header)}); }

std::vector<Hash> submission_leaves(const std::vector<Submission>& submissions) {
  std::vector<Hash> leaves;
  leaves.reserve(submissions.size());
  for (const Submission& submission : submissions) {
    leaves.push_back(leaf_hash(leaf_bytes(submission.header, submission.signature)));
  }
  return leaves;
}

Result<void> check_follows(const BlockHeader& tip, const BlockHeader& next) {
  if (next.height != tip.height + 1) return Error::height_gap;
  if (next.parent != block_hash(tip)) return Error::parent_mismatch;
  const std::uint64_t earliest = tip.time_ms + (mutated("time_may_stand") ? 0 : 1);
  if (next.time_ms < earliest) return Error::time_went_back;
  if (next.time_ms > limits::kTimeMs) return Error::time_out_of_range;
  return {};
}

Result<void> check_contents(const Block& block, std::span<const std::vector<Hash>> operations) {
  if (mutated("contents_unchecked")) return {};
  if (block.header.count != block.submissions.size()) return Error::root_mismatch;
  if (block.header.submissions_root != tree_root(submission_leaves(block.submissions)))
    return Error::root_mismatch;
  HUFU_CHECK(operations.empty() || operations.size() == block.submissions.size());
  for (std::size_t i = 0; i < block.submissions.size(); ++i) {
    const auto root = operations.empty() ? check_root(block.submissions[i])
                                         : check_root(block.submissions[i], operations[i]);
    if (!root) return root.error();
  }
  return {};
}

}  // namespace hufu
