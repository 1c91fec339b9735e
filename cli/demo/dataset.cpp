#include "cli/demo/dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/demo/sample.hpp"
#include "cli/files.hpp"
#include "node/api/json_reader.hpp"

namespace hufu::cli::demo {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReferenceBytes = 16 << 20;

Trouble bad_data(const std::string& path, std::string why) {
  return {.error = Error::config_invalid,
          .what = fmt::format("cannot play the data in {}", path),
          .why = std::move(why),
          .exit = kLocal};
}

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<DataAgency> agency_of(const json::object& object) {
  DataAgency agency{.code = text_of(object, "code"),
                    .name = text_of(object, "name"),
                    .province = text_of(object, "province")};
  const Result<CivilDay> from = parse_civil_day(text_of(object, "validFrom"));
  const json::value* const types = object.if_contains("typeCodes");
  if (!from || types == nullptr || !types->is_array()) return std::nullopt;
  agency.from = *from;
  for (const json::value& type : types->get_array()) {
    if (!type.is_string()) return std::nullopt;
    agency.types.emplace_back(type.get_string());
  }
  if (const std::string withdrawn = text_of(object, "withdrawnAt"); !withdrawn.empty()) {
    const Result<CivilDay> to = parse_civil_day(withdrawn);
    if (!to) return std::nullopt;
    agency.to = *to;
  }
  return agency;
}

Try<std::vector<DataAgency>> load_agencies(const std::string& path) {
  const Try<Bytes> content = read_file(path, kReferenceBytes);
  if (!content) return content.error();
  std::vector<DataAgency> agencies;
  std::string_view rest = as_text(*content);
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) continue;
    const api::Parsed<json::value> value = api::parse_json(line);
    const bool object = value && value->is_object();
    const std::optional<DataAgency> agency = object ? agency_of(value->get_object()) : std::nullopt;
    if (!agency) return bad_data(path, fmt::format("line {} is no agency", number));
    agencies.push_back(*agency);
  }
  if (agencies.empty()) return bad_data(path, "there is no agency in it");
  return agencies;
}

Try<std::map<std::string, std::string>> load_provinces(const std::string& path) {
  const Try<Bytes> content = read_file(path, kReferenceBytes);
  if (!content) return content.error();
  const api::Parsed<json::value> value = api::parse_json(as_text(*content));
  if (!value || !value->is_array()) return bad_data(path, "it is no JSON list");
  std::map<std::string, std::string> provinces;
  for (const json::value& province : value->get_array()) {
    if (!province.is_object()) return bad_data(path, "a province is no JSON object");
    provinces[text_of(province.get_object(), "code")] = text_of(province.get_object(), "name");
  }
  return provinces;
}

// Files of a folder with one of these endings, by name.
std::vector<std::string> files_of(const fs::path& folder, std::initializer_list<std::string_view> endings) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string ending = entry->path().extension().string();
    if (std::find(endings.begin(), endings.end(), ending) != endings.end())
      files.push_back(entry->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> exports_of(const fs::path& directory) {
  std::vector<std::string> exports = files_of(directory / "legacy", {".csv", ".txt"});
  std::error_code ignored;
  if (exports.empty()) {
    for (const char* name : {"canonical/licenses.jsonl", "canonical/invoices.jsonl"}) {
      if (fs::exists(directory / name, ignored)) exports.push_back((directory / name).string());
    }
  }
  return exports;
}

}  // namespace

Try<DataSet> load_data_set(const std::string& directory) {
  DataSet data;
  Try<std::vector<DataAgency>> agencies = load_agencies(directory + "/reference/agencies.jsonl");
  if (!agencies) return agencies.error();
  data.agencies = std::move(*agencies);
  const Try<std::map<std::string, std::string>> provinces =
      load_provinces(directory + "/reference/provinces.json");
  if (!provinces) return provinces.error();
  for (const DataAgency& agency : data.agencies) {
    const auto province = provinces->find(agency.province);
    if (province == provinces->end()) {
      return bad_data(directory, fmt::format("agency {} is of an unknown province", agency.code));
    }
    data.provinces.insert(*province);
  }
  data.exports = exports_of(directory);
  if (data.exports.empty()) return bad_data(directory, "there is nothing in it to import");
  return data;
}

Try<void> unpack_sample(const std::string& directory) {
  for (const SampleFile& file : sample_files()) {
    const fs::path path = fs::path(directory) / std::string(file.path);
    if (const auto made = make_private_folder(path.parent_path().string()); !made) return made;
    if (const auto written = write_new_file(path.string(), file.content, 0600); !written) return written;
  }
  return {};
}

}  // namespace hufu::cli::demo
