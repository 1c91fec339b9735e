// A decision with everything that it is judged by, as the nodes tell it. What a node says decides nothing: the decision's id is
// its hash, and the ledger asks the rules again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/decisions.hpp"
#include "cli/ledger_access.hpp"

namespace hufu::cli {

struct DecisionCase {
  Decision decision;
  KnownSubjects known;

  SubjectKey subject() const { return decision_subject(decision); }
  const Standing* target() const { return known.find(decision.target); }
  const Standing* standing() const { return known.find(subject()); }
};
Try<DecisionCase> open_case(Client& client, Decision decision, const Session& session);

// By its id, from its proposal on the ledger, or from the file that holds it.
Try<Decision> decision_of(Client& client, const std::string& named, const Session& session);

// It fits its target as it stands, and the rules would not refuse it if all agreed. Error::previous_mismatch, those of the rules.
Try<void> check_open(const DecisionCase& opened);
// Has this approver a say in it? Error::issuer_not_authorized.
Try<void> check_signer(const DecisionCase& opened, const Approval& approver);
// Proposed, open, and not yet approved by this key.
Try<void> check_approvable(const DecisionCase& opened, const Approval& approver);

// "310000: 2 of 2; 330000: 1 of 2"
std::string consents_text(const std::vector<Consent>& all, const Session& session);

// Where it was enacted; nothing when it was not.
Try<std::optional<api::HistoryEntry>> enactment_of(Client& client, const DecisionCase& opened,
                                                   const Session& session);
// "OPEN", "ENACTED", or "OVERTAKEN": its target has changed otherwise.
std::string_view state_of(const DecisionCase& opened, bool enacted);

}  // namespace hufu::cli
