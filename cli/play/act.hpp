// From an event to the operations that notarise it, signed by whom. Pure.
//
// A license's event is signed by the agency that it names. An invoice's is signed by the tax platform of the province in
// which its number is at home, for both sides, unless it names an agency; a red-letter invoice by that of the invoice that
// it takes back. Two halves of one act (the old and the new license, the red-letter invoice and its entry on the original)
// stand in one act, the old one first.
#pragma once

#include "cli/play/event.hpp"
#include "ledger/record/standing.hpp"

namespace hufu::cli::play {

// What is known when an event is played.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  // As far as the operations before have led; nullptr: the subject has none.
  virtual const Standing* standing(const SubjectKey& subject) const = 0;
  // The holder's document with its salts, or the one that this agency makes of its record; nothing: neither is known.
  virtual std::optional<Document> document(const SubjectKey& subject, const std::string& agency) const = 0;
  // The agency that signs for invoices at home in this province; empty: none is known.
  virtual std::string platform_of(const std::string& province) const = 0;
  // The secret that salts this agency's documents; nullptr: its key is not here.
  virtual const Seed* salts_of(const std::string& agency) const = 0;
};

struct Act {
  std::string agency;
  std::vector<Operation> operations;  // none: the calendar says it already (EXPIRE)
  std::optional<Document> document;   // for the holder of what is issued
};

// `day` is when the event takes effect. A fault where the event cannot be told to the ledger at all; whether what is told
// is legal is the ledger's question.
Preparing<Act> act_of(const Event& event, CivilDay day, const Surroundings& known);

// The latest business day that a standing tells of; `otherwise` for a subject without days.
CivilDay latest_day(const Standing& standing, CivilDay otherwise);

// When an event takes effect: on its own day; else on `named`; else it follows at once on what the ledger last recorded of that
// life; else, of a life that begins with it, `today`.
CivilDay day_of(const Event& event, std::optional<CivilDay> named, const Surroundings& known, CivilDay today);

// Of a license that merely ran out nothing is appended; this looks whether it has. Error::lic_bad_transition, not_found.
Result<void> check_expired(const Standing* license, CivilDay day);

}  // namespace hufu::cli::play
