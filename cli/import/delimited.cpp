#include "cli/import/delimited.hpp"

#include <cstring>

#include "cli/import/limits.hpp"

namespace hufu::cli::importer {
namespace {

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

// One cell from `at`; leaves `at` on the delimiter or line end behind it. False when text ends inside quotation marks.
bool take_cell(std::string_view text, char delimiter, std::size_t& at, Cells& cells) {
  const auto plain_end = [&](std::size_t from) {
    while (from < text.size() && text[from] != delimiter && !is_line_end(text[from])) ++from;
    return from;
  };
  if (at >= text.size() || text[at] != '"') {
    const std::size_t end = plain_end(at);
    cells.cell.push_back(text.substr(at, end - at));
    at = end;
    return true;
  }
  std::string* joined = nullptr;
  std::size_t from = at + 1;
  while (true) {
    const auto quote = text.find('"', from);
    if (quote == std::string_view::npos) return false;
    const bool doubled = quote + 1 < text.size() && text[quote + 1] == '"';
    const std::size_t end = doubled ? quote + 2 : plain_end(quote + 1);
    const bool rest = !doubled && end > quote + 1;  // text between the closing mark and the delimiter
    if (!doubled && !rest && joined == nullptr) {
      cells.cell.push_back(text.substr(from, quote - from));
      at = end;
      return true;
    }
    if (joined == nullptr) joined = &cells.unquoted.emplace_back();
    joined->append(text.substr(from, quote - from + (doubled ? 1 : 0)));
    if (rest) joined->append(text.substr(quote + 1, end - quote - 1));
    from = end;
    if (!doubled) break;
  }
  cells.cell.push_back(*joined);
  at = from;
  return true;
}

}  // namespace

Scan scan_record(std::string_view text, char delimiter, bool last, Cells& cells, std::size_t& size) {
  cells.clear();
  std::size_t at = 0;
  while (true) {
    if (cells.cell.size() == kColumnsMax) return Scan::oversize;
    if (!take_cell(text, delimiter, at, cells)) return Scan::unbalanced;
    if (at == text.size()) {
      if (!last) return Scan::unfinished;
      size = at;
      return Scan::record;
    }
    if (!is_line_end(text[at])) {
      ++at;
      continue;
    }
    // A CR at the very end may be half of a CR LF that is still to come.
    if (text[at] == '\r' && at + 1 == text.size() && !last) return Scan::unfinished;
    size = at + (text.substr(at, 2) == "\r\n" ? 2 : 1);
    return Scan::record;
  }
}

std::size_t line_size(std::string_view text) {
  const auto end = text.find_first_of("\r\n");
  if (end == std::string_view::npos) return text.size();
  return end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
}

Result<RecordStream::Outcome> RecordStream::next(Cells& cells) {
  while (true) {
    const std::string_view window = text_.window().substr(0, kRecordMaxBytes);
    const bool full = window.size() == kRecordMaxBytes;
    if (window.empty() && ended_) return Outcome::end;
    std::size_t size = 0;
    const Scan scan =
        window.empty() ? Scan::unfinished : scan_record(window, delimiter_, ended_ && !full, cells, size);
    if (scan == Scan::record) {
      text_.consume(size);
      ++record_;
      return Outcome::record;
    }
    const bool may_grow = !full && !ended_ && scan != Scan::oversize;
    if (may_grow) {
      const Result<bool> more = text_.more();
      if (!more) return more.error();
      ended_ = !*more;
      continue;
    }
    cells.clear();
    text_.consume(line_size(window));
    ++record_;
    return scan == Scan::unbalanced ? Outcome::unbalanced : Outcome::oversize;
  }
}

}  // namespace hufu::cli::importer
