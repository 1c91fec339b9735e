#include "cli/play/event.hpp"

#include <algorithm>
#include <array>

#include "node/api/json_reader.hpp"

namespace hufu::cli::play {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 25> kNames = {
    "ISSUE",           "CHANGE",       "RENEW",         "TRANSFER_IN", "SUSPEND",
    "RESUME",          "REVOKE",       "RESCIND",       "CANCEL",      "TRANSFER_OUT",
    "CANCEL_TRANSFER", "DISPUTE_OPEN", "DISPUTE_CLOSE", "EXPIRE",      "INV_ISSUE",
    "RED_ISSUE",       "INV_DELIVER",  "INV_CLAIM",     "INV_UNCLAIM", "INV_ARCHIVE",
    "INV_VOID",        "RED_REQUEST",  "RED_CONFIRM",   "RED_EXPIRE",  "RED_WITHDRAW"};
static_assert(kNames.size() == static_cast<std::size_t>(EventKind::red_withdraw) + 1);

constexpr std::string_view kNeedsNoConfirmation = "01";

RecordFault fault(Error error, std::string_view field, std::string_view why) {
  return {.error = error, .why = std::string(field) + ": " + std::string(why)};
}

// The texts of a line, by name; the first fault that reading met.
class Line {
 public:
  explicit Line(FieldList texts) : texts_(std::move(texts)) {}

  std::string text(std::string_view name) const { return std::string(value_of(texts_, name)); }
  std::string required(std::string_view name) {
    std::string value = text(name);
    if (value.empty()) fail(fault(Error::field_missing, name, "this event needs it"));
    return value;
  }
  void fail(RecordFault fault) {
    if (!fault_) fault_ = std::move(fault);
  }
  const std::optional<RecordFault>& failed() const { return fault_; }
  FieldList take() { return std::move(texts_); }

 private:
  FieldList texts_;
  std::optional<RecordFault> fault_;
};

SubjectKey license_of(std::string_view name, Line& line) {
  const std::string id = line.required(name);
  if (id.size() > limits::kSubjectId) line.fail(fault(Error::too_long, name, "no identifier is that long"));
  return {SubjectKind::license, id};
}

SubjectKey invoice_of(const std::string& code, std::string_view name, Line& line) {
  const Result<InvoiceNumber> number = parse_invoice_number(code, line.required(name));
  if (!number) {
    line.fail(fault(number.error(), name, describe(number.error()).en));
    return {SubjectKind::invoice, {}};
  }
  return {SubjectKind::invoice, number->key()};
}

void read_license(Line& line, Event& event) {
  event.subject = license_of("certIdentifier", line);
  event.agency = line.required("agency");
  if (!is_agency_code(event.agency)) line.fail(fault(Error::field_invalid, "agency", "no agency's code"));
  const bool follows = event.kind == EventKind::change || event.kind == EventKind::renew ||
                       event.kind == EventKind::transfer_in;
  if (follows) event.other = license_of("prev", line);
  event.to_province = line.text("toProvince");
  event.to_agency = line.text("toAgency");
  if (event.to_province.size() > limits::kProvinceCode || event.to_agency.size() > limits::kAgencyCode)
    line.fail(fault(Error::too_long, "toAgency", "no agency's code"));
}

void read_invoice(Line& line, Event& event) {
  event.subject = invoice_of(line.text("invoiceCode"), "invoiceNumber", line);
  event.agency = line.text("agency");
  if (!event.agency.empty() && !is_agency_code(event.agency))
    line.fail(fault(Error::field_invalid, "agency", "no agency's code"));
  event.by = line.text("by");
  event.voucher = line.text("voucher");
  if (event.kind == EventKind::red_issue) event.other = invoice_of(line.text("ofCode"), "of", line);
  const bool of_sheet = event.kind >= EventKind::red_request;
  if (!of_sheet) return;
  event.sheet = line.required("confirmNo");
  if (event.sheet.size() > limits::kRedNumber)
    line.fail(fault(Error::too_long, "confirmNo", "no sheet has such a number"));
  event.needs_confirmation = line.text("state") != kNeedsNoConfirmation;
  const std::string reason = line.text("reason");
  const bool number = reason.size() <= 2 &&
                      std::all_of(reason.begin(), reason.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (event.kind != EventKind::red_request) return;
  if (!number) line.fail(fault(Error::field_invalid, "reason", "two digits are expected"));
  if (number && !reason.empty()) event.reason = static_cast<std::uint8_t>(std::stoi(reason));
}

}  // namespace

std::string_view name_of(EventKind kind) { return kNames[static_cast<std::size_t>(kind)]; }
bool is_of_license(EventKind kind) { return kind < EventKind::inv_issue; }

Preparing<Event> read_event(std::string_view text) {
  const api::Parsed<json::value> value = api::parse_json(text);
  if (!value) return RecordFault{.error = value.error().error, .why = api::text_of(value.error())};
  if (!value->is_object()) return RecordFault{.error = Error::json_malformed, .why = "no JSON object"};
  FieldList texts;
  for (const auto& [name, member] : value->get_object()) {
    if (member.is_string()) texts.emplace_back(std::string(name), std::string(member.get_string()));
  }
  Line line(std::move(texts));
  const std::string name = line.required("event");
  if (line.failed()) return *line.failed();
  const auto known = std::find(kNames.begin(), kNames.end(), name);
  if (known == kNames.end()) return fault(Error::unknown_tag, "event", "no such event is known");
  Event event;
  event.kind = static_cast<EventKind>(known - kNames.begin());
  if (const std::string at = line.text("at"); !at.empty()) {
    // A moment begins with its day, in China's time.
    const Result<CivilDay> day = parse_civil_day(std::string_view(at).substr(0, 10));
    if (!day) return fault(day.error(), "at", "a day YYYY-MM-DD is expected");
    event.day = *day;
  }
  is_of_license(event.kind) ? read_license(line, event) : read_invoice(line, event);
  if (line.failed()) return *line.failed();
  event.fields = line.take();
  return event;
}

std::uint32_t period_of(std::string_view voucher, CivilDay day) {
  constexpr std::size_t kDigits = 6;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t begin = 0; begin < voucher.size(); ++begin) {
    std::size_t end = begin;
    while (end < voucher.size() && digit(voucher[end])) ++end;
    if (end - begin == kDigits) {
      const auto period = static_cast<std::uint32_t>(std::stoul(std::string(voucher.substr(begin, kDigits))));
      if (period / 100 >= 1900 && period % 100 >= 1 && period % 100 <= 12) return period;
    }
    begin = end;
  }
  const std::string text = format_civil_day(day);
  return static_cast<std::uint32_t>(std::stoul(text.substr(0, 4) + text.substr(5, 2)));
}

}  // namespace hufu::cli::play
