#include "cli/clock.hpp"

#include <chrono>

namespace hufu::cli {

std::uint64_t now_ms() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

CivilDay china_today() { return china_day_at(static_cast<std::int64_t>(now_ms())); }

}  // namespace hufu::cli
