// What a node's folder says, whether the node runs or not: its files, its disk, its ledger, and what it kept as evidence.
#pragma once

#include <string>

#include "cli/doctor/symptom.hpp"
#include "cli/session.hpp"

namespace hufu::cli {

// Of a node's folder (node.toml) or its data folder alone.
Symptoms examine_folder(const std::string& folder, const Session& session);
// A file that only its owner may read.
Symptom examine_secret(std::string what, const std::string& path);
// Of the disk under this path.
Symptom examine_space(const std::string& path);

}  // namespace hufu::cli
