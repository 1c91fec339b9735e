// hufu trust: what a verifier remembers of the ledgers it trusts, so that none of them can show two histories.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace hufu::cli {

struct TrustShow {
  std::string path;
};
int run(const TrustShow& options, const Session& session);

// Begins to trust a ledger by its founding document, in a new trust file or one that is there.
struct TrustPin {
  std::string path;
  std::string genesis;  // else that of the settings
};
int run(const TrustPin& options, const Session& session);

// Follows every ledger to what its nodes show now.
struct TrustUpdate {
  std::string path;
};
int run(const TrustUpdate& options, const Session& session);

// Takes the nodes of a recovery on trust: nobody could hand over to them (ledger/proof/recovered.hpp). Asks first.
struct TrustRecover {
  std::string path;
  std::string recovery;       // the signed recovery file
  bool unknown_keys = false;  // although too few of the signatures are by keys of the founding document
  bool yes = false;
};
int run(const TrustRecover& options, const Session& session);

}  // namespace hufu::cli
