// What the three forms of a question have in common: from what was shown and checked to the judgement. Pure; for verdict.cpp.
#pragma once

#include "ledger/proof/verdict.hpp"

namespace hufu {

// What was laid before the judge, whichever form it came in.
struct Case {
  const SubjectKey& subject;
  const Standing* standing;  // nullptr: proved absent
  const Evidence* history;   // nullptr: not shown
  std::vector<Check>
      checks;  // issuer signature, issuer authority, inclusion, ledger, history, checkpoint quorum
  std::uint64_t time_ms = 0;   // from which freshness counts
  std::string_view time_of;    // "the newest block seen"
  bool superseded = false;     // F7
  std::optional<Scope> scope;  // of a proof, if it holds

  // One of the checks, by its name.
  Check& check(std::string_view name);
};

Judgement judge(const Question& question, Case shown);

}  // namespace hufu
