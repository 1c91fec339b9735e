// Founding documents, both ways.
#include <algorithm>

#include "node/api/json_authority.hpp"
#include "node/api/json_value.hpp"

namespace hufu::api {
namespace {

class GenesisReader {
 public:
  explicit GenesisReader(Faults& faults) : faults_(faults) {}

  Genesis read(const json::value& value) {
    ObjectReader reader(value, "", faults_);
    Genesis genesis;
    hash_ = reader.parsed_if_there("hash", hash_from_hex);
    genesis.origin = reader.text("origin", limits::kOrigin);
    genesis.time_ms = reader.parsed("time", parse_moment);
    genesis.provinces = reader.list<FoundingProvince>(
        "provinces", limits::kProvinces,
        [this](const json::value& v, std::string pointer) { return province(v, std::move(pointer)); });
    genesis.agencies = reader.list<FoundingAgency>(
        "agencies", limits::kAgencies,
        [this](const json::value& v, std::string pointer) { return agency(v, std::move(pointer)); });
    if (const json::value* roster = reader.required("roster")) {
      genesis.roster = this->roster(*roster, reader.pointer_of("roster"));
    }
    reader.end();
    return genesis;
  }

  const std::optional<Hash>& hash() const { return hash_; }

 private:
  FoundingProvince province(const json::value& value, std::string pointer) {
    ObjectReader reader(value, std::move(pointer), faults_);
    FoundingProvince province;
    province.code = reader.text("code", limits::kProvinceCode);
    province.standing = read_province(reader);
    reader.end();
    return province;
  }

  FoundingAgency agency(const json::value& value, std::string pointer) {
    ObjectReader reader(value, std::move(pointer), faults_);
    FoundingAgency agency;
    agency.code = reader.text("code", limits::kAgencyCode);
    agency.standing = read_agency(reader);
    reader.end();
    return agency;
  }

  RosterStanding roster(const json::value& value, std::string pointer) {
    ObjectReader reader(value, std::move(pointer), faults_);
    RosterStanding roster = read_roster(reader);
    reader.end();
    return roster;
  }

  Faults& faults_;
  std::optional<Hash> hash_;
};

template <class List, class Member>
void sort_by(List& list, Member member) {
  std::stable_sort(list.begin(), list.end(),
                   [member](const auto& a, const auto& b) { return a.*member < b.*member; });
}

}  // namespace

json::object to_json(const Genesis& genesis) {
  json::object out;
  out["hash"] = hex_json(genesis_hash(genesis));
  out["origin"] = text_json(genesis.origin);
  out["time"] = moment_json(genesis.time_ms);
  json::array provinces;
  for (const FoundingProvince& province : genesis.provinces) {
    json::object& element = provinces.emplace_back(json::object{}).get_object();
    element["code"] = text_json(province.code);
    put_province(element, province.standing);
  }
  out["provinces"] = std::move(provinces);
  json::array agencies;
  for (const FoundingAgency& agency : genesis.agencies) {
    json::object& element = agencies.emplace_back(json::object{}).get_object();
    element["code"] = text_json(agency.code);
    put_agency(element, agency.standing);
  }
  out["agencies"] = std::move(agencies);
  json::object roster;
  put_roster(roster, genesis.roster);
  out["roster"] = std::move(roster);
  return out;
}

Parsed<Genesis> genesis_from_json(std::string_view text) {
  const Parsed<json::value> value = parse_json(text);
  if (!value) return value.error();
  Faults faults;
  GenesisReader reader(faults);
  Genesis genesis = reader.read(*value);
  if (faults.any()) return faults.take();
  sort_by(genesis.provinces, &FoundingProvince::code);
  sort_by(genesis.agencies, &FoundingAgency::code);
  sort_by(genesis.roster.members, &Member::id);
  if (reader.hash() && *reader.hash() != genesis_hash(genesis)) {
    return JsonFault{Error::genesis_mismatch, "/hash",
                     "not the hash of this document: leave it out, or undo the change"};
  }
  return genesis;
}

}  // namespace hufu::api
