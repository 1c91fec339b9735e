// hufu version, hufu completion, hufu explain
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

}  // namespace hufu::cli
