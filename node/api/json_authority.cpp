// Agencies, provinces, agreements, the catalogue, the roster.
#include "node/api/json_authority.hpp"

#include "node/api/json_value.hpp"

namespace hufu::api {
namespace {

json::array actions_json(std::uint32_t actions) {
  json::array out;
  for (const auto& [bit, name] : kActionNames) {
    if ((actions & bit) != 0) out.push_back(text_json(name));
  }
  // A bit without a name must not go unseen.
  if ((actions & ~action::kAll) != 0) out.push_back(actions & ~action::kAll);
  return out;
}

std::uint32_t read_action(const json::value& value, std::string pointer, Faults& faults) {
  if (const json::string* text = value.if_string()) {
    for (const auto& [bit, name] : kActionNames) {
      if (*text == json::string_view(name)) return bit;
    }
  }
  faults.fail(Error::field_invalid, std::move(pointer), "\"issue\", \"change\" or \"claim\" is expected");
  return 0;
}

Grant read_grant(const json::value& value, std::string pointer, Faults& faults) {
  ObjectReader reader(value, std::move(pointer), faults);
  Grant grant;
  grant.type = reader.text("type", limits::kTypeCode);
  const auto bits = reader.list<std::uint32_t>("actions", kActionNames.size(),
                                               [&](const json::value& element, std::string at) {
                                                 return read_action(element, std::move(at), faults);
                                               });
  for (const std::uint32_t bit : bits) {
    if ((grant.actions & bit) != 0) reader.fail(Error::field_invalid, "actions", "an action stands twice");
    grant.actions |= bit;
  }
  reader.required("actions");
  grant.from = reader.parsed("from", parse_civil_day);
  grant.to = reader.parsed_if_there("to", parse_civil_day);
  reader.end();
  return grant;
}

std::vector<Grant> read_grant_list(ObjectReader& reader, std::string_view name, std::size_t max) {
  return reader.list<Grant>(name, max, [&](const json::value& element, std::string at) {
    return read_grant(element, std::move(at), reader.faults());
  });
}

json::object entry_json(const AgreementEntry& entry) {
  json::object out;
  out["type"] = text_json(entry.type);
  out["mapsTo"] = text_or_null(entry.maps_to);
  out["localName"] = text_or_null(entry.local_name);
  json::array scenarios;
  for (const Scenario& scenario : entry.scenarios) scenarios.push_back(text_json(scenario.name));
  out["scenarios"] = std::move(scenarios);
  out["maxAgeHours"] = entry.max_age_hours;
  return out;
}

AgreementEntry read_entry(const json::value& value, std::string pointer, Faults& faults) {
  ObjectReader reader(value, std::move(pointer), faults);
  AgreementEntry entry;
  entry.type = reader.text("type", limits::kTypeCode);
  entry.maps_to = reader.text_or_empty("mapsTo", limits::kTypeCode);
  entry.local_name = reader.text_or_empty("localName", limits::kDisplayName);
  for (std::string& name : reader.texts("scenarios", limits::kScenarios, text_within(limits::kScenario))) {
    entry.scenarios.push_back({std::move(name)});
  }
  entry.max_age_hours = static_cast<std::uint16_t>(reader.number_or(
      "maxAgeHours", std::numeric_limits<std::uint16_t>::max(), AgreementEntry{}.max_age_hours));
  reader.end();
  return entry;
}

StatusCode read_status_code(const json::value& value, std::string pointer, Faults& faults) {
  ObjectReader reader(value, std::move(pointer), faults);
  StatusCode status;
  status.code = reader.text("code", limits::kStatusCode);
  status.action = reader.parsed("action", parse_license_action);
  reader.end();
  return status;
}

}  // namespace

// ---- agency ----

json::array grants_json(const std::vector<Grant>& grants) {
  json::array out;
  for (const Grant& grant : grants) {
    out.push_back(json::object{{"type", text_json(grant.type)},
                               {"actions", actions_json(grant.actions)},
                               {"from", day_json(grant.from)},
                               {"to", day_json(grant.to)}});
  }
  return out;
}

std::vector<Grant> read_grants(ObjectReader& reader) {
  return read_grant_list(reader, "grants", limits::kGrantsPerAgency);
}

void put_key(json::object& out, const AgencyKey& key) {
  out["key"] = hex_json(key.key);
  out["from"] = moment_json(key.from_ms);
  out["to"] = moment_json(key.to_ms);
  out["compromised"] = moment_json(key.compromised_ms);
  out["scope"] = grants_json(key.scope);
}

AgencyKey read_key(ObjectReader& reader) {
  AgencyKey key;
  key.key = reader.parsed("key", public_key_from_hex);
  key.from_ms = reader.parsed_if_there("from", parse_moment).value_or(0);
  key.to_ms = reader.parsed_if_there("to", parse_moment);
  key.compromised_ms = reader.parsed_if_there("compromised", parse_moment);
  key.scope = read_grant_list(reader, "scope", limits::kGrantsPerKey);
  return key;
}

json::array keys_json(const std::vector<AgencyKey>& keys) {
  json::array out;
  for (const AgencyKey& key : keys) put_key(out.emplace_back(json::object{}).get_object(), key);
  return out;
}

std::vector<AgencyKey> read_keys(ObjectReader& reader) {
  return reader.list<AgencyKey>("keys", limits::kKeysPerAgency,
                                [&](const json::value& element, std::string at) {
                                  ObjectReader inner(element, std::move(at), reader.faults());
                                  AgencyKey key = read_key(inner);
                                  inner.end();
                                  return key;
                                });
}

void put_agency(json::object& out, const AgencyStanding& agency) {
  out["name"] = text_json(agency.name);
  out["province"] = text_json(agency.province);
  out["suspended"] = agency.suspended;
  out["withdrawn"] = day_json(agency.withdrawn);
  out["successor"] = text_or_null(agency.successor);
  out["keys"] = keys_json(agency.keys);
  out["grants"] = grants_json(agency.grants);
}

AgencyStanding read_agency(ObjectReader& reader) {
  AgencyStanding agency;
  agency.name = reader.text("name", limits::kDisplayName);
  agency.province = reader.text("province", limits::kProvinceCode);
  agency.suspended = reader.flag_or("suspended", false);
  agency.withdrawn = reader.parsed_if_there("withdrawn", parse_civil_day);
  agency.successor = reader.text_or_empty("successor", limits::kAgencyCode);
  agency.keys = read_keys(reader);
  agency.grants = read_grants(reader);
  return agency;
}

// ---- province ----

void put_province(json::object& out, const ProvinceStanding& province) {
  out["name"] = text_json(province.name);
  json::array keys;
  for (const PublicKey& key : province.authority_keys) keys.push_back(hex_json(key));
  out["authorityKeys"] = std::move(keys);
  out["threshold"] = province.threshold;
  out["grants"] = grants_json(province.grants);
}

ProvinceStanding read_province(ObjectReader& reader) {
  ProvinceStanding province;
  province.name = reader.text("name", limits::kDisplayName);
  province.authority_keys = reader.texts("authorityKeys", limits::kAuthorityKeys, public_key_from_hex);
  province.threshold = static_cast<std::uint8_t>(reader.number_or("threshold", 255, 0));
  province.grants = read_grant_list(reader, "grants", limits::kGrantsPerAgency);
  return province;
}

// ---- agreement and catalogue ----

void put_agreement(json::object& out, const AgreementStanding& agreement) {
  out["name"] = text_json(agreement.name);
  out["validFrom"] = day_json(agreement.valid_from);
  out["validTo"] = day_json(agreement.valid_to);
  out["minAssurance"] = assurance_json(agreement.min_assurance);
  out["contact"] = text_or_null(agreement.contact);
  json::array entries;
  for (const AgreementEntry& entry : agreement.entries) entries.push_back(entry_json(entry));
  out["entries"] = std::move(entries);
  out["ended"] = day_json(agreement.ended);
}

AgreementStanding read_agreement(ObjectReader& reader) {
  AgreementStanding agreement;
  agreement.name = reader.text("name", limits::kDisplayName);
  agreement.valid_from = reader.parsed("validFrom", parse_civil_day);
  agreement.valid_to = reader.parsed("validTo", parse_civil_day);
  agreement.min_assurance = reader.parsed("minAssurance", parse_assurance);
  agreement.contact = reader.text_or_empty("contact", limits::kDisplayName);
  agreement.entries = reader.list<AgreementEntry>(
      "entries", limits::kAgreementEntries, [&](const json::value& element, std::string at) {
        return read_entry(element, std::move(at), reader.faults());
      });
  agreement.ended = reader.parsed_if_there("ended", parse_civil_day);
  return agreement;
}

void put_catalogue(json::object& out, const CatalogueStanding& entry) {
  out["name"] = text_json(entry.name);
  out["private"] = entry.private_keys;
  json::array codes;
  for (const StatusCode& status : entry.status_codes) {
    codes.push_back(
        json::object{{"code", text_json(status.code)}, {"action", text_json(name_of(status.action))}});
  }
  out["statusCodes"] = std::move(codes);
}

CatalogueStanding read_catalogue(ObjectReader& reader) {
  CatalogueStanding entry;
  entry.name = reader.text("name", limits::kDisplayName);
  entry.private_keys = reader.flag_or("private", false);
  entry.status_codes = reader.list<StatusCode>(
      "statusCodes", limits::kStatusCodes, [&](const json::value& element, std::string at) {
        return read_status_code(element, std::move(at), reader.faults());
      });
  return entry;
}

Result<LicenseAction> parse_license_action(std::string_view text) {
  for (auto action = LicenseAction::suspend; is_known(action); action = after(action)) {
    if (text == name_of(action)) return action;
  }
  return Error::field_invalid;
}

// ---- roster ----

void put_roster(json::object& out, const RosterStanding& roster) {
  out["epoch"] = number_json(roster.epoch);
  out["members"] = list_json(roster.members);
}

json::object to_json(const Member& member) {
  json::object out;
  out["id"] = number_json(member.id);
  out["name"] = text_json(member.name);
  out["province"] = text_json(member.province);
  out["logKey"] = hex_json(member.log_key);
  out["cosignKey"] = hex_json(member.cosign_key);
  out["tlsKey"] = hex_json(member.tls_key);
  out["peer"] = text_json(endpoint_text(member.peer));
  out["api"] = text_json(endpoint_text(member.api));
  return out;
}

Member read_member(const json::value& value, std::string pointer, Faults& faults) {
  ObjectReader reader(value, std::move(pointer), faults);
  Member member;
  member.id = reader.number("id", std::numeric_limits<std::uint64_t>::max());
  member.name = reader.text("name", limits::kNodeName);
  member.province = reader.text("province", limits::kProvinceCode);
  member.log_key = reader.parsed("logKey", public_key_from_hex);
  member.cosign_key = reader.parsed("cosignKey", public_key_from_hex);
  member.tls_key = reader.parsed("tlsKey", public_key_from_hex);
  member.peer = reader.parsed("peer", parse_endpoint);
  member.api = reader.parsed("api", parse_endpoint);
  reader.end();
  return member;
}

RosterStanding read_roster(ObjectReader& reader) {
  RosterStanding roster;
  roster.epoch = reader.number_or("epoch", std::numeric_limits<std::uint64_t>::max(), 1);
  reader.required("members");
  roster.members =
      reader.list<Member>("members", limits::kNodes, [&](const json::value& element, std::string at) {
        return read_member(element, std::move(at), reader.faults());
      });
  return roster;
}

void put_recovery(json::object& out, const std::optional<Recovery>& recovery) {
  if (!recovery) return;
  out["recovery"] = json::object{{"height", number_json(recovery->height)},
                                 {"head", hex_json(recovery->head)},
                                 {"time", moment_json(recovery->time_ms)}};
}

std::optional<Recovery> read_recovery(ObjectReader& reader) {
  const json::value* value = reader.required("recovery");
  if (value == nullptr) return std::nullopt;
  ObjectReader inner(*value, reader.pointer_of("recovery"), reader.faults());
  Recovery recovery;
  recovery.height = inner.number("height", std::numeric_limits<std::uint64_t>::max());
  recovery.head = inner.parsed("head", hash_from_hex);
  recovery.time_ms = inner.parsed("time", parse_moment);
  inner.end();
  return recovery;
}

}  // namespace hufu::api
