#include "ledger/record/operation.hpp"

#include "ledger/merkle/log_tree.hpp"

namespace hufu {

bool is_known(Assurance level) { return level >= Assurance::l1 && level <= Assurance::l3; }
bool is_known(SuccessionKind kind) {
  return kind >= SuccessionKind::change && kind <= SuccessionKind::transfer;
}
bool is_known(LicenseAction action) {
  return action >= LicenseAction::suspend && action <= LicenseAction::dispute_close;
}
bool is_known(RedAnswer answer) { return answer >= RedAnswer::confirm && answer <= RedAnswer::withdraw; }
bool is_known(InvoiceAction action) {
  return action >= InvoiceAction::deliver && action <= InvoiceAction::annul;
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
    case LicenseAction::cancel_transfer:
      return "LICENSE_CANCEL_TRANSFER";
    case LicenseAction::dispute_open:
      return "LICENSE_DISPUTE_OPEN";
    case LicenseAction::dispute_close:
      return "LICENSE_DISPUTE_CLOSE";
  }
  HUFU_CHECK(false);
}

std::string_view name_of(InvoiceAction action) {
  switch (action) {
    case InvoiceAction::deliver:
      return "INVOICE_DELIVER";
    case InvoiceAction::archive:
      return "INVOICE_ARCHIVE";
    case InvoiceAction::annul:
      return "INVOICE_VOID";
  }
  HUFU_CHECK(false);
}

std::string_view name_of(RedAnswer answer) {
  switch (answer) {
    case RedAnswer::confirm:
      return "RED_CONFIRM";
    case RedAnswer::lapse:
      return "RED_LAPSE";
    case RedAnswer::withdraw:
      return "RED_WITHDRAW";
  }
  HUFU_CHECK(false);
}

namespace {
struct PayloadName {
  std::string_view operator()(const LicenseIssue& issue) const {
    if (!issue.from) return "LICENSE_ISSUE";
    switch (issue.from->kind) {
      case SuccessionKind::change:
        return "LICENSE_CHANGE";
      case SuccessionKind::renew:
        return "LICENSE_RENEW";
      case SuccessionKind::transfer:
        return "LICENSE_TRANSFER_IN";
    }
    HUFU_CHECK(false);
  }
  std::string_view operator()(const LicenseChange& change) const { return name_of(change.action); }
  std::string_view operator()(const LicenseLapse&) const { return "LICENSE_LAPSE"; }
  std::string_view operator()(const LicenseTransferOut&) const { return "LICENSE_TRANSFER_OUT"; }
  std::string_view operator()(const LicenseCorrection&) const { return "LICENSE_CORRECTION"; }
  std::string_view operator()(const InvoiceIssue&) const { return "INVOICE_ISSUE"; }
  std::string_view operator()(const InvoiceClaim&) const { return "INVOICE_CLAIM"; }
  std::string_view operator()(const InvoiceUnclaim&) const { return "INVOICE_UNCLAIM"; }
  std::string_view operator()(const InvoiceRed&) const { return "INVOICE_RED"; }
  std::string_view operator()(const RedRequest&) const { return "RED_REQUEST"; }
  std::string_view operator()(const RedReply& reply) const { return name_of(reply.answer); }
  std::string_view operator()(const InvoiceChange& change) const { return name_of(change.action); }
  std::string_view operator()(const Propose&) const { return "PROPOSE"; }
  std::string_view operator()(const Approve&) const { return "APPROVE"; }
  std::string_view operator()(const Enact&) const { return "ENACT"; }
  std::string_view operator()(const KeyRotation&) const { return "KEY_ROTATION"; }
};
}  // namespace

std::string_view name_of(const Payload& payload) { return std::visit(PayloadName{}, payload); }

}  // namespace hufu
