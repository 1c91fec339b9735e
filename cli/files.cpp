#include "cli/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/text/suggest.hpp"

namespace hufu::cli {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Trouble system_trouble(Error error, const std::string& path, std::string_view verb) {
  return {.error = error, .what = fmt::format("cannot {} {}", verb, path), .why = std::strerror(errno)};
}

bool write_all(int fd, ByteSpan bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

Try<void> write_once(const std::string& path, ByteSpan content, unsigned mode, Durable durable) {
  const Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (fd.get() < 0) {
    return system_trouble(errno == EEXIST ? Error::already_exists : Error::file_unwritable, path, "write");
  }
  if (::fchmod(fd.get(), mode) != 0 || !write_all(fd.get(), content) ||
      (durable == Durable::yes && ::fsync(fd.get()) != 0)) {
    Trouble trouble = system_trouble(Error::file_unwritable, path, "write");
    ::unlink(path.c_str());
    return trouble;
  }
  return {};
}

}  // namespace

Trouble file_trouble(Error error, const std::string& path, std::string_view role) {
  const std::string named = role.empty() ? path : fmt::format("{} {}", role, path);
  Trouble trouble{.error = error, .what = fmt::format("cannot use {}", named)};
  if (error == Error::file_missing) {
    trouble.what = fmt::format("cannot open {}", named);
    if (const auto near = text::nearest_file(path)) trouble.next = fmt::format("did you mean {}?", *near);
  }
  if (error == Error::file_permissions) trouble.next = fmt::format("chmod 600 {}", path);
  if (error == Error::already_exists) trouble.what = fmt::format("{} is there already", path);
  if (error == Error::oversize) trouble.next = "check that it is the file you mean";
  // Bytes that do not decode are a matter of this file, not of the command line.
  if (exit_of(trouble) == kUsage) trouble.exit = kLocal;
  return trouble;
}

Try<Bytes> read_file(const std::string& path, std::size_t max_bytes) {
  const bool standard_input = path == "-";
  const Descriptor fd(standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) {
    if (errno == ENOENT) return file_trouble(Error::file_missing, path);
    return system_trouble(Error::file_unreadable, path, "read");
  }
  struct stat status {};
  if (!standard_input && (::fstat(fd.get(), &status) != 0 || S_ISDIR(status.st_mode))) {
    return Trouble{.error = Error::file_unreadable,
                   .what = fmt::format("cannot read {}", path),
                   .why = "it is a folder"};
  }
  Bytes content;
  std::array<std::uint8_t, 64 * 1024> chunk;
  while (true) {
    const ssize_t got = ::read(fd.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_trouble(Error::file_unreadable, path, "read");
    if (got == 0) return content;
    if (content.size() + static_cast<std::size_t>(got) > max_bytes)
      return file_trouble(Error::oversize, path);
    content.insert(content.end(), chunk.begin(), chunk.begin() + got);
  }
}

Try<void> write_new_file(const std::string& path, ByteSpan content, unsigned mode, Durable durable) {
  return write_once(path, content, mode, durable);
}

Try<void> replace_file(const std::string& path, ByteSpan content, unsigned mode) {
  const std::string fresh = fmt::format("{}.{}.new", path, ::getpid());
  const Try<void> written = write_once(fresh, content, mode, Durable::yes);
  if (!written) return written;
  if (::rename(fresh.c_str(), path.c_str()) != 0) {
    Trouble trouble = system_trouble(Error::file_unwritable, path, "replace");
    ::unlink(fresh.c_str());
    return trouble;
  }
  return {};
}

Try<void> make_private_folder(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const bool made = fs::create_directories(path, error);
  if (!error && made) fs::permissions(path, fs::perms::owner_all, error);
  if (error || !fs::is_directory(path)) {
    return Trouble{.error = Error::file_unwritable,
                   .what = fmt::format("cannot make the folder {}", path),
                   .why = error ? error.message() : "something else has that name"};
  }
  return {};
}

}  // namespace hufu::cli
