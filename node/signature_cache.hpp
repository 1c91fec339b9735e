// Which signatures this node itself has verified, so that it need not do it again when the block comes.
//
// Remembers the leaf (header and signature) of a submission, never its operations: their root is computed again each time.
// So check() answers exactly as check_signed() does. Two generations bound the memory: when the younger is full it becomes
// the older, and what was older is forgotten.
#pragma once

#include <unordered_set>

#include "ledger/merkle/log_tree.hpp"
#include "ledger/record/submission.hpp"

namespace hufu::node {

class SignatureCache {
 public:
  explicit SignatureCache(std::size_t generation) : generation_(generation) {}

  // After check_signed() accepted it.
  void remember(const Submission& submission) {
    if (young_.size() >= generation_) {
      old_ = std::move(young_);
      young_.clear();
    }
    young_.insert(leaf(submission));
  }
  Result<void> check(const LedgerId& ledger, const Submission& submission,
                     std::span<const Hash> operations = {}) const {
    const Hash known = leaf(submission);
    if (young_.contains(known) || old_.contains(known)) return check_root(submission, operations);
    return check_signed(ledger, submission, operations);
  }
  std::size_t size() const { return young_.size() + old_.size(); }

 private:
  static Hash leaf(const Submission& submission) {
    return leaf_hash(leaf_bytes(submission.header, submission.signature));
  }

  const std::size_t generation_;
  std::unordered_set<Hash, HashOfHash> young_;
  std::unordered_set<Hash, HashOfHash> old_;
};

}  // namespace hufu::node
