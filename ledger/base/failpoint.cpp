#include "ledger/base/failpoint.hpp"

#include <signal.h>
#include <unistd.h>

#include <charconv>

namespace hufu::failpoints {
namespace {

std::atomic<std::uint64_t> left{1};  // passages until the process dies

constexpr bool each_stands_once() {
  for (const Failpoint& one : kFailpoints) {
    for (const Failpoint& other : kFailpoints) {
      if (&one != &other && one.name == other.name) return false;
    }
  }
  return true;
}
static_assert(each_stands_once());

}  // namespace

std::atomic<std::int32_t> armed{kNone};

void passed() {
  if (left.fetch_sub(1) != 1) return;
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();  // the signal ends this thread too, but the call may return first
}

bool arm(std::string_view wish) {
  const std::size_t colon = wish.find(':');
  std::uint64_t passages = 1;
  if (colon != std::string_view::npos) {
    const std::string_view digits = wish.substr(colon + 1);
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), passages);
    if (status != std::errc() || end != digits.data() + digits.size() || passages == 0) return false;
  }
  for (std::size_t number = 0; number < std::size(kFailpoints); ++number) {
    if (kFailpoints[number].name != wish.substr(0, colon)) continue;
    left = passages;
    armed = static_cast<std::int32_t>(number);
    return true;
  }
  return false;
}

}  // namespace hufu::failpoints
