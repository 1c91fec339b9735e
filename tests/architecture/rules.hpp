// The architecture, as code that can be asked: which #include of which file breaks the table of rooms.txt.
//
// Reads files, keeps nothing. The table is given as text, so that the tests can plant a violation in a tree of their own.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hufu::architecture {

struct Room {
  std::string name;
  std::string folder;
  std::vector<std::string> uses;     // as written; reachable() closes over them
  std::vector<std::string> headers;  // prefixes; one that begins with '!' takes back
};

struct Limit {
  std::size_t files;
  std::string ending;  // ".cpp", ".hpp" or "any"
  std::string prefix;
};

struct Table {
  std::vector<Room> rooms;
  std::map<std::string, std::vector<std::string>> allow;  // path -> header prefixes
  std::map<std::string, std::vector<std::string>> doors;  // file -> rooms
  std::vector<Limit> limits;
  std::vector<std::string> pure;  // path prefixes; one that begins with '!' takes back
  std::vector<std::string> impure_headers;
  std::vector<std::string> impure_words;
};

// Throws std::runtime_error naming the line that is not understood, or that names a room not written above it.
Table parse_table(std::string_view text);

// The room whose folder is the longest prefix of the path (relative to the root), if any.
const Room* room_of(const Table& table, std::string_view path);

// One line a violation, each begins with "path:line: " or with "path: ". Sorted.
std::vector<std::string> violations(const Table& table, const std::filesystem::path& root);

// All .cpp and .hpp files inside the rooms, relative to the root, sorted.
std::vector<std::string> room_sources(const Table& table, const std::filesystem::path& root);

}  // namespace hufu::architecture
