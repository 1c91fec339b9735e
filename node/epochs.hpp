// What the ledger on disk says of its epochs: when the roster changed, from which to which, and how the one handed over to the
// other. An epoch is one Raft group with a fixed membership; the block that changes the roster is its last.
//
// Invariants
//   H1  a draft of a handover (all but the cosignatures) is durable before this node takes part in the next epoch: later the
//       state that it proves is gone
//   H2  a handover that is kept with cosignatures is certified by the roster before it (ledger/proof/proof.hpp F2)
#pragma once

#include "ledger/proof/proof.hpp"
#include "ledger/rocksdb/ledger_store.hpp"
#include "node/replica.hpp"

namespace hufu::node {

// An epoch that is over.
struct EndedEpoch {
  RosterStanding roster;
  std::uint64_t height = 0;  // of the block that changed the roster, its last
  bool lost = false;         // a recovery followed: there was no quorum to hand over
};
// All of them, oldest first: that of epoch e is the e-th.
store::Checked<std::vector<EndedEpoch>> ended_epochs(const store::LedgerStore& store, const Genesis& genesis);

// Nothing: none is kept, or a draft only.
store::Checked<std::optional<Handover>> kept_handover(const store::LedgerStore& store, std::uint64_t epoch);
// H1. The head must be the block that changed the roster.
store::Checked<void> draft_handover(store::LedgerStore& store, Replica& replica, std::uint64_t ended_epoch);
// Completes the draft. not_found: there is none.
store::Checked<void> complete_handover(store::LedgerStore& store, std::uint64_t ended_epoch,
                                       std::vector<Cosignature> cosignatures);
// From the founding roster to the one of this epoch, with the paths that make them one log up to `size`; from the newest
// recovery on, if there was one: behind it nobody handed over.
Result<std::vector<Handover>> handovers_to(const store::LedgerStore& store, std::uint64_t epoch,
                                           std::uint64_t size);

// Nodes that a decision under way would bring in: they may fetch the ledger before they count.
store::Checked<std::vector<Member>> candidates(const store::LedgerStore& store, const RosterStanding& roster);

}  // namespace hufu::node
