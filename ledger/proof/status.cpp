#include "ledger/proof/status.hpp"

#include "ledger/base/check.hpp"

namespace hufu {
namespace {

// The state that an operation on a license leads to; nothing: it leaves the state as it is.
struct StateAfter {
  std::optional<LicenseState> operator()(const LicenseChange& change) const {
    switch (change.action) {
      case LicenseAction::suspend:
        return LicenseState::suspended;
      case LicenseAction::resume:
      case LicenseAction::cancel_transfer:
        return LicenseState::valid;
      case LicenseAction::revoke:
        return LicenseState::revoked;
      case LicenseAction::rescind:
        return LicenseState::rescinded;
      case LicenseAction::cancel:
        return LicenseState::cancelled;
      case LicenseAction::dispute_open:
      case LicenseAction::dispute_close:
        break;
    }
    return std::nullopt;
  }
  std::optional<LicenseState> operator()(const LicenseLapse& lapse) const {
    return lapse.to.kind == SuccessionKind::transfer ? LicenseState::transferred : LicenseState::lapsed;
  }
  // Towards an agency of this ledger it is an offer only.
  std::optional<LicenseState> operator()(const LicenseTransferOut& out) const {
    return out.agency.empty() ? std::optional(LicenseState::transferred) : std::nullopt;
  }
  template <class Other>
  std::optional<LicenseState> operator()(const Other&) const {
    return std::nullopt;
  }
};

// What an operation makes of an invoice: the effects of rules/invoice.cpp, whose questions were asked when it was recorded.
struct InvoiceAfter {
  InvoiceStanding& invoice;
  CivilDay day;  // of the operation

  void operator()(const InvoiceClaim& claim) const {
    invoice.claim =
        Claim{.entity = claim.entity, .period = claim.period, .voucher = claim.voucher, .day = day};
    invoice.request.reset();
  }
  void operator()(const InvoiceUnclaim&) const {
    invoice.claim.reset();
    if (!invoice.buyer && invoice.request && invoice.request->by_buyer) invoice.request.reset();
  }
  void operator()(const InvoiceRed& red) const {
    invoice.red_amount_fen += red.amount_fen;
    invoice.red_tax_fen += red.tax_fen;
    invoice.request.reset();
  }
  void operator()(const RedRequest& request) const {
    invoice.request = OpenRedRequest{.number = request.number,
                                     .day = day,
                                     .by_buyer = request.buyer.has_value(),
                                     .confirmed = !request.needs_confirmation};
  }
  void operator()(const RedReply& reply) const {
    if (reply.answer != RedAnswer::confirm) {
      invoice.request.reset();
    } else if (invoice.request) {
      invoice.request->confirmed = true;
    }
  }
  void operator()(const InvoiceChange& change) const {
    if (change.action == InvoiceAction::deliver) invoice.delivered = day;
    if (change.action == InvoiceAction::archive) invoice.archived = day;
    if (change.action == InvoiceAction::annul) invoice.annulled = day;
  }
  template <class Other>
  void operator()(const Other&) const {}
};

std::string_view status_of(const InvoiceStanding& invoice) {
  if (invoice.annulled) return "VOIDED";
  if (redness(invoice) == Redness::full) return "FULLY_RED";
  if (invoice.archived) return "ARCHIVED";
  return invoice.claim ? "CLAIMED" : "ISSUED";
}

}  // namespace

StateOn state_on(const Evidence& evidence, const LicenseStanding& license, CivilDay day,
                 std::uint64_t known_until_ms) {
  StateOn on{.state = LicenseState::valid, .since = license.issued, .disputed = std::nullopt};
  for (const OperationEvidence& step : evidence.operations) {
    if (step.operation.effective > day || step.block.time_ms > known_until_ms) continue;
    if (const auto state = std::visit(StateAfter{}, step.operation.payload)) {
      on.state = *state;
      on.since = step.operation.effective;
    }
    const auto* change = std::get_if<LicenseChange>(&step.operation.payload);
    if (change == nullptr) continue;
    if (change->action == LicenseAction::dispute_open) on.disputed = step.operation.effective;
    if (change->action == LicenseAction::dispute_close) on.disputed.reset();
  }
  return on;
}

InvoiceStanding invoice_on(const Evidence& evidence, const InvoiceStanding& invoice, CivilDay day,
                           std::uint64_t known_until_ms) {
  InvoiceStanding on = invoice;
  on.red_amount_fen = 0;
  on.red_tax_fen = 0;
  on.request.reset();
  on.claim.reset();
  on.delivered.reset();
  on.archived.reset();
  on.annulled.reset();
  for (const OperationEvidence& step : evidence.operations) {
    if (step.operation.effective > day || step.block.time_ms > known_until_ms) continue;
    std::visit(InvoiceAfter{.invoice = on, .day = step.operation.effective}, step.operation.payload);
  }
  return on;
}

std::optional<Reason> objection_to(const LicenseStanding& license, LicenseState state, CivilDay day) {
  switch (state) {
    case LicenseState::revoked:
      return Reason::revoked;
    case LicenseState::rescinded:
      return Reason::rescinded;
    case LicenseState::cancelled:
      return Reason::cancelled;
    case LicenseState::transferred:
      return Reason::transferred;
    case LicenseState::valid:
    case LicenseState::suspended:
    case LicenseState::lapsed:
      break;
  }
  if (license.valid_to && day > *license.valid_to) return Reason::expired;
  if (state == LicenseState::suspended) return Reason::suspended;
  if (state == LicenseState::lapsed) return Reason::superseded;
  if (day < license.valid_from) return Reason::not_yet_valid;
  return std::nullopt;
}

std::string_view status_on(const Standing& standing, CivilDay day) {
  if (const auto* license = std::get_if<LicenseStanding>(&standing.detail)) {
    const auto objection = objection_to(*license, license->state, day);
    return objection ? code_of(*objection) : name_of(LicenseState::valid);
  }
  if (const auto* invoice = std::get_if<InvoiceStanding>(&standing.detail)) return status_of(*invoice);
  return "REGISTERED";
}

std::string_view status_on(const Evidence& evidence, CivilDay day) {
  HUFU_CHECK(evidence.subject.standing.has_value());
  Standing then = *evidence.subject.standing;
  if (auto* const license = std::get_if<LicenseStanding>(&then.detail)) {
    license->state = state_on(evidence, *license, day).state;
    if (day < license->issued) return code_of(Reason::not_found);
  }
  if (auto* const invoice = std::get_if<InvoiceStanding>(&then.detail)) {
    if (day < invoice->issued) return code_of(Reason::not_found);
    *invoice = invoice_on(evidence, *invoice, day);
  }
  return status_on(then, day);
}

}  // namespace hufu
