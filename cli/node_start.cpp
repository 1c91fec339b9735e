#include "cli/node_start.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "cli/files.hpp"
#include "node/run_node.hpp"

namespace hufu::cli {

int recover_node(const NodeRecover& options, const Session& session) {
  const Try<Bytes> file = read_file(options.file, kRecoveryBytes);
  if (!file) return session.fail(file.error());
  const auto recovered = node::recover_node(config_path(options.config), *file);
  if (!recovered) {
    return session.fail({.error = recovered.error().error,
                         .what = "the node was not changed",
                         .why = recovered.error().detail});
  }
  std::string names;
  for (const Member& member : recovered->roster.members) names += (names.empty() ? "" : ", ") + member.name;
  session.print(fmt::format("{}\n", config_path(options.config)));
  session.say(fmt::format(
      fmt::runtime(session.tr("block {} is in: epoch {} begins with {}; start the node: hufu node start {}",
                              "已写入区块 {}：纪元 {} 由 {} 开始；启动节点：hufu node start {}")),
      recovered->block.height, recovered->roster.epoch, names, options.config));
  return kOk;
}

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
