#include "cli/arguments/families.hpp"
#include "cli/commands/demo.hpp"

namespace hufu::cli {
namespace {

void add_node(CommandLine root, const NodeRunner& run_node) {
  CommandLine node = root.group("node", {"run a node", "运行节点"});
  auto [init, options] = node.command<NodeInit>("init", {"prepare a node's folder", "准备节点目录"});
  init.option("DIR", options.directory, {"the node's folder", "节点目录"}).required();
  init.option("--name", options.name, {"which node of the roster", "节点名称"}).value("NAME");
  init.flag("--make-key", options.make_key,
            {"make the node's key and print its public keys", "生成节点密钥"});
  init.flag("--single", options.single,
            {"a whole ledger of one node, ready to start", "单节点账本，可直接启动"});
  init.option("--origin", options.origin, {"with --single: the ledger's name", "账本名称"}).value("NAME");
  init.option("--province", options.province, {"with --single: the province", "省份"}).value("CODE");
  init.option("--api", options.api, {"with --single: address for clients", "客户端地址"}).value("HOST:PORT");
  init.option("--peer", options.peer, {"with --single: address for nodes", "节点间地址"}).value("HOST:PORT");
  init.list("--type", options.types,
            {"with --single: a license type the agency may issue", "可签发的证照类型"})
      .value("CODE");
  const auto start_options = std::make_shared<NodeStart>();
  CommandLine start = node.add(
      "start", {"run a node until it is told to stop", "启动节点"},
      [&run_node, start_options](const Session& session) { return run_node(*start_options, session); });
  start.option("CONFIG", start_options->config, {"node.toml, or the folder it lies in", "节点配置或目录"})
      .required();
  node.command<NodeStatus>("status", {"what each node says of itself", "节点状态"});
}

}  // namespace

void add_demo(CommandLine root) {
  auto [demo, options] =
      root.command<Demo>("demo", {"a cluster on this machine, with records in it", "在本机演示整个集群"});
  demo.option("--nodes", options.nodes, {"how many nodes", "节点数"}).value("N").between(1, 7);
  demo.flag("--self-check", options.self_check,
            {"kill the leader and show that nothing is lost", "终止主节点并自检"});
  demo.option("--keep", options.keep, {"keep everything in this folder", "保留于此目录"}).value("DIR");
  demo.flag("--detach", options.detach, {"leave it running", "后台运行"});
  demo.flag("--no-import", options.no_import, {"start with an empty ledger", "不导入数据"});
  demo.option("--stop", options.stop, {"end the demo left running in this folder", "停止该目录中的演示"})
      .value("DIR");
  demo.option("--data", options.data, {"another data set than the examples", "使用其他数据集"}).value("DIR");
  demo.option("--example", options.example,
              {"exports of three provinces' offices, or whole lives in five provinces",
               "内置数据：三省台账，或五省互认"})
      .one_of({demo::kExamples.begin(), demo::kExamples.end()});
}

void add_nodes(CommandLine root, const NodeRunner& run_node) {
  add_node(root, run_node);
  CommandLine cluster = root.group("cluster", {"all nodes of the ledger", "集群"});
  cluster.command<ClusterStatus>("status", {"which nodes are up, who leads, how far each is", "集群状态"});
}

}  // namespace hufu::cli
