// What a subject's status was on a business day: by its standing, and by its complete history for days gone by. Pure.
#pragma once

#include <string_view>

#include "ledger/proof/evidence.hpp"
#include "ledger/proof/reason.hpp"

namespace hufu {

struct StateOn {
  LicenseState state = LicenseState::valid;
  CivilDay since = 0;
  std::optional<CivilDay> disputed;  // since when an objection was open
};
// The state on a business day, from the complete history: what took effect later did not count then, and what was recorded
// after `known_until_ms` was not known.
StateOn state_on(const Evidence& evidence, const LicenseStanding& license, CivilDay day,
                 std::uint64_t known_until_ms = limits::kTimeMs);

// The same of an invoice: what was booked, taken back, asked for or closed by that day.
InvoiceStanding invoice_on(const Evidence& evidence, const InvoiceStanding& invoice, CivilDay day,
                           std::uint64_t known_until_ms = limits::kTimeMs);

// Why a license in this state does not count on a day on which it was issued already; nothing: it does. One reason: revoked,
// rescinded, cancelled and transferred for good; else expired by the calendar; else suspended or superseded; else not yet valid.
std::optional<Reason> objection_to(const LicenseStanding& license, LicenseState state, CivilDay day);

// "VALID", "SUSPENDED", …, "EXPIRED", "NOT_YET_VALID" of a license on a day; "ISSUED", "CLAIMED", "VOIDED", … of an invoice;
// before its issue "NOT_FOUND".
std::string_view status_on(const Standing& standing, CivilDay day);
// The same from the history, for days gone by. The subject must stand.
std::string_view status_on(const Evidence& evidence, CivilDay day);

}  // namespace hufu
