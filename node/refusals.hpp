// Judging and explaining a single submission against the store.
#pragma once

#include "ledger/rocksdb/ledger_store.hpp"
#include "node/api/answers.hpp"
#include "node/receipts.hpp"

namespace hufu::node {

// A refusal that says nothing about the submission: try again after a while.
inline api::Refusal passing(Error error, std::uint32_t retry_ms = 500) {
  return {.error = error, .faults = {}, .retry_after_ms = retry_ms};
}

// Does the error say that bytes are not what they claim, whatever the state is?
bool is_malformed(Error error);

// For the client: every operation at fault, with the place of what stands in its way where the index knows it. The bytes
// are those of the submission. A place that cannot be read is left out: the store remembers that it failed.
api::Refusal explain(const Refused& refused, ByteSpan submission, const store::LedgerStore& store);

// The receipt of what stands at this place, in the log of that size and root. Errors of the store; not_found.
Result<Receipt> receipt_at(const store::LedgerStore& store, const LedgerId& ledger, const Place& place,
                           std::uint64_t log_size, const Hash& log_root);

}  // namespace hufu::node
