#include "cli/import_row.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>

#include "cli/text/csv.hpp"

namespace hufu::cli {
std::string_view name_of(RowOutcome outcome) {
  switch (outcome) {
    case RowOutcome::appended:
      return "appended";
    case RowOutcome::already:
      return "already";
    case RowOutcome::refused:
      return "refused";
    case RowOutcome::held:
      return "held";
    case RowOutcome::foreign:
      return "foreign";
    case RowOutcome::left_out:
      return "left_out";
    case RowOutcome::would_append:
      return "would_append";
    case RowOutcome::pending:
      break;
  }
  return "unknown";
}

json::object to_json(const ImportRow& row) {
  json::array notes;
  for (const importer::FieldNote& note : row.notes) {
    json::object one{{"code", importer::code_of(note.note)}};
    if (!note.field.empty()) one["field"] = note.field;
    notes.push_back(std::move(one));
  }
  json::object out{{"file", row.file},
                   {"record", row.record},
                   {"kind", importer::name_of(row.kind)},
                   {"verdict", importer::name_of(row.verdict)},
                   {"notes", std::move(notes)},
                   {"id", row.identity},
                   {"outcome", name_of(row.outcome)}};
  if (row.error) out["code"] = code_of(*row.error);
  if (!row.why.empty()) out["why"] = row.why;
  if (row.height != 0) out["height"] = row.height;
  return out;
}

std::string csv_header() { return "file,record,kind,verdict,notes,id,outcome,code,why,height\r\n"; }

std::string csv_line(const ImportRow& row) {
  std::string notes;
  for (const importer::FieldNote& note : row.notes) {
    if (!notes.empty()) notes += ' ';
    notes += importer::code_of(note.note);
    if (!note.field.empty()) notes += fmt::format(":{}", note.field);
  }
  return fmt::format("{},{},{},{},{},{},{},{},{},{}\r\n", text::csv_cell(row.file), row.record,
                     importer::name_of(row.kind), importer::name_of(row.verdict), text::csv_cell(notes),
                     text::csv_cell(row.identity), name_of(row.outcome),
                     row.error ? code_of(*row.error) : std::string_view(), text::csv_cell(row.why),
                     row.height == 0 ? std::string() : std::to_string(row.height));
}

Try<std::unique_ptr<ImportReport>> ImportReport::open(const std::string& path) {
  const std::string fresh = path + ".new";
  std::FILE* const file = std::fopen(fresh.c_str(), "wb");
  if (file == nullptr) {
    return Trouble{.error = Error::file_unwritable,
                   .what = fmt::format("cannot write the report {}", path),
                   .why = std::strerror(errno)};
  }
  const bool csv = path.ends_with(".csv");
  std::unique_ptr<ImportReport> report(new ImportReport(path, file, csv));
  // The mark makes spreadsheets read UTF-8.
  if (csv) report->failed_ = std::fputs((std::string(text::kCsvBegin) + csv_header()).c_str(), file) < 0;
  return report;
}

ImportReport::~ImportReport() {
  if (file_ == nullptr) return;
  std::fclose(file_);
  ::unlink(fresh().c_str());
}

void ImportReport::write(const ImportRow& row) {
  const std::string line = csv_ ? csv_line(row) : json::serialize(to_json(row)) + "\n";
  if (std::fwrite(line.data(), 1, line.size(), file_) != line.size()) failed_ = true;
}

Try<void> ImportReport::finish() {
  const bool closed = std::fclose(file_) == 0;
  file_ = nullptr;
  if (failed_ || !closed || std::rename(fresh().c_str(), path_.c_str()) != 0) {
    return Trouble{.error = Error::file_unwritable,
                   .what = fmt::format("cannot write the report {}", path_),
                   .why = std::strerror(errno)};
  }
  return {};
}

}  // namespace hufu::cli
