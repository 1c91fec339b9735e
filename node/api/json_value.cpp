#include "node/api/json_value.hpp"

#include <boost/json/serialize.hpp>
#include <charconv>
#include <cstdio>

#include "ledger/base/check.hpp"

namespace hufu::api {
namespace {

constexpr std::uint64_t kExactInDouble = std::uint64_t{1} << 53;
constexpr std::uint64_t kDayMs = 86'400'000;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Length of the well-formed character at the beginning; 0 if there is none.
std::size_t character_at(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    if (is_utf8(text.substr(0, length))) return length;
  }
  return 0;
}

void indent(std::string& out, std::size_t depth) {
  out += '\n';
  out.append(2 * depth, ' ');
}

void write_pretty(std::string& out, const json::value& value, std::size_t depth) {
  if (const json::object* object = value.if_object(); object != nullptr && !object->empty()) {
    out += '{';
    bool first = true;
    for (const auto& [key, member] : *object) {
      if (!first) out += ',';
      first = false;
      indent(out, depth + 1);
      out += json::serialize(json::string_view(key));
      out += ": ";
      write_pretty(out, member, depth + 1);
    }
    indent(out, depth);
    out += '}';
    return;
  }
  if (const json::array* array = value.if_array(); array != nullptr && !array->empty()) {
    out += '[';
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (i > 0) out += ',';
      indent(out, depth + 1);
      write_pretty(out, (*array)[i], depth + 1);
    }
    indent(out, depth);
    out += ']';
    return;
  }
  out += json::serialize(value);
}

// Exactly `digits` decimal digits at the beginning of the text, which are taken off it.
std::optional<unsigned> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  unsigned number = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// HH:MM:SS[.mmm]Z in milliseconds.
std::optional<std::uint64_t> parse_time_of_day(std::string_view text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *second > 59) return std::nullopt;
  unsigned ms = 0;
  if (take(text, '.')) {
    const auto fraction = take_number(text, 3);
    if (!fraction) return std::nullopt;
    ms = *fraction;
  }
  if (text != "Z") return std::nullopt;
  return ((std::uint64_t{*hour} * 60 + *minute) * 60 + *second) * 1000 + ms;
}

}  // namespace

json::value number_json(std::uint64_t number) {
  if (number <= kExactInDouble) return number;
  return json::string(std::to_string(number));
}

std::string moment_text(std::uint64_t unix_ms) {
  const std::uint64_t day = unix_ms / kDayMs;
  if (day > static_cast<std::uint64_t>(kMaxCivilDay)) return std::to_string(unix_ms);
  const std::uint64_t ms = unix_ms % kDayMs;
  std::array<char, 20> time;
  std::snprintf(time.data(), time.size(), "T%02u:%02u:%02u.%03uZ", static_cast<unsigned>(ms / 3'600'000 % 24),
                static_cast<unsigned>(ms / 60'000 % 60), static_cast<unsigned>(ms / 1000 % 60),
                static_cast<unsigned>(ms % 1000));
  return format_civil_day(static_cast<CivilDay>(day)) + time.data();
}

Result<std::uint64_t> parse_moment(std::string_view text) {
  const std::size_t separator = text.find('T');
  if (separator == std::string_view::npos) return Error::field_invalid;
  const Result<CivilDay> day = parse_civil_day(text.substr(0, separator));
  if (!day || *day < 0) return Error::field_invalid;
  const auto ms = parse_time_of_day(text.substr(separator + 1));
  if (!ms) return Error::field_invalid;
  return static_cast<std::uint64_t>(*day) * kDayMs + *ms;
}

std::string endpoint_text(const Endpoint& endpoint) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  const std::string host = v6 ? "[" + endpoint.host + "]" : endpoint.host;
  return host + ":" + std::to_string(endpoint.port);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return Error::field_invalid;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (host.find(':') == std::string_view::npos) return Error::field_invalid;
  } else if (host.find(':') != std::string_view::npos) {
    return Error::field_invalid;
  }
  if (host.empty() || host.size() > limits::kHost || port.starts_with('0')) return Error::field_invalid;
  for (const char c : host) {
    if (c <= ' ' || c >= 0x7F || c == '[' || c == ']' || c == '/' || c == '@') return Error::field_invalid;
  }
  Endpoint endpoint{.host = std::string(host)};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (error != std::errc{} || end != port.data() + port.size()) return Error::field_invalid;
  return endpoint;
}

std::string pretty(const json::value& value) {
  std::string out;
  write_pretty(out, value, 0);
  out += '\n';
  return out;
}

json::string text_json(std::string_view text) {
  if (is_utf8(text)) return json::string(text);
  json::string out;
  while (!text.empty()) {
    const std::size_t length = character_at(text);
    out.append(length == 0 ? kReplacement : text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

json::string hex_json(ByteSpan bytes) { return json::string(to_hex(bytes)); }

json::value day_json(CivilDay day) {
  if (day < kMinCivilDay || day > kMaxCivilDay) return day;
  return json::string(format_civil_day(day));
}

json::value day_json(const std::optional<CivilDay>& day) {
  if (!day) return nullptr;
  return day_json(*day);
}

json::value hash_json(const std::optional<Hash>& hash) {
  if (!hash) return nullptr;
  return hex_json(*hash);
}

json::string moment_json(std::uint64_t unix_ms) { return json::string(moment_text(unix_ms)); }

json::value moment_json(const std::optional<std::uint64_t>& unix_ms) {
  if (!unix_ms) return nullptr;
  return moment_json(*unix_ms);
}

json::string second_json(std::uint64_t unix_s) {
  return unix_s > limits::kTimeMs / 1000 ? json::string(std::to_string(unix_s)) : moment_json(unix_s * 1000);
}

json::object block_json(const BlockHeader& header, const Hash& hash) {
  json::object out = to_json(header);
  out["hash"] = hex_json(hash);
  return out;
}

json::string yuan_json(std::int64_t fen) { return json::string(format_yuan(fen)); }

json::string subject_json(const SubjectKey& key) { return text_json(key.text()); }

json::value subject_json(const std::optional<SubjectKey>& key) {
  if (!key) return nullptr;
  return subject_json(*key);
}

json::value text_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return text_json(text);
}

json::string assurance_json(Assurance level) {
  return text_json("L" + std::to_string(static_cast<unsigned>(level)));
}

std::string_view name_of(SuccessionKind kind) {
  switch (kind) {
    case SuccessionKind::change:
      return "CHANGE";
    case SuccessionKind::renew:
      return "RENEW";
    case SuccessionKind::transfer:
      return "TRANSFER";
  }
  HUFU_CHECK(false);
}

Result<SuccessionKind> parse_succession(std::string_view text) {
  for (const auto kind : {SuccessionKind::change, SuccessionKind::renew, SuccessionKind::transfer}) {
    if (text == name_of(kind)) return kind;
  }
  return Error::field_invalid;
}

Result<Assurance> parse_assurance(std::string_view text) {
  for (const Assurance level : {Assurance::l1, Assurance::l2, Assurance::l3}) {
    if (text == assurance_json(level)) return level;
  }
  return Error::field_invalid;
}

}  // namespace hufu::api
