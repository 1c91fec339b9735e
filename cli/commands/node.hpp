// hufu node init|start|status, hufu cluster status
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/secrets.hpp"
#include "ledger/genesis/genesis.hpp"

namespace hufu::cli {

// Prepares a node's folder:
//   --make-key             node.key and node.passphrase, and says the public keys for the genesis
//   --genesis FILE         node.toml and a copy of the genesis, after checking that the roster has this node and this key
//   --join --genesis FILE  node.key, node.passphrase, node.toml and a copy of the genesis, for a ledger that runs already; says
//                          the node's card, for hufu cluster add or hufu node replace
//   --single               all of it for a ledger of one node, with an agency whose key is in keys/
struct NodeInit {
  std::string directory;
  std::string name = "node-1";
  bool make_key = false;
  bool single = false;
  bool join = false;
  std::string origin = "localhost/hufu";
  std::string province = "310000";
  std::string peer = "127.0.0.1:7001";
  std::string api = "127.0.0.1:8001";
  std::vector<std::string> types = {"11100000MB0143028R001"};
};
int run(const NodeInit& options, const Session& session);

// The file a node starts from, or the folder it lies in.
struct NodeStart {
  std::string config;
};
std::string config_path(const std::string& config);

struct NodeStatus {};
int run(const NodeStatus& options, const Session& session);

struct ClusterStatus {};
int run(const ClusterStatus& options, const Session& session);

// node.key and node.passphrase in a folder; gives the seed.
Try<Seed> make_node_key(const std::string& directory, const std::string& label);
// The text of node.toml. Paths are relative to it.
std::string node_config_text(const std::string& name, const std::string& plain_api);

}  // namespace hufu::cli
