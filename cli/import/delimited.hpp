// Tables as text: RFC 4180 records and cells, with the liberties that real exports take.
//
//   record = cell *(delimiter cell) (CR LF / LF / CR / end)
//   cell   = DQUOTE *(any but DQUOTE / 2DQUOTE) DQUOTE *(any but delimiter and line end)      may span lines
//          / *(any but delimiter and line end)                     a quotation mark inside is an ordinary character
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "cli/import/text_source.hpp"
#include "ledger/base/error.hpp"

namespace hufu::cli::importer {

// Cells of one record, as views: into the text scanned, or for cells with doubled quotes into `unquoted`.
struct Cells {
  std::vector<std::string_view> cell;
  std::deque<std::string> unquoted;
  void clear() {
    cell.clear();
    unquoted.clear();
  }
};

enum class Scan : std::uint8_t {
  record,      // cells and `size` are set; size includes the line end
  unfinished,  // text ends before the record does
  unbalanced,  // as unfinished, inside quotation marks
  oversize,    // more cells than kColumnsMax
};

// Pure. The record at the front of text; `last` says that no text follows, so that the end of text ends a record.
Scan scan_record(std::string_view text, char delimiter, bool last, Cells& cells, std::size_t& size);

// Bytes up to and including the first line end, all of text when there is none.
std::size_t line_size(std::string_view text);

class RecordStream {
 public:
  enum class Outcome : std::uint8_t { record, oversize, unbalanced, end };

  RecordStream(TextSource& text, char delimiter) : text_(text), delimiter_(delimiter) {}

  // The next record; its cells stay valid until the next call. A record over its bound, or one whose quotation marks never
  // close, is passed over up to the end of its first line: what follows is read again as records, so nothing is swallowed.
  Result<Outcome> next(Cells& cells);

  std::uint64_t record_number() const { return record_; }  // of the record last returned, 1-based

 private:
  TextSource& text_;
  char delimiter_;
  std::uint64_t record_ = 0;
  bool ended_ = false;
};

}  // namespace hufu::cli::importer
