// The importer's door: a file or a directory in, judged records out, one at a time.
//
//   auto reader = Reader::open(path, options);
//   while (true) {
//     auto row = (*reader)->next();
//     if (!row) return row.error();      // the file could not be read on; rows so far stand
//     if (!*row) break;                  // the end
//     use(**row);
//   }
//
// Reads legacy tables of licenses and invoices (CSV, TXT), canonical CSV and JSON lines, XML e-invoices, and directories of
// them; what a file is, its content says. Nothing is sent anywhere. Memory does not grow with the file but for 32 bytes a
// document, by which duplicates are found across all files of one reader.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/import/layout.hpp"
#include "cli/import/mapping.hpp"
#include "cli/import/record_reader.hpp"
#include "cli/import/row.hpp"
#include "ledger/base/error.hpp"

namespace hufu::cli::importer {

struct Options {
  std::optional<Mapping> mapping;    // for tables; overrides what would be guessed
  std::optional<Encoding> encoding;  // overrides the guess and the mapping
};

enum class Format : std::uint8_t { table, json_lines, xml_invoice };
std::string_view name_of(Format format);

// A file that is or was read.
struct Source {
  std::filesystem::path path;
  Format format = Format::table;
  RecordKind kind = RecordKind::license;
  Encoding encoding = Encoding::utf8;
  std::optional<Mapping>
      mapping;  // of a table, as guessed and overridden: what print_mapping() shows and saves
};

// A file of a directory that holds no records of ours.
struct PassedOver {
  std::filesystem::path path;
  Error why;
};

struct Progress {
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;
  std::size_t files_done = 0;
  std::size_t files_total = 0;
};

class Reader {
 public:
  // A single file that is not understood is refused: field_missing when it is a table without a known header,
  // file_missing, file_unreadable, text_malformed. In a directory such files are passed over and listed.
  static Result<std::unique_ptr<Reader>> open(const std::filesystem::path& path, const Options& options);

  // The same over bytes in memory, which must outlive the reader.
  static Result<std::unique_ptr<Reader>> open_memory(std::string_view bytes, const Options& options);

  // The next record of the current file, then of the next file; nullopt after the last.
  Result<std::optional<Row>> next();

  Progress progress() const;
  const std::vector<Source>& sources() const { return sources_; }  // Row::source is an index into it
  const std::vector<PassedOver>& passed_over() const { return passed_over_; }

 private:
  explicit Reader(Options options) : options_(std::move(options)) {}
  Result<void> start(std::unique_ptr<ByteSource> bytes, const std::filesystem::path& path);
  Result<void> start_table(std::unique_ptr<TextSource> text, Source source);
  Result<bool> start_next_file();

  Options options_;
  std::vector<std::filesystem::path> files_;
  std::vector<std::uint64_t> sizes_;
  std::size_t next_file_ = 0;
  bool directory_ = false;
  std::vector<Source> sources_;
  std::vector<PassedOver> passed_over_;
  Duplicates seen_;
  const TextSource* text_ = nullptr;  // of current_, for progress
  std::unique_ptr<RecordReader> current_;
  std::uint64_t bytes_before_ = 0;  // of the files before the current one
  std::uint64_t bytes_total_ = 0;
};

}  // namespace hufu::cli::importer
