// The life of an invoice: four axes that do not wait for each other.
//
//   issued      ISSUE once per number, for ever; VOID of legacy kinds, while neither claimed nor red
//   red-letter  none -> partial -> full: the sums taken back never exceed the blue ones, for amount and for tax
//   claimed     CLAIM by one entity at a time, by the buyer named in it if one is named; UNCLAIM by the same; ARCHIVE after
//   lock        a request for a red-letter invoice that waits for the other side, or was confirmed, forbids new claims;
//               unconfirmed it lapses after 72 hours: on the third day after its own
//
// A red-letter invoice can be neither claimed nor taken back. On a claimed invoice both sides confirm before it; a full one
// leaves the claim standing, and its reversal due (reversal_due). Business time counts days, so 72 hours are three of them.
//
// A fully digital number tells its tax area: only an agency of that province issues it. For older kinds the grant decides.
// An enterprise needs no key of its own: the province's tax platform signs for the entity that it has authenticated, and
// the operation names that entity by party().
#include <algorithm>

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

// Sums stay far from where those of many would overflow.
bool is_blue_sum(std::int64_t fen) { return fen >= 0 && fen <= limits::kAmountFen; }
bool is_red_sum(std::int64_t fen) { return fen <= 0 && fen >= -limits::kAmountFen; }

bool sums_fit(const InvoiceIssue& issue) {
  return issue.blue ? is_blue_sum(issue.amount_fen) && is_blue_sum(issue.tax_fen)
                    : is_red_sum(issue.amount_fen) && is_red_sum(issue.tax_fen);
}

bool is_red_number(std::string_view number) {
  return !number.empty() && number.size() <= limits::kRedNumber &&
         std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A blue invoice names no original; a red one may (older exports do not tell), and then another invoice.
Result<void> check_original(const Operation& operation, const InvoiceIssue& issue) {
  if (!issue.original) return {};
  if (issue.blue || *issue.original == operation.subject) return Error::id_malformed;
  const Result<InvoiceNumber> original = number_of(*issue.original);
  if (!original) return original.error();
  return {};
}

// Authority, then existence: the questions that every change of an invoice shares.
Result<void> check_change(const Signer& signer, const Operation& operation, std::uint32_t action,
                          const InvoiceStanding* before) {
  const Result<InvoiceNumber> number = number_of(operation.subject);
  if (!number) return number.error();
  const Result<void> granted = check_grant(signer, kInvoiceType, action, operation.effective);
  if (!granted) return granted.error();
  if (before == nullptr) return Error::not_found;
  return {};
}

// What the seller's side does: only through the agency that issued.
Result<void> check_seller(const Signer& signer, const Operation& operation, const InvoiceStanding* before) {
  if (const auto may = check_change(signer, operation, action::kIssue, before); !may) return may.error();
  if (!acts_for(signer, before->issuer)) return Error::issuer_not_authorized;
  return {};
}

// Who speaks of a red-letter request: the seller's side through the agency that issued, or the buyer whom the invoice
// names, or who booked it. Where nobody is named and nobody has booked it, the buyer is a person without a code, who
// confirms, but asks for nothing.
Result<void> check_side(const Signer& signer, const Operation& operation, const std::optional<Hash>& buyer,
                        const InvoiceStanding* before, bool confirms) {
  if (!buyer) return check_seller(signer, operation, before);
  if (const auto may = check_change(signer, operation, action::kClaim, before); !may) return may.error();
  if (!before->buyer && !before->claim) return confirms ? Result<void>() : Error::inv_not_buyer;
  const Hash& named = before->buyer ? *before->buyer : before->claim->entity;
  if (named != *buyer) return Error::inv_not_buyer;
  return {};
}

// A waiting request that nobody has confirmed and whose time is over binds nobody.
bool is_waiting(const InvoiceStanding& invoice, CivilDay day) { return red_locked(invoice, day); }

}  // namespace

Result<Detail> issue_invoice(const Signer& signer, const Operation& operation, const InvoiceIssue& issue,
                             const InvoiceStanding* before) {
  const Result<InvoiceNumber> number = number_of(operation.subject);
  if (!number) return number.error();
  if (const auto at_home = check_province(signer.standing, province_of(*number)); !at_home)
    return at_home.error();
  const Result<void> granted = check_grant(signer, kInvoiceType, action::kIssue, operation.effective);
  if (!granted) return granted.error();
  if (!sums_fit(issue)) return Error::amount_malformed;
  if (const auto original = check_original(operation, issue); !original) return original.error();
  if (before != nullptr) return Error::inv_duplicate_issue;
  InvoiceStanding invoice;
  invoice.issuer = signer.agency;
  invoice.commitment = issue.commitment;
  invoice.issued = operation.effective;
  invoice.blue = issue.blue;
  invoice.amount_fen = issue.amount_fen;
  invoice.tax_fen = issue.tax_fen;
  invoice.seller = issue.seller;
  invoice.buyer = issue.buyer;
  invoice.original = issue.original;
  return Detail(std::move(invoice));
}

Result<Detail> claim_invoice(const Signer& signer, const Operation& operation, const InvoiceClaim& claim,
                             const InvoiceStanding* before) {
  if (const auto may = check_change(signer, operation, action::kClaim, before); !may) return may.error();
  if (!is_period(claim.period)) return Error::day_malformed;
  if (before->annulled || operation.effective < before->issued) return Error::inv_bad_transition;
  if (!before->blue) return Error::inv_red_not_claimable;
  if (redness(*before) == Redness::full) return Error::inv_fully_red;
  if (red_locked(*before, operation.effective)) return Error::inv_red_locked;
  if (before->buyer && *before->buyer != claim.entity) return Error::inv_not_buyer;
  if (before->claim) return Error::inv_already_claimed;
  InvoiceStanding after = *before;
  after.claim = Claim{
      .entity = claim.entity, .period = claim.period, .voucher = claim.voucher, .day = operation.effective};
  after.request
      .reset();  // one whose time is over: nobody confirms it any more, whatever day is written into the answer
  return Detail(std::move(after));
}

Result<Detail> unclaim_invoice(const Signer& signer, const Operation& operation,
                               const InvoiceUnclaim& unclaim, const InvoiceStanding* before) {
  if (const auto may = check_change(signer, operation, action::kClaim, before); !may) return may.error();
  if (before->claim && before->claim->entity != unclaim.entity) return Error::inv_not_buyer;
  if (!before->claim) return Error::inv_not_claimed;
  if (before->archived || operation.effective < before->claim->day) return Error::inv_bad_transition;
  InvoiceStanding after = *before;
  after.claim.reset();
  // Of an invoice that names no buyer only who claims it speaks: what it asked for goes with the claim.
  if (!before->buyer && after.request && after.request->by_buyer) after.request.reset();
  return Detail(std::move(after));
}

Result<Detail> red_invoice(const Signer& signer, const Operation& operation, const InvoiceRed& red,
                           const InvoiceStanding* before) {
  if (const auto may = check_seller(signer, operation, before); !may) return may.error();
  if (const auto other = number_of(red.red); !other) return other.error();
  if (red.red == operation.subject) return Error::id_malformed;
  if (!is_red_sum(red.amount_fen) || !is_red_sum(red.tax_fen) || (red.amount_fen == 0 && red.tax_fen == 0))
    return Error::amount_malformed;
  if (!before->blue || before->annulled || operation.effective < before->issued)
    return Error::inv_bad_transition;
  const bool fits = before->amount_fen + before->red_amount_fen + red.amount_fen >= 0 &&
                    before->tax_fen + before->red_tax_fen + red.tax_fen >= 0;
  if (!fits) return Error::red_exceeds_remaining;
  const bool confirmed = before->request && before->request->confirmed;
  if (is_waiting(*before, operation.effective) && !confirmed) return Error::inv_red_locked;
  if (before->claim && !confirmed) return Error::inv_bad_transition;
  InvoiceStanding after = *before;
  after.red_amount_fen += red.amount_fen;
  after.red_tax_fen += red.tax_fen;
  after.request.reset();
  return Detail(std::move(after));
}

Result<Detail> request_red(const Signer& signer, const Operation& operation, const RedRequest& request,
                           const InvoiceStanding* before) {
  if (const auto may = check_side(signer, operation, request.buyer, before, false); !may) return may.error();
  if (!is_red_number(request.number)) return Error::id_malformed;
  if (!before->blue || before->annulled) return Error::inv_bad_transition;
  if (redness(*before) == Redness::full) return Error::inv_fully_red;
  if (is_waiting(*before, operation.effective)) return Error::inv_red_locked;
  // Without the other side's word only the seller of an invoice that nobody has booked.
  if (!request.needs_confirmation && (before->claim || request.buyer)) return Error::inv_bad_transition;
  InvoiceStanding after = *before;
  after.request = OpenRedRequest{.number = request.number,
                                 .day = operation.effective,
                                 .by_buyer = request.buyer.has_value(),
                                 .confirmed = !request.needs_confirmation};
  return Detail(std::move(after));
}

Result<Detail> reply_red(const Signer& signer, const Operation& operation, const RedReply& reply,
                         const InvoiceStanding* before) {
  const bool confirms = reply.answer == RedAnswer::confirm;
  if (const auto may = check_side(signer, operation, reply.buyer, before, confirms); !may) return may.error();
  if (!before->request || before->request->number != reply.number) return Error::inv_bad_transition;
  const OpenRedRequest& open = *before->request;
  if (operation.effective < open.day) return Error::inv_bad_transition;
  const bool asker = reply.buyer.has_value() == open.by_buyer;
  const bool over = operation.effective >= open.day + kRedRequestDays;
  InvoiceStanding after = *before;
  switch (reply.answer) {
    case RedAnswer::confirm:
      if (asker || open.confirmed || over) return Error::inv_bad_transition;
      after.request->confirmed = true;
      break;
    case RedAnswer::lapse:
      if (open.confirmed || !over) return Error::inv_bad_transition;
      after.request.reset();
      break;
    case RedAnswer::withdraw:
      if (!asker) return Error::inv_bad_transition;
      after.request.reset();
      break;
  }
  return Detail(std::move(after));
}

Result<Detail> change_invoice(const Signer& signer, const Operation& operation, const InvoiceChange& change,
                              const InvoiceStanding* before) {
  const bool archive = change.action == InvoiceAction::archive;
  const auto may = archive ? check_change(signer, operation, action::kClaim, before)
                           : check_seller(signer, operation, before);
  if (!may) return may.error();
  if (operation.effective < before->issued) return Error::inv_bad_transition;
  InvoiceStanding after = *before;
  switch (change.action) {
    case InvoiceAction::deliver:
      if (before->delivered || before->annulled) return Error::inv_bad_transition;
      after.delivered = operation.effective;
      break;
    case InvoiceAction::archive:
      if (!before->claim) return Error::inv_not_claimed;
      if (before->archived || operation.effective < before->claim->day) return Error::inv_bad_transition;
      after.archived = operation.effective;
      break;
    case InvoiceAction::annul: {
      const bool legacy = number_of(operation.subject)->kind == InvoiceNumberKind::coded;
      const bool untouched = !before->claim && !before->request && redness(*before) == Redness::none;
      if (!legacy || !untouched || before->annulled) return Error::inv_bad_transition;
      after.annulled = operation.effective;
      break;
    }
  }
  return Detail(std::move(after));
}

}  // namespace hufu::rules
