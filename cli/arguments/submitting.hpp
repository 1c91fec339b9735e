// The options that commands share which change something.
#pragma once

#include "cli/arguments/parser.hpp"
#include "cli/commands/decide.hpp"

namespace hufu::cli {

void waiting(CommandLine line, std::string& wait);
// Who signs.
void signing(CommandLine& line, KeyOptions& key);
// Who signs, when it takes effect, which request, how long to wait.
void submitting(CommandLine& line, SubmitOptions& options);
// The same of a decision, and where its file goes.
void proposing(CommandLine& line, ProposeOptions& options);
// --private and --public
void blinding(CommandLine& line, bool& hidden, bool& open);

}  // namespace hufu::cli
