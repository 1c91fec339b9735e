#include "cli/commands/change.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/document_file.hpp"
#include "cli/records.hpp"
#include "cli/text/width.hpp"
#include "ledger/base/check.hpp"

namespace hufu::cli {
namespace {

std::string_view verb_of(LicenseAction action) {
  switch (action) {
    case LicenseAction::suspend:
      return "suspend";
    case LicenseAction::resume:
      return "resume";
    case LicenseAction::revoke:
      return "revoke";
    case LicenseAction::rescind:
      return "rescind";
    case LicenseAction::cancel:
      return "cancel";
    case LicenseAction::cancel_transfer:
      return "cancel-transfer";
    case LicenseAction::dispute_open:
      return "dispute open";
    case LicenseAction::dispute_close:
      return "dispute close";
  }
  HUFU_CHECK(false);
}

Trouble wrong_kind(const std::string& id, std::string_view wanted) {
  return {.error = Error::id_malformed, .what = fmt::format("{} is not {}", text::printable(id), wanted)};
}

// The invoice, its document, and the salt by which parties are named.
struct Counter {
  SubjectKey invoice;
  Bytes salt;
};
Try<Counter> open_counter(const std::string& number, const std::string& document_path) {
  Try<SubjectKey> invoice = subject_of(number);
  if (!invoice) return invoice.error();
  if (invoice->kind != SubjectKind::invoice) return wrong_kind(number, "an invoice number");
  const Try<Document> document = read_document(document_path);
  if (!document) return document.error();
  if (document->subject != *invoice) {
    return Trouble{.error = Error::content_mismatch,
                   .what = fmt::format("{} is the document of {}", document_path, document->subject.id),
                   .next = "pass the document of this invoice",
                   .exit = kLocal};
  }
  const Field* const field = party_field(*document);
  if (field == nullptr) {
    return Trouble{.error = Error::field_missing,
                   .what = fmt::format("{} shows neither buyerTaxId nor invoiceNumber", document_path),
                   .next = "pass the whole document, or a part that shows buyerTaxId",
                   .exit = kLocal};
  }
  return Counter{.invoice = std::move(*invoice), .salt = field->salt};
}

Try<std::uint32_t> period_of(const std::string& text) {
  const bool digits =
      text.size() == 6 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return Trouble{.error = Error::usage, .what = "--period is not a month, written YYYYMM"};
  return static_cast<std::uint32_t>(std::stoul(text));
}

// Follows on the invoice's present standing.
int submit_for_invoice(Desk& desk, const SubjectKey& invoice, Payload payload, const std::string& what,
                       const Session& session) {
  const Try<Standing> standing = current_standing(desk, invoice, session);
  if (!standing) return session.fail(standing.error());
  const Try<api::Accepted> accepted = submit(desk,
                                             {{.subject = invoice,
                                               .previous = standing->last,
                                               .effective = desk.day,
                                               .payload = std::move(payload)}},
                                             fmt::format("{} {}", what, invoice.id), session);
  if (!accepted) return session.fail(accepted.error());
  print_receipt(*accepted, desk, invoice, what, {}, session);
  return kOk;
}

}  // namespace

int run(const ChangeLicense& options, const Session& session) {
  const Try<SubjectKey> license = subject_of(options.id);
  if (!license) return session.fail(license.error());
  if (license->kind != SubjectKind::license)
    return session.fail(wrong_kind(options.id, "a license identifier"));
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  const Try<Standing> standing = current_standing(*desk, *license, session);
  if (!standing) return session.fail(standing.error());
  const std::string verb(verb_of(options.action));
  const Try<api::Accepted> accepted = submit(*desk,
                                             {{.subject = *license,
                                               .previous = standing->last,
                                               .effective = desk->day,
                                               .payload = LicenseChange{.action = options.action}}},
                                             fmt::format("{} {}", verb, license->id), session);
  if (!accepted) return session.fail(accepted.error());
  print_receipt(*accepted, *desk, *license, verb, {}, session);
  return kOk;
}

int run(const ClaimInvoice& options, const Session& session) {
  const Try<Counter> counter = open_counter(options.number, options.document);
  if (!counter) return session.fail(counter.error());
  const Try<std::uint32_t> period = period_of(options.period);
  if (!period) return session.fail(period.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  return submit_for_invoice(*desk, counter->invoice,
                            InvoiceClaim{.entity = party(counter->salt, options.by),
                                         .period = *period,
                                         .voucher = party(counter->salt, options.voucher)},
                            "claim", session);
}

int run(const UnclaimInvoice& options, const Session& session) {
  const Try<Counter> counter = open_counter(options.number, options.document);
  if (!counter) return session.fail(counter.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  return submit_for_invoice(*desk, counter->invoice,
                            InvoiceUnclaim{.entity = party(counter->salt, options.by)}, "unclaim", session);
}

}  // namespace hufu::cli
