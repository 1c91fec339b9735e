// The command line: what may be said, and what it means. One file a family of commands in arguments/.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments/families.hpp"

namespace hufu::cli {

// The whole way from words to exit code. `words` are those after the program's name.
int run_words(const std::vector<std::string>& words, const NodeRunner& run_node);

CommandInfo command_tree(bool chinese);

}  // namespace hufu::cli
