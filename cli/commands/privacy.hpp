// hufu disclose: a part of a document, for whoever need not see the rest.
// hufu blind: under which identifier a private license stands on the ledger (ledger/record/blinding.hpp).
#pragma once

#include <string>

#include "cli/secrets.hpp"
#include "cli/session.hpp"

namespace hufu::cli {

struct Disclose {
  std::string path;    // a document file, whole or already a part
  std::string fields;  // names, separated by commas
  std::string out;     // empty: beside the file, with "part" in its name
};
int run(const Disclose& options, const Session& session);

struct Blind {
  std::string id;
  std::string key;  // empty: the settings'
  PassphraseSource passphrase;
};
int run(const Blind& options, const Session& session);

}  // namespace hufu::cli
