// canonical/*.jsonl: one JSON object a line, its keys the canonical field names.
#pragma once

#include "cli/import/record_reader.hpp"

namespace hufu::cli::importer {

// The kind of record a line holds; nullopt when it is no JSON object, or one of another sort (an event, a truth).
std::optional<RecordKind> kind_of_json_line(std::string_view line);

class JsonLinesReader final : public RecordReader {
 public:
  JsonLinesReader(std::unique_ptr<TextSource> text, RecordKind kind, Duplicates& seen);
  Result<std::optional<Row>> next() override;

 private:
  std::unique_ptr<TextSource> text_;
  RecordKind kind_;
  Judge judge_;
  Duplicates& seen_;
  std::uint64_t line_ = 0;
  bool ended_ = false;
};

}  // namespace hufu::cli::importer
