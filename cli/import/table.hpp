// A table as text: the records below its header.
#pragma once

#include <string>

#include "cli/import/delimited.hpp"
#include "cli/import/layout.hpp"
#include "cli/import/record_reader.hpp"

namespace hufu::cli::importer {

class TableReader final : public RecordReader {
 public:
  // `mapping` may be null; `mapping` and `seen` must outlive the reader.
  TableReader(std::unique_ptr<TextSource> text, Layout layout, const Mapping* mapping, Duplicates& seen);

  Result<std::optional<Row>> next() override;

 private:
  std::optional<Note> not_a_record() const;
  void judge_cells(Row& row);
  bool cut() const;

  std::unique_ptr<TextSource> text_;
  Layout layout_;
  Judge judge_;
  Duplicates& seen_;
  RecordStream records_;
  Cells cells_;
  std::string joined_;
};

}  // namespace hufu::cli::importer
