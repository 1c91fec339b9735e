// Canaries: made-up personal data that a test plants in records and then looks for in every byte that nodes wrote.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace hufu::testing {

// One secret in every form in which a program might write it: UTF-8, UTF-16LE, GB18030, JSON with \u escapes, percent-encoded, and
// hexadecimal of the first three.
struct Canary {
  std::string field;
  std::string text;
  std::map<std::string, std::string> forms;  // name of the form -> bytes
};
Canary canary(const std::string& field, const std::string& text);

// What was found: "holderName as GB18030 in node-1/data/ledger/000012.log".
std::vector<std::string> find(const std::vector<Canary>& canaries, const std::string& bytes,
                              const std::string& where);
// Every file under the folder.
std::vector<std::string> find_in_files(const std::vector<Canary>& canaries,
                                       const std::filesystem::path& folder);
// Every key and value of a RocksDB database, as its own interface gives them: nothing is hidden by blocks or compression.
std::vector<std::string> find_in_database(const std::vector<Canary>& canaries,
                                          const std::filesystem::path& folder);

}  // namespace hufu::testing
