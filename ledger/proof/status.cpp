#include "ledger/proof/status.hpp"

#include "ledger/base/check.hpp"

namespace hufu {
namespace {

LicenseState state_after(LicenseAction action) {
  switch (action) {
    case LicenseAction::suspend:
      return LicenseState::suspended;
    case LicenseAction::revoke:
      return LicenseState::revoked;
    case LicenseAction::rescind:
      return LicenseState::rescinded;
    case LicenseAction::cancel:
      return LicenseState::cancelled;
    case LicenseAction::resume:
      break;
  }
  return LicenseState::valid;
}

}  // namespace

StateOn state_on(const Evidence& evidence, const LicenseStanding& license, CivilDay day) {
  StateOn on{.state = LicenseState::valid, .since = license.issued};
  for (const OperationEvidence& step : evidence.operations) {
    const auto* const change = std::get_if<LicenseChange>(&step.operation.payload);
    if (change == nullptr || step.operation.effective > day) continue;
    on = {.state = state_after(change->action), .since = step.operation.effective};
  }
  return on;
}

std::string_view status_on(const Standing& standing, CivilDay day) {
  if (const auto* license = std::get_if<LicenseStanding>(&standing.detail)) {
    if (is_terminal(license->state)) return name_of(license->state);
    if (license->valid_to && day > *license->valid_to) return "EXPIRED";
    if (license->state == LicenseState::valid && day < license->valid_from) return "NOT_YET_VALID";
    return name_of(license->state);
  }
  if (const auto* invoice = std::get_if<InvoiceStanding>(&standing.detail)) {
    return invoice->claim ? "CLAIMED" : "ISSUED";
  }
  return "REGISTERED";
}

std::string_view status_on(const Evidence& evidence, CivilDay day) {
  HUFU_CHECK(evidence.subject.standing.has_value());
  Standing then = *evidence.subject.standing;
  if (auto* const license = std::get_if<LicenseStanding>(&then.detail)) {
    license->state = state_on(evidence, *license, day).state;
    if (day < license->issued) return "NOT_YET_VALID";
  }
  return status_on(then, day);
}

}  // namespace hufu
