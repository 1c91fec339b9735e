#include "cli/demo/processes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "cli/files.hpp"

namespace hufu::cli::demo {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
constexpr auto kGrace = std::chrono::seconds(10);
constexpr auto kLook = std::chrono::milliseconds(50);

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&set, signal);
  return set;
}

// Field 22 of /proc/PID/stat: when the process started, in ticks since boot. Together with the pid it names one process.
std::optional<std::string> start_time(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  // The second field is the name in brackets, and may hold anything.
  const std::size_t name_end = line.rfind(") ");
  if (name_end == std::string::npos) return std::nullopt;
  std::size_t at = name_end + 2;
  if (line[at] == 'Z') return std::nullopt;  // ended, not collected yet
  for (int field = 3; field < 22; ++field) {
    at = line.find(' ', at);
    if (at == std::string::npos) return std::nullopt;
    ++at;
  }
  return line.substr(at, line.find(' ', at) - at);
}

// Between fork and exec only what is safe after a fork: everything was prepared before.
[[noreturn]] void become_node(const char* program, char* const* words, int log, bool detached, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::setsid();  // a Ctrl-C on the terminal is for the demo, which then stops its nodes
  if (!detached) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(kLocal);
  }
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing < 0 || ::dup2(nothing, STDIN_FILENO) < 0 || ::dup2(log, STDOUT_FILENO) < 0 ||
      ::dup2(log, STDERR_FILENO) < 0) {
    ::_exit(kLocal);
  }
  ::execv(program, words);
  ::_exit(kLocal);
}

Trouble cannot_start(const std::string& name) {
  return {.error = Error::file_unreadable,
          .what = fmt::format("cannot start {}", name),
          .why = std::strerror(errno),
          .exit = kLocal};
}

}  // namespace

Signals::Signals() {
  const sigset_t set = watched();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

std::optional<int> Signals::wait_for(std::chrono::milliseconds time) {
  const sigset_t set = watched();
  const timespec limit{.tv_sec = static_cast<time_t>(time.count() / 1000),
                       .tv_nsec = static_cast<long>(time.count() % 1000 * 1'000'000)};
  const int signal = ::sigtimedwait(&set, nullptr, &limit);
  if (signal < 0) return std::nullopt;
  if (signal != SIGCHLD) stop_asked_ = true;
  return signal;
}

std::string own_program() {
  std::array<char, PATH_MAX> path{};
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : std::string("hufu");
}

Processes::~Processes() {
  if (detached_) return;
  for (const pid_t pid : pids_) {
    if (pid > 0) ::kill(pid, SIGTERM);
  }
  for (const pid_t pid : pids_) {
    if (pid > 0) ::waitpid(pid, nullptr, 0);
  }
}

Try<void> Processes::start(std::size_t index) {
  const DemoNode& node = founded_.nodes[index];
  const std::string program = own_program();
  std::array<std::string, 4> words = {program, "node", "start", node.folder};
  std::array<char*, 5> arguments = {words[0].data(), words[1].data(), words[2].data(), words[3].data(),
                                    nullptr};
  const int log = ::open(node.log().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) return cannot_start(node.name);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become_node(program.c_str(), arguments.data(), log, detached_, parent);
  ::close(log);
  if (pid < 0) return cannot_start(node.name);
  pids_[index] = pid;
  const std::string line = fmt::format("{} {}\n", pid, start_time(pid).value_or("0"));
  return replace_file(node.folder + "/pid", as_bytes(line), 0600);
}

Try<void> Processes::start_all() {
  for (std::size_t node = 0; node < founded_.nodes.size(); ++node) {
    if (const auto started = start(node); !started) return started;
  }
  return {};
}

std::optional<std::size_t> Processes::ended() {
  for (std::size_t node = 0; node < pids_.size(); ++node) {
    if (pids_[node] <= 0) continue;
    const pid_t collected = ::waitpid(pids_[node], nullptr, WNOHANG);
    if (collected != pids_[node]) continue;
    pids_[node] = 0;
    return node;
  }
  return std::nullopt;
}

void Processes::kill_hard(std::size_t node) {
  if (pids_[node] <= 0) return;
  ::kill(pids_[node], SIGKILL);
  ::waitpid(pids_[node], nullptr, 0);
  pids_[node] = 0;
}

void Processes::stop_all(Signals& signals) {
  for (const pid_t pid : pids_) {
    if (pid > 0) ::kill(pid, SIGTERM);
  }
  const auto deadline = Clock::now() + kGrace;
  const auto running = [this] {
    return std::any_of(pids_.begin(), pids_.end(), [](pid_t pid) { return pid > 0; });
  };
  while (running() && Clock::now() < deadline) {
    while (ended()) {
    }
    if (running()) signals.wait_for(kLook);
  }
  for (std::size_t node = 0; node < pids_.size(); ++node) kill_hard(node);
}

std::optional<pid_t> living(const std::string& pid_file) {
  const Try<Bytes> content = read_file(pid_file, 64);
  if (!content) return std::nullopt;
  const std::string_view text = as_text(*content);
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + space, pid);
  if (error != std::errc() || end != text.data() + space || pid <= 1) return std::nullopt;
  std::string_view started = text.substr(space + 1);
  if (started.ends_with('\n')) started.remove_suffix(1);
  if (start_time(pid) != std::string(started)) return std::nullopt;
  return pid;
}

Try<unsigned> stop_by_pid_files(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path file = entry->path() / "pid";
    std::error_code ignored;
    if (entry->path().filename().string().starts_with("node-") && fs::exists(file, ignored)) {
      files.push_back(file.string());
    }
  }
  if (error) return file_trouble(Error::file_missing, directory, "the demo's folder");
  unsigned count = 0;
  for (const std::string& file : files) {
    if (const auto pid = living(file)) {
      ::kill(*pid, SIGTERM);
      ++count;
    }
  }
  Signals signals;
  const auto deadline = Clock::now() + kGrace;
  for (const std::string& file : files) {
    while (living(file) && Clock::now() < deadline) signals.wait_for(kLook);
    if (const auto pid = living(file)) ::kill(*pid, SIGKILL);
    fs::remove(file, error);
  }
  return count;
}

}  // namespace hufu::cli::demo
