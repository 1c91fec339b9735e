// The records of authority (ledger/record/authority.hpp, decision.hpp), both ways: the members that standings, decisions and
// founding documents share, for the files of this folder. Pure.
//
// put_x writes the members of x into an object that may hold others; read_x reads the same members, and leaves it to the
// caller to end the object. Whatever means "none" may be left out.
#pragma once

#include <array>

#include "node/api/json_reader.hpp"

namespace hufu::api {

// The bits of a grant, as people write them.
inline constexpr std::array<std::pair<std::uint32_t, std::string_view>, 3> kActionNames = {
    {{action::kIssue, "issue"}, {action::kChange, "change"}, {action::kClaim, "claim"}}};

void put_agency(json::object& out, const AgencyStanding& agency);
void put_key(json::object& out, const AgencyKey& key);
void put_province(json::object& out, const ProvinceStanding& province);
void put_agreement(json::object& out, const AgreementStanding& agreement);
void put_catalogue(json::object& out, const CatalogueStanding& entry);
void put_roster(json::object& out, const RosterStanding& roster);
void put_recovery(json::object& out, const std::optional<Recovery>& recovery);
json::array keys_json(const std::vector<AgencyKey>& keys);
json::array grants_json(const std::vector<Grant>& grants);

AgencyStanding read_agency(ObjectReader& reader);
AgencyKey read_key(ObjectReader& reader);
ProvinceStanding read_province(ObjectReader& reader);
AgreementStanding read_agreement(ObjectReader& reader);
CatalogueStanding read_catalogue(ObjectReader& reader);
RosterStanding read_roster(ObjectReader& reader);
std::optional<Recovery> read_recovery(ObjectReader& reader);
// A whole object.
Member read_member(const json::value& value, std::string pointer, Faults& faults);
// "keys" and "grants"
std::vector<AgencyKey> read_keys(ObjectReader& reader);
std::vector<Grant> read_grants(ObjectReader& reader);

// A whole object.
Decision read_decision(const json::value& value, std::string pointer, Faults& faults);

// The next action; unknown behind the last.
constexpr LicenseAction after(LicenseAction action) {
  return static_cast<LicenseAction>(static_cast<std::uint8_t>(action) + 1);
}
// By name_of(action).
Result<LicenseAction> parse_license_action(std::string_view text);

}  // namespace hufu::api
