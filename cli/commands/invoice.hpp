// hufu red-letter request|confirm|lapse|withdraw, hufu deliver|archive|void
#pragma once

#include <string>

#include "cli/submit.hpp"

namespace hufu::cli {

struct RequestRed {
  std::string number;
  std::string sheet;  // number of the confirmation sheet, digits
  unsigned reason = 1;
  bool alone = false;  // the seller of an invoice that nobody has booked needs no confirmation
  SubmitOptions submit;
};
int run(const RequestRed& options, const Session& session);

struct ReplyRed {
  RedAnswer answer = RedAnswer::confirm;
  std::string number;
  std::string sheet;  // empty: the one that is open
  SubmitOptions submit;
};
int run(const ReplyRed& options, const Session& session);

struct ChangeInvoice {
  InvoiceAction action = InvoiceAction::deliver;
  std::string number;
  SubmitOptions submit;
};
int run(const ChangeInvoice& options, const Session& session);

}  // namespace hufu::cli
