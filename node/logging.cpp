#include "node/logging.hpp"

#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <chrono>
#include <ctime>

namespace hufu::node {
namespace {

std::string json_text(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text));
}

std::string moment() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  const std::string fraction = std::to_string(1000 + ms % 1000).substr(1);
  return std::string(text, length) + "." + fraction + "Z";
}

struct ToJson {
  std::string operator()(std::uint64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return boost::json::serialize(boost::json::value(value)); }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(const std::string& value) const { return json_text(value); }
};

}  // namespace

std::string_view name_of(LogLevel level) {
  static constexpr std::string_view kNames[] = {"debug", "info", "warning", "error"};
  return kNames[static_cast<std::size_t>(level)];
}

void Log::write(LogLevel level, std::string_view event, LogFields fields) const {
  if (level < least_) return;
  std::string line = "{\"time\":\"" + moment() + "\",\"level\":\"" + std::string(name_of(level)) +
                     "\",\"node\":" + json_text(node_) + ",\"event\":" + json_text(event);
  for (const auto& [name, value] : fields) line += "," + json_text(name) + ":" + std::visit(ToJson{}, value);
  line += "}\n";
  // A log that cannot be written must not stop a node that can.
  [[maybe_unused]] const auto written = ::write(fd_, line.data(), line.size());
}

}  // namespace hufu::node
