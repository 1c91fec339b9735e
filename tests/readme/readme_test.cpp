// The README's tour is run as written, in a directory of its own, and must print what the page says.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/readme/transcript.hpp"

namespace hufu::readme {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

struct Ran {
  int exit = -1;
  Lines printed;
};

// Standard output and standard error together, as a person sees them.
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

bool is_assignment(const std::string& command) {
  const std::size_t name = command.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  return name != 0 && name != std::string::npos && command[name] == '=' &&
         command.find(' ') == std::string::npos;
}

std::string page() {
  std::ostringstream text;
  text << std::ifstream(fs::path(HUFU_SOURCE_DIR) / "README.md").rdbuf();
  return text.str();
}

// An empty working directory, hufu on the PATH, and whatever the tour started ended again.
class Tour : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = (fs::temp_directory_path() / "hufu-tour-XXXXXX").string();
    ASSERT_NE(mkdtemp(path.data()), nullptr);
    directory_ = path;
    fs::current_path(directory_);
    setenv("PATH", (std::string(HUFU_COMMAND_DIR) + ":" + std::getenv("PATH")).c_str(), 1);
    setenv("NO_COLOR", "1", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
  }
  void TearDown() override {
    if (HasFailure()) run("hufu demo --stop tour");
    fs::current_path("/");
    fs::remove_all(directory_);
  }

 private:
  fs::path directory_;
};

TEST_F(Tour, PrintsWhatThePageSays) {
  const auto steps = steps_of(page());
  ASSERT_GE(steps.size(), 5u) << "the README has lost its tour";
  std::string names;  // "L=1.2.156…" alone in a step holds for the steps after it, as in one shell
  for (const Step& step : steps) {
    if (is_assignment(step.command)) names += step.command + "\n";
    const Ran ran = run(names + step.command);
    std::string all;
    for (const std::string& line : ran.printed) all += "\n    " + line;
    const std::string where = "README.md:" + std::to_string(step.line) + ": $ " + step.command;
    ASSERT_EQ(ran.exit, 0) << where << all;
    ASSERT_EQ(difference(step.expected, ran.printed), "") << where << all;
  }
}

TEST(Readme, ItsTwoCommandsAreThoseOfTheScript) {
  const std::string text = page();
  for (const char* command : {"./run demo", "./run test"}) EXPECT_NE(text.find(command), std::string::npos);
  EXPECT_TRUE(fs::is_regular_file(fs::path(HUFU_SOURCE_DIR) / "run"));
}

TEST(Transcript, StepsAreTheCommandsOfConsoleBlocks) {
  const auto steps =
      steps_of("$ no\n```sh\n$ no\n```\n```console\n$ one \\\n  more\na\n\nb\n$ two\n```\n$ no\n");
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].line, 6u);
  EXPECT_EQ(steps[0].command, "one \\\n  more");
  EXPECT_EQ(steps[0].expected, (Lines{"a", "", "b"}));
  EXPECT_EQ(steps[1].command, "two");
}

TEST(Transcript, EqualLinesDoNotDiffer) {
  EXPECT_EQ(difference({}, {}), "");
  EXPECT_EQ(difference({"a", "b"}, {"a", "b"}), "");
}

TEST(Transcript, AnotherLineAMissingLineAndAnExtraLineDiffer) {
  EXPECT_NE(difference({"a"}, {"b"}), "");
  EXPECT_NE(difference({"a", "b"}, {"a"}), "");
  EXPECT_NE(difference({"a"}, {"a", "b"}), "");
  EXPECT_NE(difference({"a"}, {}), "");
}

TEST(Transcript, AnEllipsisStandsForAnythingInsideALine) {
  EXPECT_EQ(difference({"height …, … nodes"}, {"height 12, 3 nodes"}), "");
  EXPECT_EQ(difference({"…"}, {}), "");
  EXPECT_NE(difference({"height …, … nodes"}, {"height 12, 3 houses"}), "");
}

TEST(Transcript, AnEllipsisAloneStandsForLines) {
  EXPECT_EQ(difference({"a", "…", "z"}, {"a", "b", "c", "z"}), "");
  EXPECT_EQ(difference({"a", "…", "z"}, {"a", "z"}), "");
  EXPECT_EQ(difference({"a", "…"}, {"a", "b", "c"}), "");
  EXPECT_NE(difference({"a", "…", "z"}, {"a", "b", "c"}), "");
  EXPECT_NE(difference({"a", "…", "y", "z"}, {"a", "y", "x", "z"}), "");
}

}  // namespace
}  // namespace hufu::readme
