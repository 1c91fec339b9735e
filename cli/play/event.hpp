// One event in the life of a license or an invoice, as offices' systems tell it: one JSON object a line. Pure.
//
//   license  {"event": "ISSUE" | "CHANGE" | "RENEW" | "TRANSFER_IN" | "SUSPEND" | "RESUME" | "REVOKE" | "RESCIND" | "CANCEL" |
//             "TRANSFER_OUT" | "CANCEL_TRANSFER" | "DISPUTE_OPEN" | "DISPUTE_CLOSE" | "EXPIRE",
//             "certIdentifier", "agency", "at"?, "prev"? (CHANGE, RENEW, TRANSFER_IN), "toProvince"?, "toAgency"?}
//   invoice  {"event": "INV_ISSUE" | "RED_ISSUE" | "INV_DELIVER" | "INV_CLAIM" | "INV_UNCLAIM" | "INV_ARCHIVE" | "INV_VOID" |
//             "RED_REQUEST" | "RED_CONFIRM" | "RED_EXPIRE" | "RED_WITHDRAW",
//             "invoiceNumber", "invoiceCode"?, "at"?, "agency"?, "by"?, "voucher"?, "of"? (RED_ISSUE), "total"?,
//             "confirmNo"?, "reason"?, "state"? (RED_REQUEST: "01" needs no confirmation)}
//
// Other members are left alone: the files carry digests and numbers of their own. An identifier is only looked at for its
// size: whether it is one, the ledger says. Errors: json_malformed, field_missing, field_invalid, unknown_tag, too_long,
// id_malformed, day_malformed, amount_malformed.
#pragma once

#include <optional>
#include <string>

#include "cli/records.hpp"

namespace hufu::cli::play {

enum class EventKind : std::uint8_t {
  issue,
  change,
  renew,
  transfer_in,
  suspend,
  resume,
  revoke,
  rescind,
  cancel,
  transfer_out,
  cancel_transfer,
  dispute_open,
  dispute_close,
  expire,
  inv_issue,
  red_issue,
  inv_deliver,
  inv_claim,
  inv_unclaim,
  inv_archive,
  inv_void,
  red_request,
  red_confirm,
  red_expire,
  red_withdraw,
};
// "ISSUE", "INV_CLAIM", …
std::string_view name_of(EventKind kind);
bool is_of_license(EventKind kind);

struct Event {
  EventKind kind = EventKind::issue;
  SubjectKey subject;
  std::optional<SubjectKey> other;  // the license that this one follows; the invoice that this one takes back
  std::optional<CivilDay> day;
  std::string agency;       // that acts; empty on an invoice: the tax platform of its province
  std::string by;           // the entity that acts on an invoice
  std::string voucher;      // of a claim
  std::string sheet;        // number of the confirmation sheet of a red-letter invoice
  std::uint8_t reason = 0;  // of a request for one
  bool needs_confirmation = true;
  std::string to_province;  // of a transfer
  std::string to_agency;
  FieldList fields;  // all texts of the line: what a document is made of where no record is known

  // The subject whose history the event belongs to: a red-letter invoice is an event of the one that it takes back.
  const SubjectKey& life() const { return kind == EventKind::red_issue && other ? *other : subject; }
};

Preparing<Event> read_event(std::string_view line);

// YYYYMM: the run of six digits in a voucher number that is a month, else the month of the day.
std::uint32_t period_of(std::string_view voucher, CivilDay day);

}  // namespace hufu::cli::play
