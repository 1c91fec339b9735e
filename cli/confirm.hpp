// A question that a person answers before something that cannot be taken back.
#pragma once

#include "cli/session.hpp"

namespace hufu::cli {

// Asked on the terminal, never on a pipe; without one a trouble that says to pass --yes. True iff the answer is y, yes or 是.
Try<bool> confirmed(const std::string& question, const Session& session);

}  // namespace hufu::cli
