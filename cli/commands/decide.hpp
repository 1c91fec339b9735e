// hufu propose, hufu approve, hufu enact, hufu decision show: decisions of provinces' authorities on their way.
//
// Propose, Approve and Enact need nothing but the ledger: the decision stands in its proposal, and its id is its hash, so that a
// node cannot show another one.
#pragma once

#include <functional>
#include <string>

#include "cli/decisions.hpp"
#include "cli/submit.hpp"

namespace hufu::cli {

struct ProposeOptions {
  std::string out;  // where a decision file goes; empty: none
  SubmitOptions submit;
};
// What the decision makes of its target as it stands (nullptr: not there), effective on this day, proposed by this province.
using MakeBody =
    std::function<Try<DecisionBody>(const Standing* target, CivilDay effective, const std::string& province)>;
// Builds the decision on the target's present standing and proposes it; enacts it at once when one approval is enough. Gives the
// exit code.
int propose(const SubjectKey& target, const MakeBody& make, const ProposeOptions& options,
            const Session& session);

// A decision file, as it was written: proposed unchanged.
struct ProposeFile {
  std::string file;
  SubmitOptions submit;
};
int run(const ProposeFile& options, const Session& session);

struct ApproveDecision {
  std::string decision;  // id or decision file
  bool yes = false;
  bool no_enact = false;
  SubmitOptions submit;
};
int run(const ApproveDecision& options, const Session& session);

struct EnactDecision {
  std::string decision;
  SubmitOptions submit;
};
int run(const EnactDecision& options, const Session& session);

struct DecisionShow {
  std::string decision;
};
int run(const DecisionShow& options, const Session& session);

}  // namespace hufu::cli
