// Supervision's figures as tables, for CSV, JSON and people alike. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/chain/supervision.hpp"
#include "ledger/trace/trace.hpp"

namespace hufu::cli {

// A cell that is a number stands as one in JSON.
struct SupervisionTable {
  std::string name;  // of the file, and in JSON: "activity"
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

// What one node refused, from its access log.
class Refusals {
 public:
  void see(const SignedEntry& entry);
  const std::map<std::pair<std::string, std::uint16_t>, std::uint64_t>& counts() const { return counts_; }
  std::uint64_t traces() const { return traces_; }

 private:
  std::map<std::pair<std::string, std::uint16_t>, std::uint64_t> counts_;  // by agency and error
  std::uint64_t traces_ = 0;
};

// activity, operations, spans, mass_revocations (more than `mass` by one agency on one day), and, where a node's access log was
// read, refusals, with that node's name: its own word.
std::vector<SupervisionTable> supervision_tables(const Supervision& supervision, std::uint64_t mass);
// Empty; then a row for each agency and code that a node refused, with what was attempted: DOUBLE_CLAIM, SECOND_ISSUE,
// ILLEGAL_TRANSITION, WITHOUT_AUTHORITY or OTHER.
SupervisionTable refusal_table();
void add_refusals(SupervisionTable& table, const Refusals& refusals, const std::string& node);

}  // namespace hufu::cli
