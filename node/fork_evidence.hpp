// Evidence that a member signed another history than ours, kept as a file for whoever has to judge it.
#pragma once

#include <filesystem>
#include <string>

#include "ledger/checkpoint/checkpoint.hpp"
#include "ledger/merkle/log_tree.hpp"

namespace hufu::node {

// FOLDER/fork-<size>-<member>.hufu (ledger/proof/fork.hpp): what the member signed, and what was signed here of the same size or,
// with a link from its size to ours, of a larger one. A file that is there already stays. The path; Error::file_unwritable,
// those of the log's reader.
Result<std::string> keep_fork(const std::filesystem::path& folder, const LedgerId& ledger,
                              const NodeReader& log, const CertifiedCheckpoint& ours,
                              const Attestation& theirs);

}  // namespace hufu::node
