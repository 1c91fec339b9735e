// One file read record by record, whatever its form. The forms: table.hpp, json_lines.hpp, xml_invoice.hpp.
#pragma once

#include <memory>
#include <optional>

#include "cli/import/duplicates.hpp"
#include "cli/import/judge.hpp"
#include "cli/import/row.hpp"
#include "cli/import/text_source.hpp"
#include "ledger/base/error.hpp"

namespace hufu::cli::importer {

class RecordReader {
 public:
  virtual ~RecordReader() = default;
  // The next record, judged; nullopt at the end of the file.
  virtual Result<std::optional<Row>> next() = 0;
};

// Judges the record and looks whether it has been read before. A duplicate's verdict replaces whatever else there was to say:
// the first of them has said it.
void judge_once(Judge& judge, Duplicates& seen, RecordKind kind, const RawRecord& raw, std::string_view text,
                Row& row);

}  // namespace hufu::cli::importer
