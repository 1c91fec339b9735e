// What the three forms of a question have in common: from what was shown and checked to the judgement. Pure; for verdict.cpp.
#pragma once

#include "ledger/proof/verdict.hpp"

namespace hufu {

// What was laid before the judge, whichever form it came in.
struct Case {
  const SubjectKey& subject;
  // Of the subject and of all that is shown beside it, as the ledger knew them at the moment asked for. What is shown and not in
  // here is proved absent.
  std::map<SubjectKey, Standing> known;
  const Evidence* history;  // nullptr: not shown
  std::vector<Check>
      checks;  // issuer signature, issuer authority, inclusion, ledger, history, checkpoint quorum
  std::uint64_t time_ms = 0;   // from which freshness counts
  std::string_view time_of;    // "the newest block seen"
  bool superseded = false;     // F6
  std::optional<Scope> scope;  // of a proof, if it holds

  // nullptr: absent, or not shown.
  template <class Detail>
  const Detail* find(const SubjectKey& key) const {
    const auto found = known.find(key);
    return found == known.end() ? nullptr : std::get_if<Detail>(&found->second.detail);
  }
  // One of the checks, by its name.
  Check& check(std::string_view name);
};

Judgement judge(const Question& question, Case shown);

}  // namespace hufu
