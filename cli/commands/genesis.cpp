#include "cli/commands/genesis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>

#include "cli/clock.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/text/width.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

using Pairs = std::map<std::string, std::string, std::less<>>;

std::vector<std::string> split(std::string_view text, char delimiter) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t at = text.find(delimiter);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

Trouble flag_trouble(std::string_view flag, const std::string& value, std::string why) {
  return {.error = Error::usage,
          .what = fmt::format("{} {} is not understood", flag, value),
          .why = std::move(why)};
}

// "a=1,b=2" with exactly these names; those that end in '?' may be left out.
Try<Pairs> pairs_of(std::string_view flag, const std::string& value, const std::vector<std::string>& names) {
  Pairs pairs;
  for (const std::string& part : split(value, ',')) {
    const std::size_t equals = part.find('=');
    const std::string name = part.substr(0, equals);
    const bool known = std::any_of(names.begin(), names.end(), [&](const std::string& candidate) {
      return candidate == name || candidate == name + "?";
    });
    if (equals == std::string::npos || !known) {
      return flag_trouble(flag, value, fmt::format("\"{}\" is not one of its parts", part));
    }
    if (!pairs.emplace(name, part.substr(equals + 1)).second) {
      return flag_trouble(flag, value, fmt::format("{} stands twice", name));
    }
  }
  for (const std::string& name : names) {
    if (!name.ends_with('?') && !pairs.contains(name))
      return flag_trouble(flag, value, name + "= is missing");
  }
  return pairs;
}

Try<json::value> province_json(const std::string& value) {
  const std::size_t equals = value.find('=');
  if (equals == std::string::npos) return flag_trouble("--province", value, "write it as CODE=NAME");
  return json::value(json::object{{"code", value.substr(0, equals)}, {"name", value.substr(equals + 1)}});
}

bool is_small_number(const std::string& text) {
  return !text.empty() && text.size() <= 9 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Of "types=A+B", with "from=" and "to=" where they are told: INVOICE issue and claim, a license's type issue and change.
json::array grants_json(const Pairs& pairs) {
  const auto told = [&](const char* name, json::value otherwise) {
    const auto found = pairs.find(name);
    return found == pairs.end() ? std::move(otherwise) : json::value(found->second);
  };
  json::array grants;
  for (const std::string& type : split(pairs.at("types"), '+')) {
    json::array actions =
        type == kInvoiceType ? json::array{"issue", "claim"} : json::array{"issue", "change"};
    grants.push_back(json::object{{"type", type},
                                  {"actions", std::move(actions)},
                                  {"from", told("from", "2000-01-01")},
                                  {"to", told("to", nullptr)}});
  }
  return grants;
}

// Gives a province of the draft its authority, and the types that it may grant.
Try<void> add_authority(json::object& draft, const std::string& value) {
  const Try<Pairs> pairs =
      pairs_of("--authority", value, {"code", "keys", "threshold", "types?", "from?", "to?"});
  if (!pairs) return pairs.error();
  if (!is_small_number(pairs->at("threshold")))
    return flag_trouble("--authority", value, "threshold is not a number");
  json::array keys;
  for (const std::string& key : split(pairs->at("keys"), '+')) keys.emplace_back(key);
  for (json::value& province : draft["provinces"].as_array()) {
    json::object* const object = province.if_object();
    const json::value* const code = object == nullptr ? nullptr : object->if_contains("code");
    if (code == nullptr || *code != json::value(pairs->at("code"))) continue;
    (*object)["authorityKeys"] = std::move(keys);
    (*object)["threshold"] = std::stoi(pairs->at("threshold"));
    if (pairs->contains("types")) (*object)["grants"] = grants_json(*pairs);
    return {};
  }
  return flag_trouble("--authority", value, "no --province has this code");
}

Try<json::value> agency_json(const std::string& value) {
  const Try<Pairs> pairs =
      pairs_of("--agency", value, {"code", "name", "province", "key", "types", "from?", "to?"});
  if (!pairs) return pairs.error();
  return json::value(json::object{{"code", pairs->at("code")},
                                  {"name", pairs->at("name")},
                                  {"province", pairs->at("province")},
                                  {"keys", json::array{json::object{{"key", pairs->at("key")}}}},
                                  {"grants", grants_json(*pairs)}});
}

Try<json::value> node_json(const std::string& value) {
  const Try<Pairs> pairs =
      pairs_of("--member", value, {"id", "name", "province", "log", "cosign", "tls", "peer", "api"});
  if (!pairs) return pairs.error();
  const std::string& id = pairs->at("id");
  if (!is_small_number(id)) return flag_trouble("--member", value, "id is not a number");
  return json::value(json::object{{"id", std::stoi(id)},
                                  {"name", pairs->at("name")},
                                  {"province", pairs->at("province")},
                                  {"logKey", pairs->at("log")},
                                  {"cosignKey", pairs->at("cosign")},
                                  {"tlsKey", pairs->at("tls")},
                                  {"peer", pairs->at("peer")},
                                  {"api", pairs->at("api")}});
}

// Appends to the list under this name, which is made when it is not there.
template <class Make>
Try<void> append(json::object& object, std::string_view name, const std::vector<std::string>& flags,
                 Make make) {
  json::value& list = object[name];
  if (list.is_null()) list = json::array{};
  if (!list.is_array()) {
    return Trouble{.error = Error::field_invalid,
                   .what = fmt::format("/{} in the draft is not a list", name)};
  }
  for (const std::string& flag : flags) {
    Try<json::value> made = make(flag);
    if (!made) return made.error();
    list.as_array().push_back(std::move(*made));
  }
  return {};
}

void show_people(const Genesis& genesis, const Session& session) {
  text::Table head;
  head.add({std::string(session.tr("origin", "账本")), genesis.origin});
  head.add({std::string(session.tr("founded", "创立时间")), api::moment_text(genesis.time_ms)});
  head.add({std::string(session.tr("genesis hash", "创世哈希")), to_hex(genesis_hash(genesis))});
  head.add({std::string(session.tr("quorum", "法定数")),
            fmt::format("{}/{}", genesis.roster.quorum(), genesis.roster.members.size())});
  session.print(head.str());

  text::Table provinces({std::string(session.tr("PROVINCE", "省份")),
                         std::string(session.tr("AUTHORITY", "管理密钥")),
                         std::string(session.tr("NAME", "名称"))});
  for (const FoundingProvince& province : genesis.provinces) {
    provinces.add({province.code,
                   fmt::format(fmt::runtime(session.tr("{} of {}", "{}/{}")), province.standing.threshold,
                               province.standing.authority_keys.size()),
                   text::printable(province.standing.name)});
  }
  session.print("\n" + provinces.str());

  text::Table nodes({std::string(session.tr("NODE", "节点")), std::string(session.tr("PROVINCE", "省份")),
                     "API", std::string(session.tr("PEERS", "节点间")), "TLS"});
  for (const Member& member : genesis.roster.members) {
    nodes.add({fmt::format("{} {}", member.id, member.name), member.province, api::endpoint_text(member.api),
               api::endpoint_text(member.peer), to_hex(ByteSpan(member.tls_key).first(4))});
  }
  session.print("\n" + nodes.str());

  text::Table agencies({std::string(session.tr("AGENCY", "机构")),
                        std::string(session.tr("PROVINCE", "省份")), std::string(session.tr("KEYS", "密钥")),
                        std::string(session.tr("TYPES", "类型")), std::string(session.tr("NAME", "名称"))});
  for (const FoundingAgency& agency : genesis.agencies) {
    agencies.add({agency.code, agency.standing.province, std::to_string(agency.standing.keys.size()),
                  std::to_string(agency.standing.grants.size()), text::printable(agency.standing.name)});
  }
  session.print("\n" + agencies.str());
}

}  // namespace

Try<std::string> draft_with_flags(const GenesisNew& options, std::string_view draft, std::uint64_t now_ms) {
  boost::system::error_code error;
  json::parse_options strict;
  strict.max_depth = 16;
  json::value value = draft.empty() ? json::value(json::object{}) : json::parse(draft, error, {}, strict);
  if (error || !value.is_object()) {
    return Trouble{.error = Error::json_malformed,
                   .what = fmt::format("the draft {} is no JSON object", options.draft),
                   .why = error ? error.message() : std::string()};
  }
  json::object& object = value.as_object();
  if (!options.origin.empty()) object["origin"] = options.origin;
  if (!object.contains("time")) object["time"] = api::moment_text(now_ms);
  if (!object.contains("roster")) object["roster"] = json::object{};
  if (!object["roster"].is_object()) {
    return Trouble{.error = Error::field_invalid, .what = "/roster in the draft is not an object"};
  }
  object.erase("hash");  // of an earlier version of the draft
  for (const Try<void>& added : {append(object, "provinces", options.provinces, province_json),
                                 append(object, "agencies", options.agencies, agency_json),
                                 append(object["roster"].as_object(), "members", options.nodes, node_json)}) {
    if (!added) return added.error();
  }
  for (const std::string& authority : options.authorities) {
    if (const Try<void> added = add_authority(object, authority); !added) return added.error();
  }
  return json::serialize(value);
}

Try<Genesis> checked_genesis(std::string_view draft_json, const std::string& source, const Session& session) {
  api::Parsed<Genesis> genesis = api::genesis_from_json(draft_json);
  if (!genesis) {
    return Trouble{.error = genesis.error().error,
                   .what = fmt::format("{} is not a founding document", source),
                   .why = api::text_of(genesis.error())};
  }
  const std::vector<GenesisFault> faults = check_genesis(*genesis);
  if (faults.empty()) return std::move(*genesis);
  for (const GenesisFault& fault : faults) session.warn(fmt::format("{}: {}", fault.where, fault.what));
  return Trouble{.error = Error::config_invalid,
                 .what = fmt::format("{} cannot found a ledger", source),
                 .why = fmt::format("{} fault(s), listed above; the first: {}: {}", faults.size(),
                                    faults[0].where, faults[0].what),
                 .next = "mend them all, then repeat; nothing was written"};
}

int run(const GenesisNew& options, const Session& session) {
  Bytes draft;
  if (!options.draft.empty()) {
    Try<Bytes> content = read_file(options.draft, limits::kGenesisBytes);
    if (!content) return session.fail(content.error());
    draft = std::move(*content);
  }
  const Try<std::string> whole = draft_with_flags(options, as_text(draft), now_ms());
  if (!whole) return session.fail(whole.error());
  const std::string source = options.draft.empty() ? "what the flags say" : options.draft;
  const Try<Genesis> genesis = checked_genesis(*whole, source, session);
  if (!genesis) return session.fail(genesis.error());
  const Try<void> written = write_new_file(options.out, encode_genesis(*genesis), 0644);
  if (!written) return session.fail(written.error());
  const std::string hash = to_hex(genesis_hash(*genesis));
  if (session.options().json) {
    session.print_json(json::object{{"file", options.out}, {"origin", genesis->origin}, {"hash", hash}});
  } else {
    session.print(fmt::format("{}  {}\n", hash, options.out));
  }
  session.say(session.tr("every founder compares this hash; all nodes and verifiers get this very file",
                         "请各创始方核对此哈希；所有节点和核验方使用同一文件"));
  return kOk;
}

int run(const GenesisShow& options, const Session& session) {
  if (options.path.empty()) {
    const Try<Genesis> genesis = load_genesis(session);
    if (!genesis) return session.fail(genesis.error());
    session.options().json ? session.print_json(api::to_json(*genesis)) : show_people(*genesis, session);
    return kOk;
  }
  const Try<Genesis> genesis = read_genesis(options.path);
  if (!genesis) return session.fail(genesis.error());
  session.options().json ? session.print_json(api::to_json(*genesis)) : show_people(*genesis, session);
  return kOk;
}

}  // namespace hufu::cli
