#include "cli/commands/node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/clock.hpp"
#include "cli/commands/genesis.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/text/width.hpp"
#include "ledger/genesis/node_keys.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

json::object public_keys_json(const std::string& name, const Seed& seed) {
  Member member;
  set_public_keys(member, seed);
  return {{"name", name},
          {"logKey", to_hex(member.log_key)},
          {"cosignKey", to_hex(member.cosign_key)},
          {"tlsKey", to_hex(member.tls_key)}};
}

Try<Seed> open_node_key(const std::string& directory, const Session& session) {
  PassphraseSource source;
  source.file = directory + "/node.passphrase";
  const Try<KeyFile> key = open_key(directory + "/node.key", source, session);
  if (!key) return key.error();
  return key->seed;
}

// The roster's member of this name, whose keys are those of the seed.
Try<void> check_membership(const Genesis& genesis, const std::string& name, const Seed& seed) {
  const auto member = std::find_if(genesis.roster.members.begin(), genesis.roster.members.end(),
                                   [&](const Member& candidate) { return candidate.name == name; });
  if (member == genesis.roster.members.end()) {
    std::string names;
    for (const Member& other : genesis.roster.members) names += (names.empty() ? "" : ", ") + other.name;
    return Trouble{.error = Error::config_invalid,
                   .what = fmt::format("the genesis has no node {}", name),
                   .why = "it has " + names,
                   .next = "pass --name with one of them"};
  }
  Member own = *member;
  set_public_keys(own, seed);
  if (own == *member) return {};
  return Trouble{.error = Error::config_invalid,
                 .what = fmt::format("node.key is not the key of {} in the genesis", name),
                 .next = "use the key whose public keys went into the genesis"};
}

Try<void> write_node_files(const NodeInit& options, const Genesis& genesis) {
  const std::string& folder = options.directory;
  if (const auto made = write_new_file(folder + "/ledger.genesis", encode_genesis(genesis), 0644); !made)
    return made;
  return write_new_file(folder + "/node.toml", as_bytes(node_config_text(options.name, "")), 0600);
}

// One agency with a key of its own, sealed under the folder's passphrase.
Try<PublicKey> make_local_agency_key(const std::string& directory) {
  if (const auto made = make_private_folder(directory + "/keys"); !made) return made.error();
  const std::string phrase = random_passphrase();
  const auto kept = write_secret_file(directory + "/keys/passphrase", as_bytes(phrase + "\n"));
  if (!kept) return file_trouble(kept.error(), directory + "/keys/passphrase");
  const Seed seed = random_seed();
  const std::string path = directory + "/keys/agency.key";
  const auto written = write_key_file(path, "agency LOCAL", seed, phrase, kRandomPassphrase);
  if (!written) return file_trouble(written.error(), path);
  return SigningKey(seed).public_key();
}

Try<Genesis> single_genesis(const NodeInit& options, const Seed& seed, const PublicKey& agency,
                            const Session& session) {
  const json::object keys = public_keys_json(options.name, seed);
  std::string types = std::string(kInvoiceType);
  for (const std::string& type : options.types) types += "+" + type;
  GenesisNew flags;
  flags.origin = options.origin;
  flags.provinces = {options.province + "=" + options.province};
  flags.agencies = {fmt::format("code=LOCAL,name=Local agency,province={},key={},types={}", options.province,
                                to_hex(agency), types)};
  const auto key = [&](const char* name) { return std::string(keys.at(name).as_string()); };
  flags.nodes = {fmt::format("id=1,name={},province={},log={},cosign={},tls={},peer={},api={}", options.name,
                             options.province, key("logKey"), key("cosignKey"), key("tlsKey"), options.peer,
                             options.api)};
  const Try<std::string> draft = draft_with_flags(flags, "", now_ms());
  if (!draft) return draft.error();
  return checked_genesis(*draft, "what the flags say", session);
}

int init_single(const NodeInit& options, const Session& session) {
  const Try<Seed> seed = make_node_key(options.directory, "node " + options.name);
  if (!seed) return session.fail(seed.error());
  const Try<PublicKey> agency = make_local_agency_key(options.directory);
  if (!agency) return session.fail(agency.error());
  const Try<Genesis> genesis = single_genesis(options, *seed, *agency, session);
  if (!genesis) return session.fail(genesis.error());
  if (const auto written = write_node_files(options, *genesis); !written)
    return session.fail(written.error());
  const std::string start = fmt::format("hufu node start {}", options.directory);
  if (session.options().json) {
    session.print_json(json::object{{"directory", options.directory},
                                    {"genesis", options.directory + "/ledger.genesis"},
                                    {"config", options.directory + "/node.toml"},
                                    {"agency", "LOCAL"},
                                    {"key", options.directory + "/keys/agency.key"},
                                    {"passphraseFile", options.directory + "/keys/passphrase"},
                                    {"api", options.api},
                                    {"start", start}});
    return kOk;
  }
  session.print(fmt::format("{}\n", start));
  session.say(fmt::format(
      fmt::runtime(session.tr("a ledger of one node is ready in {}; start it with the command above",
                              "单节点账本已就绪：{}；用上面的命令启动")),
      options.directory));
  return kOk;
}

int init_key(const NodeInit& options, const Session& session) {
  const Try<Seed> seed = make_node_key(options.directory, "node " + options.name);
  if (!seed) return session.fail(seed.error());
  session.print_json(public_keys_json(options.name, *seed));
  session.say(session.tr(
      "give these public keys to whoever draws up the genesis; then: hufu node init DIR --genesis FILE",
      "将以上公钥交给创世文件的制定者；之后：hufu node init 目录 --genesis 文件"));
  return kOk;
}

int init_config(const NodeInit& options, const Session& session) {
  const Try<Genesis> genesis = read_genesis(session.options().genesis);
  if (!genesis) return session.fail(genesis.error());
  const Try<Seed> seed = open_node_key(options.directory, session);
  if (!seed) return session.fail(seed.error());
  if (const auto member = check_membership(*genesis, options.name, *seed); !member)
    return session.fail(member.error());
  if (const auto written = write_node_files(options, *genesis); !written)
    return session.fail(written.error());
  session.print(fmt::format("hufu node start {}\n", options.directory));
  return kOk;
}

// ---- a node for a ledger that runs already ----

Try<Endpoint> endpoint_of(const std::string& flag, const std::string& value) {
  const Result<Endpoint> endpoint = api::parse_endpoint(value);
  if (endpoint) return *endpoint;
  return Trouble{.error = Error::usage,
                 .what = fmt::format("{} {} is not an address", flag, text::printable(value)),
                 .next = "write it as HOST:PORT, as the other nodes reach it"};
}

std::string joining_text(const Member& member) {
  return fmt::format(
      "\n# Until the roster knows it: as its card says.\n[joining]\nid       = {}\nprovince = \"{}\"\npeer   "
      "  = "
      "\"{}\"\napi      = \"{}\"\n",
      member.id, member.province, api::endpoint_text(member.peer), api::endpoint_text(member.api));
}

// The nodes of today, for a newcomer that comes when those of the genesis are gone. Nothing: no node answers.
Try<std::optional<RosterStanding>> roster_of_today(const Genesis& genesis, const Session& session) {
  const Try<std::unique_ptr<Client>> client = connect(session, genesis);
  if (!client) return client.error();
  const Try<std::optional<Standing>> standing = find_standing(**client, roster_subject(), session);
  if (!standing) {
    session.detail(standing.error().what);
    return std::optional<RosterStanding>();
  }
  const auto* roster = *standing ? std::get_if<RosterStanding>(&(*standing)->detail) : nullptr;
  return roster == nullptr ? std::optional<RosterStanding>() : std::optional(*roster);
}

// Writes it beside the configuration and names it there.
Try<std::string> told_roster(const Genesis& genesis, const std::string& folder, const Session& session) {
  const Try<std::optional<RosterStanding>> roster = roster_of_today(genesis, session);
  if (!roster) return roster.error();
  if (!*roster) {
    session.warn(session.tr(
        "no node answers: the new one will ask those of the genesis; where they are gone, give --node",
        "无节点应答：新节点将询问创世文件中的节点；若已不存在，请给出 --node"));
    return std::string();
  }
  if (const auto made = write_new_file(folder + "/roster", encode(**roster), 0644); !made)
    return made.error();
  return std::string("roster   = \"roster\"\n");
}

int init_join(const NodeInit& options, const Session& session) {
  const Try<Genesis> genesis = read_genesis(session.options().genesis);
  if (!genesis) return session.fail(genesis.error());
  const Try<Endpoint> peer = endpoint_of("--peer", options.peer);
  if (!peer) return session.fail(peer.error());
  const Try<Endpoint> api_address = endpoint_of("--api", options.api);
  if (!api_address) return session.fail(api_address.error());
  const Try<Seed> seed = make_node_key(options.directory, "node " + options.name);
  if (!seed) return session.fail(seed.error());
  Member member{.name = options.name, .province = options.province, .peer = *peer, .api = *api_address};
  set_public_keys(member, *seed);
  member.id = member_id(member.cosign_key);
  const std::string& folder = options.directory;
  if (const auto made = write_new_file(folder + "/ledger.genesis", encode_genesis(*genesis), 0644); !made)
    return session.fail(made.error());
  const Try<std::string> told = told_roster(*genesis, folder, session);
  if (!told) return session.fail(told.error());
  const std::string config = node_config_text(options.name, "") + joining_text(member) + *told;
  if (const auto made = write_new_file(folder + "/node.toml", as_bytes(config), 0600); !made)
    return session.fail(made.error());
  session.print_json(api::to_json(member));
  session.say(fmt::format(
      fmt::runtime(session.tr(
          "give this card to an authority (hufu cluster add --card FILE) and start it: hufu node start {}",
          "将名片交给管理机构（hufu cluster add --card 文件），并启动：hufu node start {}")),
      folder));
  return kOk;
}

std::string role_text(const api::NodeStatus& status) {
  return std::string(api::name_of(status.role)) + (status.ready ? "" : " (not ready)");
}

// The height under the newest certified checkpoint, and how long ago the quorum signed it.
std::string certified_text(const api::NodeStatus& status) {
  if (status.certified_size == 0) return "-";
  const std::uint64_t now_s = now_ms() / 1000;
  const std::uint64_t age = now_s > status.certified_time_s ? now_s - status.certified_time_s : 0;
  return fmt::format("{}, {}", status.certified_size - 1, text::duration(static_cast<double>(age)));
}

void add_status_row(text::Table& table, const std::string& name, const api::NodeStatus& status,
                    const Session& session) {
  table.add({name, role_text(status), std::to_string(status.head.height), certified_text(status),
             short_hex(status.head_hash), std::to_string(status.term), text::bytes_size(status.disk_free),
             text::duration(static_cast<double>(status.uptime_ms) / 1000), status.version});
  if (status.catching_up_to != 0) {
    session.say(
        fmt::format(fmt::runtime(session.tr("{} is fetching blocks up to {}", "{} 正在追赶至区块 {}")), name,
                    status.catching_up_to));
  }
}

text::Table status_table(const Session& session) {
  return text::Table({std::string(session.tr("NODE", "节点")), std::string(session.tr("ROLE", "角色")),
                      std::string(session.tr("BLOCK", "区块")),
                      std::string(session.tr("CERTIFIED, AGE", "已认证, 时效")),
                      std::string(session.tr("HEAD", "头")), std::string(session.tr("TERM", "任期")),
                      std::string(session.tr("DISK FREE", "剩余磁盘")),
                      std::string(session.tr("UP", "运行时间")), std::string(session.tr("VERSION", "版本"))});
}

}  // namespace

std::string config_path(const std::string& config) {
  std::error_code ignored;
  return fs::is_directory(config, ignored) ? config + "/node.toml" : config;
}

Try<Seed> make_node_key(const std::string& directory, const std::string& label) {
  if (const auto made = make_private_folder(directory); !made) return made.error();
  const std::string key_path = directory + "/node.key";
  std::error_code ignored;
  if (fs::exists(key_path, ignored)) return file_trouble(Error::already_exists, key_path, "the key file");
  const std::string phrase = random_passphrase();
  const Result<void> kept = write_secret_file(directory + "/node.passphrase", as_bytes(phrase + "\n"));
  if (!kept) return file_trouble(kept.error(), directory + "/node.passphrase");
  const Seed seed = random_seed();
  const Result<void> written = write_key_file(key_path, label, seed, phrase, kRandomPassphrase);
  if (!written) return file_trouble(written.error(), key_path);
  return seed;
}

std::string node_config_text(const std::string& name, const std::string& plain_api) {
  std::string text = fmt::format(
      "# A node of a ledger. Every path is relative to this file.\n"
      "node       = \"{}\"\n"
      "data       = \"data\"\n"
      "genesis    = \"ledger.genesis\"\n"
      "key        = \"node.key\"\n"
      "passphrase = \"node.passphrase\"\n"
      "log_level  = \"info\"\n"
      "\n"
      "# It listens where the roster says. To listen elsewhere, behind a proxy for example:\n"
      "# [listen]\n"
      "# peer = \"0.0.0.0:7001\"\n"
      "# api  = \"0.0.0.0:8001\"\n",
      name);
  if (!plain_api.empty())
    text += fmt::format("\n[listen]\napi_plain = \"{}\"  # without TLS, loopback only\n", plain_api);
  return text;
}

int run(const NodeInit& options, const Session& session) {
  if (options.single) return init_single(options, session);
  if (options.join) return init_join(options, session);
  if (options.make_key) return init_key(options, session);
  if (!session.options().genesis.empty()) return init_config(options, session);
  return session.fail({.error = Error::usage,
                       .what = "hufu node init needs to know what to make",
                       .why = "neither --single nor --make-key nor --join nor --genesis is given",
                       .next = "alone: --single; in a cluster: --make-key first, --genesis FILE when it is "
                               "drawn up; to one that runs: --join"});
}

int run(const NodeStatus&, const Session& session) {
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return session.fail(genesis.error());
  const Try<std::unique_ptr<Client>> client = connect(session, *genesis);
  if (!client) return session.fail(client.error());
  json::array list;
  text::Table table = status_table(session);
  std::size_t up = 0;
  for (const NodeReply& reply : (*client)->status_of_each()) {
    json::object one{{"url", reply.url}};
    if (reply.status) {
      ++up;
      one["status"] = api::to_json(*reply.status);
      add_status_row(table, reply.status->name, *reply.status, session);
    } else {
      const api::Problem& problem = reply.status.error().problem;
      one["status"] = nullptr;
      one["why"] = problem.why;
      table.add({reply.url, std::string(session.tr("unreachable", "无法连接")), "", "", "", "", "", "",
                 text::printable(problem.why)});
    }
    list.push_back(std::move(one));
  }
  const int exit = up == 0 ? kUndetermined : kOk;
  if (session.options().json) {
    session.print_json(json::object{{"nodes", std::move(list)}, {"exit", exit}});
  } else {
    session.print(table.str());
  }
  return exit;
}

int run(const ClusterStatus&, const Session& session) {
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return session.fail(genesis.error());
  const Try<std::unique_ptr<Client>> client = connect(session, *genesis);
  if (!client) return session.fail(client.error());
  const Reply<api::ClusterStatus> cluster = (*client)->cluster();
  if (!cluster) return session.fail(trouble_of(cluster.error(), session, "cannot ask the cluster"));
  const bool quorum = cluster->reachable >= cluster->quorum;
  const int exit = quorum ? kOk : kUndetermined;
  if (session.options().json) {
    json::object document = api::to_json(*cluster);
    document["exit"] = exit;
    session.print_json(document);
    return exit;
  }
  text::Table table = status_table(session);
  for (const api::ClusterMember& member : cluster->members) {
    if (member.status) {
      add_status_row(table, member.member.name, *member.status, session);
    } else {
      table.add({member.member.name, session.paint(Paint::bad, session.tr("unreachable", "无法连接"))});
    }
  }
  for (const api::ClusterMember& each : cluster->candidates) {
    const std::string name = each.member.name + std::string(session.tr(" (coming)", "（待加入）"));
    if (each.status) {
      add_status_row(table, name, *each.status, session);
    } else {
      table.add({name, session.paint(Paint::bad, session.tr("unreachable", "无法连接"))});
    }
  }
  session.print(table.str());
  session.print(fmt::format(
      fmt::runtime(session.tr("{} of {} nodes up; {} needed\n", "{}/{} 个节点在线；至少需要 {} 个\n")),
      cluster->reachable, cluster->members.size(), cluster->quorum));
  return exit;
}

}  // namespace hufu::cli
