// Identifiers of licenses whose very number is private: on the ledger such a license stands under another serial that only
// the agency can compute. Pure.
//
//   serial' := first 32 hexadecimal digits, upper case, of
//              HMAC-SHA-256(blinding secret, "hufu/blind/v1\n" || type || "." || issuer || "." || serial)
//   blinded := the identifier of the same type, issuer and version with serial' and the check character that these call for
//
// It is a license identifier like any other, so that every rule, index and proof holds for it. All versions of one license
// share serial', and so its lineage. The holder's document carries the blinded identifier as its subject; the real one
// stands in its salted field certIdentifier. Whoever knows a real identifier but not the secret can neither find the license
// on the ledger nor tell whether it is there.
#pragma once

#include <string>

#include "ledger/base/ed25519.hpp"
#include "ledger/record/identifiers.hpp"

namespace hufu {

// Error::id_malformed, Error::id_check_char: the identifier is none.
Result<std::string> blind_license_id(const std::string& id, const Seed& secret);

}  // namespace hufu
