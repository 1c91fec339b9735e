#include "ledger/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace hufu {

void check_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "hufu: bug: check failed: %s (%s:%d)\n", condition, file, line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace hufu
