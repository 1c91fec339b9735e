#include "node/data_dir.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "ledger/base/failpoint.hpp"

namespace hufu::node {

consensus::Checked<std::unique_ptr<DataDir>> DataDir::open(const std::filesystem::path& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (failed) return consensus::Fault{Error::file_unwritable, path.string() + ": " + failed.message()};
  std::filesystem::permissions(path, std::filesystem::perms::owner_all, failed);
  if (failed) return consensus::Fault{Error::file_unwritable, path.string() + ": " + failed.message()};
  failpoint("data.created");
  const std::string file = (path / "lock").string();
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock < 0) return consensus::Fault{Error::file_unwritable, file + ": " + std::strerror(errno)};
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return consensus::Fault{Error::file_unwritable, path.string() + ": another process runs a node on it"};
  }
  failpoint("data.locked");
  return std::unique_ptr<DataDir>(new DataDir(path, lock));
}

std::vector<std::pair<std::uint64_t, std::filesystem::path>> DataDir::raft_logs() const {
  std::vector<std::pair<std::uint64_t, std::filesystem::path>> logs;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(raft(), ignored))
    logs.emplace_back(std::strtoull(entry.path().filename().c_str(), nullptr, 10), entry.path());
  return logs;
}

DataDir::~DataDir() { ::close(lock_); }

}  // namespace hufu::node
