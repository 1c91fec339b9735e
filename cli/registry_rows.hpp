// The registry's subjects as rows for people and spreadsheets. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ledger/record/standing.hpp"

namespace hufu::cli {

struct Column {
  const char* name;  // in CSV
  const char* english;
  const char* chinese;
};
// Error::usage for a kind that is not listed so.
std::span<const Column> registry_columns(SubjectKind kind);

// An agency has a row for each grant, an agreement one for each type, a type of the catalogue one; with as many cells as there
// are columns. What stands is judged by the day: an agency is ACTIVE, SUSPENDED or WITHDRAWN; an agreement IN_FORCE, ENDED,
// EXPIRED or NOT_YET_VALID.
std::vector<std::vector<std::string>> registry_rows(const SubjectKey& key, const Standing& standing,
                                                    CivilDay today);

// "agency-11330302XT00001376.hufu": what is not a letter, a digit, a dot, a dash or an underscore is percent-encoded.
std::string proof_file_name(const SubjectKey& key);

}  // namespace hufu::cli
