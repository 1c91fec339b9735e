#include "cli/records.hpp"

#include <algorithm>
#include <array>

#include "ledger/base/check.hpp"
#include "ledger/record/blinding.hpp"

namespace hufu::cli {
namespace {

class Fields {
 public:
  explicit Fields(const FieldList& fields) : fields_(fields) {}

  std::string_view get(std::string_view name) const {
    const auto found =
        std::find_if(fields_.begin(), fields_.end(), [&](const auto& f) { return f.first == name; });
    return found == fields_.end() ? std::string_view() : std::string_view(found->second);
  }

  // What belongs to the document. The salts of other systems stay theirs.
  FieldList document() const {
    FieldList kept;
    for (const auto& [name, value] : fields_) {
      if (!value.empty() && !is_state_field(name) && name != "salt") kept.emplace_back(name, value);
    }
    return kept;
  }

 private:
  const FieldList& fields_;
};

RecordFault fault(Error error, std::string_view field, std::string_view why) {
  return {.error = error, .why = std::string(field) + ": " + std::string(why)};
}

Preparing<CivilDay> day_of(const Fields& fields, std::string_view name) {
  // A moment begins with its day, in China's time.
  const Result<CivilDay> day = parse_civil_day(fields.get(name).substr(0, 10));
  if (!day) return fault(day.error(), name, "a day YYYY-MM-DD is expected");
  return *day;
}

bool is_open_end(std::string_view text) { return text.empty() || text == "长期" || text == "long-term"; }

Preparing<Assurance> assurance_of(const Fields& fields) {
  const std::string_view text = fields.get("assurance");
  if (text.empty() || text == "L1") return Assurance::l1;
  if (text == "L2") return Assurance::l2;
  if (text == "L3") return Assurance::l3;
  return fault(Error::field_invalid, "assurance", "L1, L2 or L3 is expected");
}

struct StateChange {
  std::string_view code;
  std::optional<LicenseAction> action;  // nothing: in force
};
constexpr std::array kStates = {
    StateChange{"", std::nullopt},
    StateChange{"01", std::nullopt},
    StateChange{"02", LicenseAction::suspend},
    StateChange{"03", LicenseAction::rescind},
    StateChange{"04", LicenseAction::cancel},
    StateChange{"07", LicenseAction::revoke},
};

Preparing<std::optional<LicenseAction>> state_change(const Fields& fields, std::optional<CivilDay> valid_to,
                                                     CivilDay today) {
  const std::string_view code = fields.get("state");
  // What merely ran out needs no event: the calendar says so.
  if (code == "05" && valid_to && *valid_to < today) return std::optional<LicenseAction>();
  for (const StateChange& state : kStates) {
    if (state.code == code) return state.action;
  }
  return RecordFault{
      .error = Error::lic_bad_transition,
      .why = "state: superseded and transferred licenses need a law that this version does not have",
      .held = true};
}

Preparing<std::int64_t> sum_of(const Fields& fields, std::string_view name) {
  const Result<std::int64_t> sum = parse_yuan(fields.get(name));
  if (!sum) return fault(sum.error(), name, "an amount in yuan with two decimals is expected");
  return *sum;
}

Preparing<PreparedRecord> with_document(const SubjectKey& subject, const Fields& fields, const Seed& secret) {
  Result<Document> document = make_document(subject, fields.document(), secret);
  if (!document) return RecordFault{.error = document.error(), .why = "the fields do not make a document"};
  return PreparedRecord{.document = std::move(*document), .operations = {}};
}

}  // namespace

void throw_exception_from_error(const RecordFault& fault, const boost::source_location& where) {
  check_failed(fault.why.c_str(), where.file_name(), static_cast<int>(where.line()));
}

bool is_state_field(std::string_view name) {
  constexpr std::array<std::string_view, 5> kStateFields = {"state", "stateName", "fpzt", "rzzt", "redLock"};
  return std::find(kStateFields.begin(), kStateFields.end(), name) != kStateFields.end();
}

Preparing<PreparedRecord> prepare_license(const FieldList& list, const Seed& salt_secret, CivilDay today,
                                          const std::optional<Seed>& blinding) {
  const Fields fields(list);
  const std::string id(fields.get("certIdentifier"));
  const Result<LicenseId> parsed = parse_license_id(id);
  if (!parsed) return fault(parsed.error(), "certIdentifier", describe(parsed.error()).en);
  const Preparing<CivilDay> issued = day_of(fields, "issueDate");
  if (!issued) return issued.error();
  const Preparing<CivilDay> from = fields.get("validFrom").empty() ? issued : day_of(fields, "validFrom");
  if (!from) return from.error();
  std::optional<CivilDay> to;
  if (!is_open_end(fields.get("validTo"))) {
    const Preparing<CivilDay> end = day_of(fields, "validTo");
    if (!end) return end.error();
    to = *end;
  }
  const Preparing<Assurance> assurance = assurance_of(fields);
  if (!assurance) return assurance.error();
  const Preparing<std::optional<LicenseAction>> change = state_change(fields, to, today);
  if (!change) return change.error();

  const SubjectKey subject{.kind = SubjectKind::license,
                           .id = blinding ? blind_license_id(id, *blinding).value() : id};
  Preparing<PreparedRecord> record = with_document(subject, fields, salt_secret);
  if (!record) return record;
  record->operations.push_back({.subject = subject,
                                .previous = std::nullopt,
                                .effective = *issued,
                                .payload = LicenseIssue{.commitment = commitment(record->document).value(),
                                                        .valid_from = *from,
                                                        .valid_to = to,
                                                        .assurance = *assurance}});
  if (*change) {
    const Hash issue = record->operations.back().hash();
    record->operations.push_back({.subject = subject,
                                  .previous = issue,
                                  .effective = std::max(today, *issued),
                                  .payload = LicenseChange{.action = **change}});
  }
  return record;
}

Preparing<PreparedRecord> prepare_invoice(const FieldList& list, const Seed& salt_secret) {
  const Fields fields(list);
  const Result<InvoiceNumber> number =
      parse_invoice_number(fields.get("invoiceCode"), fields.get("invoiceNumber"));
  if (!number) return fault(number.error(), "invoiceNumber", describe(number.error()).en);
  const Preparing<CivilDay> issued = day_of(fields, "issueTime");
  if (!issued) return issued.error();
  const Preparing<std::int64_t> amount = sum_of(fields, "amount");
  if (!amount) return amount.error();
  const bool taxed = !fields.get("tax").empty();
  const Preparing<std::int64_t> tax = taxed ? sum_of(fields, "tax") : Preparing<std::int64_t>(0);
  if (!tax) return tax.error();

  const SubjectKey subject{.kind = SubjectKind::invoice, .id = number->key()};
  InvoiceIssue issue{.amount_fen = *amount, .tax_fen = *tax};
  const std::string_view blue = fields.get("blue");
  issue.blue = blue.empty() ? *amount >= 0 : (blue == "true" || blue == "True");
  if (const std::string_view original = fields.get("originalInvoice"); !issue.blue && !original.empty()) {
    const Result<InvoiceNumber> blue_number = parse_invoice_key(original);
    if (!blue_number) return fault(blue_number.error(), "originalInvoice", describe(blue_number.error()).en);
    issue.original = SubjectKey{.kind = SubjectKind::invoice, .id = blue_number->key()};
  }
  Preparing<PreparedRecord> record = with_document(subject, fields, salt_secret);
  if (!record) return record;
  issue.commitment = commitment(record->document).value();
  const std::string_view buyer = fields.get("buyerTaxId");
  if (!buyer.empty()) issue.buyer = party(party_field(record->document)->salt, buyer);
  record->operations.push_back(
      {.subject = subject, .previous = std::nullopt, .effective = *issued, .payload = std::move(issue)});
  return record;
}

std::optional<std::string> province_of_invoice(const InvoiceNumber& number) {
  std::string digits;
  switch (number.kind) {
    case InvoiceNumberKind::fully_digital:
      digits = number.number.substr(2, 2);
      break;
    case InvoiceNumberKind::coded:
      // 12 digits begin with a zero before the area, 10 digits with the area itself.
      digits = number.code.substr(number.code.size() == 12 ? 1 : 0, 2);
      break;
    case InvoiceNumberKind::fiscal:
      digits = number.code.substr(0, 2);
      break;
  }
  const std::optional<std::string_view> province = province_of_tax_area(digits);
  if (!province) return std::nullopt;
  return std::string(*province);
}

const Field* party_field(const Document& invoice) {
  const Field* const buyer = invoice.find("buyerTaxId");
  if (buyer != nullptr || invoice.hidden) return buyer;
  return invoice.find("invoiceNumber");
}

}  // namespace hufu::cli
