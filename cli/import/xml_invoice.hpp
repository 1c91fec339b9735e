// One e-invoice as XML in the tag names of the national format. Read whole, within a bound; a document type declaration is
// refused, so no entity is ever expanded.
#pragma once

#include "cli/import/record_reader.hpp"

namespace hufu::cli::importer {

class XmlInvoiceReader final : public RecordReader {
 public:
  // text_malformed when it is no XML or not an <EInvoice>, oversize when larger than kXmlMaxBytes.
  static Result<std::unique_ptr<XmlInvoiceReader>> open(std::unique_ptr<TextSource> text, Duplicates& seen);
  Result<std::optional<Row>> next() override;

 private:
  explicit XmlInvoiceReader(Row row) : row_(std::move(row)) {}
  std::optional<Row> row_;
};

}  // namespace hufu::cli::importer
