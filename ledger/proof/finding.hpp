// How one check of a verification comes to its line: pass, fail with the first reason found, or skip. Pure.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/error.hpp"

namespace hufu {

// One line of a verification, in the order in which a person should read them.
struct Check {
  enum class Result : std::uint8_t { pass, fail, skip };
  std::string
      name;  // "document", "issuer signature", "issuer authority", "inclusion", "history", "status", …
  Result result = Result::skip;
  std::string why;             // one sentence, English
  std::optional<Error> error;  // of a failure
};

inline Check passed(std::string name, std::string why) {
  return {
      .name = std::move(name), .result = Check::Result::pass, .why = std::move(why), .error = std::nullopt};
}
inline Check skipped(std::string name, std::string why) {
  return {
      .name = std::move(name), .result = Check::Result::skip, .why = std::move(why), .error = std::nullopt};
}

inline bool none_failed(const std::vector<Check>& checks) {
  return std::none_of(checks.begin(), checks.end(),
                      [](const Check& check) { return check.result == Check::Result::fail; });
}

// First failure wins: what follows it would only repeat it.
class Finding {
 public:
  explicit Finding(std::string name) : name_(std::move(name)) {}

  bool failed() const { return error_.has_value(); }
  void expect(bool good, Error error, std::string why) {
    if (good || error_) return;
    error_ = error;
    why_ = std::move(why);
  }
  template <class T>
  void expect(const Result<T>& result, std::string why) {
    if (!result) expect(false, result.error(), std::move(why));
  }
  Check take(std::string why_passed) {
    if (!error_) return passed(std::move(name_), std::move(why_passed));
    return {.name = std::move(name_), .result = Check::Result::fail, .why = std::move(why_), .error = error_};
  }

 private:
  std::string name_;
  std::string why_;
  std::optional<Error> error_;
};

}  // namespace hufu
