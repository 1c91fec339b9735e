// hufu audit ledger: replays a node's ledger from its disk, believing nothing but the genesis file.
#pragma once

#include <string>

#include "cli/session.hpp"
#include "ledger/chain/audit.hpp"

namespace hufu::cli {

struct AuditLedger {
  std::string directory;  // the node's data directory; the node may be running
  int level = 4;
};
int run(const AuditLedger& options, const Session& session);

json::object to_json(const AuditReport& report, AuditLevel level);

}  // namespace hufu::cli
