// One event in the life of one subject.
//
//   operation := subject key, previous optional<hash>, effective day i32, payload variant
//   hash      := RFC 6962 leaf hash of the operation = SHA-256(0x00 || operation)
//
// `previous` is the hash of the subject's last operation, absent for its first: each subject has its own chain, and a
// client that has not seen the last change is refused instead of overwriting it. `effective` is business time: the
// day (China date, days since 1970-01-01) on which it takes effect; it may lie in the past when history is imported.
#pragma once

#include <optional>
#include <variant>

#include "ledger/record/decision.hpp"
#include "ledger/record/invoice.hpp"
#include "ledger/record/license.hpp"

namespace hufu {

using Payload = std::variant<LicenseIssue, LicenseChange, LicenseLapse, LicenseTransferOut, LicenseCorrection,
                             InvoiceIssue, InvoiceClaim, InvoiceUnclaim, InvoiceRed, RedRequest, RedReply,
                             InvoiceChange, Propose, Approve, Enact, KeyRotation>;

struct Operation {
  SubjectKey subject;
  std::optional<Hash> previous;
  CivilDay effective = 0;
  Payload payload;

  bool operator==(const Operation&) const = default;
  Hash hash() const;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& subject& previous& effective& payload;
  }
};

// "LICENSE_ISSUE", "LICENSE_SUSPEND", "INVOICE_CLAIM", …: for people, JSON and metrics.
std::string_view name_of(const Payload& payload);
std::string_view name_of(LicenseAction action);

}  // namespace hufu
