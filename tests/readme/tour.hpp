// A page for people whose commands are run as written, in a directory of their own, and must print what the page says.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace hufu::readme {

struct Ran {
  int exit = -1;
  std::vector<std::string> printed;
};
// Standard output and standard error together, as a person sees them.
Ran run(const std::string& command);

// Relative to the source folder: "README.md".
std::string page(const std::string& name);

// An empty working directory, hufu on the PATH, and whatever the page started ended again.
class Tour : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // Every console step of the page, in order, until one differs. At the end of a page that failed, `cleanup` is run.
  void replay(const std::string& name, std::size_t least_steps, const std::string& cleanup);

 private:
  std::filesystem::path directory_;
  std::string cleanup_;
};

}  // namespace hufu::readme
