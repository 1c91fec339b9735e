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

#include "ledger/record/identifiers.hpp"
#include "ledger/record/subject.hpp"

namespace hufu {

// ---- licenses: tags 1 to 31 ----

enum class Assurance : std::uint8_t { l1 = 1, l2 = 2, l3 = 3 };
bool is_known(Assurance level);

// How one license follows on another.
enum class SuccessionKind : std::uint8_t { change = 1, renew = 2, transfer = 3 };
bool is_known(SuccessionKind kind);

struct Succession {
  SuccessionKind kind = SuccessionKind::change;
  SubjectKey other;  // the license on the other side

  bool operator==(const Succession&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& kind& other;
  }
};

// none -> valid. With `from` it is a change, a renewal or a transfer in; then the license it follows is lapsed by a
// LicenseLapse in the same submission, unless that license lives on another ledger (transfer).
struct LicenseIssue {
  static constexpr std::uint8_t kTag = 1;
  Hash commitment;  // of the document
  CivilDay valid_from = 0;
  std::optional<CivilDay> valid_to;  // end day inclusive; absent: long-term
  Assurance assurance = Assurance::l1;
  std::optional<Succession> from;

  bool operator==(const LicenseIssue&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& commitment& valid_from& valid_to& assurance& from;
  }
};

enum class LicenseAction : std::uint8_t {
  suspend = 1,
  resume = 2,
  revoke = 3,
  rescind = 4,
  cancel = 5,
  cancel_transfer = 6,
  dispute_open = 7,
  dispute_close = 8,
};
bool is_known(LicenseAction action);

struct LicenseChange {
  static constexpr std::uint8_t kTag = 2;
  LicenseAction action = LicenseAction::suspend;

  bool operator==(const LicenseChange&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& action;
  }
};

// The old half of a change, a renewal or a transfer in: the license that `to` follows.
struct LicenseLapse {
  static constexpr std::uint8_t kTag = 3;
  Succession to;

  bool operator==(const LicenseLapse&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& to;
  }
};

// Towards an agency of this ledger it is an offer: the license stays in force until that agency takes it over, in one
// submission with its own issue, or the offer is cancelled. Without an agency it leaves for another ledger at once.
struct LicenseTransferOut {
  static constexpr std::uint8_t kTag = 4;
  std::string province;  // where it goes
  std::string agency;    // of this ledger, that may take it over; empty: another ledger

  bool operator==(const LicenseTransferOut&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kProvinceCode>(province) & bounded<limits::kAgencyCode>(agency);
  }
};

// A terminal state never reopens: a mistake is a new license, and this link from the old one.
struct LicenseCorrection {
  static constexpr std::uint8_t kTag = 5;
  SubjectKey replacement;

  bool operator==(const LicenseCorrection&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& replacement;
  }
};

// ---- invoices: tags 32 to 63 ----

// On a red-letter invoice whose original is on this ledger, an InvoiceRed on the original stands in the same submission.
struct InvoiceIssue {
  static constexpr std::uint8_t kTag = 32;
  Hash commitment;
  bool blue = true;             // false: a red-letter invoice
  std::int64_t amount_fen = 0;  // without tax; negative on a red-letter invoice
  std::int64_t tax_fen = 0;
  std::optional<Hash> seller;          // party(); absent when the record does not tell
  std::optional<Hash> buyer;           // party(); absent when the invoice names no buyer code
  std::optional<SubjectKey> original;  // of a red-letter invoice: the blue one

  bool operator==(const InvoiceIssue&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& commitment& blue& amount_fen& tax_fen& seller& buyer& original;
  }
};

struct InvoiceClaim {
  static constexpr std::uint8_t kTag = 33;
  Hash entity;               // party() of the accounting entity, with the salt of the document's buyer code
  std::uint32_t period = 0;  // accounting period, YYYYMM
  Hash voucher;              // party() of the voucher number with the same salt

  bool operator==(const InvoiceClaim&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& entity& period& voucher;
  }
};

struct InvoiceUnclaim {
  static constexpr std::uint8_t kTag = 34;
  Hash entity;  // the one that claimed

  bool operator==(const InvoiceUnclaim&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& entity;
  }
};

// On the blue invoice: a red-letter invoice takes back a part or all of it.
struct InvoiceRed {
  static constexpr std::uint8_t kTag = 35;
  SubjectKey red;
  std::int64_t amount_fen = 0;  // as on the red invoice: not positive
  std::int64_t tax_fen = 0;

  bool operator==(const InvoiceRed&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& red& amount_fen& tax_fen;
  }
};

// Asks for a red-letter invoice (红字信息确认单). One that waits for the other side's confirmation locks the invoice.
struct RedRequest {
  static constexpr std::uint8_t kTag = 36;
  std::string number;       // of the confirmation sheet, digits
  std::uint8_t reason = 0;  // as the tax platform codes it
  bool needs_confirmation = true;

  bool operator==(const RedRequest&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kRedNumber>(number) & reason& needs_confirmation;
  }
};

enum class RedAnswer : std::uint8_t { confirm = 1, lapse = 2, withdraw = 3 };
bool is_known(RedAnswer answer);

struct RedReply {
  static constexpr std::uint8_t kTag = 37;
  std::string number;
  RedAnswer answer = RedAnswer::confirm;

  bool operator==(const RedReply&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kRedNumber>(number) & answer;
  }
};

enum class InvoiceAction : std::uint8_t { deliver = 1, archive = 2, annul = 3 };
bool is_known(InvoiceAction action);

struct InvoiceChange {
  static constexpr std::uint8_t kTag = 38;
  InvoiceAction action = InvoiceAction::deliver;

  bool operator==(const InvoiceChange&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& action;
  }
};

using Payload =
    std::variant<LicenseIssue, LicenseChange, LicenseLapse, LicenseTransferOut, LicenseCorrection,
                 InvoiceIssue, InvoiceClaim, InvoiceUnclaim, InvoiceRed, RedRequest, RedReply, InvoiceChange>;

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
