// hufu import: what an office's systems export, on the ledger.
#pragma once

#include <string>
#include <vector>

#include "cli/import_row.hpp"
#include "cli/secrets.hpp"
#include "cli/submit.hpp"

namespace hufu::cli {

struct Import {
  std::vector<std::string> paths;
  bool dry_run = false;
  std::string report;
  std::string mapping;
  std::string save_mapping;
  std::string documents;
  bool hidden = false;  // licenses under blinded identifiers, whatever the catalogue says
  bool open = false;    // under the real ones
  std::vector<std::string> keys;
  std::string agency;
  PassphraseSource passphrase;
  std::string wait = std::string(kWaits.front());  // of every submission; several are under way at a time
};
int run(const Import& options, const Session& session);

struct ImportResult {
  ImportTotals totals;
  double seconds = 0;
  std::size_t uncertified =
      0;  // rows on the ledger, but not under a checkpoint of the quorum when it answered
  std::optional<Trouble> stopped;
};
// The work itself, for commands that import as a part of something larger.
Try<ImportResult> import_files(const Import& options, const Session& session);
json::object to_json(const ImportResult& result);

}  // namespace hufu::cli
