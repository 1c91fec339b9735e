// The command line: what may be said, and what it means. The one place that knows CLI11.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command_tree.hpp"
#include "cli/commands/node.hpp"
#include "cli/session.hpp"

namespace hufu::cli {

// Runs a node in this process until it is told to stop; the executable knows how, the commands do not.
using NodeRunner = std::function<int(const NodeStart&, const Session&)>;

// The whole way from words to exit code. `words` are those after the program's name.
int run_words(const std::vector<std::string>& words, const NodeRunner& run_node);

CommandInfo command_tree(bool chinese);

}  // namespace hufu::cli
