// hufu audit evidence: does a file prove that two histories of a ledger were signed, and by whom?
#pragma once

#include <string>

#include "cli/session.hpp"

namespace hufu::cli {

struct AuditEvidence {
  std::string path;
  std::string trust;  // trust file or founding document; else the founding document of the settings
};
int run(const AuditEvidence& options, const Session& session);

}  // namespace hufu::cli
