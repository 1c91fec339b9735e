// What a decision decides, in plain words, for those who put their key under it. Pure.
//
// Every value that will be in force is said, and what it replaces where the target stands already.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/session.hpp"
#include "ledger/record/standing.hpp"

namespace hufu::cli {

// One line: "suspend agency 11310115XT0000014D".
std::string decision_title(const Decision& decision, const Session& session);
// Label and value. `target`: as it stands now; nullptr: it is not there.
using Facts = std::vector<std::pair<std::string, std::string>>;
Facts decision_facts(const Decision& decision, const Standing* target, const Session& session);

}  // namespace hufu::cli
