#include "cli/arguments/families.hpp"
#include "cli/arguments/submitting.hpp"
#include "cli/commands/bench.hpp"
#include "cli/commands/cluster.hpp"
#include "cli/commands/demo.hpp"
#include "cli/commands/recovery.hpp"

namespace hufu::cli {
namespace {

template <class Options>
void card(CommandLine& line, Options& options) {
  line.option("--card", options.card, {"what hufu node init --join printed", "新节点的名片"})
      .value("FILE")
      .required();
}

void add_recovery(CommandLine root) {
  CommandLine recovery =
      root.group("recovery", {"when a quorum of the nodes is lost for good", "法定人数永久丧失时的恢复"});
  auto [draft, draft_options] = recovery.command<RecoveryDraft>(
      "draft", {"where a survivor's ledger ends, and who goes on", "以幸存节点的账本起草恢复"});
  draft.option("DIR", draft_options.directory, {"the stopped survivor's folder", "已停止的幸存节点目录"})
      .required();
  draft.list("--keep", draft_options.keep, {"a node that goes on, may be repeated", "继续运行的节点，可重复"})
      .value("NAME")
      .required();
  draft.option("--out", draft_options.out, {"the decision, for the authorities", "决定文件"})
      .value("FILE")
      .required();
  auto [sign, sign_options] =
      recovery.command<RecoverySign>("sign", {"put an authority's signature under it", "管理机构签名"});
  sign.option("FILE", sign_options.file,
              {"the draft, or what the one before signed", "草案或上一位的签名文件"})
      .required();
  sign.flag("--enact", sign_options.enact, {"the last signature that is needed", "最后一个所需签名"});
  sign.flag("--yes", sign_options.yes, {"do not ask", "不再询问"});
  sign.option("--out", sign_options.out, {"what the next one gets", "输出文件"}).value("FILE").required();
  signing(sign, sign_options.key);
}

void add_cluster(CommandLine root) {
  CommandLine cluster = root.group("cluster", {"all nodes of the ledger", "集群"});
  cluster.command<ClusterStatus>("status", {"which nodes are up, who leads, how far each is", "集群状态"});
  auto [add, add_options] = cluster.command<ClusterAdd>("add", {"propose a new node", "提议新增节点"});
  card(add, add_options);
  proposing(add, add_options.propose);
  auto [remove, remove_options] =
      cluster.command<ClusterRemove>("remove", {"propose to remove a node", "提议移除节点"});
  remove.option("NAME", remove_options.name, {"which", "节点名称"}).required();
  proposing(remove, remove_options.propose);
}

void add_node(CommandLine root, const NodeRunner& run_node) {
  CommandLine node = root.group("node", {"run a node", "运行节点"});
  auto [init, options] = node.command<NodeInit>("init", {"prepare a node's folder", "准备节点目录"});
  init.option("DIR", options.directory, {"the node's folder", "节点目录"}).required();
  init.option("--name", options.name, {"which node of the roster", "节点名称"}).value("NAME");
  init.flag("--make-key", options.make_key,
            {"make the node's key and print its public keys", "生成节点密钥"});
  init.flag("--single", options.single,
            {"a whole ledger of one node, ready to start", "单节点账本，可直接启动"});
  init.flag("--join", options.join,
            {"a node for a ledger that runs already: prints its card", "加入已运行的账本，打印节点名片"});
  init.option("--origin", options.origin, {"with --single: the ledger's name", "账本名称"}).value("NAME");
  init.option("--province", options.province, {"with --single and --join: the province", "省份"})
      .value("CODE");
  init.option("--api", options.api, {"with --single and --join: address for clients", "客户端地址"})
      .value("HOST:PORT");
  init.option("--peer", options.peer, {"with --single and --join: address for nodes", "节点间地址"})
      .value("HOST:PORT");
  init.list("--type", options.types,
            {"with --single: a license type the agency may issue", "可签发的证照类型"})
      .value("CODE");
  const auto start_options = std::make_shared<NodeStart>();
  CommandLine start = node.add(
      "start", {"run a node until it is told to stop", "启动节点"},
      [&run_node, start_options](const Session& session) { return run_node.start(*start_options, session); });
  start.option("CONFIG", start_options->config, {"node.toml, or the folder it lies in", "节点配置或目录"})
      .required();
  const auto recover_options = std::make_shared<NodeRecover>();
  CommandLine recover = node.add(
      "recover", {"take the block of a recovery into a stopped node's ledger", "将恢复区块写入已停止的节点"},
      [&run_node, recover_options](const Session& session) {
        return run_node.recover(*recover_options, session);
      });
  recover.option("CONFIG", recover_options->config, {"node.toml, or the folder it lies in", "节点配置或目录"})
      .required();
  recover.option("--with", recover_options->file, {"what the authorities signed", "已签名的恢复文件"})
      .value("FILE")
      .required();
  auto [replace, replace_options] = node.command<NodeReplace>(
      "replace", {"propose new keys for a node whose disk or key is lost", "提议更换失去磁盘或密钥的节点"});
  replace.option("NAME", replace_options.name, {"which", "节点名称"}).required();
  card(replace, replace_options);
  proposing(replace, replace_options.propose);
  node.command<NodeStatus>("status", {"what each node says of itself", "节点状态"});
}

void add_bench(CommandLine root) {
  auto [bench, options] = root.command<Bench>(
      "bench", {"how fast a whole cluster is on this machine", "测量整个集群在本机的速度"});
  bench.option("--nodes", options.nodes, {"how many nodes", "节点数"}).value("N").between(1, 7);
  bench
      .option("--workload", options.workload,
              {"records one by one, many under a signature, beside reads, or a CSV file",
               "逐条、批量、读写混合，或导入 CSV"})
      .one_of({"singles", "submissions", "mixed", "import"});
  bench.option("--size", options.size, {"records a submission", "每次提交的记录数"})
      .value("N")
      .between(1, 10'000);
  bench.option("--kind", options.kind, {"what the records are", "记录种类"}).one_of({"invoice", "license"});
  bench
      .option("--clients", options.clients,
              {"connections; else as many as are in flight", "连接数；默认与在途数相同"})
      .value("C");
  bench.option("--in-flight", options.in_flight, {"submissions without an answer, in all", "在途提交总数"})
      .value("K");
  bench.option("--seconds", options.seconds, {"how long a round sends", "每轮时长（秒）"}).value("S");
  bench
      .option("--rate", options.rate,
              {"records a second on a fixed schedule; else as fast as answered",
               "按固定计划每秒的记录数；默认随答随发"})
      .value("R");
  bench.option("--records", options.records, {"rows, for import", "导入的行数"}).value("N");
  bench.option("--subjects", options.subjects, {"on the ledger before the clock starts", "预载记录数"})
      .value("P");
  bench.option("--wait", options.wait, {"for the commit, or for the quorum's cosignatures", "等待提交或共签"})
      .one_of({"committed", "certified"});
  bench.option("--data", options.data, {"the folder under which the cluster lives", "集群所在目录"})
      .value("DIR");
  bench.flag("--keep", options.keep, {"keep the cluster's folder", "保留集群目录"});
  bench.flag("--rounds-from-stdin", options.rounds_from_stdin,
             {"a round for every line of input, each answered by a line of JSON",
              "每输入一行测一轮，以一行 JSON 输出"});
}

}  // namespace

// Clusters that are made for the occasion.
void add_demo(CommandLine root) {
  add_bench(root);
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
  add_cluster(root);
  add_recovery(root);
}

}  // namespace hufu::cli
