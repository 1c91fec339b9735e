// Every code that people meet, told in one way: errors (ledger/base/error.cpp), reasons of a verdict (ledger/proof/reason.cpp)
// with what to do about each, verdicts, exit codes. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

struct ExitInfo {
  int exit = 0;
  std::string_view en;
  std::string_view zh;
};
std::span<const ExitInfo> all_exits();

// docs/CODES.md: all of them as tables in both languages.
std::string codes_markdown();

}  // namespace hufu::cli
