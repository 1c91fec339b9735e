// What a demo tells of itself: to people as it goes, to programs at its end, and what may be tried on it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/demo/stage.hpp"

namespace hufu::cli::demo {

// The commands to try: real ones, with paths that work when pasted.
struct Tries {
  std::vector<std::pair<std::string, std::string>> commands;  // what it shows, the command
};
Tries tries_for(const Founded& founded, Stage& stage, const Session& session);

void say_imported(const ImportResult& imported, const Session& session);
// Counts, and the first of those refused with line and reason.
void say_played(const Played& played, const Session& session);

json::object report_json(const Founded& founded, const Stage& stage, const Processes& processes,
                         const Tries& tries);

}  // namespace hufu::cli::demo
