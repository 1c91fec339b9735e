#include "cli/import/json_lines.hpp"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <deque>
#include <string>

#include "cli/import/cells.hpp"
#include "cli/import/delimited.hpp"
#include "cli/import/limits.hpp"

namespace hufu::cli::importer {
namespace {

namespace json = boost::json;

std::optional<json::object> parse_object(std::string_view line, json::storage_ptr storage) {
  json::parse_options options;
  options.max_depth = kJsonDepthMax;
  boost::system::error_code failure;
  json::value value =
      json::parse(json::string_view(line.data(), line.size()), failure, std::move(storage), options);
  if (failure || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::optional<RecordKind> kind_of(const json::object& object) {
  for (const char* foreign : {"event", "verdict", "expect"}) {
    if (object.contains(foreign)) return std::nullopt;
  }
  if (object.contains("certIdentifier") || object.contains("certNumber")) return RecordKind::license;
  if (object.contains("invoiceNumber")) return RecordKind::invoice;
  return std::nullopt;
}

// A value as text: numbers in their shortest decimal form, never with an exponent below 10^15; nested values as JSON.
void print(const json::value& value, std::string& out) {
  switch (value.kind()) {
    case json::kind::double_: {
      std::array<char, 400> room{};
      const auto end =
          std::to_chars(room.data(), room.data() + room.size(), value.get_double(), std::chars_format::fixed);
      out.append(room.data(), end.ptr);
      return;
    }
    case json::kind::array: {
      char before = '[';
      for (const json::value& item : value.get_array()) out += before, print(item, out), before = ',';
      out += before == '[' ? "[]" : "]";
      return;
    }
    case json::kind::object: {
      char before = '{';
      for (const auto& [key, item] : value.get_object()) {
        out += before;
        out += json::serialize(json::value(key));
        out += ':';
        print(item, out);
        before = ',';
      }
      out += before == '{' ? "{}" : "}";
      return;
    }
    default:
      out += json::serialize(value);
  }
}

// Views into the object, or into `texts` for what is not a string already.
RawRecord to_record(const json::object& object, RecordKind kind, std::deque<std::string>& texts) {
  RawRecord raw;
  for (const auto& [key, value] : object) {
    const auto field = field_named(std::string_view(key.data(), key.size()));
    if (!field || !belongs_to(*field, kind)) continue;
    if (value.is_string()) {
      raw.set(*field, std::string_view(value.get_string().data(), value.get_string().size()));
    } else if (!value.is_null()) {
      print(value, texts.emplace_back());
      raw.set(*field, texts.back());
    }
  }
  return raw;
}

}  // namespace

std::optional<RecordKind> kind_of_json_line(std::string_view line) {
  const auto object = parse_object(line.substr(0, kJsonLineMaxBytes), {});
  if (!object) return std::nullopt;
  return kind_of(*object);
}

JsonLinesReader::JsonLinesReader(std::unique_ptr<TextSource> text, RecordKind kind, Duplicates& seen)
    : text_(std::move(text)), kind_(kind), judge_(DateOrder::year_month_day, nullptr), seen_(seen) {}

Result<std::optional<Row>> JsonLinesReader::next() {
  while (!ended_ && text_->window().size() < kJsonLineMaxBytes &&
         text_->window().find('\n') == std::string_view::npos) {
    const Result<bool> more = text_->more();
    if (!more) return more.error();
    ended_ = !*more;
  }
  const std::string_view window = text_->window();
  if (window.empty()) return std::optional<Row>();
  const std::size_t size = line_size(window.substr(0, kJsonLineMaxBytes));
  const std::string_view line = trim(window.substr(0, size));
  Row row;
  row.kind = kind_;
  row.record = ++line_;
  std::array<unsigned char, 16384> room;
  json::monotonic_resource storage(room.data(), room.size());
  if (line.empty()) {
    row.add(Note::blank_row);
  } else if (const auto object = parse_object(line, &storage); !object) {
    row.add(size == kJsonLineMaxBytes ? Note::row_oversize : Note::json_malformed);
  } else {
    std::deque<std::string> texts;
    judge_once(judge_, seen_, kind_, to_record(*object, kind_, texts), line, row);
  }
  text_->consume(size);
  return std::optional<Row>(std::move(row));
}

}  // namespace hufu::cli::importer
