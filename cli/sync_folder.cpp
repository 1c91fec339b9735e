#include "cli/sync_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hufu::cli {

Try<void> sync_folder(const std::string& path) {
  const std::string folder = path.empty() ? "." : path;
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int why = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (synced) return {};
  return Trouble{.error = Error::file_unwritable,
                 .what = fmt::format("cannot make {} durable", folder),
                 .why = std::strerror(why)};
}

}  // namespace hufu::cli
