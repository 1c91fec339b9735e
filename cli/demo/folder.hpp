// The folder in which a cluster on this machine lives.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace hufu::cli::demo {

// A folder that goes when its user goes, unless it is to be kept.
class Folder {
 public:
  Folder(std::string path, bool kept) : path_(std::move(path)), kept_(kept) {}
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool kept_;
};

// PARENT/NAME-XXXXXX, for the owner alone. Without a parent: under the folder for temporary files.
Try<std::string> make_temporary_folder(const std::string& parent, const std::string& name);

}  // namespace hufu::cli::demo
