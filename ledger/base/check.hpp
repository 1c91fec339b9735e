// HUFU_CHECK states what only a bug of ours could break. It is on in every build; a failure prints the place and
// stops the process, because a ledger that goes on after a broken invariant signs nonsense.
#pragma once

namespace hufu {
[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;
}  // namespace hufu

#define HUFU_CHECK(condition)                               \
  do {                                                      \
    if (!(condition)) {                                     \
      ::hufu::check_failed(#condition, __FILE__, __LINE__); \
    }                                                       \
  } while (false)
