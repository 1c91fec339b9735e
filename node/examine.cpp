#include "node/examine.hpp"

namespace hufu::node {

Examined examine(const LedgerId& ledger, const store::LedgerStore& store, ByteSpan bytes,
                 std::optional<std::uint64_t> judge_at_ms) {
  Examined examined;
  auto submission = decode<Submission>(bytes);
  if (!submission) {
    examined.error = submission.error();
    return examined;
  }
  examined.submission = std::move(*submission);
  const SubmissionHeader& header = examined.submission.header;
  examined.id = submission_id(ledger, header);
  try {
    // Applied before: known for certain on any node, and cheaper than a signature.
    const auto request = store.find(request_subject(header.agency, header.request_id));
    const auto* earlier = request ? std::get_if<RequestStanding>(&request->detail) : nullptr;
    if (earlier != nullptr && earlier->submission == examined.id) {
      examined.advice = Applied{.place = earlier->place, .repeated = true};
      return examined;
    }
    Result<void> checked;
    if (judge_at_ms && earlier == nullptr) {
      // The operations are hashed once, for the signature and for the law.
      examined.advice = judge(ledger, examined.submission, store, *judge_at_ms,
                              [&](const LedgerId&, const Submission& each, std::span<const Hash> operations) {
                                return checked = check_signed(ledger, each, operations);
                              });
    } else {
      checked = check_signed(ledger, examined.submission);
    }
    if (!checked) {
      examined.advice.reset();
      examined.error = checked.error();
    } else if (earlier != nullptr) {
      examined.error = Error::request_id_reused;
    }
  } catch (const store::StoreFailure& failure) {
    examined.damage = failure.what();
  }
  return examined;
}

}  // namespace hufu::node
