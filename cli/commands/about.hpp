// hufu version, hufu completion, hufu explain, hufu failpoints
#pragma once

#include <string>

#include "cli/command_tree.hpp"
#include "cli/session.hpp"

namespace hufu::cli {

struct Version {};
int run(const Version& options, const Session& session);

struct Completion {
  std::string shell;
};
int run(const Completion& options, const CommandInfo& root, const Session& session);

// What a code in an error or a verdict means, and what to do.
struct Explain {
  std::string code;       // empty: all of them
  bool markdown = false;  // all of them as docs/CODES.md
};
int run(const Explain& options, const Session& session);

// What HUFU_FAILPOINT may name (ledger/base/failpoint.hpp). For tests: no help lists this command.
struct Failpoints {};
int run(const Failpoints& options, const Session& session);

}  // namespace hufu::cli
