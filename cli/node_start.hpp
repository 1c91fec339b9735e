// The door from the commands to the node: `hufu node start` runs a node in this very process.
#pragma once

#include "cli/commands/node.hpp"
#include "cli/session.hpp"

namespace hufu::cli {

int start_node(const NodeStart& options, const Session& session);

}  // namespace hufu::cli
