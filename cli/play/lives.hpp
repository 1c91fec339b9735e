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

// What the offices' files and keys tell: records, who signs for whom, and with which salts.
class Records {
 public:
  using SaltsOf = std::function<const Seed*(const std::string& agency)>;
  // The genesis says which agency of a province may issue invoices.
  Records(const Genesis& genesis, SaltsOf salts_of);

  // Error::oversize, file_missing, …, and json_malformed with the line.
  Try<void> load(const std::string& path);

  std::optional<Document> document(const SubjectKey& subject, const std::string& agency) const;
  std::string platform_of(const std::string& province) const;
  const Seed* salts_of(const std::string& agency) const { return salts_of_(agency); }

 private:
  SaltsOf salts_of_;
  std::map<SubjectKey, FieldList> records_;
  std::map<std::string, std::string> platforms_;  // by province
};

// These, and the standings of a mirror. Both outlive it.
class Lives final : public Surroundings {
 public:
  Lives(const Mirror& mirror, const Records& records) : mirror_(mirror), records_(records) {}

  const Standing* standing(const SubjectKey& subject) const override { return mirror_.standing(subject); }
  std::optional<Document> document(const SubjectKey& subject, const std::string& agency) const override {
    return records_.document(subject, agency);
  }
  std::string platform_of(const std::string& province) const override {
    return records_.platform_of(province);
  }
  const Seed* salts_of(const std::string& agency) const override { return records_.salts_of(agency); }

 private:
  const Mirror& mirror_;
  const Records& records_;
};

struct LineEvent {
  std::size_t line = 0;
  Event event;
};
// The events of a file by day, on one day in the order of the file. `malformed` is told of lines that are none.
Try<std::vector<LineEvent>> load_events(
    const std::string& path, const std::function<void(std::size_t, const RecordFault&)>& malformed);

}  // namespace hufu::cli::play
