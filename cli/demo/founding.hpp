// The demo's ledger before its first start: keys, genesis, and a folder for each node.
//
//   DIR/ledger.genesis         DIR/hufu.toml                settings for commands: genesis and passphrase file
//   DIR/keys/passphrase        DIR/keys/CODE.key            one key of a province's authority, for decisions
//                              DIR/keys/agencies/CODE.key   one key an agency, one a province's tax platform (TAXnnnnnn)
//   DIR/node-N/                node.toml, node.key, node.passphrase, ledger.genesis, data/, log, pid
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/demo/dataset.hpp"
#include "ledger/genesis/genesis.hpp"

namespace hufu::cli::demo {

struct DemoNode {
  std::string name;
  std::string folder;
  std::string api;  // https://127.0.0.1:port

  std::string log() const { return folder + "/log"; }
};

struct Founded {
  std::string directory;
  Genesis genesis;
  std::vector<DemoNode> nodes;

  std::string genesis_file() const { return directory + "/ledger.genesis"; }
  std::string settings_file() const { return directory + "/hufu.toml"; }
  std::string keys_folder() const { return directory + "/keys/agencies"; }
  std::string key_file(const std::string& agency) const { return keys_folder() + "/" + agency + ".key"; }
  std::string authority_file(const std::string& province) const {
    return directory + "/keys/" + province + ".key";
  }
  std::string passphrase_file() const { return directory + "/keys/passphrase"; }
  std::string documents() const { return directory + "/documents"; }
};

Try<Founded> found_ledger(const DataSet& data, unsigned nodes, const std::string& directory,
                          const Session& session);

// A key for a province's authority or an agency, by its code.
using KeyMaker = std::function<Try<PublicKey>(const std::string& code)>;
// The provinces with one authority key each, the agencies with what they may issue, a tax platform for every province.
Try<void> found_authorities(const DataSet& data, const KeyMaker& province_key, const KeyMaker& agency_key,
                            Genesis& genesis);

// The agency that signs for invoices in a province of the demo.
std::string tax_platform(const std::string& province);

// Ports of 127.0.0.1 that were free a moment ago.
std::vector<std::uint16_t> free_ports(std::size_t count);

}  // namespace hufu::cli::demo
