#include "ledger/record/authority.hpp"

#include <algorithm>

#include "ledger/record/identifiers.hpp"

namespace hufu {
namespace {

bool is_within(const Grant& narrow, const Grant& wide) {
  const bool ends = !wide.to || (narrow.to && *narrow.to <= *wide.to);
  return narrow.type == wide.type && (narrow.actions & ~wide.actions) == 0 && narrow.from >= wide.from &&
         ends;
}

}  // namespace

bool is_type(std::string_view type) {
  return !type.empty() && type.size() <= limits::kTypeCode &&
         std::all_of(type.begin(), type.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '/'; });
}

bool are_grants(const std::vector<Grant>& grants) {
  return std::all_of(grants.begin(), grants.end(), [](const Grant& grant) {
    const bool ends = !grant.to || (is_day(*grant.to) && *grant.to >= grant.from);
    return is_type(grant.type) && grant.actions != 0 && (grant.actions & ~action::kAll) == 0 &&
           is_day(grant.from) && ends;
  });
}

bool is_within(const std::vector<Grant>& narrow, const std::vector<Grant>& wide) {
  return std::all_of(narrow.begin(), narrow.end(), [&](const Grant& each) {
    return std::any_of(wide.begin(), wide.end(), [&](const Grant& other) { return is_within(each, other); });
  });
}

bool may_grant(const ProvinceStanding& province, const std::vector<Grant>& grants) {
  return province.grants.empty() || is_within(grants, province.grants);
}

}  // namespace hufu
