// hufu audit traces: who verified what, and why, as each node wrote it down.
// hufu audit export: what supervision counts, from a ledger that was replayed and found sound.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace hufu::cli {

struct AuditTraces {
  std::string file;  // a copy of a node's access.log; empty: all nodes are asked
  std::string out;   // empty: standard output
  bool csv = false;  // else one JSON document in a file or with --json, a table for people otherwise
};
int run(const AuditTraces& options, const Session& session);

struct AuditExport {
  std::string directory;  // as of hufu audit ledger
  std::string out;        // a folder for the tables
  bool csv = false;       // one CSV a table, in `out`; else one JSON document
  unsigned mass = 20;     // revocations by one agency on one day that are too many
};
int run(const AuditExport& options, const Session& session);

}  // namespace hufu::cli
