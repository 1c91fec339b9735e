// What a person has settled once and for all: ~/.config/hufu/config.toml, or the file named by --config.
//
//   genesis = "ledger.genesis"            # relative to this file
//   nodes = ["https://node1.example:8443"]
//   key = "agency.key"
//   keys = "keys"                         # folder of many, for what is signed by several agencies
//   documents = "documents"               # folder of the holders' documents
//   passphrase_file = "agency.passphrase"
//   language = "zh"
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/session.hpp"

namespace hufu::cli {

struct Settings {
  std::string path;  // empty: there is no such file
  std::string genesis;
  std::vector<std::string> nodes;
  std::string key;
  std::string keys;
  std::string documents;
  std::string passphrase_file;
  std::string language;
};

// $XDG_CONFIG_HOME/hufu/config.toml or ~/.config/hufu/config.toml; empty without a home.
std::string default_settings_path();
// Checked whole: an unknown key or a wrong type is a trouble that names it. A file that was not named and is not there is
// no trouble.
Try<Settings> load_settings(const std::string& named);
Try<Settings> parse_settings(std::string_view toml, const std::string& path);

}  // namespace hufu::cli
