// The program: words in, exit code out. Nothing escapes as an exception without being called what it is, a bug.
#include <sys/resource.h>

#include <cstdio>
#include <exception>

#include "cli/arguments.hpp"
#include "cli/exit.hpp"
#include "cli/node_start.hpp"

int main(int argc, char** argv) {
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
