// hufu claim|unclaim, hufu red-letter request|confirm|lapse|withdraw, hufu deliver|archive|void
#pragma once

#include <string>

#include "cli/submit.hpp"

namespace hufu::cli {

// Booking an invoice, once across all provinces; the document's salt names buyer and voucher without telling the ledger.
struct ClaimInvoice {
  std::string number;
  std::string document;
  std::string by;      // USCC of the accounting entity
  std::string period;  // YYYYMM
  std::string voucher;
  SubmitOptions submit;
};
int run(const ClaimInvoice& options, const Session& session);

struct UnclaimInvoice {
  std::string number;
  std::string document;
  std::string by;
  SubmitOptions submit;
};
int run(const UnclaimInvoice& options, const Session& session);

// Who speaks of a red-letter request: the buyer, named as in a claim; else the seller, whose agency issued.
struct RedSide {
  std::string by;        // USCC of the buyer; empty: the seller
  std::string document;  // the invoice's, for its salt
};

struct RequestRed {
  std::string number;
  std::string sheet;  // number of the confirmation sheet, digits
  unsigned reason = 1;
  RedSide side;
  bool alone = false;  // the seller of an invoice that nobody has booked needs no confirmation
  SubmitOptions submit;
};
int run(const RequestRed& options, const Session& session);

struct ReplyRed {
  RedAnswer answer = RedAnswer::confirm;
  std::string number;
  std::string sheet;  // empty: the one that is open
  RedSide side;
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
