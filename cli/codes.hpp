// Every code that people meet, told in one way: errors (ledger/base/error.cpp), reasons of a verdict (ledger/proof/reason.cpp)
// with what to do about each, notes of an import (cli/import/row.cpp), exit codes. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/import/row.hpp"
#include "ledger/base/error.hpp"
#include "ledger/proof/verdict.hpp"

namespace hufu::cli {

// The next step of whoever stands at the counter.
struct Advice {
  Reason reason;
  std::string_view en;
  std::string_view zh;
};
const Advice& advice_for(Reason reason);

// In the order in which people are told.
std::vector<Reason> all_reasons();
std::optional<Reason> reason_named(std::string_view code);
// Of a verification that gives this reason alone.
int exit_of(Reason reason);

const importer::NoteInfo* note_named(std::string_view code);
// What becomes of a row of this class, and what to do about it.
struct RowAdvice {
  importer::Verdict verdict;
  std::string_view en;
  std::string_view zh;
};
const RowAdvice& advice_for(importer::Verdict verdict);

struct ExitInfo {
  int exit = 0;
  std::string_view en;
  std::string_view zh;
};
std::span<const ExitInfo> all_exits();

// docs/CODES.md: all of them as tables in both languages.
std::string codes_markdown();

}  // namespace hufu::cli
