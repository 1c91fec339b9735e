// A ledger replayed from a node's disk, from a copy of it, from a backup, or from a node over HTTP, believing nothing but the genesis file: what
// `hufu audit` reports on and what its exports are taken from. What needs no neighbour is asked on all cores, ahead of the rest.
#pragma once

#include <functional>
#include <string>

#include "cli/session.hpp"
#include "cli/stated_checkpoint.hpp"
#include "ledger/chain/audit.hpp"

namespace hufu::cli {

struct AuditOrder {
  std::string
      directory;  // a node's data directory, which may be running, or a copy; empty: a node is asked over HTTP
  std::string backup = {};  // a backup's file instead
  AuditLevel level = AuditLevel::full;
  // Of a node: of those that answer, the one whose certified checkpoint is the newest, and no block beyond it. not_certified.
  bool certified_only = false;
  std::string checkpoint = {};  // of a directory: a file with a checkpoint that it must come to; may be empty
  // When it is known which ledger, and before the first block; may be none. A trouble ends the audit.
  std::function<Try<void>(const Genesis&, const StatedCheckpoint*)> begin = {};
  std::function<void(const Block&)> watch;  // every block that passed, in order; may be none
};

// When everything was checked; it lives as long as the call.
struct AuditedLedger {
  const Genesis& genesis;
  const Audit& audit;
  AuditReport report;
  const char* kind;  // "directory", "node", "backup"
  std::string where;
  const StatedCheckpoint* checkpoint = nullptr;  // that the blocks were held against, if any
  const char* next = "";                         // what to do when it is not sound
};

// Gives what `conclude` gives, or the exit of a trouble that it has told.
int audit_ledger(const AuditOrder& order, const std::function<int(const AuditedLedger&)>& conclude,
                 const Session& session);

// The alarm for a ledger at fault.
Trouble unsound(const AuditedLedger& ledger);

}  // namespace hufu::cli
