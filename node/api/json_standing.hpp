// The members that standings and founding documents share, for the files of this folder. Pure.
#pragma once

#include <array>

#include "node/api/json.hpp"

namespace hufu::api {

inline constexpr std::array<std::pair<std::uint32_t, std::string_view>, 3> kActionNames = {
    {{action::kIssue, "issue"}, {action::kChange, "change"}, {action::kClaim, "claim"}}};

void put_agency(json::object& out, const AgencyStanding& agency);
void put_province(json::object& out, const ProvinceStanding& province);
void put_roster(json::object& out, const RosterStanding& roster);

}  // namespace hufu::api
