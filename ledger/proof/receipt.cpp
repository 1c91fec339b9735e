#include "ledger/proof/receipt.hpp"

#include "ledger/merkle/log_tree.hpp"

namespace hufu {

Result<void> check_receipt(const LedgerId& expected, const Receipt& receipt) {
  if (receipt.ledger != expected) return Error::foreign_origin;
  const Bytes message = signed_bytes(receipt.ledger, receipt.header);
  if (!verify(receipt.header.key, message, receipt.signature)) return Error::signature_invalid;
  if (receipt.block.height != receipt.place.height) return Error::proof_invalid;
  const Hash submission = leaf_hash(leaf_bytes(receipt.header, receipt.signature));
  const auto in_block = verify_inclusion(submission, receipt.place.submission, receipt.block.count,
                                         receipt.block_path, receipt.block.submissions_root);
  if (!in_block) return in_block.error();
  return verify_inclusion(leaf_hash(encode(receipt.block)), receipt.place.height, receipt.log_size,
                          receipt.log_path, receipt.log_root);
}

}  // namespace hufu
