// Strict reading of JSON (rule J2), for the files of this folder. Pure.
//
// A Faults collects the first fault; after it every reading returns an empty value, so that a type is read in one go and
// asked once at the end. Text is parsed with a bound on depth, and a name that stands twice in one object is refused.
#pragma once

#include <boost/json/object.hpp>
#include <set>

#include "node/api/json.hpp"

namespace hufu::api {

class Faults {
 public:
  void fail(Error error, std::string pointer, std::string why);
  void fail(Error error, std::string pointer);  // with the error's own text
  bool any() const { return first_.has_value(); }
  JsonFault take() { return *std::move(first_); }

 private:
  std::optional<JsonFault> first_;
};

Parsed<json::value> parse_json(std::string_view text);

std::string child_pointer(std::string_view pointer, std::string_view key);
std::string child_pointer(std::string_view pointer, std::size_t index);

// Reads a text by a parser of ours.
template <class Parse>
using ParsedBy = typename std::invoke_result_t<Parse, std::string_view>::value_type;

template <class Parse>
ParsedBy<Parse> parse_text(const json::value& value, std::string pointer, Faults& faults, Parse parse) {
  const json::string* text = value.if_string();
  if (text == nullptr) {
    faults.fail(Error::field_invalid, std::move(pointer), "a string is expected");
    return {};
  }
  auto parsed = parse(std::string_view(text->data(), text->size()));
  if (parsed) return *std::move(parsed);
  faults.fail(parsed.error(), std::move(pointer));
  return {};
}

// A parser of any text of at most so many bytes.
inline auto text_within(std::size_t max_bytes) {
  return [max_bytes](std::string_view text) -> Result<std::string> {
    if (text.size() > max_bytes) return Error::too_long;
    return std::string(text);
  };
}

class ObjectReader {
 public:
  ObjectReader(const json::value& value, std::string pointer, Faults& faults);

  // nullptr with a fault when it is missing or null.
  const json::value* required(std::string_view key);
  // nullptr when it is missing or null.
  const json::value* find(std::string_view key);

  std::string text(std::string_view key, std::size_t max_bytes) {
    return parsed(key, text_within(max_bytes));
  }
  std::string text_or_empty(std::string_view key, std::size_t max_bytes) {
    return parsed_if_there(key, text_within(max_bytes)).value_or("");
  }
  std::uint64_t number(std::string_view key, std::uint64_t max);
  std::uint64_t number_or(std::string_view key, std::uint64_t max, std::uint64_t otherwise);
  bool flag(std::string_view key);
  bool flag_or(std::string_view key, bool otherwise);

  template <class Parse>
  ParsedBy<Parse> parsed(std::string_view key, Parse parse) {
    const json::value* value = required(key);
    return value == nullptr ? ParsedBy<Parse>{} : parse_text(*value, pointer_of(key), faults_, parse);
  }
  template <class Parse>
  std::optional<ParsedBy<Parse>> parsed_if_there(std::string_view key, Parse parse) {
    const json::value* value = find(key);
    if (value == nullptr) return std::nullopt;
    return parse_text(*value, pointer_of(key), faults_, parse);
  }
  // element(value, pointer) returns one element. An absent list is empty.
  template <class T, class Element>
  std::vector<T> list(std::string_view key, std::size_t max, Element element) {
    std::vector<T> out;
    const json::array* array = array_of(key, max);
    if (array == nullptr) return out;
    out.reserve(array->size());
    const std::string pointer = pointer_of(key);
    for (std::size_t i = 0; i < array->size() && !faults_.any(); ++i) {
      out.push_back(element((*array)[i], child_pointer(pointer, i)));
    }
    return out;
  }

  // The same, of texts.
  template <class Parse>
  std::vector<ParsedBy<Parse>> texts(std::string_view key, std::size_t max, Parse parse) {
    return list<ParsedBy<Parse>>(key, max, [&](const json::value& value, std::string pointer) {
      return parse_text(value, std::move(pointer), faults_, parse);
    });
  }

  std::string pointer_of(std::string_view key) const { return child_pointer(pointer_, key); }
  void fail(Error error, std::string_view key, std::string why) {
    faults_.fail(error, pointer_of(key), std::move(why));
  }
  Faults& faults() { return faults_; }
  // A field that nobody asked for is unknown.
  void end();

 private:
  const json::array* array_of(std::string_view key, std::size_t max);
  std::uint64_t number_of(const json::value& value, std::string_view key, std::uint64_t max);

  const json::object* object_ = nullptr;
  std::string pointer_;
  Faults& faults_;
  std::set<std::string_view> asked_;
};

}  // namespace hufu::api
