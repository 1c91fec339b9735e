// hufu audit ledger: replays a ledger from a node's disk, from a copy of it, or from a node over HTTP, believing nothing but the
// genesis file. What needs no neighbour is asked on all cores, ahead of the rest.
#pragma once

#include <string>

#include "cli/session.hpp"
#include "ledger/chain/audit.hpp"

namespace hufu::cli {

struct AuditLedger {
  std::string
      directory;  // a node's data directory, which may be running, or a copy; empty: a node is asked over HTTP
  int level = 4;
};
int run(const AuditLedger& options, const Session& session);

json::object to_json(const AuditReport& report, AuditLevel level);

}  // namespace hufu::cli
