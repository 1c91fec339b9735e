// The trust file at the command line: from whom a verification starts, what it learned written back, and the evidence when two
// histories were shown.
#pragma once

#include <string>

#include "cli/offline/verify.hpp"
#include "cli/session.hpp"

namespace hufu::cli {

// A trust file or a founding document.
Try<offline::TrustSource> read_trust_source(const std::string& path);
// A trust file; a founding document, which remembers nothing, is refused.
Try<offline::TrustSource> read_remembering(const std::string& path);
// That of --trust; without it the founding document of the settings.
Try<offline::TrustSource> trust_of(const std::string& path, const Session& session);
// Of this one ledger, remembering nothing.
offline::TrustSource trust_in(const Genesis& genesis);

// Replaced at once, readable by all and writable by its owner alone. Nothing for a founding document.
Try<void> save_trust(const std::string& path, const offline::TrustSource& source);
// Beside the trust file (without one, in the working folder), under a name of its own; the path.
Try<std::string> write_evidence(const std::string& trust_path, const Fork& fork);

// What is to be done with what a verification taught: the trust file written back, or the evidence of a fork, which is told
// on stderr.
Try<void> learn(const std::string& trust_path, const offline::TrustSource& source,
                const offline::Verified& verified, const Session& session);

}  // namespace hufu::cli
