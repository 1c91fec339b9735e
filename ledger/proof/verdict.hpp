// The verdict at the counter: from what the ledger proves, what was presented and the day, to one of four words and all the
// reasons. Pure.
//
// Invariants
//   V1  accept needs every check that applies to pass; nothing that is not known counts as passed
//   V2  all reasons that apply are given, in the order of the enumeration, not only the first
//   V3  what is not known for lack of fresh data is undetermined, never refused: it is no proof of a forgery
//   V4  a verdict is about the subject that was asked for: an answer to another question is proof_invalid
//   V5  nothing is read from what does not hold: where a check of the evidence or proof fails, the reasons are those of the
//       failures alone
//   V6  from a proof, freshness counts from the quorum's time (Z2). A roster that has been replaced, or is not known yet, leaves
//       the question open; it is no forgery
//   V7  a compact proof speaks of its state's days only: asked for a day between the issue and its state's beginning, it is
//       undetermined
//   V8  recognition (Question::verifier) is judged by the agreement's standing that is shown: shown absent it is a reason, not
//       shown it leaves the question open. A refusal carries the reasons of recognition too
//   V9  a license counts by the business day asked for; before it was issued it is not found
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/proof/compact.hpp"
#include "ledger/proof/proof.hpp"
#include "ledger/proof/reason.hpp"
#include "ledger/proof/status.hpp"

namespace hufu {

// How fresh the ledger's answer is.
struct Freshness {
  bool confirmed = false;    // a majority of nodes confirmed, after the question, that nothing newer stands
  std::uint64_t now_ms = 0;  // of the verifier's clock
  // An answer that is not confirmed counts for so long after its head's time, or after the quorum's.
  std::uint64_t max_age_ms = 86'400'000;
};

struct Question {
  SubjectKey subject;
  const Document* document = nullptr;  // what was presented, if anything
  CivilDay day = 0;                    // for which the question is asked, normally today in China
  Freshness freshness;
  std::string verifier;                      // the province in which it is to count; empty: not asked
  std::string scenario;                      // for what it is to count there; empty: for any
  std::optional<std::uint64_t> known_at_ms;  // only what the ledger knew then; nothing: all that it knows
};

struct Sentence {
  std::string_view en;
  std::string_view zh;
};
// What a proof shows, as of when, and what it does not.
struct Scope {
  std::uint64_t as_of_ms = 0;  // Z2: a quorum vouched for it then
  std::uint64_t height = 0;    // of the newest block under it
  std::vector<Sentence> shown;
  std::vector<Sentence> not_shown;
};

// What the verifier's province recognises a license as, by the agreement.
struct Recognition {
  std::string type;        // of the issuing province
  std::string maps_to;     // the verifier's own type; the same where the agreement names no other
  std::string local_name;  // as it is called there; empty in the province itself
  std::string agreement;   // its name; empty in the province itself
  std::string contact;     // who handles objections
};

struct Judgement {
  Verdict verdict = Verdict::undetermined;
  std::vector<Reason> reasons;  // why it is not accept
  std::vector<Reason> notes;    // worth knowing
  // document, issuer signature, issuer authority, inclusion, ledger, history, checkpoint quorum, status, freshness,
  // recognition: every one of them, passed, failed or skipped with why.
  std::vector<Check> checks;
  std::optional<Scope> scope;              // of a proof that holds
  std::optional<Recognition> recognition;  // when it was asked for, and is recognised
};
// That of its verdict; 9, the alarm, for a fork.
int exit_of(const Judgement& judgement);

// A node's answer: the log root is its word.
Judgement judge_evidence(const Genesis& genesis, const Question& question, const Evidence& evidence);
Judgement judge_proof(const Anchor& anchor, const Question& question, const Proof& proof);
// The same with what check_proof found, for who needs both.
Judgement judge_proof(const Anchor& anchor, const Question& question, const Proof& proof,
                      const ProofFinding& finding);
Judgement judge_compact(const Anchor& anchor, const Question& question, const CompactProof& compact);
// When there is no evidence to judge: the nodes could not be reached, or the identifier is none.
Judgement judge_nothing(Reason reason);
// What was judged contradicts what is remembered of the ledger: refused, whatever else it shows.
Judgement with_fork(Judgement judgement);

// The sentence for the verdict. `since` is the time of notarisation, for people.
std::string verdict_sentence(const Judgement& judgement, std::string_view since, bool chinese);

}  // namespace hufu
