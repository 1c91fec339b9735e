// What a trust file remembers, as a table or JSON.
#pragma once

#include <string>

#include "cli/offline/verify.hpp"
#include "cli/session.hpp"

namespace hufu::cli {

// Prints it; the exit code.
int show_trust(const std::string& path, const offline::TrustSource& source, const Session& session);

}  // namespace hufu::cli
