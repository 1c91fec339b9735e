// hufu show, hufu history: what a node says, without proofs. For an answer that need not be believed: hufu verify.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace hufu::cli {

struct Show {
  std::string id;
};
int run(const Show& options, const Session& session);

struct History {
  std::string id;
};
int run(const History& options, const Session& session);

}  // namespace hufu::cli
