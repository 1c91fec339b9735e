// From the fields of a record, as an office has them, to what is put on the ledger: the salted document for its holder and
// the operations that notarise it. Pure.
#pragma once

#include <boost/system/result.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/base/ed25519.hpp"
#include "ledger/record/document.hpp"
#include "ledger/record/operation.hpp"

namespace hufu::cli {

using FieldList = std::vector<std::pair<std::string, std::string>>;

// Empty where there is no such field.
std::string_view value_of(const FieldList& fields, std::string_view name);
void add_if_missing(FieldList& fields, std::string_view name, std::string value);

struct PreparedRecord {
  Document document;
  std::vector<Operation>
      operations;  // its issue; for a license that is not in force also the change of its state
};

struct RecordFault {
  Error error = Error::field_invalid;
  std::string why;    // names the field
  bool held = false;  // nothing is wrong with the record: what its state calls for is not told in it
};
[[noreturn]] void throw_exception_from_error(const RecordFault& fault, const boost::source_location& where);

template <class T>
using Preparing = boost::system::result<T, RecordFault>;

// The canonical field names are those of the import (cli/import/fields.hpp). `today` is the business day of a state that the
// record gives without a day. With a blinding secret the license stands on the ledger under its blinded identifier
// (ledger/record/blinding.hpp); its field certIdentifier stays the real one.
Preparing<PreparedRecord> prepare_license(FieldList fields, const Seed& salt_secret, CivilDay today,
                                          const std::optional<Seed>& blinding = std::nullopt);
Preparing<PreparedRecord> prepare_invoice(FieldList fields, const Seed& salt_secret);

// The salted document of a record: all its fields but those of its state, and but the salts of other systems.
Preparing<Document> document_of(const SubjectKey& subject, FieldList fields, const Seed& salt_secret);
// What the ledger is told when this document is issued, on the day that stands in it.
Preparing<Operation> issue_of(const Document& document);

// Fields of a record that speak of its state today, not of the document; they are not part of the document.
bool is_state_field(std::string_view name);

// The province in which an invoice of this number is at home.
std::optional<std::string> province_of_invoice(const InvoiceNumber& number);

// The salt with which parties stand on the ledger for this invoice: that of its buyer code, else of its number. nullptr where
// that is not shown: of a part of a document it is not known whether there is a buyer code.
const Field* party_field(const Document& invoice);

}  // namespace hufu::cli
