#include "tests/cluster/canaries.hpp"

#include <iconv.h>
#include <rocksdb/db.h>

#include <memory>
#include <stdexcept>

#include "ledger/base/bytes.hpp"
#include "tests/cluster/process.hpp"

namespace hufu::testing {
namespace {

std::string converted(const std::string& text, const char* encoding) {
  const iconv_t converter = iconv_open(encoding, "UTF-8");
  if (converter == iconv_t(-1)) throw std::runtime_error(encoding);
  std::string out(text.size() * 4, '\0');
  char* from = const_cast<char*>(text.data());
  char* to = out.data();
  std::size_t rest = text.size();
  std::size_t room = out.size();
  const std::size_t done = iconv(converter, &from, &rest, &to, &room);
  iconv_close(converter);
  if (done == std::size_t(-1)) throw std::runtime_error(text + " in " + encoding);
  out.resize(out.size() - room);
  return out;
}

std::string hex(const std::string& bytes) { return to_hex(as_bytes(bytes)); }

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string percent(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
    out += plain ? std::string(1, c) : "%" + upper(hex(std::string(1, c)));
  }
  return out;
}

std::string json_escaped(const std::string& text) {
  const std::string units = converted(text, "UTF-16BE");
  std::string out;
  for (std::size_t i = 0; i + 1 < units.size(); i += 2) {
    out += units[i] == 0 ? std::string(1, units[i + 1]) : "\\u" + hex(units.substr(i, 2));
  }
  return out;
}

}  // namespace

Canary canary(const std::string& field, const std::string& text) {
  const std::string wide = converted(text, "UTF-16LE");
  const std::string chinese = converted(text, "GB18030");
  return {.field = field,
          .text = text,
          .forms = {{"UTF-8", text},
                    {"UTF-16LE", wide},
                    {"GB18030", chinese},
                    {"JSON escapes", json_escaped(text)},
                    {"percent encoding", percent(text)},
                    {"hex of UTF-8", hex(text)},
                    {"HEX of UTF-8", upper(hex(text))},
                    {"hex of UTF-16LE", hex(wide)},
                    {"hex of GB18030", hex(chinese)}}};
}

std::vector<std::string> find(const std::vector<Canary>& canaries, const std::string& bytes,
                              const std::string& where) {
  std::vector<std::string> found;
  for (const Canary& canary : canaries) {
    for (const auto& [form, pattern] : canary.forms) {
      if (bytes.find(pattern) == std::string::npos) continue;
      found.push_back(canary.field + " as " + form + " in " + where);
      break;
    }
  }
  return found;
}

std::vector<std::string> find_in_files(const std::vector<Canary>& canaries,
                                       const std::filesystem::path& folder) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const auto here = find(canaries, read_file(entry.path()), entry.path().string());
    found.insert(found.end(), here.begin(), here.end());
  }
  return found;
}

std::vector<std::string> find_in_database(const std::vector<Canary>& canaries,
                                          const std::filesystem::path& folder) {
  std::vector<std::string> names;
  if (!rocksdb::DB::ListColumnFamilies({}, folder.string(), &names).ok())
    throw std::runtime_error(folder.string() + " is no database");
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  const auto opened = rocksdb::DB::OpenForReadOnly({}, folder.string(), families, &handles, &raw);
  if (!opened.ok()) throw std::runtime_error(opened.ToString());
  const std::unique_ptr<rocksdb::DB> database(raw);
  std::vector<std::string> found;
  for (std::size_t i = 0; i < handles.size(); ++i) {
    const std::unique_ptr<rocksdb::Iterator> at(database->NewIterator({}, handles[i]));
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      const auto here = find(canaries, at->key().ToString() + "\n" + at->value().ToString(),
                             folder.string() + ", family " + names[i]);
      found.insert(found.end(), here.begin(), here.end());
    }
    if (!at->status().ok()) throw std::runtime_error(at->status().ToString());
  }
  for (auto* handle : handles) database->DestroyColumnFamilyHandle(handle);
  return found;
}

}  // namespace hufu::testing
