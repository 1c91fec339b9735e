#include "ledger/record/operation.hpp"

#include "ledger/merkle/log_tree.hpp"

namespace hufu {

bool is_known(Assurance level) { return level >= Assurance::l1 && level <= Assurance::l3; }
bool is_known(LicenseAction action) {
  return action >= LicenseAction::suspend && action <= LicenseAction::cancel;
}

Hash Operation::hash() const { return leaf_hash(encode(*this)); }

std::string_view name_of(LicenseAction action) {
  switch (action) {
    case LicenseAction::suspend:
      return "LICENSE_SUSPEND";
    case LicenseAction::resume:
      return "LICENSE_RESUME";
    case LicenseAction::revoke:
      return "LICENSE_REVOKE";
    case LicenseAction::rescind:
      return "LICENSE_RESCIND";
    case LicenseAction::cancel:
      return "LICENSE_CANCEL";
  }
  HUFU_CHECK(false);
}

std::string_view name_of(const Payload& payload) {
  struct Name {
    std::string_view operator()(const LicenseIssue&) const { return "LICENSE_ISSUE"; }
    std::string_view operator()(const LicenseChange& change) const { return name_of(change.action); }
    std::string_view operator()(const InvoiceIssue&) const { return "INVOICE_ISSUE"; }
    std::string_view operator()(const InvoiceClaim&) const { return "INVOICE_CLAIM"; }
    std::string_view operator()(const InvoiceUnclaim&) const { return "INVOICE_UNCLAIM"; }
  };
  return std::visit(Name{}, payload);
}

}  // namespace hufu
