#include "cli/demo/processes.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace hufu::cli::demo {
namespace {

namespace fs = std::filesystem;

TEST(FreePorts, AreDifferent) {
  const std::vector<std::uint16_t> ports = free_ports(20);
  ASSERT_EQ(ports.size(), 20U);
  EXPECT_EQ(std::set<std::uint16_t>(ports.begin(), ports.end()).size(), 20U);
}

// A pid alone is not enough: it may have been given to another process since.
TEST(PidFiles, NameAProcessByPidAndStartTime) {
  std::string folder = (fs::temp_directory_path() / "hufu-pid-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/pid";
  std::ifstream stat("/proc/self/stat");
  std::string text((std::istreambuf_iterator<char>(stat)), std::istreambuf_iterator<char>());
  std::istringstream rest(text.substr(text.rfind(')') + 2));
  std::string field;
  for (int i = 3; i <= 22; ++i) rest >> field;
  const auto says = [&](const std::string& content) {
    std::ofstream(path, std::ios::trunc) << content;
    return living(path);
  };
  const std::string pid = std::to_string(::getpid());
  EXPECT_EQ(says(pid + " " + field + "\n"), ::getpid());
  EXPECT_EQ(says(pid + " " + field + "1\n"), std::nullopt);
  EXPECT_EQ(says(pid + "\n"), std::nullopt);
  EXPECT_EQ(says("1 1\n"), std::nullopt);
  EXPECT_EQ(says("-1 " + field), std::nullopt);
  EXPECT_EQ(says(""), std::nullopt);
  EXPECT_EQ(living(folder + "/none"), std::nullopt);
  fs::remove_all(folder);
}

TEST(PidFiles, StoppingAFolderWithoutNodesStopsNothing) {
  std::string folder = (fs::temp_directory_path() / "hufu-stop-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  EXPECT_EQ(stop_by_pid_files(folder).value(), 0U);
  EXPECT_EQ(stop_by_pid_files(folder + "/none").error().error, Error::file_missing);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace hufu::cli::demo
