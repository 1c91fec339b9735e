// The families of commands, one file each.
#pragma once

#include "cli/arguments/parser.hpp"
#include "cli/commands/node.hpp"
#include "cli/commands/recovery.hpp"

namespace hufu::cli {

// Runs a node in this process until it is told to stop, or changes one that is stopped; the executable knows how, the commands
// do not.
struct NodeRunner {
  std::function<int(const NodeStart&, const Session&)> start;
  std::function<int(const NodeRecover&, const Session&)> recover;
};

void add_demo(CommandLine root);
void add_founding(CommandLine root);    // key, genesis
void add_records(CommandLine root);     // issue, import, disclose, blind
void add_licenses(CommandLine root);    // suspend, …, change, renew, transfer, dispute, correct
void add_invoices(CommandLine root);    // claim, unclaim, red-letter, deliver, archive, void
void add_governance(CommandLine root);  // propose, approve, enact; agency, recognition, …: their changes
void add_questions(CommandLine root);   // show, history, verify, proof, trust
void add_nodes(CommandLine root, const NodeRunner& run_node);  // node, cluster, recovery
void add_registry(CommandLine root);                           // agency, catalogue, recognition: lists
void add_audits(CommandLine root);                             // audit, doctor
void add_about(CommandLine root);                              // version, explain, completion

}  // namespace hufu::cli
