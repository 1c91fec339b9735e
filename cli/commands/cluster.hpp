// hufu cluster add|remove, hufu node replace: the nodes of the ledger, changed by decision, one at a time.
//
// Each proposes a decision on the roster. Once enough provinces have approved (hufu approve) and the new node has fetched the
// ledger, hufu enact puts it into force; the nodes then go on as the next epoch.
#pragma once

#include <string>

#include "cli/commands/decide.hpp"

namespace hufu::cli {

// A card: what `hufu node init --join` prints of a new node.
struct ClusterAdd {
  std::string card;
  ProposeOptions propose;
};
int run(const ClusterAdd& options, const Session& session);

struct ClusterRemove {
  std::string name;
  ProposeOptions propose;
};
int run(const ClusterRemove& options, const Session& session);

// Its disk is lost, or its keys: the same name, new keys, in one step.
struct NodeReplace {
  std::string name;
  std::string card;
  ProposeOptions propose;
};
int run(const NodeReplace& options, const Session& session);

}  // namespace hufu::cli
