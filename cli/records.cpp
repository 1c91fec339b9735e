#include "cli/records.hpp"

#include <algorithm>
#include <array>
#include <variant>

#include "ledger/base/check.hpp"
#include "ledger/record/blinding.hpp"

namespace hufu::cli {
namespace {

// To look fields up in; what it looks in outlives it.
class Fields {
 public:
  explicit Fields(const FieldList& fields) {
    for (const auto& [name, value] : fields) fields_.emplace_back(name, value);
  }
  explicit Fields(const Document& document) {
    for (const Field& field : document.fields) fields_.emplace_back(field.name, field.value);
  }

  // Empty where there is no such field.
  std::string_view get(std::string_view name) const {
    const auto found =
        std::find_if(fields_.begin(), fields_.end(), [&](const auto& field) { return field.first == name; });
    return found == fields_.end() ? std::string_view() : found->second;
  }

 private:
  std::vector<std::pair<std::string_view, std::string_view>> fields_;
};

// What belongs to the document stays. The salts of other systems stay theirs.
void keep_document_fields(FieldList& fields) {
  std::erase_if(fields, [](const auto& field) {
    return field.second.empty() || is_state_field(field.first) || field.first == "salt";
  });
}

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

// What the state of a record means for the ledger, beside its issue.
using StateChange = std::optional<std::variant<LicenseChange, LicenseTransferOut>>;

Preparing<StateChange> state_change(std::string_view code, std::optional<CivilDay> valid_to, CivilDay today) {
  // What merely ran out needs no event: the calendar says so.
  const bool ran_out = code == "05" && valid_to && *valid_to < today;
  if (code.empty() || code == "01" || ran_out) return StateChange();
  if (code == "02") return StateChange(LicenseChange{.action = LicenseAction::suspend});
  if (code == "03") return StateChange(LicenseChange{.action = LicenseAction::rescind});
  if (code == "04") return StateChange(LicenseChange{.action = LicenseAction::cancel});
  if (code == "06") return StateChange(LicenseTransferOut{});  // the record does not tell where
  if (code == "07") return StateChange(LicenseChange{.action = LicenseAction::revoke});
  return RecordFault{.error = Error::lic_bad_transition,
                     .why = "state: superseded, and the record does not name the license that follows it",
                     .held = true};
}

Preparing<std::int64_t> sum_of(const Fields& fields, std::string_view name) {
  const Result<std::int64_t> sum = parse_yuan(fields.get(name));
  if (!sum) return fault(sum.error(), name, "an amount in yuan with two decimals is expected");
  return *sum;
}

Preparing<std::optional<CivilDay>> end_of(const Fields& fields) {
  if (is_open_end(fields.get("validTo"))) return std::optional<CivilDay>();
  const Preparing<CivilDay> end = day_of(fields, "validTo");
  if (!end) return end.error();
  return std::optional(*end);
}

Preparing<Operation> license_issue(const Document& document, const Fields& fields) {
  const Preparing<CivilDay> issued = day_of(fields, "issueDate");
  if (!issued) return issued.error();
  const Preparing<CivilDay> from = fields.get("validFrom").empty() ? issued : day_of(fields, "validFrom");
  if (!from) return from.error();
  const Preparing<std::optional<CivilDay>> to = end_of(fields);
  if (!to) return to.error();
  const Preparing<Assurance> assurance = assurance_of(fields);
  if (!assurance) return assurance.error();
  return Operation{.subject = document.subject,
                   .previous = std::nullopt,
                   .effective = *issued,
                   .payload = LicenseIssue{.commitment = commitment(document).value(),
                                           .valid_from = *from,
                                           .valid_to = *to,
                                           .assurance = *assurance,
                                           .from = std::nullopt}};
}

Preparing<Operation> invoice_issue(const Document& document, const Fields& fields) {
  const Preparing<CivilDay> issued = day_of(fields, "issueTime");
  if (!issued) return issued.error();
  const Preparing<std::int64_t> amount = sum_of(fields, "amount");
  if (!amount) return amount.error();
  const bool taxed = !fields.get("tax").empty();
  const Preparing<std::int64_t> tax = taxed ? sum_of(fields, "tax") : Preparing<std::int64_t>(0);
  if (!tax) return tax.error();
  InvoiceIssue issue;
  issue.commitment = commitment(document).value();
  issue.amount_fen = *amount;
  issue.tax_fen = *tax;
  const std::string_view blue = fields.get("blue");
  issue.blue = blue.empty() ? *amount >= 0 : (blue == "true" || blue == "True");
  if (const std::string_view original = fields.get("originalInvoice"); !issue.blue && !original.empty()) {
    const Result<InvoiceNumber> number = parse_invoice_key(original);
    if (!number) return fault(number.error(), "originalInvoice", describe(number.error()).en);
    issue.original = SubjectKey{.kind = SubjectKind::invoice, .id = number->key()};
  }
  const auto party_named = [&](std::string_view name) {
    const std::string_view code = fields.get(name);
    return code.empty() ? std::nullopt : std::optional(party(party_field(document)->salt, code));
  };
  issue.seller = party_named("sellerTaxId");
  issue.buyer = party_named("buyerTaxId");
  return Operation{.subject = document.subject,
                   .previous = std::nullopt,
                   .effective = *issued,
                   .payload = std::move(issue)};
}

}  // namespace

void throw_exception_from_error(const RecordFault& fault, const boost::source_location& where) {
  check_failed(fault.why.c_str(), where.file_name(), static_cast<int>(where.line()));
}

std::string_view value_of(const FieldList& fields, std::string_view name) { return Fields(fields).get(name); }

void add_if_missing(FieldList& fields, std::string_view name, std::string value) {
  const bool there =
      std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
  if (!there) fields.emplace_back(std::string(name), std::move(value));
}

bool is_state_field(std::string_view name) {
  constexpr std::array<std::string_view, 5> kStateFields = {"state", "stateName", "fpzt", "rzzt", "redLock"};
  return std::find(kStateFields.begin(), kStateFields.end(), name) != kStateFields.end();
}

Preparing<Document> document_of(const SubjectKey& subject, FieldList fields, const Seed& salt_secret) {
  keep_document_fields(fields);
  Result<Document> document = make_document(subject, std::move(fields), salt_secret);
  if (!document) return RecordFault{.error = document.error(), .why = "the fields do not make a document"};
  return std::move(*document);
}

Preparing<Operation> issue_of(const Document& document) {
  const Fields fields(document);
  if (document.hidden)
    return RecordFault{.error = Error::field_missing, .why = "a part of the document is hidden"};
  if (document.subject.kind == SubjectKind::license) return license_issue(document, fields);
  if (party_field(document) == nullptr)
    return fault(Error::field_missing, "invoiceNumber", "it is not there");
  return invoice_issue(document, fields);
}

Preparing<PreparedRecord> prepare_license(FieldList fields, const Seed& salt_secret, CivilDay today,
                                          const std::optional<Seed>& blinding) {
  const std::string id(value_of(fields, "certIdentifier"));
  const std::string state(value_of(fields, "state"));
  const Result<LicenseId> parsed = parse_license_id(id);
  if (!parsed) return fault(parsed.error(), "certIdentifier", describe(parsed.error()).en);
  const SubjectKey subject{.kind = SubjectKind::license,
                           .id = blinding ? blind_license_id(id, *blinding).value() : id};
  Preparing<Document> document = document_of(subject, std::move(fields), salt_secret);
  if (!document) return document.error();
  const Preparing<Operation> issue = issue_of(*document);
  if (!issue) return issue.error();
  const auto& license = std::get<LicenseIssue>(issue->payload);
  const Preparing<StateChange> change = state_change(state, license.valid_to, today);
  if (!change) return change.error();
  PreparedRecord record{.document = std::move(*document), .operations = {}};
  record.operations.push_back(*issue);
  if (*change) {
    Operation second{.subject = issue->subject,
                     .previous = issue->hash(),
                     .effective = std::max(today, issue->effective),
                     .payload = {}};
    std::visit([&](const auto& payload) { second.payload = payload; }, **change);
    record.operations.push_back(std::move(second));
  }
  return record;
}

Preparing<PreparedRecord> prepare_invoice(FieldList fields, const Seed& salt_secret) {
  const Result<InvoiceNumber> number =
      parse_invoice_number(value_of(fields, "invoiceCode"), value_of(fields, "invoiceNumber"));
  if (!number) return fault(number.error(), "invoiceNumber", describe(number.error()).en);
  Preparing<Document> document =
      document_of({SubjectKind::invoice, number->key()}, std::move(fields), salt_secret);
  if (!document) return document.error();
  Preparing<Operation> issue = issue_of(*document);
  if (!issue) return issue.error();
  PreparedRecord record{.document = std::move(*document), .operations = {}};
  record.operations.push_back(std::move(*issue));
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
