// A data set to play: who the agencies are, what they recognise of each other, and what their offices export or tell.
//
//   DIR/reference/agencies.jsonl       {"code", "name", "province", "typeCodes", "validFrom"[, "withdrawnAt"]}
//   DIR/reference/provinces.json       [{"code", "name"}]
//   DIR/reference/license_types.jsonl  {"typeCode", "name"[, "province"]}                                        if there
//   DIR/reference/agreements.jsonl     {"agreementId", "issuer", "verifier", "validFrom", "validTo"[, "minAssurance",
//                                       "contact"], "entries": [{"typeCode", "localName"[, "mapsTo", "scenarios",
//                                       "statusMaxAgeHours"]}]}                                                  if there
//   DIR/canonical/                     records and events of whole lives (playing.hpp); where there are events, they are
//                                      played instead of importing
//   DIR/legacy/*.csv, *.txt            the exports; where there are none, DIR/canonical/licenses.jsonl and invoices.jsonl
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/session.hpp"
#include "ledger/record/authority.hpp"

namespace hufu::cli::demo {

struct DataAgency {
  std::string code;
  std::string name;
  std::string province;
  std::vector<std::string> types;
  CivilDay from = 0;
  std::optional<CivilDay> withdrawn;  // the last day of its authority
};

struct DataType {
  std::string code;
  std::string name;
  std::string province;  // that defined it; empty: the nation
};

struct DataAgreement {
  std::string issuer;  // province
  std::string verifier;
  AgreementStanding text;
};

struct DataSet {
  std::string directory;
  std::vector<DataAgency> agencies;
  std::vector<DataType> types;
  std::vector<DataAgreement> agreements;
  std::map<std::string, std::string> provinces;  // of the agencies and of those who recognise: code -> name
  std::vector<std::string> exports;              // paths to import
  std::size_t older =
      0;  // licenses issued before their agency's validFrom: its authority is taken to begin with them

  // A file of whole lives, for example "license_events.jsonl"; empty: it is not there.
  std::string canonical(const std::string& name) const;
  bool has_events() const;
};

Try<DataSet> load_data_set(const std::string& directory);
// The data sets inside the program; the first is played when none is named.
inline constexpr std::array<std::string_view, 2> kExamples = {"sample", "five"};
// Writes one of them into a folder, laid out as above.
Try<void> unpack_example(std::string_view name, const std::string& directory);

}  // namespace hufu::cli::demo
