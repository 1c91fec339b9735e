// What a subject's status was on a business day: by its standing, and by its complete history for days gone by. Pure.
#pragma once

#include <string_view>

#include "ledger/proof/evidence.hpp"

namespace hufu {

struct StateOn {
  LicenseState state = LicenseState::valid;
  CivilDay since = 0;
};
// The state on a business day, from the complete history: what took effect later did not count then.
StateOn state_on(const Evidence& evidence, const LicenseStanding& license, CivilDay day);

// "VALID", "SUSPENDED", …, "EXPIRED", "NOT_YET_VALID" of a license on a day; "ISSUED" or "CLAIMED" of an invoice.
std::string_view status_on(const Standing& standing, CivilDay day);
// The same on a past day, from the complete history. The evidence holds a standing.
std::string_view status_on(const Evidence& evidence, CivilDay day);

}  // namespace hufu
