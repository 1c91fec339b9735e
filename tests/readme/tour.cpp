#include "tests/readme/tour.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/readme/transcript.hpp"

namespace hufu::readme {
namespace {

namespace fs = std::filesystem;

// "L=1.2.156…" alone in a step holds for the steps after it, as in one shell.
bool is_assignment(const std::string& command) {
  const std::size_t name = command.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  return name != 0 && name != std::string::npos && command[name] == '=' &&
         command.find(' ') == std::string::npos;
}

}  // namespace

Ran run(const std::string& command) {
  Ran ran;
  FILE* pipe = popen(("exec 2>&1 </dev/null\n" + command).c_str(), "r");
  if (pipe == nullptr) return ran;
  std::string text;
  char buffer[4096];
  for (std::size_t got; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, got);
  const int status = pclose(pipe);
  ran.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) ran.printed.push_back(line);
  return ran;
}

std::string page(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(fs::path(HUFU_SOURCE_DIR) / name).rdbuf();
  return text.str();
}

void Tour::SetUp() {
  std::string path = (fs::temp_directory_path() / "hufu-tour-XXXXXX").string();
  ASSERT_NE(mkdtemp(path.data()), nullptr);
  directory_ = path;
  fs::current_path(directory_);
  setenv("PATH", (std::string(HUFU_COMMAND_DIR) + ":" + std::getenv("PATH")).c_str(), 1);
  setenv("NO_COLOR", "1", 1);
  setenv("LC_ALL", "C.UTF-8", 1);
}

void Tour::TearDown() {
  if (!cleanup_.empty()) run(cleanup_);  // nodes that the page leaves running
  fs::current_path("/");
  fs::remove_all(directory_);
}

void Tour::replay(const std::string& name, std::size_t least_steps, const std::string& cleanup) {
  cleanup_ = cleanup;
  const auto steps = steps_of(page(name));
  ASSERT_GE(steps.size(), least_steps) << name << " has lost its commands";
  std::string names;
  for (const Step& step : steps) {
    if (is_assignment(step.command)) names += step.command + "\n";
    const Ran ran = run(names + step.command);
    std::string all;
    for (const std::string& line : ran.printed) all += "\n    " + line;
    const std::string where = name + ":" + std::to_string(step.line) + ": $ " + step.command;
    ASSERT_EQ(ran.exit, 0) << where << all;
    ASSERT_EQ(difference(step.expected, ran.printed), "") << where << all;
  }
}

}  // namespace hufu::readme
