#include "cli/commands/change.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/changes.hpp"
#include "cli/document_file.hpp"
#include "cli/records.hpp"
#include "cli/text/width.hpp"

namespace hufu::cli {
namespace {

// The invoice, its document, and the salt by which parties are named.
struct Counter {
  SubjectKey invoice;
  Bytes salt;
};
Try<Counter> open_counter(const std::string& number, const std::string& document_path) {
  Try<SubjectKey> invoice = invoice_named(number);
  if (!invoice) return invoice.error();
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

}  // namespace

int run(const ChangeLicense& options, const Session& session) {
  const Try<SubjectKey> license = license_named(options.id);
  if (!license) return session.fail(license.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  return submit_act(*desk, *license, LicenseChange{.action = options.action},
                    std::string(verb_of(options.action)), session);
}

int run(const ClaimInvoice& options, const Session& session) {
  const Try<Counter> counter = open_counter(options.number, options.document);
  if (!counter) return session.fail(counter.error());
  const Try<std::uint32_t> period = period_of(options.period);
  if (!period) return session.fail(period.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  return submit_act(*desk, counter->invoice,
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
  return submit_act(*desk, counter->invoice, InvoiceUnclaim{.entity = party(counter->salt, options.by)},
                    "unclaim", session);
}

}  // namespace hufu::cli
