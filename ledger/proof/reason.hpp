// The four words of a verdict and every reason for one that is not accept, in both languages. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace hufu {

enum class Verdict : std::uint8_t { accept, authentic_not_recognized, refuse, undetermined };
// "ACCEPT", "AUTHENTIC_NOT_RECOGNIZED", "REFUSE", "UNDETERMINED"
std::string_view name_of(Verdict verdict);
// The exit code of a command: 0, 3, 1, 4
int exit_of(Verdict verdict);

// In the order in which people are told. The names are stable; numbers never leave the process.
enum class Reason : std::uint8_t {
  // document
  not_found,
  content_mismatch,
  id_malformed,
  id_check_char,
  proof_invalid,
  signature_invalid,
  // issuer
  issuer_unknown,
  issuer_not_authorized,
  key_revoked,
  // state
  not_yet_valid,
  expired,
  suspended,
  rescinded,
  revoked,
  cancelled,
  superseded,   // a newer version took its place
  transferred,  // it left for another province
  // recognition by the verifier's province
  no_agreement,
  agreement_expired,
  type_not_recognized,
  scenario_not_covered,
  assurance_too_low,
  // system
  ledger_stale,
  ledger_unavailable,
  not_certified,        // no quorum vouches for it: the word of one node
  fork_detected,        // two histories of one ledger, both cosigned
  history_not_shown,    // asked for an earlier day than a compact proof can speak of
  agreement_not_shown,  // asked for recognition, and the proof does not hold the agreement
  // invoice
  inv_already_claimed,  // booked once already: not to be booked again
  inv_fully_red,
  inv_red_locked,
  inv_voided,
  // worth knowing; these change no verdict
  inv_red,
  inv_partly_red,
  expires_soon,
  disputed,
  no_document,
};
struct ReasonInfo {
  Reason reason;
  std::string_view code;  // "EXPIRED"
  Verdict verdict;        // what it leads to; accept: information
  std::string_view en;
  std::string_view zh;
};
const ReasonInfo& describe(Reason reason);
inline std::string_view code_of(Reason reason) { return describe(reason).code; }

}  // namespace hufu
