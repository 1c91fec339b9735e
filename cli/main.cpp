// The program: words in, exit code out. Nothing escapes as an exception without being called what it is, a bug.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "cli/arguments.hpp"
#include "cli/exit.hpp"
#include "cli/node_start.hpp"
#include "ledger/base/failpoint.hpp"

namespace {

// What tests set to end this process at a certain moment (ledger/base/failpoint.hpp). Not armed as wished: nothing runs.
bool arm_failpoint() {
  const char* const wish = std::getenv("HUFU_FAILPOINT");
  if (wish == nullptr || hufu::failpoints::arm(wish)) return true;
  std::fprintf(stderr,
               "error: HUFU_FAILPOINT: no failpoint is called so\nnext:  hufu failpoints lists them\n");
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (!arm_failpoint()) return hufu::cli::kUsage;
  // A core file would hold keys.
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    return hufu::cli::run_words(words, {.start = hufu::cli::start_node, .recover = hufu::cli::recover_node});
  } catch (const std::exception& error) {
    std::fprintf(stderr,
                 "error: a bug in hufu: %s\nnext:  report it with the command and this line\ncode:  BUG\n",
                 error.what());
    return hufu::cli::kBug;
  }
}
