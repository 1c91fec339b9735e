#include "cli/demo/folder.hpp"

#include <cstdlib>
#include <filesystem>

namespace hufu::cli::demo {

namespace fs = std::filesystem;

Folder::~Folder() {
  std::error_code ignored;
  if (!kept_) fs::remove_all(path_, ignored);
}

Try<std::string> make_temporary_folder(const std::string& parent, const std::string& name) {
  std::error_code error;
  const fs::path under = parent.empty() ? fs::temp_directory_path(error) : fs::absolute(parent, error);
  std::string path = (under / (name + "-XXXXXX")).string();
  if (error || ::mkdtemp(path.data()) == nullptr) {
    return Trouble{.error = Error::file_unwritable,
                   .what = "cannot make a folder under " + under.string(),
                   .next = parent.empty() ? "set TMPDIR" : "name a folder that is there and may be written"};
  }
  return path;
}

}  // namespace hufu::cli::demo
