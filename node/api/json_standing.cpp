// Standings: what the state says of a subject.
#include "node/api/json_standing.hpp"

#include "node/api/json_value.hpp"

namespace hufu::api {
namespace {

json::string assurance_json(Assurance level) {
  return text_json("L" + std::to_string(static_cast<unsigned>(level)));
}

json::object claim_json(const Claim& claim) {
  json::object out;
  out["entity"] = hex_json(claim.entity);
  out["period"] = claim.period;
  out["voucher"] = hex_json(claim.voucher);
  out["day"] = day_json(claim.day);
  return out;
}

struct PutDetail {
  json::object& out;

  void operator()(const LicenseStanding& license) const {
    out["kind"] = "license";
    out["state"] = text_json(name_of(license.state));
    out["since"] = day_json(license.since);
    out["issuer"] = text_json(license.issuer);
    out["issued"] = day_json(license.issued);
    out["validFrom"] = day_json(license.valid_from);
    out["validTo"] = day_json(license.valid_to);
    out["assurance"] = assurance_json(license.assurance);
    out["commitment"] = hex_json(license.commitment);
  }
  void operator()(const InvoiceStanding& invoice) const {
    out["kind"] = "invoice";
    out["issuer"] = text_json(invoice.issuer);
    out["issued"] = day_json(invoice.issued);
    out["blue"] = invoice.blue;
    out["amount"] = yuan_json(invoice.amount_fen);
    out["tax"] = yuan_json(invoice.tax_fen);
    out["buyer"] = hash_json(invoice.buyer);
    out["original"] = nullptr;
    if (invoice.original) out["original"] = subject_json(*invoice.original);
    out["claim"] = nullptr;
    if (invoice.claim) out["claim"] = claim_json(*invoice.claim);
    out["commitment"] = hex_json(invoice.commitment);
  }
  void operator()(const AgencyStanding& agency) const {
    out["kind"] = "agency";
    put_agency(out, agency);
  }
  void operator()(const ProvinceStanding& province) const {
    out["kind"] = "province";
    put_province(out, province);
  }
  void operator()(const RosterStanding& roster) const {
    out["kind"] = "roster";
    put_roster(out, roster);
  }
  void operator()(const RequestStanding& request) const {
    out["kind"] = "request";
    out["submission"] = hex_json(request.submission);
    out["place"] = to_json(request.place);
  }
};

json::object key_json(const AgencyKey& key) {
  json::object out;
  out["key"] = hex_json(key.key);
  out["from"] = moment_json(key.from_ms);
  out["to"] = moment_json(key.to_ms);
  return out;
}

json::array actions_json(std::uint32_t actions) {
  json::array out;
  for (const auto& [bit, name] : kActionNames) {
    if ((actions & bit) != 0) out.push_back(text_json(name));
  }
  // A bit without a name must not go unseen.
  if ((actions & ~action::kAll) != 0) out.push_back(actions & ~action::kAll);
  return out;
}

json::object grant_json(const Grant& grant) {
  json::object out;
  out["type"] = text_json(grant.type);
  out["actions"] = actions_json(grant.actions);
  out["from"] = day_json(grant.from);
  out["to"] = day_json(grant.to);
  return out;
}

}  // namespace

void put_agency(json::object& out, const AgencyStanding& agency) {
  out["name"] = text_json(agency.name);
  out["province"] = text_json(agency.province);
  json::array keys;
  for (const AgencyKey& key : agency.keys) keys.push_back(key_json(key));
  out["keys"] = std::move(keys);
  json::array grants;
  for (const Grant& grant : agency.grants) grants.push_back(grant_json(grant));
  out["grants"] = std::move(grants);
}

void put_province(json::object& out, const ProvinceStanding& province) {
  out["name"] = text_json(province.name);
  json::array keys;
  for (const PublicKey& key : province.authority_keys) keys.push_back(hex_json(key));
  out["authorityKeys"] = std::move(keys);
  out["threshold"] = province.threshold;
}

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

json::object to_json(const Place& place) {
  json::object out;
  out["height"] = number_json(place.height);
  out["submission"] = place.submission;
  return out;
}

json::object to_json(const Detail& detail) {
  json::object out;
  std::visit(PutDetail{out}, detail);
  return out;
}

json::object to_json(const Standing& standing) {
  json::object out = to_json(standing.detail);
  out["operations"] = standing.count;
  out["last"] = nullptr;
  if (standing.count > 0) out["last"] = hex_json(standing.last);
  return out;
}

}  // namespace hufu::api
