// `hufu node recover`: a stopped node that survived the loss of the quorum takes the block of a recovery file
// (ledger/chain/recovery.hpp) into its ledger. Started again, it goes on as a member of the roster that the block names.
#pragma once

#include "consensus/types.hpp"
#include "ledger/chain/recovery.hpp"
#include "ledger/genesis/genesis.hpp"
#include "node/config.hpp"

namespace hufu::node {

struct Recovered {
  BlockHeader block;
  RosterStanding roster;
};
// Checks everything before it writes: the file's block must follow this very ledger's head, and every submission in it must be
// accepted by the rules. config_invalid, storage faults; previous_mismatch: another head; issuer_not_authorized: not approved by
// enough authorities; content_mismatch: unfinished.
consensus::Checked<Recovered> recover(const Config& config, const Genesis& genesis, ByteSpan file);

}  // namespace hufu::node
