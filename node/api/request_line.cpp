#include "node/api/request_line.hpp"

#include <charconv>

namespace hufu::api {
namespace {

constexpr std::size_t kMaxSegments = 5;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::optional<RouteFault> read_query(std::string_view text, Target& target) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto key = percent_decoded(pair.substr(0, equals));
    const auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())));
    if (!key || !value) return fault(400, Error::field_invalid, "the query is not well percent-encoded");
    if (!target.query.emplace(*key, *value).second) {
      return fault(400, Error::field_invalid, "the query names something twice");
    }
  }
  return std::nullopt;
}

}  // namespace

RouteFault fault(unsigned status, Error error, std::string_view why) {
  return {.status = status, .allow = {}, .problem = problem(error, why)};
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '.' || c == '_' || c == '~' || c == ':';
    if (plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool canonical = text == "0" || !text.starts_with('0');
  if (error != std::errc{} || end != text.data() + text.size() || !canonical) return std::nullopt;
  return number;
}

std::variant<Target, RouteFault> take_apart(std::string_view text) {
  Target target;
  const std::size_t question = std::min(text.find('?'), text.size());
  std::string_view path = text.substr(0, question);
  if (!path.starts_with('/'))
    return fault(400, Error::field_invalid, "the target does not begin with a slash");
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    const auto segment = percent_decoded(path.substr(0, end));
    if (!segment) return fault(400, Error::field_invalid, "the path is not well percent-encoded");
    if (target.path.size() == kMaxSegments) return fault(404, Error::not_found, "no such page");
    target.path.push_back(*segment);
    path.remove_prefix(end);
  }
  const std::string_view query = text.substr(std::min(question + 1, text.size()));
  if (auto wrong = read_query(query, target)) return *std::move(wrong);
  return target;
}

}  // namespace hufu::api
