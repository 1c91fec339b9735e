// Every text of scenarios/ is a test.
#include "tests/sim/scenario.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace hufu::sim {
namespace {

std::vector<std::string> scenarios() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(HUFU_SOURCE_DIR "/tests/sim/scenarios")) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Directed : public ::testing::TestWithParam<std::string> {};

TEST_P(Directed, GoesAsWritten) {
  const auto wrong =
      Scenario::play(std::filesystem::path(HUFU_SOURCE_DIR "/tests/sim/scenarios") / (GetParam() + ".txt"));
  EXPECT_FALSE(wrong.has_value()) << GetParam() << ", " << *wrong;
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Directed, ::testing::ValuesIn(scenarios()),
                         [](const auto& text) { return text.param; });

TEST(DirectedText, ThereAreEnough) { EXPECT_GE(scenarios().size(), 25u); }

TEST(DirectedText, WhatIsNotSoIsNoticed) {
  const auto file = std::filesystem::temp_directory_path() / ("hufu-scenario-" + std::to_string(::getpid()));
  std::ofstream(file) << "nodes 3\nleader A\nsubmit x to A\nwait x\nexpect x refused\n";
  const auto wrong = Scenario::play(file);
  std::filesystem::remove(file);
  ASSERT_TRUE(wrong.has_value());
  EXPECT_NE(wrong->find("line 5"), std::string::npos) << *wrong;
}

}  // namespace
}  // namespace hufu::sim
