// Lives of several subjects, played again by the rules in the order in which the ledger recorded them. Pure; for evidence.cpp
// and status.cpp.
#pragma once

#include "ledger/proof/evidence.hpp"
#include "ledger/rules/rules.hpp"

namespace hufu {

// What the genesis file founds; nothing for anything else.
std::optional<Standing> founded_standing(const Genesis& genesis, const SubjectKey& key);

// Every life of the evidence, the subject's first.
struct LifeView {
  const StandingEvidence* standing = nullptr;
  const std::vector<OperationEvidence>* operations = nullptr;

  const SubjectKey& key() const { return standing->key; }
};
std::vector<LifeView> lives_of(const Evidence& evidence);

class Replay final : public rules::Surroundings {
 public:
  Replay(const Genesis& genesis, const Evidence& evidence);

  struct Fault {
    enum class What : std::uint8_t {
      signer,  // whoever signed had no authority to
      rule,    // the operation breaks a rule, or is out of order
    };
    What what = What::rule;
    Error error = Error::proof_invalid;
    std::string why;
  };
  // All operations of blocks until this time; ends at the first fault.
  std::optional<Fault> run(std::uint64_t until_ms);

  // The standings so far. Only of subjects that are shown and stand.
  const std::map<SubjectKey, Standing>& standings() const { return standings_; }

  const Standing* find(const SubjectKey& key) const override;
  bool knows(SubjectKind kind) const override;

 private:
  std::optional<Fault> step(const OperationEvidence& step);
  std::optional<Fault> enter_submission(const OperationEvidence& step);

  std::set<SubjectKey> shown_;
  std::vector<const OperationEvidence*> steps_;  // in the order of their places
  std::map<SubjectKey, Standing> standings_;
  mutable std::optional<SubjectKey> missing_;  // a rule asked for it, and it is not shown
  // Who signs the submission at hand, as it stood before it.
  std::optional<Place> place_;
  AgencyStanding agency_;
  std::optional<rules::Signer> signer_;
};

}  // namespace hufu
