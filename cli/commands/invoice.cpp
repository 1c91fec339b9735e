#include "cli/commands/invoice.hpp"

#include <fmt/format.h>

namespace hufu::cli {
namespace {

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

int run(const RequestRed& options, const Session& session) {
  const Try<SubjectKey> invoice = invoice_named(options.number);
  if (!invoice) return session.fail(invoice.error());
  Try<Desk> desk = open_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  const int exit = submit_act(*desk, *invoice,
                              RedRequest{.number = options.sheet,
                                         .reason = static_cast<std::uint8_t>(options.reason),
                                         .needs_confirmation = !options.alone},
                              "red-letter request", session);
  if (exit != kOk) return exit;
  session.say(options.alone
                  ? fmt::format(fmt::runtime(session.tr("next: hufu red-letter issue {} FIELDS",
                                                        "下一步：hufu red-letter issue {} 字段")),
                                invoice->id)
                  : fmt::format(fmt::runtime(session.tr(
                                    "the other side confirms within 72 hours: hufu red-letter confirm {}",
                                    "对方须在 72 小时内确认：hufu red-letter confirm {}")),
                                invoice->id));
  return kOk;
}

int run(const ReplyRed& options, const Session& session) {
  const Try<SubjectKey> invoice = invoice_named(options.number);
  if (!invoice) return session.fail(invoice.error());
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
  return submit_act(*desk, *invoice, *standing, RedReply{.number = sheet, .answer = options.answer},
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
