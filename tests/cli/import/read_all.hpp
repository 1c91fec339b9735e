// Reading a whole file or text through the importer's door, and the truth beside the legacy files.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/import/reader.hpp"

namespace hufu::cli::importer {

// Every row of what `reader` has; a reader that breaks off fails the test.
std::vector<Row> drain(Reader& reader);

// The rows of a file given as bytes; fails the test when it is refused.
std::vector<Row> rows_of(std::string_view bytes, const Options& options = {});

// The notes of a row as "A,B", in alphabetical order.
std::string notes_of(const Row& row);

struct Truth {
  std::string identity;
  std::string verdict;
  std::string notes;  // as notes_of()
};
std::map<std::uint64_t, Truth> read_truth(const std::filesystem::path& path);

std::filesystem::path sample_folder();
std::filesystem::path shared_folder();  // may not exist

}  // namespace hufu::cli::importer
