// The fields a record can have, under the names the canonical files use, and the column titles offices give them.
//
// Pure. The order of the enumeration is the order in which a row lists its fields.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/import/row.hpp"

namespace hufu::cli::importer {

enum class FieldId : std::uint8_t {
  // license
  certIdentifier,
  certTypeCode,
  certTypeName,
  certNumber,
  certVersion,
  issuerName,
  issuerCode,
  issueDate,
  firstIssueDate,
  holderName,
  holderCode,
  holderTypeCode,
  holderTypeName,
  validFrom,
  validTo,
  associatedCertId,
  state,
  stateName,
  assurance,
  faceDigest,
  fileDigest,
  // invoice
  invoiceCode,
  invoiceNumber,
  checkCode,
  kindCode,
  kind,
  blue,
  issueTime,
  sellerName,
  sellerTaxId,
  buyerName,
  buyerTaxId,
  amount,
  tax,
  total,
  totalChinese,
  lines,
  originalInvoice,
  redConfirmNo,
  fpzt,
  rzzt,
  redLock,
  digest,
  // both
  remark,
  areaCode,
  salt,
  // columns that are understood but are not fields of their own
  digital_number,  // the 20-digit number in a column beside that for older numbers
  validity,        // "2020-01-01至2023-01-01" in one cell
  status,          // an invoice's status in words
  sequence,        // the running number of the row
  none,            // anything else
};
inline constexpr std::size_t kFieldIds = static_cast<std::size_t>(FieldId::none);

// The canonical name, as in canonical/*.jsonl; for the last group the name a mapping file uses.
std::string_view name_of(FieldId field);

// The field of that exact name, nullopt for strangers.
std::optional<FieldId> field_named(std::string_view name);

bool belongs_to(FieldId field, RecordKind kind);

// A column title without what offices decorate it with: spaces, line breaks, asterisks, colons, units in brackets.
std::string plain_title(std::string_view title);

// The field a column of that title holds in a table of that kind; FieldId::none when the title says nothing.
FieldId guess_field(std::string_view title, RecordKind kind);

// One record before it is judged: the text of each field, views into whatever was read. `has` tells an empty cell from a
// column that the file does not have.
struct RawRecord {
  std::array<std::string_view, kFieldIds> text{};
  std::array<bool, kFieldIds> has{};
  bool cut = false;  // the record ends before its time: what is missing is not the office's omission

  void set(FieldId field, std::string_view value) {
    text[static_cast<std::size_t>(field)] = value;
    has[static_cast<std::size_t>(field)] = true;
  }
  std::string_view operator[](FieldId field) const { return text[static_cast<std::size_t>(field)]; }
  bool holds(FieldId field) const { return has[static_cast<std::size_t>(field)]; }
};

}  // namespace hufu::cli::importer
