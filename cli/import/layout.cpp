#include "cli/import/layout.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "cli/import/cells.hpp"
#include "cli/import/delimited.hpp"
#include "cli/import/limits.hpp"

namespace hufu::cli::importer {
namespace {

constexpr std::size_t kTitlesMin = 3;  // fewer known titles are a coincidence

struct Sample {
  std::string_view rest;
  bool whole;
  char delimiter;

  bool next(Cells& cells) {
    std::size_t size = 0;
    if (rest.empty() || scan_record(rest, delimiter, whole, cells, size) != Scan::record) return false;
    rest.remove_prefix(size);
    return true;
  }
};

FieldId field_of(std::string_view title, RecordKind kind, const Mapping* mapping) {
  if (mapping != nullptr) {
    for (const auto& [named, field] : mapping->columns) {
      if (named == title || plain_title(named) == plain_title(title)) return field;
    }
  }
  return guess_field(title, kind);
}

bool names_a_document(RecordKind kind, std::span<const FieldId> columns) {
  const auto has = [&](FieldId field) {
    return std::find(columns.begin(), columns.end(), field) != columns.end();
  };
  if (kind == RecordKind::license) return has(FieldId::certIdentifier) || has(FieldId::certNumber);
  return has(FieldId::invoiceNumber) || has(FieldId::digital_number);
}

// The record read as a header of that kind: how many fields it names, each counted once. A field named twice keeps its first
// column.
std::size_t read_header(const Cells& cells, RecordKind kind, const Mapping* mapping, Layout& layout) {
  layout.kind = kind;
  layout.titles.clear();
  layout.columns.clear();
  std::array<bool, kFieldIds> seen{};
  std::size_t known = 0;
  for (const std::string_view cell : cells.cell) {
    FieldId field = field_of(cell, kind, mapping);
    if (field != FieldId::none) {
      bool& taken = seen[static_cast<std::size_t>(field)];
      if (taken) field = FieldId::none;
      if (!taken) ++known;
      taken = true;
    }
    layout.titles.emplace_back(cell);
    layout.columns.push_back(field);
  }
  return names_a_document(kind, layout.columns) ? known : 0;
}

// The best header any record of the sample makes with this delimiter.
std::size_t find_header(std::string_view sample, bool whole, const Mapping* mapping, Layout& best) {
  std::size_t best_known = 0;
  Sample records{sample, whole, best.delimiter};
  Cells cells;
  Layout tried = best;
  for (std::uint64_t record = 1; record <= kHeaderSearchRecords && records.next(cells); ++record) {
    if (mapping != nullptr && mapping->header_record && *mapping->header_record != record) continue;
    for (const RecordKind kind : {RecordKind::license, RecordKind::invoice}) {
      if (mapping != nullptr && mapping->kind != kind) continue;
      tried.header_record = record;
      const std::size_t known = read_header(cells, kind, mapping, tried);
      if (known > best_known) best = tried, best_known = known;
    }
  }
  return best_known;
}

bool is_date_column(FieldId field) {
  return field == FieldId::issueDate || field == FieldId::firstIssueDate || field == FieldId::validFrom ||
         field == FieldId::validTo || field == FieldId::issueTime;
}

// What one column says about the order of its short dates.
struct DateEvidence {
  CivilDay first = std::numeric_limits<CivilDay>::max();  // of the dates that can be read in one way only
  CivilDay last = std::numeric_limits<CivilDay>::min();
  std::vector<ShortDate> open;

  void see(std::string_view cell) {
    if (is_open_end(cell)) return;
    if (const auto date = read_short_date(cell)) {
      open.push_back(*date);
    } else if (const auto plain = read_date(cell, DateOrder::day_month_year)) {
      first = std::min(first, plain->day);
      last = std::max(last, plain->day);
    }
  }
  // A short date counts for an order when it is a day in that order, and twice when the day lies among the plain ones.
  std::size_t votes(DateOrder order) const {
    constexpr CivilDay kSlack = 366;
    std::size_t count = 0;
    for (const ShortDate& date : open) {
      const auto day = day_of(date, order);
      if (!day) continue;
      count += first <= last && *day >= first - kSlack && *day <= last + kSlack ? 2 : 1;
    }
    return count;
  }
};

DateOrder guess_date_order(std::string_view sample, bool whole, const Layout& layout) {
  std::vector<DateEvidence> evidence(layout.columns.size());
  Sample records{sample, whole, layout.delimiter};
  Cells cells;
  for (std::size_t record = 1; record <= kSampleRecords && records.next(cells); ++record) {
    if (record <= layout.header_record) continue;
    for (std::size_t i = 0; i < std::min(cells.cell.size(), evidence.size()); ++i) {
      if (is_date_column(layout.columns[i])) evidence[i].see(cells.cell[i]);
    }
  }
  DateOrder best = kDateOrders.front();
  std::size_t best_votes = 0;
  for (const DateOrder order : kDateOrders) {
    std::size_t votes = 0;
    for (const DateEvidence& column : evidence) votes += column.votes(order);
    if (votes > best_votes) best = order, best_votes = votes;
  }
  return best;
}

}  // namespace

Mapping Layout::mapping() const {
  Mapping out{.kind = kind,
              .header_record = header_record,
              .delimiter = delimiter,
              .encoding = std::nullopt,
              .date_order = date_order,
              .columns = {},
              .states = {}};
  for (std::size_t i = 0; i < titles.size(); ++i) {
    if (!trim(titles[i]).empty()) out.columns.emplace_back(titles[i], columns[i]);
  }
  return out;
}

std::optional<Layout> guess_layout(std::string_view sample, bool whole, const Mapping* mapping) {
  std::optional<Layout> best;
  std::size_t best_known = kTitlesMin - 1;
  for (const char delimiter : kDelimiters) {
    if (mapping != nullptr && mapping->delimiter && *mapping->delimiter != delimiter) continue;
    Layout tried;
    tried.delimiter = delimiter;
    const std::size_t known = find_header(sample, whole, mapping, tried);
    if (known > best_known) best = tried, best_known = known;
  }
  if (!best) return std::nullopt;
  if (mapping != nullptr && mapping->date_order) {
    best->date_order = *mapping->date_order;
  } else {
    best->date_order = guess_date_order(sample, whole, *best);
  }
  return best;
}

}  // namespace hufu::cli::importer
