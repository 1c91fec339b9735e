// What a reader may rely on in every file of the project. No version control is asked: an unpacked archive is checked
// the same way.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/architecture/rules.hpp"

namespace hufu::architecture {
namespace {

namespace fs = std::filesystem;

struct File {
  std::string path;  // relative to the root
  std::vector<std::string> lines;
};

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool is_text(const fs::path& path) {
  static const std::vector<std::string> endings = {".cpp",   ".hpp", ".txt",  ".md",
                                                   ".cmake", ".sh",  ".json", ".toml"};
  return std::find(endings.begin(), endings.end(), path.extension().string()) != endings.end() ||
         path.filename() == "run";
}

// Written by people: everything but build trees, version control and the fuzzers' corpora.
std::vector<File> files() {
  std::vector<File> all;
  const fs::path root = HUFU_SOURCE_DIR;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator();
       ++entry) {
    const std::string path = entry->path().lexically_relative(root).generic_string();
    const std::string name = entry->path().filename().string();
    if (entry->is_directory() && (name == "build" || name == ".git" || path == "tests/fuzz/corpus")) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file() && is_text(entry->path())) {
      all.push_back(File{.path = path, .lines = lines_of(entry->path())});
    }
  }
  return all;
}

bool is_source(const File& file) { return file.path.ends_with(".cpp") || file.path.ends_with(".hpp"); }

// The words are put together here, so that this file may speak of them.
std::string joined(const char* a, const char* b) { return std::string(a) + b; }

TEST(Tidiness, ManyFilesAreSeen) { EXPECT_GE(files().size(), 20u); }

// Fails for every line that holds one of the words.
void expect_nowhere(const std::vector<std::string>& words) {
  for (const File& file : files()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      for (const std::string& word : words) {
        EXPECT_EQ(file.lines[i].find(word), std::string::npos)
            << file.path << ":" << i + 1 << ": " << file.lines[i];
      }
    }
  }
}

TEST(Tidiness, NothingIsLeftOpen) {
  expect_nowhere({joined("TO", "DO"), joined("FIX", "ME"), joined("XX", "X:"), joined("HA", "CK"),
                  joined("not ", "implemented"), joined("DISABLED", "_")});
}

TEST(Tidiness, NothingKnowsTheMachineItWasWrittenOn) {
  expect_nowhere({joined("/wo", "rk/"), joined("/fa", "rm/"), joined("/ro", "ot/"), joined("bash", "_jobs")});
}

TEST(Tidiness, SourcesAreShort) {
  for (const File& file : files()) {
    if (!is_source(file)) continue;
    EXPECT_LE(file.lines.size(), 500u) << file.path << " is two files in one";
  }
}

TEST(Tidiness, HeadersSayWhatTheyAreForAndAreIncludedOnce) {
  for (const File& file : files()) {
    if (!file.path.ends_with(".hpp") || file.lines.empty()) continue;
    EXPECT_TRUE(file.lines.front().starts_with("//")) << file.path << " does not begin with its purpose";
    EXPECT_NE(std::find(file.lines.begin(), file.lines.end(), "#pragma once"), file.lines.end()) << file.path;
  }
}

TEST(Tidiness, NoFileIsNamedForNothing) {
  for (const File& file : files()) {
    const fs::path path = file.path;
    for (const fs::path& part : path) {
      for (const char* name : {"util", "utils", "common", "helpers", "misc"}) {
        EXPECT_NE(part.stem(), name) << file.path;
      }
    }
  }
}

TEST(Tidiness, EveryRoomIntroducesItself) {
  const fs::path root = HUFU_SOURCE_DIR;
  std::ostringstream text;
  text << std::ifstream(root / "tests/architecture/rooms.txt").rdbuf();
  for (const Room& room : parse_table(text.str()).rooms) {
    if (!fs::exists(root / room.folder / "CMakeLists.txt")) continue;
    const auto lines = lines_of(root / room.folder / "README.md");
    EXPECT_GE(lines.size(), 5u) << room.folder
                                << "/README.md: what lives here, what may enter, its invariants";
  }
}

}  // namespace
}  // namespace hufu::architecture
