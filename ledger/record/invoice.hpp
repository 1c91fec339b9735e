// What can happen to an invoice. Tags 32 to 63. The rules: rules/invoice.cpp.
#pragma once

#include <optional>
#include <string>

#include "ledger/record/identifiers.hpp"
#include "ledger/record/subject.hpp"

namespace hufu {

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
// Either side may ask, and the other one confirms: the seller through the agency that issued, the buyer by name.
struct RedRequest {
  static constexpr std::uint8_t kTag = 36;
  std::optional<Hash> buyer;  // party() of the buyer, or of who claimed; absent: the seller speaks
  std::string number;         // of the confirmation sheet, digits
  std::uint8_t reason = 0;    // as the tax platform codes it
  bool needs_confirmation = true;

  bool operator==(const RedRequest&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& buyer& bounded<limits::kRedNumber>(number) & reason& needs_confirmation;
  }
};

enum class RedAnswer : std::uint8_t { confirm = 1, lapse = 2, withdraw = 3 };
bool is_known(RedAnswer answer);

struct RedReply {
  static constexpr std::uint8_t kTag = 37;
  std::optional<Hash> buyer;  // as of a request
  std::string number;
  RedAnswer answer = RedAnswer::confirm;

  bool operator==(const RedReply&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& buyer& bounded<limits::kRedNumber>(number) & answer;
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

}  // namespace hufu
