#include "node/refusals.hpp"

#include <algorithm>

#include "node/reads.hpp"

namespace hufu::node {
namespace {

// Looking up what stands in the way costs a read each; a client that sent thousands of faulty operations gets the first.
constexpr std::size_t kPlaces = 100;
// Finding a claim under what came after it costs a block each.
constexpr std::size_t kBlocks = 8;

// The first issue stands in the way of a second one, the claim in the way of another; of anything else, the subject's latest
// operation.
std::optional<Place> obstacle(const Operation& operation, Error error, BlockShelf& shelf,
                              std::size_t& blocks) {
  const auto record = shelf.store().record(operation.subject);
  if (!record || !*record || (*record)->spots.empty()) return std::nullopt;
  if (error == Error::inv_already_claimed) {
    if (const std::optional<Place> claim = latest_claim(shelf, **record, blocks)) return claim;
  }
  const bool issued_before = error == Error::lic_duplicate_issue || error == Error::inv_duplicate_issue;
  return (issued_before ? (*record)->spots.front() : (*record)->spots.back()).place();
}

}  // namespace

bool is_malformed(Error error) {
  return error == Error::unknown_tag || error == Error::text_malformed || error == Error::foreign_origin ||
         error == Error::signature_invalid || error == Error::submission_empty ||
         error == Error::submission_root;
}

api::Refusal explain(const Refused& refused, ByteSpan bytes, const store::LedgerStore& store) {
  api::Refusal refusal;
  if (refused.submission) {
    refusal.error = *refused.submission;
    return refusal;
  }
  const auto submission = decode<Submission>(bytes);
  BlockShelf shelf(store);
  std::size_t blocks = kBlocks;
  for (const hufu::Fault& fault : refused.faults) {
    api::OperationFault explained{.operation = fault.operation, .error = fault.error, .place = std::nullopt};
    if (submission && fault.operation < submission->operations.size() && refusal.faults.size() < kPlaces) {
      explained.place = obstacle(submission->operations[fault.operation], fault.error, shelf, blocks);
    }
    refusal.faults.push_back(explained);
  }
  HUFU_CHECK(!refusal.faults.empty());
  refusal.error =
      std::min_element(refusal.faults.begin(), refusal.faults.end(), [](const auto& a, const auto& b) {
        return a.error < b.error;
      })->error;
  return refusal;
}

Result<Receipt> receipt_at(const store::LedgerStore& store, const LedgerId& ledger, const Place& place,
                           std::uint64_t log_size, const Hash& log_root) {
  const auto block = store.block(place.height);
  if (!block) return block.error().error;
  if (!*block || place.submission >= (*block)->submissions.size()) return Error::not_found;
  const auto receipts = BlockReceipts::make(ledger, **block, store, log_size, log_root);
  if (!receipts) return receipts.error();
  return receipts->receipt(place.submission);
}

}  // namespace hufu::node
