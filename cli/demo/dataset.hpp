// A data set to play: who the agencies are, and what their offices export.
//
//   DIR/reference/agencies.jsonl   {"code", "name", "province", "typeCodes", "validFrom"[, "withdrawnAt"]}
//   DIR/reference/provinces.json   [{"code", "name"}]
//   DIR/legacy/*.csv, *.txt        the exports; where there are none, DIR/canonical/licenses.jsonl and invoices.jsonl
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "ledger/record/identifiers.hpp"

namespace hufu::cli::demo {

struct DataAgency {
  std::string code;
  std::string name;
  std::string province;
  std::vector<std::string> types;
  CivilDay from = 0;
  std::optional<CivilDay> to;
};

struct DataSet {
  std::vector<DataAgency> agencies;
  std::map<std::string, std::string> provinces;  // of the agencies: code -> name
  std::vector<std::string> exports;              // paths to import
};

Try<DataSet> load_data_set(const std::string& directory);
// Writes the sample into a folder, laid out as above.
Try<void> unpack_sample(const std::string& directory);

}  // namespace hufu::cli::demo
