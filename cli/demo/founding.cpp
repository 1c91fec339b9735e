#include "cli/demo/founding.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/clock.hpp"
#include "cli/commands/node.hpp"
#include "cli/files.hpp"
#include "cli/secrets.hpp"
#include "ledger/genesis/node_keys.hpp"

namespace hufu::cli::demo {
namespace {

constexpr CivilDay kLongAgo = 10957;  // 2000-01-01

Try<PublicKey> make_key(const std::string& path, const std::string& label, const std::string& phrase) {
  const Seed seed = random_seed();
  const Result<void> written = write_key_file(path, label, seed, phrase, kRandomPassphrase);
  if (!written) return file_trouble(written.error(), path, "the key file");
  return SigningKey(seed).public_key();
}

// What ends its authority comes later, by decision: what it did until then stays good.
AgencyStanding standing_of(const DataAgency& agency, const PublicKey& key) {
  AgencyStanding standing{
      .name = agency.name, .province = agency.province, .keys = {AgencyKey{.key = key}}, .grants = {}};
  for (const std::string& type : agency.types) {
    standing.grants.push_back(
        {.type = type, .actions = action::kIssue | action::kChange, .from = agency.from, .to = std::nullopt});
  }
  return standing;
}

AgencyStanding platform_standing(const std::string& province, const std::string& name, const PublicKey& key) {
  return {.name = name + "电子发票服务平台（演示）",
          .province = province,
          .keys = {AgencyKey{.key = key}},
          .grants = {Grant{.type = std::string(kInvoiceType),
                           .actions = action::kIssue | action::kClaim,
                           .from = kLongAgo,
                           .to = std::nullopt}}};
}

Try<void> add_nodes(const DataSet& data, unsigned count, Founded& founded) {
  const std::vector<std::uint16_t> ports = free_ports(2 * std::size_t{count});
  if (ports.size() != 2 * std::size_t{count}) {
    return Trouble{.error = Error::file_unwritable, .what = "no free ports on 127.0.0.1", .exit = kLocal};
  }
  auto province = data.provinces.begin();
  for (unsigned number = 1; number <= count; ++number) {
    DemoNode node{.name = fmt::format("node-{}", number),
                  .folder = fmt::format("{}/node-{}", founded.directory, number)};
    const Try<Seed> seed = make_node_key(node.folder, "node " + node.name);
    if (!seed) return seed.error();
    Member member{.id = number, .name = node.name, .province = province->first};
    set_public_keys(member, *seed);
    member.peer = {.host = "127.0.0.1", .port = ports[2 * (number - 1)]};
    member.api = {.host = "127.0.0.1", .port = ports[2 * (number - 1) + 1]};
    node.api = fmt::format("https://127.0.0.1:{}", member.api.port);
    founded.genesis.roster.members.push_back(std::move(member));
    founded.nodes.push_back(std::move(node));
    if (++province == data.provinces.end()) province = data.provinces.begin();
  }
  return {};
}

Try<void> write_all(const Founded& founded) {
  const Bytes genesis = encode_genesis(founded.genesis);
  if (const auto written = write_new_file(founded.genesis_file(), genesis, 0644); !written) return written;
  for (const DemoNode& node : founded.nodes) {
    if (const auto written = write_new_file(node.folder + "/ledger.genesis", genesis, 0644); !written)
      return written;
    const std::string config = node_config_text(node.name, "");
    if (const auto written = write_new_file(node.folder + "/node.toml", as_bytes(config), 0600); !written)
      return written;
  }
  const std::string settings =
      "genesis = \"ledger.genesis\"\npassphrase_file = \"keys/passphrase\"\nkeys = \"keys/agencies\"\n"
      "documents = \"documents\"\n";
  return write_new_file(founded.settings_file(), as_bytes(settings), 0600);
}

}  // namespace

std::string tax_platform(const std::string& province) { return "TAX" + province; }

Try<void> found_authorities(const DataSet& data, const KeyMaker& province_key, const KeyMaker& agency_key,
                            Genesis& genesis) {
  for (const auto& [code, name] : data.provinces) {
    const Try<PublicKey> authority = province_key(code);
    if (!authority) return authority.error();
    genesis.provinces.push_back(
        {.code = code, .standing = {.name = name, .authority_keys = {*authority}, .threshold = 1}});
    const Try<PublicKey> key = agency_key(tax_platform(code));
    if (!key) return key.error();
    genesis.agencies.push_back({.code = tax_platform(code), .standing = platform_standing(code, name, *key)});
  }
  for (const DataAgency& agency : data.agencies) {
    const Try<PublicKey> key = agency_key(agency.code);
    if (!key) return key.error();
    genesis.agencies.push_back({.code = agency.code, .standing = standing_of(agency, *key)});
  }
  std::sort(genesis.agencies.begin(), genesis.agencies.end(),
            [](const FoundingAgency& a, const FoundingAgency& b) { return a.code < b.code; });
  return {};
}

Try<Founded> found_ledger(const DataSet& data, unsigned nodes, const std::string& directory,
                          const Session& session) {
  Founded founded{.directory = directory};
  founded.genesis.origin = "hufu.example/demo";
  founded.genesis.time_ms = now_ms();
  if (const auto made = make_private_folder(founded.keys_folder()); !made) return made.error();
  const std::string phrase = random_passphrase();
  const Result<void> kept = write_secret_file(founded.passphrase_file(), as_bytes(phrase + "\n"));
  if (!kept) return file_trouble(kept.error(), founded.passphrase_file());
  const auto province_key = [&](const std::string& code) {
    return make_key(founded.authority_file(code), "authority of " + code, phrase);
  };
  const auto agency_key = [&](const std::string& code) {
    return make_key(founded.key_file(code), "agency " + code, phrase);
  };
  const Try<void> authorities = found_authorities(data, province_key, agency_key, founded.genesis);
  if (!authorities) return authorities.error();
  if (const auto added = add_nodes(data, nodes, founded); !added) return added.error();
  const std::vector<GenesisFault> faults = check_genesis(founded.genesis);
  for (const GenesisFault& fault : faults) session.warn(fmt::format("{}: {}", fault.where, fault.what));
  if (!faults.empty()) {
    return Trouble{
        .error = Error::config_invalid, .what = "the data set cannot found a ledger", .why = faults[0].what};
  }
  if (const auto written = write_all(founded); !written) return written.error();
  return founded;
}

}  // namespace hufu::cli::demo
