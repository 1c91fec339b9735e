// How a table is laid out: delimiter, where the header stands, which column is which field, how short dates are ordered.
//
// Pure: guessed from the text at the beginning of the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/import/mapping.hpp"

namespace hufu::cli::importer {

struct Layout {
  RecordKind kind = RecordKind::license;
  char delimiter = ',';
  std::uint64_t header_record = 0;  // 1-based
  std::vector<std::string> titles;  // as they stand in the file
  std::vector<FieldId> columns;     // one a title
  DateOrder date_order = DateOrder::day_month_year;

  // The layout as a mapping that can be saved, edited and given back.
  Mapping mapping() const;
};

// `sample` is the beginning of the file, `whole` says that nothing follows it. What `mapping` settles is not guessed.
// nullopt when no record looks like a header that names a license or an invoice.
std::optional<Layout> guess_layout(std::string_view sample, bool whole, const Mapping* mapping);

}  // namespace hufu::cli::importer
