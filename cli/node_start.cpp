#include "cli/node_start.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "cli/files.hpp"
#include "node/run_node.hpp"

namespace hufu::cli {

int start_node(const NodeStart& options, const Session& session) {
  const std::string config = config_path(options.config);
  std::error_code ignored;
  if (!std::filesystem::exists(config, ignored)) {
    Trouble trouble = file_trouble(Error::file_missing, config, "the node's configuration");
    if (trouble.next.empty()) trouble.next = "hufu node init DIR --single makes a node ready to start";
    return session.fail(trouble);
  }
  return node::run_node(config);
}

}  // namespace hufu::cli
