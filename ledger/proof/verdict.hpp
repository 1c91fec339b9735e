// The verdict at the counter: from what the ledger proves, what was presented and the day, to one of four words and all the
// reasons. Pure.
//
// Invariants
//   V1  accept needs every check that applies to pass; nothing that is not known counts as passed
//   V2  all reasons that apply are given, in the order of the enumeration, not only the first
//   V3  what is not known for lack of fresh data is undetermined, never refused: it is no proof of a forgery
//   V4  a verdict is about the subject that was asked for: an answer to another question is proof_invalid
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/proof/evidence.hpp"

namespace hufu {

enum class Verdict : std::uint8_t { accept, authentic_not_recognized, refuse, undetermined };
// "ACCEPT", "AUTHENTIC_NOT_RECOGNIZED", "REFUSE", "UNDETERMINED"
std::string_view name_of(Verdict verdict);
// 0, 3, 1, 4
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
  // system
  ledger_stale,
  ledger_unavailable,
  // invoice
  inv_already_claimed,  // booked once already: not to be booked again
  // worth knowing; these change no verdict
  inv_red,
  expires_soon,
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

// How fresh the ledger's answer is.
struct Freshness {
  bool confirmed = false;    // a majority of nodes confirmed, after the question, that nothing newer stands
  std::uint64_t now_ms = 0;  // of the verifier's clock
  std::uint64_t max_age_ms =
      86'400'000;  // an answer that is not confirmed counts for so long after its head's time
};

struct Question {
  SubjectKey subject;
  const Document* document = nullptr;  // what was presented, if anything
  CivilDay day = 0;                    // for which the question is asked, normally today in China
  Freshness freshness;
};

struct Judgement {
  Verdict verdict = Verdict::undetermined;
  std::vector<Reason> reasons;  // why it is not accept
  std::vector<Reason> notes;    // worth knowing
  // document, issuer signature, issuer authority, inclusion, ledger, history, checkpoint quorum, status, freshness,
  // recognition: every one of them, passed, failed or skipped with why.
  std::vector<Check> checks;
};

Judgement judge_evidence(const Genesis& genesis, const Question& question, const Evidence& evidence);
// When there is no evidence to judge: the nodes could not be reached, or the identifier is none.
Judgement judge_nothing(Reason reason);

// "VALID", "SUSPENDED", …, "EXPIRED", "NOT_YET_VALID" of a license on a day; "ISSUED" or "CLAIMED" of an invoice.
std::string_view status_on(const Standing& standing, CivilDay day);
// The same on a past day: what took effect later did not count then. The evidence holds a standing.
std::string_view status_on(const Evidence& evidence, CivilDay day);

// The sentence for the verdict. `since` is the time of notarisation, for people.
std::string verdict_sentence(const Judgement& judgement, std::string_view since, bool chinese);

}  // namespace hufu
