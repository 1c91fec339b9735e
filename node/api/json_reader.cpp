#include "node/api/json_reader.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <charconv>
#include <string>

#include "ledger/base/check.hpp"

namespace hufu::api {
namespace {

constexpr std::size_t kDepth = 16;

// Listens to the parser and remembers the names of the objects that are open.
struct NameWatch {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  using Code = boost::system::error_code;
  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) {
    open.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, Code&) {
    open.pop_back();
    return true;
  }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t, Code&) { return true; }
  bool on_key_part(json::string_view part, std::size_t, Code&) {
    key += part;
    return true;
  }
  bool on_key(json::string_view part, std::size_t, Code& code) {
    key += part;
    const bool fresh = open.back().insert(key).second;
    if (!fresh) {
      repeated = key;
      code = json::error::syntax;
    }
    key.clear();
    return fresh;
  }
  bool on_string_part(json::string_view, std::size_t, Code&) { return true; }
  bool on_string(json::string_view, std::size_t, Code&) { return true; }
  bool on_number_part(json::string_view, Code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, Code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, Code&) { return true; }
  bool on_double(double, json::string_view, Code&) { return true; }
  bool on_bool(bool, Code&) { return true; }
  bool on_null(Code&) { return true; }
  bool on_comment_part(json::string_view, Code&) { return true; }
  bool on_comment(json::string_view, Code&) { return true; }

  std::vector<std::set<std::string, std::less<>>> open;
  std::string key;
  std::optional<std::string> repeated;
};

std::optional<std::string> repeated_name(std::string_view text) {
  json::parse_options options;
  options.max_depth = kDepth;
  json::basic_parser<NameWatch> parser(options);
  boost::system::error_code code;
  parser.write_some(false, text.data(), text.size(), code);
  return parser.handler().repeated;
}

}  // namespace

void throw_exception_from_error(const JsonFault& fault, const boost::source_location& where) {
  check_failed(text_of(fault).c_str(), where.file_name(), static_cast<int>(where.line()));
}

std::string text_of(const JsonFault& fault) {
  return fault.pointer.empty() ? fault.why : fault.pointer + ": " + fault.why;
}

void Faults::fail(Error error, std::string pointer, std::string why) {
  if (!first_) first_ = JsonFault{error, std::move(pointer), std::move(why)};
}

void Faults::fail(Error error, std::string pointer) {
  fail(error, std::move(pointer), std::string(describe(error).en));
}

Parsed<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kDepth;
  boost::system::error_code code;
  json::value value = json::parse(text, code, {}, options);
  if (code) return JsonFault{Error::json_malformed, "", code.message()};
  if (const auto name = repeated_name(text)) {
    return JsonFault{Error::json_malformed, child_pointer("", *name), "this name stands twice in one object"};
  }
  return value;
}

std::string child_pointer(std::string_view pointer, std::string_view key) {
  std::string out(pointer);
  out += '/';
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string child_pointer(std::string_view pointer, std::size_t index) {
  return child_pointer(pointer, std::to_string(index));
}

ObjectReader::ObjectReader(const json::value& value, std::string pointer, Faults& faults)
    : object_(value.if_object()), pointer_(std::move(pointer)), faults_(faults) {
  if (object_ == nullptr) faults_.fail(Error::field_invalid, pointer_, "an object is expected");
}

const json::value* ObjectReader::find(std::string_view key) {
  asked_.insert(key);
  if (object_ == nullptr) return nullptr;
  const json::value* value = object_->if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const json::value* ObjectReader::required(std::string_view key) {
  const json::value* value = find(key);
  if (value == nullptr && object_ != nullptr) faults_.fail(Error::field_missing, pointer_of(key));
  return value;
}

std::uint64_t ObjectReader::number_of(const json::value& value, std::string_view key, std::uint64_t max) {
  std::optional<std::uint64_t> number;
  if (value.is_uint64()) number = value.get_uint64();
  if (value.is_int64() && value.get_int64() >= 0) number = static_cast<std::uint64_t>(value.get_int64());
  if (const json::string* text = value.if_string(); text != nullptr && !text->empty()) {
    std::uint64_t read = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), read);
    if (error == std::errc{} && end == text->data() + text->size()) number = read;
  }
  if (number && *number <= max) return *number;
  fail(Error::field_invalid, key, "a whole number from 0 to " + std::to_string(max) + " is expected");
  return 0;
}

std::uint64_t ObjectReader::number(std::string_view key, std::uint64_t max) {
  const json::value* value = required(key);
  return value == nullptr ? 0 : number_of(*value, key, max);
}

std::uint64_t ObjectReader::number_or(std::string_view key, std::uint64_t max, std::uint64_t otherwise) {
  const json::value* value = find(key);
  return value == nullptr ? otherwise : number_of(*value, key, max);
}

bool ObjectReader::flag(std::string_view key) { return required(key) != nullptr && flag_or(key, false); }

bool ObjectReader::flag_or(std::string_view key, bool otherwise) {
  const json::value* value = find(key);
  if (value == nullptr) return otherwise;
  if (value->is_bool()) return value->get_bool();
  fail(Error::field_invalid, key, "true or false is expected");
  return false;
}

const json::array* ObjectReader::array_of(std::string_view key, std::size_t max) {
  const json::value* value = find(key);
  if (value == nullptr) return nullptr;
  const json::array* array = value->if_array();
  if (array == nullptr) {
    fail(Error::field_invalid, key, "a list is expected");
    return nullptr;
  }
  if (array->size() > max) {
    fail(Error::too_long, key, "a list of at most " + std::to_string(max) + " is expected");
    return nullptr;
  }
  return array;
}

void ObjectReader::end() {
  if (object_ == nullptr || faults_.any()) return;
  for (const auto& [key, value] : *object_) {
    if (!asked_.contains(key)) return faults_.fail(Error::field_unknown, pointer_of(key));
  }
}

}  // namespace hufu::api
