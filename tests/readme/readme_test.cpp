// The pages for people are run as written.
#include <gtest/gtest.h>

#include "tests/readme/tour.hpp"
#include "tests/readme/transcript.hpp"

namespace hufu::readme {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

TEST_F(Tour, PrintsWhatThePageSays) { replay("README.md", 5, "hufu demo --stop tour"); }

TEST_F(Tour, AnOperatorsPagePrintsWhatItSays) {
  replay("docs/operations.md", 20,
         "hufu demo --stop ops; hufu demo --stop roster; kill $(cat ops/restarted.pid roster/node-*.pid)");
}

TEST(Readme, ItsTwoCommandsAreThoseOfTheScript) {
  const std::string text = page("README.md");
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
