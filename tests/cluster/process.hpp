// Other programs, as the tests run them: real processes with their own output files. Nothing here waits by sleeping.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace hufu::testing {

struct Ended {
  int exit = -1;    // 128 + signal when killed
  std::string out;  // stdout
  std::string err;  // stderr
};

// A running process; killed and reaped when it is forgotten.
class Process {
 public:
  // Output goes to files in `folder`, so that a process that nobody reads never blocks.
  Process(const std::filesystem::path& folder, const std::vector<std::string>& arguments);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  Ended wait();

 private:
  std::filesystem::path out_;
  std::filesystem::path err_;
  pid_t pid_ = -1;
  int status_ = 0;
};

// Runs to the end.
Ended run(const std::filesystem::path& folder, const std::vector<std::string>& arguments);

// Asks again and again, as fast as the question itself takes, until it is true or the time is over.
template <class Question>
bool eventually(std::chrono::seconds limit, Question question) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (std::chrono::steady_clock::now() < end) {
    if (question()) return true;
  }
  return question();
}

// A folder of its own under the system's temporary folder, removed at the end unless the test failed.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string read_file(const std::filesystem::path& path);

}  // namespace hufu::testing
