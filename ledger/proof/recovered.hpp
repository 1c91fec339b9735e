// A recovery (ledger/chain/recovery.hpp) as a verifier meets it, who holds a trust file and no ledger. Nobody could hand over, so no
// proof leads to the nodes that go on: the verifier's owner takes them on trust, or does not. Pure.
//
// What needs no ledger is checked: the file is of this ledger and complete, every signature in it verifies, its roster is one that
// could follow, and it takes nothing back that the lost quorum had certified before this verifier's eyes. Who approved is compared
// with the founding document: a key that came in later is no fault, but its province has to be asked.
//
// Invariants
//   V1  a province agrees by the founding document when as many of its keys there have proposed or approved as its threshold there
//       says; who only enacts has not approved
//   V2  what is pinned and seen stays, so that the first proof of the nodes that go on is linked to it, or is caught (trust.hpp U1)
//   V3  a node that this verifier has known keeps its name, province and keys; any other has the id of its key
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
  std::vector<RecoverySigner> signers;  // who proposed or approved, in the order of the signatures, each once
  std::size_t agreed = 0;               // provinces, V1
  std::size_t spoke = 0;                // provinces of which somebody has signed, by any key
  std::size_t needed =
      0;  // more than half of those that ran nodes by the trusted roster and have authorities
  // The nodes that were lost are not those that this verifier trusts: there were changes of the roster since.
  bool later_roster = false;

  const RosterStanding& roster() const { return std::get<RosterEntry>(decision.body).roster; }
  // Nothing in it has to be asked for elsewhere.
  bool agreed_by_founding_keys() const { return agreed >= needed && !later_roster; }
};

// `recovery` comes from decode_recovery. Error::foreign_origin (of another ledger), content_mismatch (unfinished), those of
// check_signed; already_exists (the trusted roster is that one or a later one); config_invalid (not a roster, V3);
// storage_rolled_back (it goes on behind what is remembered).
Result<RecoveryFinding> check_recovery(const TrustedLedger& ledger, const Proposal& recovery);

// U3's one exception, by the owner's hand alone.
void take_recovery(TrustedLedger& ledger, const RecoveryFinding& finding);

}  // namespace hufu
