#include "ledger/record/standing.hpp"

namespace hufu {

bool is_known(LicenseState state) { return state >= LicenseState::valid && state <= LicenseState::cancelled; }

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
  }
  HUFU_CHECK(false);
}

bool is_terminal(LicenseState state) {
  return state == LicenseState::revoked || state == LicenseState::rescinded ||
         state == LicenseState::cancelled;
}

}  // namespace hufu
