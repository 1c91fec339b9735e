// A recovery (ledger/chain/recovery.hpp) as a verifier meets it, who holds a trust file and no ledger. Nobody could hand over, so no
// proof leads to the nodes that go on: the verifier's owner takes them on trust, or does not. Pure.
//
// What needs no ledger is checked: the file is of this ledger and complete, every signature in it verifies, its roster is the one
// after the trusted one or a later one, and it takes nothing back that the lost quorum had certified before this verifier's eyes.
// Who signed is compared with the founding document. A key that came in later is no fault, but its province has to be asked.
//
// Invariants
//   V1  a province agrees by the founding document when as many of its keys there have signed as its threshold there says
//   V2  what is pinned and seen stays, so that the first proof of the nodes that go on is linked to it, or is caught (trust.hpp U1)
#pragma once

#include <string>
#include <vector>

#include "ledger/chain/recovery.hpp"
#include "ledger/proof/trust.hpp"

namespace hufu {

struct RecoverySigner {
  std::string province;
  PublicKey key;
  bool founding = false;  // a key of that province in the founding document

  bool operator==(const RecoverySigner&) const = default;
};

struct RecoveryFinding {
  Decision decision;                    // its body is a RosterEntry with a Recovery
  std::vector<RecoverySigner> signers;  // in the order of the signatures, each once
  std::size_t agreed = 0;               // provinces, V1
  std::size_t needed =
      0;  // more than half of those that ran nodes by the trusted roster and have authorities

  const RosterStanding& roster() const { return std::get<RosterEntry>(decision.body).roster; }
  bool agreed_by_founding_keys() const { return agreed >= needed; }
};

// Error::foreign_origin (of another ledger), content_mismatch (unfinished), those of check_signed; already_exists (the trusted
// roster is that one or a later one); config_invalid (not a roster); storage_rolled_back (it goes on behind what is remembered).
Result<RecoveryFinding> check_recovery(const TrustedLedger& ledger, const Proposal& recovery);

// U3's one exception, by the owner's hand alone.
void take_recovery(TrustedLedger& ledger, const RecoveryFinding& finding);

}  // namespace hufu
