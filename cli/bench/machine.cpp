#include "cli/bench/machine.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "ledger/base/ed25519.hpp"
#include "ledger/base/hash.hpp"

namespace hufu::cli::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_of(clockid_t clock) {
  timespec time{};
  if (::clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// How often a second, on this core.
template <class Work>
double rate_of(std::chrono::milliseconds time, unsigned at_once, const Work& work) {
  const auto begun = Clock::now();
  std::uint64_t count = 0;
  while (Clock::now() - begun < time) {
    for (unsigned i = 0; i < at_once; ++i) work();
    count += at_once;
  }
  return static_cast<double>(count) / std::chrono::duration<double>(Clock::now() - begun).count();
}

}  // namespace

double cpu_seconds_of(pid_t pid) {
  clockid_t clock = 0;
  return ::clock_getcpuclockid(pid, &clock) == 0 ? seconds_of(clock) : 0;
}

double own_cpu_seconds() { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }

double busy_seconds_of_machine() {
  // cpu user nice system idle iowait irq softirq steal …
  std::ifstream file("/proc/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream words(line);
  std::string name;
  words >> name;
  double busy = 0;
  double ticks = 0;
  for (int field = 0; field < 8 && words >> ticks; ++field) {
    if (field != 3 && field != 4) busy += ticks;
  }
  return busy / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

unsigned cores() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(CPU_COUNT(&set));
}

double resident_mb(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/statm", pid));
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0);
}

std::uint64_t disk_bytes(const std::string& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    struct stat file {};
    // A file may be deleted while one looks.
    if (::lstat(entry->path().c_str(), &file) == 0 && S_ISREG(file.st_mode))
      bytes += static_cast<std::uint64_t>(file.st_size);
  }
  return bytes;
}

Try<double> flush_probe(const std::string& folder) {
  constexpr std::size_t kTimes = 32;
  const std::string path = folder + "/flush-probe";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return Trouble{.error = Error::file_unwritable, .what = "cannot write " + path};
  const std::array<char, 4096> page{};
  std::vector<double> micros;
  while (micros.size() < kTimes) {
    const auto begun = Clock::now();
    if (::write(file, page.data(), page.size()) != static_cast<ssize_t>(page.size())) break;
    if (::fdatasync(file) != 0) break;
    micros.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begun).count());
  }
  ::close(file);
  ::unlink(path.c_str());
  if (micros.size() < kTimes) return Trouble{.error = Error::file_unwritable, .what = "cannot write " + path};
  std::nth_element(micros.begin(), micros.begin() + kTimes / 2, micros.end());
  return micros[kTimes / 2];
}

Primitives measure_primitives() {
  const SigningKey key(Seed({1, 2, 3}));
  const std::array<std::uint8_t, 150> message{7};
  const Signature signature = key.sign(message);
  const std::array<std::uint8_t, 65> node{1};
  Primitives primitives;
  bool held = true;
  primitives.verify_per_s = rate_of(std::chrono::milliseconds(100), 16,
                                    [&] { held = held && verify(key.public_key(), message, signature); });
  std::uint8_t sum = 0;
  primitives.sign_per_s =
      rate_of(std::chrono::milliseconds(60), 16, [&] { sum ^= key.sign(message).bytes[0]; });
  primitives.sha256_65_per_s =
      rate_of(std::chrono::milliseconds(40), 1000, [&] { sum ^= sha256(node).bytes[0]; });
  // Used, so that no compiler leaves the loops away.
  if (!held || (sum == 1 && primitives.sign_per_s < 0)) primitives.verify_per_s = 0;
  return primitives;
}

double singles_limit(const Primitives& primitives, std::size_t nodes) {
  if (primitives.verify_per_s <= 0 || primitives.sign_per_s <= 0) return 0;
  const double seconds = static_cast<double>(nodes) / primitives.verify_per_s + 1 / primitives.sign_per_s;
  return static_cast<double>(cores()) / seconds;
}

}  // namespace hufu::cli::bench
