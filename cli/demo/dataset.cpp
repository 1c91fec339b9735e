#include "cli/demo/dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/demo/sample.hpp"
#include "cli/files.hpp"
#include "cli/play/lives.hpp"
#include "cli/text/lines.hpp"
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
    if (!type.is_string() || type.get_string().size() > limits::kTypeCode) return std::nullopt;
    agency.types.emplace_back(type.get_string());
  }
  if (const std::string withdrawn = text_of(object, "withdrawnAt"); !withdrawn.empty()) {
    const Result<CivilDay> day = parse_civil_day(withdrawn);
    if (!day) return std::nullopt;
    agency.withdrawn = *day;
  }
  return agency;
}

std::optional<DataType> type_of(const json::object& object) {
  DataType type{.code = text_of(object, "typeCode"),
                .name = text_of(object, "name"),
                .province = text_of(object, "province")};
  const bool fits = !type.code.empty() && type.code.size() <= limits::kTypeCode && !type.name.empty() &&
                    type.name.size() <= limits::kDisplayName;
  return fits ? std::optional(std::move(type)) : std::nullopt;
}

std::optional<Assurance> assurance_of(const std::string& text) {
  if (text.empty() || text == "L1") return Assurance::l1;
  if (text == "L2") return Assurance::l2;
  if (text == "L3") return Assurance::l3;
  return std::nullopt;
}

std::optional<AgreementEntry> entry_of(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  const json::object& object = value.get_object();
  AgreementEntry entry{.type = text_of(object, "typeCode"),
                       .maps_to = text_of(object, "mapsTo"),
                       .local_name = text_of(object, "localName"),
                       .scenarios = {}};
  if (entry.maps_to == entry.type) entry.maps_to.clear();
  const bool fits = entry.type.size() <= limits::kTypeCode && entry.maps_to.size() <= limits::kTypeCode &&
                    entry.local_name.size() <= limits::kDisplayName;
  if (!fits) return std::nullopt;
  if (const json::value* const hours = object.if_contains("statusMaxAgeHours")) {
    boost::system::error_code failure;
    entry.max_age_hours = hours->to_number<std::uint16_t>(failure);
    if (failure) return std::nullopt;
  }
  if (const json::value* const scenarios = object.if_contains("scenarios")) {
    if (!scenarios->is_array() || scenarios->get_array().size() > limits::kScenarios) return std::nullopt;
    for (const json::value& scenario : scenarios->get_array()) {
      if (!scenario.is_string() || scenario.get_string().size() > limits::kScenario) return std::nullopt;
      entry.scenarios.push_back({.name = std::string(scenario.get_string())});
    }
  }
  return entry;
}

std::optional<DataAgreement> agreement_of(const json::object& object) {
  const Result<CivilDay> from = parse_civil_day(text_of(object, "validFrom"));
  const Result<CivilDay> to = parse_civil_day(text_of(object, "validTo"));
  const std::optional<Assurance> assurance = assurance_of(text_of(object, "minAssurance"));
  const json::value* const entries = object.if_contains("entries");
  if (!from || !to || !assurance || entries == nullptr || !entries->is_array()) return std::nullopt;
  DataAgreement agreement{
      .issuer = text_of(object, "issuer"), .verifier = text_of(object, "verifier"), .text = {}};
  agreement.text.name = text_of(object, "agreementId");
  agreement.text.valid_from = *from;
  agreement.text.valid_to = *to;
  agreement.text.min_assurance = *assurance;
  agreement.text.contact = text_of(object, "contact");
  const bool fits = agreement.text.name.size() <= limits::kDisplayName &&
                    agreement.text.contact.size() <= limits::kDisplayName &&
                    entries->get_array().size() <= limits::kAgreementEntries;
  if (!fits) return std::nullopt;
  for (const json::value& value : entries->get_array()) {
    std::optional<AgreementEntry> entry = entry_of(value);
    if (!entry) return std::nullopt;
    agreement.text.entries.push_back(std::move(*entry));
  }
  return agreement;
}

// One JSON object a line, each read by `read`.
template <class T>
Try<std::vector<T>> load_lines(const std::string& path, std::string_view what,
                               std::optional<T> (*read)(const json::object&)) {
  const Try<Bytes> content = read_file(path, kReferenceBytes);
  if (!content) return content.error();
  std::vector<T> all;
  std::optional<std::size_t> bad;
  text::each_line(as_text(*content), [&](std::size_t number, std::string_view line) {
    const api::Parsed<json::value> value = api::parse_json(line);
    std::optional<T> one = value && value->is_object() ? read(value->get_object()) : std::nullopt;
    if (!one && !bad) bad = number;
    if (one) all.push_back(std::move(*one));
  });
  if (bad) return bad_data(path, fmt::format("line {} is no {}", *bad, what));
  return all;
}
template <class T>
Try<std::vector<T>> load_lines_if_there(const std::string& path, std::string_view what,
                                        std::optional<T> (*read)(const json::object&)) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::vector<T>();
  return load_lines<T>(path, what, read);
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

// The register of agencies may be younger than the oldest licenses in their books.
Try<void> begin_with_the_oldest(DataSet& data) {
  const std::string path = data.canonical("license_events.jsonl");
  if (path.empty()) return {};
  const auto events =
      play::load_events(path, [](std::size_t, const RecordFault&) {});  // told when they are played
  if (!events) return events.error();
  std::map<std::string, DataAgency*> agencies;
  std::map<std::string, CivilDay> registered;
  for (DataAgency& agency : data.agencies) {
    agencies.emplace(agency.code, &agency);
    registered.emplace(agency.code, agency.from);
  }
  for (const auto& [line, event] : *events) {
    const auto agency = agencies.find(event.agency);
    const bool issues = event.kind == play::EventKind::issue || event.other;
    if (!issues || !event.day || agency == agencies.end()) continue;
    if (*event.day < registered.at(event.agency)) ++data.older;
    agency->second->from = std::min(agency->second->from, *event.day);
  }
  return {};
}

}  // namespace

std::string DataSet::canonical(const std::string& name) const {
  const fs::path path = fs::path(directory) / "canonical" / name;
  std::error_code ignored;
  return fs::exists(path, ignored) ? path.string() : std::string();
}

bool DataSet::has_events() const {
  return !canonical("license_events.jsonl").empty() || !canonical("invoice_events.jsonl").empty();
}

Try<DataSet> load_data_set(const std::string& directory) {
  DataSet data{.directory = directory};
  const std::string reference = directory + "/reference/";
  auto agencies = load_lines<DataAgency>(reference + "agencies.jsonl", "agency", agency_of);
  if (!agencies) return agencies.error();
  data.agencies = std::move(*agencies);
  if (data.agencies.empty()) return bad_data(directory, "there is no agency in it");
  auto types = load_lines_if_there<DataType>(reference + "license_types.jsonl", "license type", type_of);
  if (!types) return types.error();
  data.types = std::move(*types);
  auto agreements =
      load_lines_if_there<DataAgreement>(reference + "agreements.jsonl", "agreement", agreement_of);
  if (!agreements) return agreements.error();
  data.agreements = std::move(*agreements);
  const auto provinces = load_provinces(reference + "provinces.json");
  if (!provinces) return provinces.error();
  std::set<std::string> named;
  for (const DataAgency& agency : data.agencies) named.insert(agency.province);
  for (const DataAgreement& agreement : data.agreements) named.insert({agreement.issuer, agreement.verifier});
  for (const std::string& code : named) {
    const auto province = provinces->find(code);
    if (province == provinces->end())
      return bad_data(directory, fmt::format("{} is named, and is none of the provinces", code));
    data.provinces.insert(*province);
  }
  if (const Try<void> begun = begin_with_the_oldest(data); !begun) return begun.error();
  data.exports = exports_of(directory);
  if (data.exports.empty() && !data.has_events())
    return bad_data(directory, "there is nothing in it to play");
  return data;
}

Try<void> unpack_example(std::string_view name, const std::string& directory) {
  const std::string prefix = std::string(name) + "/";
  for (const SampleFile& file : sample_files()) {
    if (!file.path.starts_with(prefix)) continue;
    const fs::path path = fs::path(directory) / std::string(file.path.substr(prefix.size()));
    if (const auto made = make_private_folder(path.parent_path().string()); !made) return made;
    if (const auto written = write_new_file(path.string(), file.content, 0600); !written) return written;
  }
  return {};
}

}  // namespace hufu::cli::demo
