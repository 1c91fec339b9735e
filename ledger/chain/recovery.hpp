// The recovery file: how a ledger goes on that has lost its quorum for good. Pure.
//
//   recovery file := "hufu recovery v1\n" || proposal                                        (ledger/chain/block.hpp)
//
// The proposal is the one block that no Raft group ordered: the authorities' signed submissions that propose, approve and enact
// a roster with a recovery (ledger/record/decision.hpp), on the block and at the time that the recovery names. Every survivor
// executes it by itself, under the same rules as any block, and comes to the same header.
//
// Invariants
//   R1  the last submission enacts a roster with a recovery, and no other operation is in the file than those that lead to it
//   R2  the proposal's height, parent and time are those that the recovery names, so the approvals are for this block only
#pragma once

#include "ledger/chain/block.hpp"

namespace hufu {

inline constexpr std::size_t kRecoveryBytes = 1U << 20;

Bytes encode_recovery(const Proposal& proposal);
// Error::oversize, unknown_tag (another first line), those of the codec; content_mismatch (R1, R2) unless it is unfinished: one
// that lacks the enactment still.
Result<Proposal> decode_recovery(ByteSpan file);
// What it enacts; nothing: it is unfinished.
std::optional<Decision> enacted_in(const Proposal& recovery);
// What it proposes: its first operation. content_mismatch: it has none.
Result<Decision> decision_in(const Proposal& recovery);

}  // namespace hufu
