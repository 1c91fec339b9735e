// Does a license count in another province? By the agreement between the two, as it stands on the ledger. Pure.
//
// Recognition has a direction and goes by type: agreement:<issuing province>/<verifying province> lists the issuing province's
// types that count in the verifying one. Within a province everything of its own counts.
#pragma once

#include "ledger/proof/verdict.hpp"

namespace hufu {

SubjectKey agreement_key(std::string_view issuing, std::string_view verifying);

// What is asked, and of which license.
struct RecognitionCase {
  std::string type;
  Assurance assurance = Assurance::l1;
  std::string issuing;    // province of the issuer
  std::string verifying;  // province of the verifier
  std::string scenario;   // empty: any
  CivilDay day = 0;
};

struct RecognitionFinding {
  std::optional<Reason> reason;             // why not
  std::string why;                          // for the line "recognition"
  std::optional<Recognition> recognition;   // as what
  std::optional<std::uint64_t> max_age_ms;  // how fresh a status the agreement demands
};
// What was agreed and covered the day, from the agreement's life in the evidence: texts follow each other, a text that began later
// leaves the days before it to the one that was agreed then. Nothing: none covers it.
std::optional<AgreementStanding> text_on(const Evidence& evidence, const SubjectKey& agreement, CivilDay day,
                                         std::uint64_t known_until_ms);

// `agreement` is nullptr where the ledger proves that there is none.
RecognitionFinding recognize(const RecognitionCase& asked, const AgreementStanding* agreement);

}  // namespace hufu
