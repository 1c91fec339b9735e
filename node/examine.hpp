// The part of admission that runs in the worker pool: it reads the store and nothing else.
#pragma once

#include "ledger/rocksdb/ledger_store.hpp"

namespace hufu::node {

// What the pool found out about a submission.
struct Examined {
  std::optional<Error> error;  // of the submission as a whole: nothing else is set
  Submission submission;
  Hash id;
  std::optional<Outcome> advice;  // it had been applied, or the law would refuse it as things stand
  std::string damage;             // the store failed while it was looked at
};
// Thread-safe. With a time the law is asked too.
Examined examine(const LedgerId& ledger, const store::LedgerStore& store, ByteSpan bytes,
                 std::optional<std::uint64_t> judge_at_ms);

}  // namespace hufu::node
