#include "ledger/record/standing.hpp"

#include <limits>

namespace hufu {
namespace {

// Is the sum zero? Also of a stranger's standing, whose sums no rule has bounded.
bool cancel_out(std::int64_t a, std::int64_t b) {
  return b != std::numeric_limits<std::int64_t>::min() && a == -b;
}

}  // namespace

bool is_known(LicenseState state) {
  return state >= LicenseState::valid && state <= LicenseState::transferred;
}

std::string_view name_of(LicenseState state) {
  switch (state) {
    case LicenseState::valid:
      return "VALID";
    case LicenseState::suspended:
      return "SUSPENDED";
    case LicenseState::revoked:
      return "REVOKED";
    case LicenseState::rescinded:
      return "RESCINDED";
    case LicenseState::cancelled:
      return "CANCELLED";
    case LicenseState::lapsed:
      return "SUPERSEDED";
    case LicenseState::transferred:
      return "TRANSFERRED";
  }
  HUFU_CHECK(false);
}

bool is_terminal(LicenseState state) {
  return state == LicenseState::revoked || state == LicenseState::rescinded ||
         state == LicenseState::cancelled || state == LicenseState::lapsed;
}

Redness redness(const InvoiceStanding& invoice) {
  if (invoice.red_amount_fen == 0 && invoice.red_tax_fen == 0) return Redness::none;
  const bool all = cancel_out(invoice.amount_fen, invoice.red_amount_fen) &&
                   cancel_out(invoice.tax_fen, invoice.red_tax_fen);
  return all ? Redness::full : Redness::partial;
}

bool reversal_due(const InvoiceStanding& invoice) {
  return invoice.claim.has_value() && redness(invoice) == Redness::full;
}

bool red_locked(const InvoiceStanding& invoice, CivilDay day) {
  if (!invoice.request) return false;
  return invoice.request->confirmed || day < invoice.request->day + kRedRequestDays;
}

}  // namespace hufu
