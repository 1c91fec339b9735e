// The door from the commands to the node: `hufu node start` runs a node in this very process, `hufu node recover` changes one
// that is stopped.
#pragma once

#include "cli/commands/node.hpp"
#include "cli/commands/recovery.hpp"
#include "cli/session.hpp"

namespace hufu::cli {

int start_node(const NodeStart& options, const Session& session);
// A stopped one takes the block of a recovery file into its ledger.
int recover_node(const NodeRecover& options, const Session& session);

}  // namespace hufu::cli
