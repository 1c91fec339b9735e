// The records and events of whole lives, from files: one JSON object a line. Pure but for reading the files.
//
//   licenses.jsonl         a license's fields; "certIdentifier" names it
//   invoices.jsonl         an invoice's fields; "invoiceNumber" (and "invoiceCode") names it
//   license_events.jsonl, invoice_events.jsonl   event.hpp; played by day, on one day in the order of the file
#pragma once

#include <functional>
#include <map>

#include "cli/play/player.hpp"
#include "cli/session.hpp"

namespace hufu::cli::play {

// All values of a record as text, nested ones as JSON. Nothing: no object, or no identifier.
std::optional<std::pair<SubjectKey, FieldList>> read_record(std::string_view line);

// What is known of the subjects: their standings in the mirror, their records, and who signs for whom.
class Lives final : public Surroundings {
 public:
  using SaltsOf = std::function<const Seed*(const std::string& agency)>;
  // The mirror outlives it; it also says which agency of a province may issue invoices.
  Lives(const Mirror& mirror, const Genesis& genesis, SaltsOf salts_of);

  // Error::oversize, file_missing, …, and json_malformed with the line.
  Try<void> load_records(const std::string& path);
  std::size_t records() const { return records_.size(); }

  const Standing* standing(const SubjectKey& subject) const override { return mirror_.standing(subject); }
  std::optional<Document> document(const SubjectKey& subject, const std::string& agency) const override;
  std::string platform_of(const std::string& province) const override;
  const Seed* salts_of(const std::string& agency) const override { return salts_of_(agency); }

 private:
  const Mirror& mirror_;
  SaltsOf salts_of_;
  std::map<SubjectKey, FieldList> records_;
  std::map<std::string, std::string> platforms_;  // by province
};

// Plays a file of events; lines that are none are told to the player as refused. `kind`: whose events they are.
Try<void> play_events(const std::string& path, SubjectKind kind, Player& player);

}  // namespace hufu::cli::play
