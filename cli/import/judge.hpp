// One record, judged: what is right stays, what a check character proves is repaired, what is doubtful is named.
//
// Pure. The rules are those of the field (ledger/record/identifiers.hpp), not of any one office's file:
//   J1  a license whose identifier has a wrong check character is rejected; a missing one is computed
//   J2  a holder's, seller's or buyer's code that fails its check is a warning; letters O and I in it are read as 0 and 1
//       only where the check then holds
//   J3  a number that has lost digits is never completed: for a license's holder a person looks, an invoice is rejected
//   J4  a status that means nothing known goes to a person; a bare code other than 1 says nothing without its name,
//       because offices number their states differently
//   J5  amount + tax = total to the fen, or a warning
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "cli/import/dates.hpp"
#include "cli/import/fields.hpp"
#include "cli/import/mapping.hpp"
#include "cli/import/row.hpp"

namespace hufu::cli::importer {

// 01 valid, 02 suspended, 03 rescinded, 04 cancelled, 05 lapsed, 06 transferred out, 07 revoked; for an invoice's fpzt
// 0 normal, 2 voided, 7 partly red, 8 fully red.
bool is_state_code(RecordKind kind, std::string_view code);

class Judge {
 public:
  // `mapping` may be null; it must outlive the judge.
  Judge(DateOrder order, const Mapping* mapping) : order_(order), mapping_(mapping) {}

  // Fills row.fields, row.notes, row.verdict and row.identity from the record.
  void judge(RecordKind kind, const RawRecord& raw, Row& row);

  // What tells two records of one identity apart, of the record judged last: text for hashing, not for people.
  std::string_view content() const { return content_; }
  // The identity to look for duplicates under: row.identity, or where that is lost what else the record is known by.
  std::string_view duplicate_key() const { return duplicate_key_; }

 private:
  void license(const RawRecord& raw, Row& row);
  void license_identifier(const RawRecord& raw, Row& row);
  void license_state(const RawRecord& raw, Row& row);
  void validity(const RawRecord& raw, Row& row);
  void invoice(const RawRecord& raw, Row& row);
  void invoice_number(const RawRecord& raw, Row& row);
  void invoice_kind(const RawRecord& raw);
  void invoice_amounts(const RawRecord& raw, Row& row);
  void invoice_status(const RawRecord& raw, Row& row);
  void red_letter(const RawRecord& raw);
  void code(const RawRecord& raw, FieldId field, Note fails_check, Row& row);
  void name(const RawRecord& raw, FieldId field, Row& row);
  void text(const RawRecord& raw, FieldId field);
  bool date(std::string_view cell, FieldId field, Row& row);
  std::string_view own_state(std::string_view word) const;
  std::string& value(FieldId field) { return value_[static_cast<std::size_t>(field)]; }
  void put(FieldId field, std::string_view text_value) { value(field).assign(text_value); }
  void collect(std::initializer_list<FieldId> key, std::initializer_list<FieldId> content);

  DateOrder order_;
  const Mapping* mapping_;
  std::array<std::string, kFieldIds> value_;
  std::string duplicate_key_;
  std::string content_;
};

}  // namespace hufu::cli::importer
