#include "cli/settings.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <cstdlib>
#include <filesystem>

#include "cli/files.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSettingsBytes = 64 * 1024;

Trouble invalid(const std::string& path, std::string why) {
  return {.error = Error::config_invalid,
          .what = fmt::format("cannot use the settings in {}", path),
          .why = std::move(why),
          .next = "known are genesis, nodes, key, keys, documents, passphrase_file, language"};
}

std::string beside(const std::string& path, const std::string& named) {
  const fs::path file(named);
  return file.is_absolute() ? named : (fs::path(path).parent_path() / file).string();
}

}  // namespace

std::string default_settings_path() {
  const char* const xdg = std::getenv("XDG_CONFIG_HOME");
  if (xdg != nullptr && *xdg == '/') return std::string(xdg) + "/hufu/config.toml";
  const char* const home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') return {};
  return std::string(home) + "/.config/hufu/config.toml";
}

Try<Settings> parse_settings(std::string_view toml, const std::string& path) {
  toml::table table;
  try {
    table = toml::parse(toml);
  } catch (const toml::parse_error& error) {
    return invalid(path, fmt::format("line {}: {}", error.source().begin.line, error.description()));
  }
  Settings settings{.path = path};
  for (const auto& [key, value] : table) {
    const std::string_view name = key.str();
    if (name == "nodes") {
      const toml::array* const nodes = value.as_array();
      if (nodes == nullptr) return invalid(path, "nodes is not a list of texts");
      for (const auto& node : *nodes) {
        if (!node.is_string()) return invalid(path, "nodes is not a list of texts");
        settings.nodes.push_back(node.as_string()->get());
      }
      continue;
    }
    if (!value.is_string()) return invalid(path, fmt::format("{} is not a text", name));
    const std::string& text = value.as_string()->get();
    if (name == "genesis") {
      settings.genesis = beside(path, text);
    } else if (name == "key") {
      settings.key = beside(path, text);
    } else if (name == "keys") {
      settings.keys = beside(path, text);
    } else if (name == "documents") {
      settings.documents = beside(path, text);
    } else if (name == "passphrase_file") {
      settings.passphrase_file = beside(path, text);
    } else if (name == "language" && (text == "zh" || text == "en")) {
      settings.language = text;
    } else {
      return invalid(path, name == "language" ? "language is neither zh nor en"
                                              : fmt::format("{} is not a setting", name));
    }
  }
  return settings;
}

Try<Settings> load_settings(const std::string& named) {
  const std::string path = named.empty() ? default_settings_path() : named;
  std::error_code ignored;
  if (named.empty() && (path.empty() || !fs::exists(path, ignored))) return Settings{};
  const Try<Bytes> content = read_file(path, kSettingsBytes);
  if (!content) return content.error();
  return parse_settings(as_text(*content), path);
}

}  // namespace hufu::cli
