// `hufu node start`: one node in this process, until SIGTERM or SIGINT.
#pragma once

#include <string>

#include "node/recover.hpp"

namespace hufu::node {

// Reads the configuration, the genesis and the key, runs the node, and returns the process's exit code: 0 after a signal.
// What hinders it is said on standard error, all faults of the configuration at once.
int run_node(const std::string& config_file);

// recover() for the stopped node of this configuration.
consensus::Checked<Recovered> recover_node(const std::string& config_file, ByteSpan recovery_file);

}  // namespace hufu::node
