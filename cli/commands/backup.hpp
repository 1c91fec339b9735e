// hufu backup, hufu backup check, hufu restore: a ledger into a file, and back into a node's folder.
//
// A backup is an audit whose blocks are written down: what cannot be replayed from the founding document is not backed up. So is
// a restore, and only when everything has been checked does it touch what is there.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace hufu::cli {

struct Backup {
  std::string out;         // a new file, or a folder
  std::string from;        // a node's data folder; empty: a node is asked over HTTP
  std::string checkpoint;  // with `from`: a signed note that the blocks must come to
};
int run(const Backup& options, const Session& session);

struct BackupCheck {
  std::string file;
};
int run(const BackupCheck& options, const Session& session);

struct Restore {
  std::string file;
  std::string to;            // the data folder that a node's node.toml names
  bool replace = false;      // what is there is renamed, never deleted
  bool uncertified = false;  // also blocks that no checkpoint of a quorum covers
  bool dry_run = false;
};
int run(const Restore& options, const Session& session);

}  // namespace hufu::cli
