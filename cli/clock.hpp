// The one place in the commands that looks at a clock.
#pragma once

#include <cstdint>

#include "ledger/record/identifiers.hpp"

namespace hufu::cli {

// Unix milliseconds by this machine's clock.
std::uint64_t now_ms();
// Today's date in China.
CivilDay china_today();

}  // namespace hufu::cli
