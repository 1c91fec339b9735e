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

// none -> valid
struct LicenseIssue {
  static constexpr std::uint8_t kTag = 1;
  Hash commitment;  // of the document
  CivilDay valid_from = 0;
  std::optional<CivilDay> valid_to;  // end day inclusive; absent: long-term
  Assurance assurance = Assurance::l1;

  bool operator==(const LicenseIssue&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& commitment& valid_from& valid_to& assurance;
  }
};

enum class LicenseAction : std::uint8_t { suspend = 1, resume = 2, revoke = 3, rescind = 4, cancel = 5 };
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

// ---- invoices: tags 32 to 63 ----

struct InvoiceIssue {
  static constexpr std::uint8_t kTag = 32;
  Hash commitment;
  bool blue = true;             // false: a red-letter invoice
  std::int64_t amount_fen = 0;  // without tax; negative on a red-letter invoice
  std::int64_t tax_fen = 0;
  std::optional<Hash> buyer;           // party(); absent when the invoice names no buyer code
  std::optional<SubjectKey> original;  // of a red-letter invoice: the blue one

  bool operator==(const InvoiceIssue&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& commitment& blue& amount_fen& tax_fen& buyer& original;
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

using Payload = std::variant<LicenseIssue, LicenseChange, InvoiceIssue, InvoiceClaim, InvoiceUnclaim>;

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
