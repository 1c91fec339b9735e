// The values of which the JSON views are made (rules J1, J5), for the files of this folder. Pure.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include "node/api/json.hpp"

namespace hufu::api {

// Bytes that are not UTF-8 become U+FFFD each.
json::string text_json(std::string_view text);
json::string hex_json(ByteSpan bytes);
// A number where the day has no calendar form.
json::value day_json(CivilDay day);
json::value day_json(const std::optional<CivilDay>& day);
json::value hash_json(const std::optional<Hash>& hash);
json::string moment_json(std::uint64_t unix_ms);
json::value moment_json(const std::optional<std::uint64_t>& unix_ms);
json::string second_json(std::uint64_t unix_s);
json::string yuan_json(std::int64_t fen);
json::string subject_json(const SubjectKey& key);
json::value subject_json(const std::optional<SubjectKey>& key);
// The header and, after it, its hash.
json::object block_json(const BlockHeader& header, const Hash& hash);
// null where empty means none
json::value text_or_null(std::string_view text);
json::string assurance_json(Assurance level);
Result<Assurance> parse_assurance(std::string_view text);
// "CHANGE", "RENEW", "TRANSFER"
std::string_view name_of(SuccessionKind kind);
Result<SuccessionKind> parse_succession(std::string_view text);

template <class List>
json::array list_json(const List& list) {
  json::array array;
  array.reserve(list.size());
  for (const auto& element : list) array.push_back(to_json(element));
  return array;
}

}  // namespace hufu::api
