// hufu recovery draft|sign, hufu node recover: when a quorum of the nodes is lost for good.
//
// Deliberate, and by the authorities: a survivor's head and the nodes that go on become a draft; as many authorities as a change
// of the roster needs put their signatures under it, one after the other; every survivor takes the signed block into its
// ledger. What only the lost nodes had acknowledged is lost, and the block says so for ever.
#pragma once

#include <string>
#include <vector>

#include "cli/ledger_access.hpp"

namespace hufu::cli {

struct RecoveryDraft {
  std::string directory;          // of a stopped survivor: the node's folder, or its data
  std::vector<std::string> keep;  // names of the nodes that go on
  std::string out;
};
int run(const RecoveryDraft& options, const Session& session);

// Of a draft, or of what the authority before has signed.
struct RecoverySign {
  std::string file;
  bool enact = false;  // the last signature
  bool yes = false;
  std::string out;
  KeyOptions key;
};
int run(const RecoverySign& options, const Session& session);

struct NodeRecover {
  std::string config;
  std::string file;
};

}  // namespace hufu::cli
