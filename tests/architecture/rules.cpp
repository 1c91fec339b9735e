#include "tests/architecture/rules.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace hufu::architecture {
namespace {

namespace fs = std::filesystem;

// True iff path is the folder or file named, or lies below it.
bool lies_in(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool contains(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

const Room* find_room(const Table& table, std::string_view name) {
  const auto found = std::find_if(table.rooms.begin(), table.rooms.end(),
                                  [&](const Room& room) { return room.name == name; });
  return found == table.rooms.end() ? nullptr : &*found;
}

bool reachable(const Table& table, const Room& from, std::string_view to) {
  if (from.name == to) return true;
  return std::any_of(from.uses.begin(), from.uses.end(),
                     [&](const std::string& next) { return reachable(table, *find_room(table, next), to); });
}

// Longest matching prefix decides, so that "!boost/asio" wins over "boost/".
bool permits(const std::vector<std::string>& prefixes, std::string_view name) {
  bool permitted = false;
  std::size_t longest = 0;
  for (const std::string& entry : prefixes) {
    const bool takes_back = entry.starts_with('!');
    const std::string_view prefix = std::string_view(entry).substr(takes_back ? 1 : 0);
    if (!name.starts_with(prefix) || prefix.size() < longest) continue;
    longest = prefix.size();
    permitted = !takes_back;
  }
  return permitted;
}

struct Include {
  bool own = false;  // "…" and not <…>
  std::string name;
};

std::optional<Include> include_of(std::string_view line) {
  const auto skip = [&line](std::string_view what) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.starts_with(what)) return false;
    line.remove_prefix(what.size());
    return true;
  };
  if (!skip("#") || !skip("include")) return std::nullopt;
  const bool own = skip("\"");
  if (!own && !skip("<")) return std::nullopt;
  const std::size_t end = line.find(own ? '"' : '>');
  if (end == std::string_view::npos) return std::nullopt;
  return Include{own, std::string(line.substr(0, end))};
}

// True iff the word stands in the line by itself, before any comment.
bool says(std::string_view line, std::string_view word) {
  line = line.substr(0, line.find("//"));
  const auto part_of_name = [](char c) {
    return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  };
  for (std::size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !part_of_name(line[at - 1])) && (end == line.size() || !part_of_name(line[end])))
      return true;
  }
  return false;
}

// Everything known about one file while its lines are read.
struct Reading {
  const Table& table;
  const fs::path& root;
  const std::string& path;
  const Room& room;
  bool pure;
  std::vector<std::string>& found;
  std::set<std::string> headers = {};

  void complain(std::size_t line, const std::string& what) {
    found.push_back(path + ":" + std::to_string(line) + ": " + what);
  }

  void own_include(std::size_t line, const std::string& name) {
    if (!fs::is_regular_file(root / name)) {
      return complain(line, "\"" + name + "\" is no file; own includes are written from the project's root");
    }
    const Room* to = room_of(table, name);
    if (to == nullptr) return complain(line, name + " belongs to no room");
    if (reachable(table, room, to->name)) return;
    const auto door = table.doors.find(path);
    if (door != table.doors.end() && contains(door->second, to->name)) return;
    complain(line, "room " + room.name + " must not include " + name + " of room " + to->name);
  }

  void foreign_include(std::size_t line, const std::string& name) {
    headers.insert(name);
    if (pure && contains(table.impure_headers, name)) complain(line, "<" + name + "> in a pure file");
    const bool standard = name.find_first_of("./") == std::string::npos;
    if (standard || permits(room.headers, name)) return;
    for (const auto& [where, prefixes] : table.allow) {
      if (lies_in(path, where) && permits(prefixes, name)) return;
    }
    complain(line, "room " + room.name + " must not include <" + name + ">");
  }

  void read() {
    std::ifstream in(root / path);
    std::string text;
    for (std::size_t line = 1; std::getline(in, text); ++line) {
      if (const auto include = include_of(text)) {
        include->own ? own_include(line, include->name) : foreign_include(line, include->name);
      } else if (pure) {
        for (const std::string& word : table.impure_words) {
          if (says(text, word)) complain(line, word + " in a pure file");
        }
      }
    }
  }
};

void check_limit(const Limit& limit, const std::map<std::string, std::set<std::string>>& headers_of,
                 std::vector<std::string>& found) {
  std::vector<std::string> files;
  for (const auto& [path, headers] : headers_of) {
    const auto first = headers.lower_bound(limit.prefix);
    if (first == headers.end() || !first->starts_with(limit.prefix)) continue;
    files.push_back(path);
    if (limit.ending != "any" && !path.ends_with(limit.ending)) {
      found.push_back(path + ": <" + *first + "> may be included by " + limit.ending + " files only");
    }
  }
  if (files.size() <= limit.files) return;
  std::string list;
  for (const std::string& path : files) list += " " + path;
  found.push_back(files.front() + ": " + limit.prefix + " is included by " + std::to_string(files.size()) +
                  " files, at most " + std::to_string(limit.files) + " may:" + list);
}

void parse_line(Table& table, const std::string& key, const std::vector<std::string>& rest) {
  const auto append = [&rest](std::vector<std::string>& list) {
    list.insert(list.end(), rest.begin(), rest.end());
  };
  const auto tail = [&rest] { return std::vector<std::string>(rest.begin() + 1, rest.end()); };
  if (rest.empty()) throw std::runtime_error("nothing follows");
  if (key == "room" && rest.size() == 2) {
    table.rooms.push_back(Room{.name = rest[0], .folder = rest[1], .uses = {}, .headers = {}});
  } else if (key == "uses" && !table.rooms.empty()) {
    for (const std::string& name : rest) {
      const Room* used = find_room(table, name);
      if (used == nullptr || used == &table.rooms.back())
        throw std::runtime_error(name + " is not written above");
    }
    append(table.rooms.back().uses);
  } else if (key == "headers" && !table.rooms.empty()) {
    append(table.rooms.back().headers);
  } else if (key == "allow") {
    table.allow[rest[0]] = tail();
  } else if (key == "door") {
    table.doors[rest[0]] = tail();
  } else if (key == "limit" && rest.size() == 3) {
    table.limits.push_back(Limit{.files = std::stoul(rest[0]), .ending = rest[1], .prefix = rest[2]});
  } else if (key == "pure") {
    append(table.pure);
  } else if (key == "impure-header") {
    append(table.impure_headers);
  } else if (key == "impure-word") {
    append(table.impure_words);
  } else {
    throw std::runtime_error("not understood");
  }
}

}  // namespace

Table parse_table(std::string_view text) {
  Table table;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string key;
    if (!(words >> key)) continue;
    std::vector<std::string> rest;
    for (std::string word; words >> word;) rest.push_back(word);
    try {
      parse_line(table, key, rest);
    } catch (const std::exception& error) {
      throw std::runtime_error("line " + std::to_string(number) + ": " + line + ": " + error.what());
    }
  }
  return table;
}

const Room* room_of(const Table& table, std::string_view path) {
  const Room* best = nullptr;
  for (const Room& room : table.rooms) {
    if (lies_in(path, room.folder) && (best == nullptr || room.folder.size() > best->folder.size()))
      best = &room;
  }
  return best;
}

std::vector<std::string> room_sources(const Table& table, const fs::path& root) {
  std::set<std::string> sources;  // rooms lie inside rooms: each file once
  for (const Room& room : table.rooms) {
    if (!fs::is_directory(root / room.folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / room.folder)) {
      const std::string ending = entry.path().extension().string();
      if (entry.is_regular_file() && (ending == ".cpp" || ending == ".hpp")) {
        sources.insert(entry.path().lexically_relative(root).generic_string());
      }
    }
  }
  return {sources.begin(), sources.end()};
}

std::vector<std::string> violations(const Table& table, const fs::path& root) {
  std::vector<std::string> found;
  std::map<std::string, std::set<std::string>> headers_of;
  for (const std::string& path : room_sources(table, root)) {
    const bool pure = permits(table.pure, path);
    Reading reading{.table = table,
                    .root = root,
                    .path = path,
                    .room = *room_of(table, path),
                    .pure = pure,
                    .found = found};
    reading.read();
    headers_of[path] = std::move(reading.headers);
  }
  for (const Limit& limit : table.limits) check_limit(limit, headers_of, found);
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace hufu::architecture
