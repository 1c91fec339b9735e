#include "cli/commands/invoice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/document_file.hpp"
#include "cli/records.hpp"

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

// party() of the buyer who speaks; nothing for the seller.
Try<std::optional<Hash>> buyer_of(const RedSide& side, const std::string& number) {
  if (side.by.empty() != side.document.empty())
    return Trouble{.error = Error::usage,
                   .what = "--by and --document go together: a buyer is named as in the claim"};
  if (side.by.empty()) return std::optional<Hash>();
  const Try<Counter> counter = open_counter(number, side.document);
  if (!counter) return counter.error();
  return std::optional(party(counter->salt, side.by));
}

std::string verb_of(RedAnswer answer) {
  switch (answer) {
    case RedAnswer::confirm:
      return "red-letter confirm";
    case RedAnswer::lapse:
      return "red-letter lapse";
    case RedAnswer::withdraw:
      break;
  }
  return "red-letter withdraw";
}

std::string verb_of(InvoiceAction action) {
  switch (action) {
    case InvoiceAction::deliver:
      return "deliver";
    case InvoiceAction::archive:
      return "archive";
    case InvoiceAction::annul:
      break;
  }
  return "void";
}

}  // namespace

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

int run(const RequestRed& options, const Session& session) {
  const Try<SubjectKey> invoice = invoice_named(options.number);
  if (!invoice) return session.fail(invoice.error());
  const Try<std::optional<Hash>> buyer = buyer_of(options.side, options.number);
  if (!buyer) return session.fail(buyer.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  const int exit = submit_act(*desk, *invoice,
                              RedRequest{.buyer = *buyer,
                                         .number = options.sheet,
                                         .reason = static_cast<std::uint8_t>(options.reason),
                                         .needs_confirmation = !options.alone},
                              "red-letter request", session);
  if (exit != kOk) return exit;
  session.say(options.alone
                  ? fmt::format(fmt::runtime(session.tr("next: hufu red-letter issue {} FIELDS",
                                                        "下一步：hufu red-letter issue {} 字段")),
                                invoice->id)
                  : fmt::format(fmt::runtime(session.tr(
                                    "the other side confirms within 72 hours: hufu red-letter confirm {}{}",
                                    "对方须在 72 小时内确认：hufu red-letter confirm {}{}")),
                                invoice->id, buyer->has_value() ? "" : " --by USCC --document FILE"));
  return kOk;
}

int run(const ReplyRed& options, const Session& session) {
  const Try<SubjectKey> invoice = invoice_named(options.number);
  if (!invoice) return session.fail(invoice.error());
  const Try<std::optional<Hash>> buyer = buyer_of(options.side, options.number);
  if (!buyer) return session.fail(buyer.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  const Try<Standing> standing = current_standing(*desk, *invoice, session);
  if (!standing) return session.fail(standing.error());
  std::string sheet = options.sheet;
  const auto& open = std::get<InvoiceStanding>(standing->detail).request;
  if (sheet.empty()) {
    if (!open) {
      return session.fail({.error = Error::inv_bad_transition,
                           .what = fmt::format("no red-letter request is open for {}", invoice->id),
                           .next = fmt::format("hufu red-letter request {} --sheet NUMBER", invoice->id)});
    }
    sheet = open->number;
  }
  return submit_act(*desk, *invoice, *standing,
                    RedReply{.buyer = *buyer, .number = sheet, .answer = options.answer},
                    verb_of(options.answer), session);
}

int run(const ChangeInvoice& options, const Session& session) {
  const Try<SubjectKey> invoice = invoice_named(options.number);
  if (!invoice) return session.fail(invoice.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  return submit_act(*desk, *invoice, InvoiceChange{.action = options.action}, verb_of(options.action),
                    session);
}

}  // namespace hufu::cli
