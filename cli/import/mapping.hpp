// What an office may settle once and keep: which column is which field, how the file is to be read, what its own status
// words mean. Guessed first, shown, saved as TOML, edited, and given to the next import.
//
//   kind = "license"            # or "invoice"
//   header_record = 2           # the record in which the column titles stand
//   delimiter = ","
//   encoding = "GB18030"        # UTF-8, UTF-16LE, UTF-16BE
//   date_order = "dmy"          # how to read 12/5/24: dmy, ymd, mdy
//   [columns]
//   "证照名称" = "certTypeName"  # a canonical field, or "" for a column that is left out
//   [states]
//   "99" = "01"                 # an own word or code -> canonical state (license) or fpzt (invoice)
//
// Everything but `kind` may be left out and is then guessed; a column that is not named is guessed too.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/import/dates.hpp"
#include "cli/import/encoding.hpp"
#include "cli/import/fields.hpp"
#include "ledger/base/error.hpp"

namespace hufu::cli::importer {

// What may stand between the cells of a row.
inline constexpr std::string_view kDelimiters = ",\t;|";

struct Mapping {
  RecordKind kind = RecordKind::license;
  std::optional<std::uint64_t> header_record;
  std::optional<char> delimiter;
  std::optional<Encoding> encoding;
  std::optional<DateOrder> date_order;
  std::vector<std::pair<std::string, FieldId>> columns;  // title -> field, in the order of the file
  std::map<std::string, std::string, std::less<>> states;
};

// config_invalid when it is no TOML, names an unknown field, key or value; `why` then says where.
Result<Mapping> parse_mapping(std::string_view toml, std::string& why);
Result<Mapping> load_mapping(const std::filesystem::path& path, std::string& why);

// The text of a mapping file, with comments; parse_mapping reads it back to an equal mapping.
std::string print_mapping(const Mapping& mapping);

}  // namespace hufu::cli::importer
