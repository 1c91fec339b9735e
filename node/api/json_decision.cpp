// Decisions, both ways: what a province's authority proposes, approves and enacts. The members of its body stand beside
// "kind", "target", "previous" and "effective".
#include "node/api/json_authority.hpp"
#include "node/api/json_value.hpp"

namespace hufu::api {
namespace {

using Body = decltype(Decision::body);

struct PutBody {
  json::object& out;

  void operator()(const AgencyEntry& entry) const {
    out["name"] = text_json(entry.name);
    out["province"] = text_json(entry.province);
    out["grants"] = grants_json(entry.grants);
    out["keys"] = keys_json(entry.keys);
  }
  void operator()(const AgencyChange&) const {}
  void operator()(const AgencySuccessor& step) const { out["successor"] = text_json(step.successor); }
  void operator()(const KeyEntry& entry) const { put_key(out, entry.key); }
  void operator()(const KeyEnd& end) const {
    out["key"] = hex_json(end.key);
    out["compromised"] = moment_json(end.compromised_ms);
  }
  void operator()(const AgreementText& agreement) const { put_agreement(out, agreement.text); }
  void operator()(const AgreementEnd& end) const { out["by"] = text_json(end.by); }
  void operator()(const CatalogueEntry& entry) const { put_catalogue(out, entry.entry); }
  void operator()(const ProvinceEntry& entry) const { put_province(out, entry.entry); }
  void operator()(const RosterEntry& entry) const {
    put_roster(out, entry.roster);
    put_recovery(out, entry.recovery);
  }
};

struct ReadBody {
  ObjectReader& reader;

  void operator()(AgencyEntry& entry) const {
    entry.name = reader.text("name", limits::kDisplayName);
    entry.province = reader.text("province", limits::kProvinceCode);
    entry.grants = read_grants(reader);
    entry.keys = read_keys(reader);
  }
  void operator()(AgencyChange&) const {}
  void operator()(AgencySuccessor& step) const {
    step.successor = reader.text("successor", limits::kAgencyCode);
  }
  void operator()(KeyEntry& entry) const { entry.key = read_key(reader); }
  void operator()(KeyEnd& end) const {
    end.key = reader.parsed("key", public_key_from_hex);
    end.compromised_ms = reader.parsed_if_there("compromised", parse_moment);
  }
  void operator()(AgreementText& agreement) const { agreement.text = read_agreement(reader); }
  void operator()(AgreementEnd& end) const { end.by = reader.text("by", limits::kProvinceCode); }
  void operator()(CatalogueEntry& entry) const { entry.entry = read_catalogue(reader); }
  void operator()(ProvinceEntry& entry) const { entry.entry = read_province(reader); }
  void operator()(RosterEntry& entry) const {
    entry.roster = read_roster(reader);
    if (entry.recovery) entry.recovery = read_recovery(reader);
  }
};

// One of each kind, empty but for what its name says.
std::vector<Body> kinds_of_body() {
  std::vector<Body> kinds = {AgencyEntry{},    AgencySuccessor{},
                             KeyEntry{},       KeyEnd{},
                             AgreementText{},  AgreementEnd{},
                             CatalogueEntry{}, ProvinceEntry{},
                             RosterEntry{},    RosterEntry{.roster = {}, .recovery = Recovery{}}};
  for (const AgencyStep step : {AgencyStep::suspend, AgencyStep::resume, AgencyStep::withdraw}) {
    kinds.push_back(AgencyChange{.step = step});
  }
  return kinds;
}

std::optional<Body> body_named(std::string_view kind) {
  for (Body& body : kinds_of_body()) {
    const Decision decision{.body = body};
    if (kind == name_of(decision)) return std::move(body);
  }
  return std::nullopt;
}

}  // namespace

json::object to_json(const Decision& decision) {
  json::object out;
  out["target"] = subject_json(decision.target);
  out["kind"] = text_json(name_of(decision));
  out["effective"] = day_json(decision.effective);
  out["previous"] = hash_json(decision.previous);
  std::visit(PutBody{out}, decision.body);
  return out;
}

Decision read_decision(const json::value& value, std::string pointer, Faults& faults) {
  ObjectReader reader(value, std::move(pointer), faults);
  Decision decision;
  decision.target = reader.parsed("target", parse_subject);
  const std::string kind = reader.text("kind", 64);
  decision.effective = reader.parsed("effective", parse_civil_day);
  decision.previous = reader.parsed_if_there("previous", hash_from_hex);
  if (faults.any()) return decision;
  std::optional<Body> body = body_named(kind);
  if (!body) {
    reader.fail(Error::field_invalid, "kind", "not a kind of decision");
    return decision;
  }
  std::visit(ReadBody{reader}, *body);
  decision.body = std::move(*body);
  reader.end();
  return decision;
}

Parsed<Decision> decision_from_json(std::string_view text) {
  const Parsed<json::value> value = parse_json(text);
  if (!value) return value.error();
  Faults faults;
  Decision decision = read_decision(*value, "", faults);
  if (faults.any()) return faults.take();
  return decision;
}

}  // namespace hufu::api
