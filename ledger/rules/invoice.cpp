// The life of an invoice, as far as this version knows it:
//
//   none       ISSUE    -> issued                 once per number, for ever
//   issued     CLAIM    -> claimed by one entity  blue only; by the buyer named in it, if one is named
//   claimed    UNCLAIM  -> issued                 by the entity that claimed
//
// A fully digital number tells its tax area: only an agency of that province issues it. For older kinds the grant decides.
// An enterprise needs no key of its own: the province's tax platform signs for the entity that it has authenticated, and
// the operation names that entity by party().
#include "ledger/rules/rules.hpp"

namespace hufu::rules {
namespace {

Result<InvoiceNumber> number_of(const SubjectKey& subject) {
  if (subject.kind != SubjectKind::invoice) return Error::id_malformed;
  return parse_invoice_key(subject.id);
}

// The province of the tax area that stands in digits 3 and 4 of a fully digital number.
std::optional<std::string_view> province_of(const InvoiceNumber& number) {
  if (number.kind != InvoiceNumberKind::fully_digital) return std::nullopt;
  return province_of_tax_area(std::string_view(number.number).substr(2, 2));
}

bool is_period(std::uint32_t period) {
  const std::uint32_t year = period / 100;
  const std::uint32_t month = period % 100;
  return year >= 1900 && year <= 9999 && month >= 1 && month <= 12;
}

// A blue invoice has no negative sum, a red one no positive; both stay far from where sums of many would overflow.
bool sums_fit(const InvoiceIssue& issue) {
  const auto fits = [&](std::int64_t fen) {
    return issue.blue ? fen >= 0 && fen <= limits::kAmountFen : fen <= 0 && fen >= -limits::kAmountFen;
  };
  return fits(issue.amount_fen) && fits(issue.tax_fen);
}

// A blue invoice names no original; a red one may (older exports do not tell), and then another invoice.
Result<void> check_original(const Operation& operation, const InvoiceIssue& issue) {
  if (!issue.original) return {};
  if (issue.blue || *issue.original == operation.subject) return Error::id_malformed;
  const Result<InvoiceNumber> original = number_of(*issue.original);
  if (!original) return original.error();
  return {};
}

// Authority, then existence: the questions that claim and unclaim share.
Result<void> check_claimable(const Signer& signer, const Operation& operation,
                             const InvoiceStanding* before) {
  const Result<InvoiceNumber> number = number_of(operation.subject);
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
  const Result<InvoiceNumber> number = number_of(operation.subject);
  if (!number) return number.error();
  if (const auto at_home = check_province(signer.standing, province_of(*number)); !at_home)
    return at_home.error();
  const Result<void> granted =
      check_grant(signer.standing, kInvoiceType, action::kIssue, operation.effective);
  if (!granted) return granted.error();
  if (!sums_fit(issue)) return Error::amount_malformed;
  if (const auto original = check_original(operation, issue); !original) return original.error();
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
