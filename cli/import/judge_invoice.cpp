#include <algorithm>
#include <array>

#include "cli/import/cells.hpp"
#include "cli/import/digits.hpp"
#include "cli/import/judge.hpp"
#include "ledger/record/identifiers.hpp"

namespace hufu::cli::importer {
namespace {

constexpr std::size_t kDigitalChars = 20;

struct Status {
  std::string_view code;
  std::string_view word;
};
constexpr std::array<Status, 11> kStatusWords = {{
    {"0", "正常"},
    {"0", "有效"},
    {"7", "部分红冲"},
    {"7", "已部分红冲"},
    {"7", "已红冲-部分"},
    {"8", "已红冲"},
    {"8", "全额红冲"},
    {"8", "已全额红冲"},
    {"8", "已红冲-全额"},
    {"2", "作废"},
    {"2", "已作废"},
}};

// Kinds that are issued under a 20-digit number and have no code.
bool is_digital_kind(std::string_view kind) {
  return kind.starts_with("电子发票") || kind.starts_with("数电") || kind.starts_with("全电");
}

// The digits behind a label in a remark, such as "红字发票信息确认单编号：3702…".
std::string_view number_behind(std::string_view remark, std::string_view label) {
  const auto at = remark.find(label);
  if (at == std::string_view::npos) return {};
  std::string_view rest = remark.substr(at + label.size());
  for (const std::string_view colon : {std::string_view("："), std::string_view(":")}) {
    if (rest.starts_with(colon)) rest.remove_prefix(colon.size());
  }
  const auto end = rest.find_first_not_of("0123456789");
  return rest.substr(0, end);
}

}  // namespace

void Judge::invoice(const RawRecord& raw, Row& row) {
  invoice_kind(raw);
  invoice_number(raw, row);
  name(raw, FieldId::sellerName, row);
  code(raw, FieldId::sellerTaxId, Note::seller_check_char, row);
  name(raw, FieldId::buyerName, row);
  code(raw, FieldId::buyerTaxId, Note::buyer_check_char, row);
  if (raw.holds(FieldId::sellerTaxId) && value(FieldId::sellerTaxId).empty()) {
    row.add(Note::field_missing, name_of(FieldId::sellerTaxId));
  }
  invoice_amounts(raw, row);
  invoice_status(raw, row);
  if (says_nothing(raw[FieldId::issueTime])) {
    if (raw.holds(FieldId::issueTime) || !raw.cut) row.add(Note::date_missing, name_of(FieldId::issueTime));
  } else {
    date(raw[FieldId::issueTime], FieldId::issueTime, row);
  }
  for (const FieldId field : {FieldId::totalChinese, FieldId::lines, FieldId::originalInvoice,
                              FieldId::redConfirmNo, FieldId::rzzt, FieldId::redLock, FieldId::digest,
                              FieldId::remark, FieldId::salt, FieldId::areaCode, FieldId::checkCode}) {
    text(raw, field);
  }
  red_letter(raw);
  // The moment may stand in one file and only the day in another: the day is what tells two invoices apart.
  content_.append(std::string_view(value(FieldId::issueTime)).substr(0, 10)).append(1, '\x1f');
  collect({FieldId::invoiceNumber, FieldId::sellerTaxId, FieldId::buyerName, FieldId::amount, FieldId::tax,
           FieldId::total},
          {FieldId::sellerTaxId, FieldId::buyerTaxId, FieldId::buyerName, FieldId::amount, FieldId::tax,
           FieldId::total});
}

void Judge::invoice_kind(const RawRecord& raw) {
  constexpr std::string_view kDigital = "数电票";
  std::string kind = read_text(raw[FieldId::kind]);
  if (kind.starts_with(kDigital)) kind.replace(0, kDigital.size(), "电子发票");
  text(raw, FieldId::kindCode);
  if (value(FieldId::kindCode).empty() && is_digital_kind(kind)) {
    if (kind.find("专用") != std::string::npos) put(FieldId::kindCode, "01");
    if (kind.find("普通") != std::string::npos) put(FieldId::kindCode, "02");
  }
  value(FieldId::kind) = std::move(kind);
}

void Judge::invoice_number(const RawRecord& raw, Row& row) {
  constexpr FieldId kField = FieldId::invoiceNumber;
  const bool beside = !says_nothing(raw[FieldId::digital_number]);
  const std::string_view cell = beside ? raw[FieldId::digital_number] : raw[kField];
  Code code;
  if (!beside && !says_nothing(raw[FieldId::invoiceCode])) code = read_code(raw[FieldId::invoiceCode]);
  Code number;
  if (!says_nothing(cell)) number = read_code(cell);
  if (number.fullwidth || code.fullwidth) row.add(Note::fullwidth, name_of(kField));
  if (number.apostrophe || code.apostrophe) row.add(Note::leading_apostrophe, name_of(kField));
  if (number.spaced || code.spaced) row.add(Note::number_spaced, name_of(kField));
  put(FieldId::invoiceCode, code.text);
  put(kField, number.text);

  if (number.text.empty()) {
    row.add(Note::number_missing, name_of(kField));
    return;
  }
  if (is_scientific(number.text) || is_scientific(code.text)) {
    row.add(Note::scientific_notation_loss, name_of(kField));
    row.raise(Verdict::reject);
    return;
  }
  if (!all_digits(number.text) || !all_digits(code.text)) {
    row.add(Note::id_malformed, name_of(kField));
    return;
  }
  duplicate_key_ = code.text.empty() ? number.text : code.text + '-' + number.text;
  const bool digital = number.text.size() == kDigitalChars;
  if (digital && !province_of_tax_area(std::string_view(number.text).substr(2, 2))) {
    row.add(Note::number_area, name_of(kField));
    return;
  }
  if (digital && !code.text.empty()) {
    row.add(Note::id_contradicts, name_of(FieldId::invoiceCode));
    return;
  }
  const auto parsed = parse_invoice_number(code.text, number.text);
  if (!parsed) {
    row.add(Note::number_length, name_of(kField));
    return;
  }
  row.identity = parsed->key();
  if (digital) {
    put(FieldId::areaCode, *province_of_tax_area(std::string_view(number.text).substr(2, 2)));
  } else if (parsed->kind == InvoiceNumberKind::coded && is_digital_kind(value(FieldId::kind))) {
    row.add(Note::legacy_code_8, name_of(kField));
  }
}

// J5, and what tax-free invoices write for their tax.
void Judge::invoice_amounts(const RawRecord& raw, Row& row) {
  std::array<std::optional<std::int64_t>, 3> sums;
  constexpr std::array kFields = {FieldId::amount, FieldId::tax, FieldId::total};
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    const FieldId field = kFields[i];
    if (!raw.holds(field) && (field != FieldId::total || raw.cut)) continue;
    const std::string_view cell = trim(raw[field]);
    const bool free = field == FieldId::tax && (cell == "免税" || cell == "不征税" || cell.starts_with("**"));
    sums[i] = free ? std::optional<std::int64_t>(0) : read_amount(cell);
    if (!sums[i]) {
      row.add(Note::amount_unreadable, name_of(field));
    } else {
      value(field) = format_yuan(*sums[i]);
    }
  }
  const auto& [amount, tax, total] = sums;
  if (amount && tax && total && *amount + *tax != *total) row.add(Note::arithmetic, name_of(FieldId::total));
  if (total) put(FieldId::blue, *total < 0 ? "false" : "true");
}

void Judge::invoice_status(const RawRecord& raw, Row& row) {
  if (raw.holds(FieldId::fpzt)) {
    const std::string_view code = trim(raw[FieldId::fpzt]);
    if (is_state_code(RecordKind::invoice, code)) return put(FieldId::fpzt, code);
    row.add(Note::state_unknown, name_of(FieldId::fpzt));
    return;
  }
  if (!raw.holds(FieldId::status)) return;
  const std::string word = fold_width(trim(raw[FieldId::status]));
  std::string_view code = own_state(word);
  for (const Status& known : kStatusWords) {
    if (code.empty() && known.word == word) code = known.code;
  }
  if (code.empty()) row.add(Note::state_unknown, name_of(FieldId::fpzt));
  put(FieldId::fpzt, code);
}

// A red invoice names the blue one and the confirmation in its remark, by law in these words.
void Judge::red_letter(const RawRecord& raw) {
  if (value(FieldId::blue) != "false") return;
  const std::string_view remark = raw[FieldId::remark];
  if (value(FieldId::originalInvoice).empty())
    put(FieldId::originalInvoice, number_behind(remark, "蓝字数电票号码"));
  if (value(FieldId::redConfirmNo).empty())
    put(FieldId::redConfirmNo, number_behind(remark, "信息确认单编号"));
}

}  // namespace hufu::cli::importer
