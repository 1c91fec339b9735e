// The life of an invoice, as far as this version knows it:
//
//   none       ISSUE    -> issued                 once per number, for ever
//   issued     CLAIM    -> claimed by one entity  blue only; by the buyer named in it, if one is named
//   claimed    UNCLAIM  -> issued                 by the entity that claimed
//
// An enterprise needs no key of its own: the province's tax platform signs for the entity that it has authenticated, and
// the operation names that entity by party().
#include "ledger/rules/rules.hpp"

namespace hufu::rules {
namespace {

Result<void> check_number(const Operation& operation) {
  if (operation.subject.kind != SubjectKind::invoice) return Error::id_malformed;
  const Result<InvoiceNumber> number = parse_invoice_key(operation.subject.id);
  if (!number) return number.error();
  return {};
}

bool is_period(std::uint32_t period) {
  const std::uint32_t year = period / 100;
  const std::uint32_t month = period % 100;
  return year >= 1900 && year <= 9999 && month >= 1 && month <= 12;
}

// A blue invoice names no original and has no negative sum; a red one has no positive sum.
bool sums_fit(const InvoiceIssue& issue) {
  if (issue.blue) return !issue.original && issue.amount_fen >= 0;
  return issue.amount_fen <= 0 && issue.tax_fen <= 0;
}

// Authority, then existence: the questions that claim and unclaim share.
Result<void> check_claimable(const Signer& signer, const Operation& operation,
                             const InvoiceStanding* before) {
  const Result<void> number = check_number(operation);
  if (!number) return number.error();
  const Result<void> granted =
      check_grant(signer.standing, kInvoiceType, action::kClaim, operation.effective);
  if (!granted) return granted.error();
  if (before == nullptr) return Error::not_found;
  return {};
}

}  // namespace

Result<Detail> issue_invoice(const Signer& signer, const Operation& operation, const InvoiceIssue& issue,
                             const InvoiceStanding* before) {
  const Result<void> number = check_number(operation);
  if (!number) return number.error();
  const Result<void> granted =
      check_grant(signer.standing, kInvoiceType, action::kIssue, operation.effective);
  if (!granted) return granted.error();
  if (!sums_fit(issue)) return Error::amount_malformed;
  if (issue.original && issue.original->kind != SubjectKind::invoice) return Error::id_malformed;
  if (before != nullptr) return Error::inv_duplicate_issue;
  return Detail(InvoiceStanding{.issuer = std::string(signer.agency),
                                .commitment = issue.commitment,
                                .issued = operation.effective,
                                .blue = issue.blue,
                                .amount_fen = issue.amount_fen,
                                .tax_fen = issue.tax_fen,
                                .buyer = issue.buyer,
                                .original = issue.original,
                                .claim = std::nullopt});
}

Result<Detail> claim_invoice(const Signer& signer, const Operation& operation, const InvoiceClaim& claim,
                             const InvoiceStanding* before) {
  const Result<void> claimable = check_claimable(signer, operation, before);
  if (!claimable) return claimable.error();
  if (!is_period(claim.period)) return Error::day_malformed;
  if (!before->blue) return Error::inv_red_not_claimable;
  if (before->claim) return Error::inv_already_claimed;
  if (before->buyer && *before->buyer != claim.entity) return Error::inv_not_buyer;
  InvoiceStanding after = *before;
  after.claim = Claim{
      .entity = claim.entity, .period = claim.period, .voucher = claim.voucher, .day = operation.effective};
  return Detail(std::move(after));
}

Result<Detail> unclaim_invoice(const Signer& signer, const Operation& operation,
                               const InvoiceUnclaim& unclaim, const InvoiceStanding* before) {
  const Result<void> claimable = check_claimable(signer, operation, before);
  if (!claimable) return claimable.error();
  if (before->claim && before->claim->entity != unclaim.entity) return Error::inv_not_buyer;
  if (!before->claim) return Error::inv_not_claimed;
  InvoiceStanding after = *before;
  after.claim.reset();
  return Detail(std::move(after));
}

}  // namespace hufu::rules
