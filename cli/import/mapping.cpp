#include "cli/import/mapping.hpp"

#include <toml++/toml.h>

#include <fstream>
#include <set>
#include <sstream>

#include "cli/import/judge.hpp"
#include "cli/import/limits.hpp"

namespace hufu::cli::importer {
namespace {

// A TOML basic string: titles come from foreign files, so every control character is escaped.
std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 0x20 || byte == 0x7F) {
      constexpr std::string_view kHex = "0123456789ABCDEF";
      out += "\\u00";
      out += {kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += c;
    }
  }
  return out + '"';
}

// Reads one key of the top level into `mapping`; false when key or value is unknown.
bool read_setting(std::string_view key, const toml::node& node, Mapping& mapping) {
  const auto text = node.value<std::string>();
  if (key == "kind" && text) {
    if (*text != "license" && *text != "invoice") return false;
    mapping.kind = *text == "license" ? RecordKind::license : RecordKind::invoice;
    return true;
  }
  if (key == "header_record" && node.is_integer()) {
    const auto number = node.value_or<std::int64_t>(0);
    if (number < 1 || number > 1000) return false;
    mapping.header_record = static_cast<std::uint64_t>(number);
    return true;
  }
  if (key == "delimiter" && text) {
    if (text->size() != 1 || kDelimiters.find(text->front()) == std::string_view::npos) return false;
    mapping.delimiter = text->front();
    return true;
  }
  if (key == "encoding" && text) {
    mapping.encoding = encoding_named(*text);
    return mapping.encoding.has_value();
  }
  if (key == "date_order" && text) {
    mapping.date_order = date_order_named(*text);
    return mapping.date_order.has_value();
  }
  return false;
}

bool read_columns(const toml::table& table, Mapping& mapping, std::string& why) {
  for (const auto& [title, node] : table) {
    const auto name = node.value<std::string>();
    const auto field = !name ? std::nullopt : name->empty() ? FieldId::none : field_named(*name);
    if (!field || (*field != FieldId::none && !belongs_to(*field, mapping.kind))) {
      why = "columns: no field of that name for " + std::string(title.str());
      return false;
    }
    mapping.columns.emplace_back(std::string(title.str()), *field);
  }
  return true;
}

bool read_states(const toml::table& table, Mapping& mapping, std::string& why) {
  for (const auto& [word, node] : table) {
    const auto code = node.value<std::string>();
    if (!code || !is_state_code(mapping.kind, *code)) {
      why = "states: no canonical state for " + std::string(word.str());
      return false;
    }
    mapping.states.emplace(std::string(word.str()), *code);
  }
  return true;
}

}  // namespace

Result<Mapping> parse_mapping(std::string_view toml, std::string& why) {
  Mapping mapping;
  toml::table root;
  try {
    root = toml::parse(toml);
  } catch (const toml::parse_error& failure) {
    why = std::string(failure.description()) + ", line " + std::to_string(failure.source().begin.line);
    return Error::config_invalid;
  }
  if (!root.contains("kind")) {
    why = "kind is missing: license or invoice";
    return Error::config_invalid;
  }
  // Columns and states are checked against the kind, so the kind comes first, wherever it stands.
  for (const auto& [key, node] : root) {
    if (!node.is_table() && !read_setting(key.str(), node, mapping)) {
      why = "unknown key or value: " + std::string(key.str());
      return Error::config_invalid;
    }
  }
  for (const auto& [key, node] : root) {
    if (!node.is_table()) continue;
    const bool columns = key.str() == "columns";
    if (!columns && key.str() != "states") {
      why = "unknown table: " + std::string(key.str());
      return Error::config_invalid;
    }
    const bool read =
        columns ? read_columns(*node.as_table(), mapping, why) : read_states(*node.as_table(), mapping, why);
    if (!read) return Error::config_invalid;
  }
  return mapping;
}

Result<Mapping> load_mapping(const std::filesystem::path& path, std::string& why) {
  std::error_code failure;
  if (!std::filesystem::exists(path, failure)) return Error::file_missing;
  if (std::filesystem::file_size(path, failure) > kMappingMaxBytes || failure) return Error::oversize;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return Error::file_unreadable;
  return parse_mapping(text.str(), why);
}

std::string print_mapping(const Mapping& mapping) {
  std::string out = "kind = " + toml_text(name_of(mapping.kind)) + '\n';
  if (mapping.header_record) out += "header_record = " + std::to_string(*mapping.header_record) + '\n';
  if (mapping.delimiter) out += "delimiter = " + toml_text(std::string(1, *mapping.delimiter)) + '\n';
  if (mapping.encoding) out += "encoding = " + toml_text(name_of(*mapping.encoding)) + '\n';
  if (mapping.date_order)
    out += "date_order = " + toml_text(name_of(*mapping.date_order)) + "  # how 12/5/24 is read\n";
  out += "\n[columns]  # column title = field; \"\" leaves the column out\n";
  std::set<std::string_view> printed;  // of columns with the same title the first counts
  for (const auto& [title, field] : mapping.columns) {
    if (printed.insert(title).second) out += toml_text(title) + " = " + toml_text(name_of(field)) + '\n';
  }
  out += "\n[states]  # the office's own status word = canonical code\n";
  for (const auto& [word, code] : mapping.states) out += toml_text(word) + " = " + toml_text(code) + '\n';
  return out;
}

}  // namespace hufu::cli::importer
