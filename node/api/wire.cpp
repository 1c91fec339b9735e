#include "node/api/wire.hpp"

#include <algorithm>

namespace hufu::api {

bool is_error_number(std::uint16_t number) {
  const auto errors = all_errors();
  return std::any_of(errors.begin(), errors.end(), [number](const ErrorInfo& info) {
    return static_cast<std::uint16_t>(info.error) == number;
  });
}

Problem problem(Error error, std::string_view why) {
  Problem out{.refusal = {.error = error}, .why = std::string(why.substr(0, kWhy))};
  // Cutting may have gone through a character.
  for (int i = 0; i < 4 && !is_utf8(out.why) && !out.why.empty(); ++i) out.why.pop_back();
  if (!is_utf8(out.why)) out.why.clear();
  std::replace_if(
      out.why.begin(), out.why.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return out;
}

bool is_outcome_unknown(Error error) { return error == Error::outcome_unknown || error == Error::timed_out; }

bool is_passing(Error error) {
  switch (error) {
    case Error::not_leader:
    case Error::no_quorum:
    case Error::ledger_unavailable:
    case Error::outcome_unknown:
    case Error::rate_limited:
    case Error::overloaded:
    case Error::timed_out:
      return true;
    default:
      return false;
  }
}

}  // namespace hufu::api
