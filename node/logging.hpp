// One line of JSON an event: {"time": …, "level": …, "node": …, "event": …, fields}.
//
// What may stand in a field: ids, hash prefixes, counts, addresses of peers, file names, error codes. Never a document's
// content, a holder, a key or a passphrase. Thread-safe: a line is one write.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace hufu::node {

enum class LogLevel : std::uint8_t { debug, info, warning, error };
std::string_view name_of(LogLevel level);

using LogValue = std::variant<std::uint64_t, double, bool, std::string>;
using LogFields = std::initializer_list<std::pair<std::string_view, LogValue>>;

class Log {
 public:
  // The descriptor (2: standard error) is borrowed.
  Log(std::string node, LogLevel least, int descriptor)
      : node_(std::move(node)), least_(least), fd_(descriptor) {}

  void debug(std::string_view event, LogFields fields = {}) const { write(LogLevel::debug, event, fields); }
  void info(std::string_view event, LogFields fields = {}) const { write(LogLevel::info, event, fields); }
  void warning(std::string_view event, LogFields fields = {}) const {
    write(LogLevel::warning, event, fields);
  }
  void error(std::string_view event, LogFields fields = {}) const { write(LogLevel::error, event, fields); }

 private:
  void write(LogLevel level, std::string_view event, LogFields fields) const;

  const std::string node_;
  const LogLevel least_;
  const int fd_;
};

}  // namespace hufu::node
