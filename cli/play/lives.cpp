#include "cli/play/lives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "cli/files.hpp"
#include "cli/text/lines.hpp"
#include "node/api/json_reader.hpp"

namespace hufu::cli::play {
namespace {

constexpr std::size_t kFileBytes = 1U << 30;

std::string text_of(const json::value& value) {
  if (value.is_null()) return {};
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::optional<SubjectKey> subject_of(const FieldList& fields) {
  if (const std::string_view id = value_of(fields, "certIdentifier"); !id.empty()) {
    if (id.size() > limits::kSubjectId) return std::nullopt;
    return SubjectKey{SubjectKind::license, std::string(id)};
  }
  const Result<InvoiceNumber> number =
      parse_invoice_number(value_of(fields, "invoiceCode"), value_of(fields, "invoiceNumber"));
  if (!number) return std::nullopt;
  return SubjectKey{SubjectKind::invoice, number->key()};
}

bool may_issue_invoices(const AgencyStanding& agency) {
  return std::any_of(agency.grants.begin(), agency.grants.end(), [](const Grant& grant) {
    return grant.type == kInvoiceType && (grant.actions & action::kIssue) != 0;
  });
}

}  // namespace

std::optional<std::pair<SubjectKey, FieldList>> read_record(std::string_view line) {
  const api::Parsed<json::value> value = api::parse_json(line);
  if (!value || !value->is_object()) return std::nullopt;
  FieldList fields;
  for (const auto& [name, member] : value->get_object())
    fields.emplace_back(std::string(name), text_of(member));
  std::optional<SubjectKey> subject = subject_of(fields);
  if (!subject) return std::nullopt;
  return std::pair(std::move(*subject), std::move(fields));
}

Records::Records(const Genesis& genesis, SaltsOf salts_of) : salts_of_(std::move(salts_of)) {
  for (const FoundingAgency& agency : genesis.agencies) {
    if (may_issue_invoices(agency.standing)) platforms_.emplace(agency.standing.province, agency.code);
  }
}

Try<void> Records::load(const std::string& path) {
  const Try<Bytes> content = read_file(path, kFileBytes);
  if (!content) return content.error();
  std::optional<std::size_t> bad;
  text::each_line(as_text(*content), [&](std::size_t number, std::string_view line) {
    auto record = read_record(line);
    if (!record && !bad) bad = number;
    if (record) records_.insert_or_assign(std::move(record->first), std::move(record->second));
  });
  if (!bad) return {};
  return Trouble{.error = Error::json_malformed,
                 .what = fmt::format("cannot play the records in {}", path),
                 .why = fmt::format("line {} is no record with an identifier", *bad),
                 .exit = kLocal};
}

std::optional<Document> Records::document(const SubjectKey& subject, const std::string& agency) const {
  const auto record = records_.find(subject);
  const Seed* const salts = salts_of_(agency);
  if (record == records_.end() || salts == nullptr) return std::nullopt;
  Preparing<Document> made = document_of(subject, record->second, *salts);
  return made ? std::optional(std::move(*made)) : std::nullopt;
}

std::string Records::platform_of(const std::string& province) const {
  const auto platform = platforms_.find(province);
  return platform == platforms_.end() ? std::string() : platform->second;
}

Try<std::vector<LineEvent>> load_events(
    const std::string& path, const std::function<void(std::size_t, const RecordFault&)>& malformed) {
  const Try<Bytes> content = read_file(path, kFileBytes);
  if (!content) return content.error();
  std::vector<LineEvent> events;
  text::each_line(as_text(*content), [&](std::size_t number, std::string_view line) {
    Preparing<Event> event = read_event(line);
    if (event) {
      events.push_back({.line = number, .event = std::move(*event)});
    } else {
      malformed(number, event.error());
    }
  });
  std::stable_sort(events.begin(), events.end(),
                   [](const LineEvent& a, const LineEvent& b) { return a.event.day < b.event.day; });
  return events;
}

}  // namespace hufu::cli::play
