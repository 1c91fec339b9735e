#include "tests/cluster/process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <sstream>

extern char** environ;

namespace hufu::testing {

Process::Process(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  static std::atomic<int> number{0};
  const std::string stem = "process-" + std::to_string(++number);
  out_ = folder / (stem + ".out");
  err_ = folder / (stem + ".err");
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int error = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), arguments[0]);
}

Process::~Process() {
  if (!running()) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, &status_, 0);
}

bool Process::running() {
  if (pid_ < 0) return false;
  if (waitpid(pid_, &status_, WNOHANG) == 0) return true;
  pid_ = -1;
  return false;
}

Ended Process::wait() {
  if (pid_ >= 0) waitpid(pid_, &status_, 0);
  pid_ = -1;
  const int exit = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  return {.exit = exit, .out = read_file(out_), .err = read_file(err_)};
}

Ended run(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  return Process(folder, arguments).wait();
}

Scratch::Scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "hufu-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
  path_ = name;
}

Scratch::~Scratch() {
  if (::testing::Test::HasFailure()) {
    std::printf("kept for a look: %s\n", path_.c_str());
    return;
  }
  std::error_code ignored;  // what is left over is in the temporary folder
  std::filesystem::remove_all(path_, ignored);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace hufu::testing
