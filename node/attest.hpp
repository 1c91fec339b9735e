// What happens before a node signs a checkpoint: everything since the last one is read again from the disk and hashed again,
// and the mark is made durable. In the worker pool; one at a time.
//
// Invariants
//   Y1  nothing is signed that was not read back: every block has the bytes that were executed, or, where this process no longer
//       knows them, decodes and is what its header says (check_contents); and its leaf and every node above it that it finishes
//       are the stored ones
//   Y2  the signature exists only after the mark of its size and root is durable; the mark never falls and never names another
//       root of its size (store B6). So a node signs one root of one size, across crashes too
#pragma once

#include <optional>
#include <string>

#include "ledger/checkpoint/checkpoint.hpp"
#include "ledger/rocksdb/ledger_store.hpp"

namespace hufu::node {

struct AttestKeys {
  std::string origin;
  std::uint64_t member = 0;
  SigningKey log;
  SigningKey cosign;
};

struct AttestOrder {
  Frontier checked;                        // over what was read back before
  std::uint64_t until = 0;                 // the size to read up to; at least checked.size()
  std::optional<Hash> expected;            // the root there, where the replica still knows it
  std::optional<std::uint64_t> sign_at_s;  // nothing: this is only a part of the way
};

struct AttestReport {
  Frontier checked;
  std::optional<Attestation> attestation;
  std::string damage;  // not empty: the store is not what it should be
};

AttestReport carry_out(store::LedgerStore& store, const AttestKeys& keys, AttestOrder order);

}  // namespace hufu::node
