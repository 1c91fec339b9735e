// What became of each row of an import, and the report that says so, row by row in the order of the files.
#pragma once

#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "cli/import/row.hpp"
#include "cli/session.hpp"

namespace hufu::cli {

enum class RowOutcome : std::uint8_t {
  pending,      // not decided yet; at the end: not sent, or its outcome is unknown
  appended,     // on the ledger, by this run
  already,      // on the ledger before, with this very content
  refused,      // by the ledger's rules, or because it makes no operation
  held,         // sound, but its state calls for a record that it does not name
  foreign,      // of an agency whose key is not here
  left_out,     // its verdict keeps it out: REVIEW, REJECT, SKIP
  would_append  // of a dry run
};
std::string_view name_of(RowOutcome outcome);

struct ImportRow {
  std::string file;
  std::uint64_t record = 0;
  importer::RecordKind kind = importer::RecordKind::license;
  importer::Verdict verdict = importer::Verdict::accept;
  std::vector<importer::FieldNote> notes;
  std::string identity;
  RowOutcome outcome = RowOutcome::pending;
  std::optional<Error> error;
  std::string why;
  std::uint64_t height = 0;
};

struct ImportTotals {
  std::uint64_t total = 0;
  std::array<std::uint64_t, importer::kVerdicts> verdicts{};
  std::array<std::uint64_t, 8> outcomes{};

  std::uint64_t of(RowOutcome outcome) const { return outcomes[static_cast<std::size_t>(outcome)]; }
  std::uint64_t of(importer::Verdict verdict) const { return verdicts[static_cast<std::size_t>(verdict)]; }
};

json::object to_json(const ImportRow& row);
std::string csv_header();
std::string csv_line(const ImportRow& row);

// JSON lines, or CSV when the name ends in .csv. Written beside the name and put in its place by finish().
class ImportReport {
 public:
  static Try<std::unique_ptr<ImportReport>> open(const std::string& path);
  ~ImportReport();
  ImportReport(const ImportReport&) = delete;
  ImportReport& operator=(const ImportReport&) = delete;

  void write(const ImportRow& row);
  Try<void> finish();

 private:
  ImportReport(std::string path, std::FILE* file, bool csv)
      : path_(std::move(path)), file_(file), csv_(csv) {}
  std::string fresh() const { return path_ + ".new"; }

  std::string path_;
  std::FILE* file_;
  bool csv_;
  bool failed_ = false;
};

}  // namespace hufu::cli
