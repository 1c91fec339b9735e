#include "tests/cli/import/read_all.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>

namespace hufu::cli::importer {
namespace {

std::string joined(std::vector<std::string> notes) {
  std::sort(notes.begin(), notes.end());
  std::string out;
  for (const std::string& note : notes) out += (out.empty() ? "" : ",") + note;
  return out;
}

}  // namespace

std::vector<Row> drain(Reader& reader) {
  std::vector<Row> rows;
  while (true) {
    auto row = reader.next();
    if (!row) {
      ADD_FAILURE() << "broke off: " << code_of(row.error());
      return rows;
    }
    if (!*row) return rows;
    rows.push_back(std::move(**row));
  }
}

std::vector<Row> rows_of(std::string_view bytes, const Options& options) {
  auto reader = Reader::open_memory(bytes, options);
  if (!reader) {
    ADD_FAILURE() << "refused: " << code_of(reader.error());
    return {};
  }
  return drain(**reader);
}

std::string notes_of(const Row& row) {
  std::vector<std::string> notes;
  for (const FieldNote& note : row.notes) notes.emplace_back(code_of(note.note));
  return joined(std::move(notes));
}

std::map<std::uint64_t, Truth> read_truth(const std::filesystem::path& path) {
  std::map<std::uint64_t, Truth> out;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const boost::json::object truth = boost::json::parse(line).as_object();
    const char* key = truth.contains("certIdentifier") ? "certIdentifier" : "invoiceNumber";
    std::vector<std::string> notes;
    for (const auto& note : truth.at("notes").as_array()) notes.emplace_back(note.as_string());
    out[static_cast<std::uint64_t>(truth.at("record").as_int64())] = {
        .identity = std::string(truth.at(key).as_string()),
        .verdict = std::string(truth.at("verdict").as_string()),
        .notes = joined(std::move(notes))};
  }
  return out;
}

std::filesystem::path sample_folder() {
  return std::filesystem::path(HUFU_SOURCE_DIR) / "genesis" / "sample";
}

std::filesystem::path shared_folder() {
  if (const char* named = std::getenv("HUFU_SHARED")) return named;
  return std::filesystem::path(HUFU_SOURCE_DIR) / ".." / "shared";
}

}  // namespace hufu::cli::importer
