// Made-up records in the canonical CSV form, as many as a test wants, issued by agencies that a data set's reference knows.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace hufu::testing {

struct RecordFiles {
  std::filesystem::path licenses;
  std::filesystem::path invoices;
  std::vector<std::string> license_ids;
  std::vector<std::string> invoice_numbers;
};

// `reference` is a folder with agencies.jsonl. Numbers begin at `first`, so that several sets do not meet.
RecordFiles write_records(const std::filesystem::path& folder, const std::filesystem::path& reference,
                          std::size_t licenses, std::size_t invoices, std::size_t first = 1);

}  // namespace hufu::testing
