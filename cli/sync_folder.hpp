// The names in a folder are on the disk when this returns: after a rename that a power cut must not undo.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace hufu::cli {

// Empty: the working folder.
Try<void> sync_folder(const std::string& path);

}  // namespace hufu::cli
