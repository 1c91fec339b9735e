#include "cli/import/table.hpp"

#include <algorithm>

#include "cli/import/cells.hpp"

namespace hufu::cli::importer {
namespace {

// Nothing but letters, digits and dots of ASCII, as identifiers and numbers are.
bool could_be_code(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.';
  });
}

// 合计, 本页合计, 合 计, 小计, 总计, 累计 and their like at the front of a row.
bool announces_totals(std::string_view cell) {
  constexpr std::size_t kLongest = 60;
  if (cell.size() > kLongest) return false;
  std::string text = fold_width(cell);
  std::erase(text, ' ');
  for (const std::string_view word : {"合计", "小计", "总计", "累计", "共计"}) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

// A cell that is filled in every record, so that a row without it is no record.
bool identifies(FieldId field) {
  return field == FieldId::certIdentifier || field == FieldId::certNumber ||
         field == FieldId::invoiceNumber || field == FieldId::digital_number;
}

// A cell that may be empty or missing at the end of a row without loss.
bool dispensable(FieldId field) {
  return field == FieldId::none || field == FieldId::remark || field == FieldId::sequence ||
         field == FieldId::checkCode;
}

}  // namespace

TableReader::TableReader(std::unique_ptr<TextSource> text, Layout layout, const Mapping* mapping,
                         Duplicates& seen)
    : text_(std::move(text)),
      layout_(std::move(layout)),
      judge_(layout_.date_order, mapping),
      seen_(seen),
      records_(*text_, layout_.delimiter) {}

Result<std::optional<Row>> TableReader::next() {
  while (true) {
    const auto outcome = records_.next(cells_);
    if (!outcome) return outcome.error();
    if (*outcome == RecordStream::Outcome::end) return std::optional<Row>();
    if (records_.record_number() <= layout_.header_record) continue;
    Row row;
    row.kind = layout_.kind;
    row.record = records_.record_number();
    if (*outcome == RecordStream::Outcome::oversize) {
      row.add(Note::row_oversize);
    } else if (*outcome == RecordStream::Outcome::unbalanced) {
      row.add(Note::quote_unbalanced);
    } else if (const auto note = not_a_record()) {
      row.add(*note);
    } else {
      judge_cells(row);
    }
    return std::optional<Row>(std::move(row));
  }
}

std::optional<Note> TableReader::not_a_record() const {
  const auto& cells = cells_.cell;
  std::size_t filled = 0;
  std::string_view first;
  bool identified = false;  // by a cell that names a document and is not the word for a total
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string_view cell = trim(cells[i]);
    if (cell.empty()) continue;
    if (filled++ == 0) first = cell;
    const bool names = i < layout_.columns.size() && identifies(layout_.columns[i]);
    identified = identified || (names && (filled > 1 || !announces_totals(cell)));
  }
  if (filled == 0) return Note::blank_row;
  if (cells.size() == layout_.titles.size() &&
      std::equal(cells.begin(), cells.end(), layout_.titles.begin())) {
    return Note::header_repeated;
  }
  if (announces_totals(first) && !identified) return Note::subtotal_row;
  // One text and nothing else: who made the table, for whom it is, a title in between. A lone number is a record that lost
  // its cells.
  if (filled == 1 && !could_be_code(first)) return Note::footer;
  return std::nullopt;
}

// A row without its last cells has lost what stood there, unless nothing of weight stands there in any row.
bool TableReader::cut() const {
  for (std::size_t i = cells_.cell.size(); i < layout_.columns.size(); ++i) {
    if (!dispensable(layout_.columns[i])) return true;
  }
  return false;
}

void TableReader::judge_cells(Row& row) {
  const auto& cells = cells_.cell;
  RawRecord raw;
  raw.cut = cut();
  joined_.clear();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const FieldId field = i < layout_.columns.size() ? layout_.columns[i] : FieldId::none;
    if (field == FieldId::sequence) continue;
    joined_.append(cells[i]).append(1, '\x1f');
    if (field != FieldId::none) raw.set(field, cells[i]);
  }
  judge_once(judge_, seen_, layout_.kind, raw, joined_, row);
  if (row.verdict == Verdict::skip) return;
  const bool longer =
      std::any_of(cells.begin() + static_cast<std::ptrdiff_t>(std::min(cells.size(), layout_.columns.size())),
                  cells.end(), [](std::string_view cell) { return !trim(cell).empty(); });
  if (longer) row.add(Note::ragged_long);
  if (raw.cut) row.add(Note::ragged_short);
}

}  // namespace hufu::cli::importer
