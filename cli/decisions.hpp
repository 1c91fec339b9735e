// Decisions of provinces' authorities: what the law says of them, and what is signed. Pure.
//
// The law itself is asked (rules::enact), with worlds made for the question: nothing here repeats whose approval a decision
// needs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/rules/rules.hpp"

namespace hufu::cli {

using DecisionBody = decltype(Decision::body);

// The subjects by which a decision is judged, as they stand.
class KnownSubjects final : public rules::Surroundings {
 public:
  void put(const SubjectKey& key, Standing standing) { standings_[key] = std::move(standing); }
  const Standing* find(const SubjectKey& key) const override;
  // The provinces among them.
  std::vector<std::string> provinces() const;

 private:
  std::map<SubjectKey, Standing> standings_;
};

// Whatever may matter to this decision: its target, itself, the provinces and agencies that it names, and those that the target
// names (nullptr: there is none).
std::vector<SubjectKey> subjects_around(const Decision& decision, const Standing* target);

// How far one province's approval is.
struct Consent {
  std::string province;
  std::size_t have = 0;
  std::size_t need = 0;
};
// Of the provinces whose approval the law asks for, with the approvals that the decision's standing holds.
std::vector<Consent> consents(const Decision& decision, const KnownSubjects& known);
// Have as many of them approved as the law asks for?
bool is_approved(const Decision& decision, const KnownSubjects& known);

// The decision's standing in `known`, with this approval added.
KnownSubjects with_approval(const Decision& decision, const Approval& approval, const KnownSubjects& known);

// With every approval there can be: would it be enacted? What the rules refuse in it is known before anybody signs.
Result<void> check_lawful(const Decision& decision, const KnownSubjects& known, std::uint64_t now_ms);

// ---- operations ----

// The hash that an operation on the subject must name: nothing for a fresh one, and for what the genesis founded.
std::optional<Hash> previous_of(const Standing* standing);
// Takes effect, as an operation, not later than today, whatever day the decision names.
Operation propose_operation(const Decision& decision, CivilDay today);
Operation approve_operation(const SubjectKey& decision, const Standing& standing, CivilDay day);
Operation enact_operation(const Decision& decision);

}  // namespace hufu::cli
