#include "cli/import/judge.hpp"

#include <algorithm>

#include "cli/import/cells.hpp"
#include "cli/import/digits.hpp"
#include "ledger/record/identifiers.hpp"

namespace hufu::cli::importer {
namespace {

constexpr std::size_t kCodeChars = 18;  // of a USCC and of a citizen number

// 17 digits and a check character, with a day of birth in its place.
bool citizen_shaped(std::string_view code) {
  if (code.size() != kCodeChars || !all_digits(code.substr(0, 17))) return false;
  if (!all_digits(code.substr(17)) && code[17] != 'X') return false;
  const std::string_view century = code.substr(6, 2);
  if (century != "19" && century != "20") return false;
  std::string birth(code.substr(6, 8));
  birth.insert(6, 1, '-').insert(4, 1, '-');
  return static_cast<bool>(parse_civil_day(birth));
}

// An authority that registers organisations, a sort of organisation it registers, a province: what the first eight
// characters of a USCC say (GB 32100, 5.1-5.3).
bool organisation_shaped(std::string_view code) {
  if (!uscc_shaped(code)) return false;
  const std::string_view sorts = code[0] == '9' ? "123" : "1239";
  if ((code[0] == '1' || code[0] == '5' || code[0] == '9') && sorts.find(code[1]) == std::string_view::npos)
    return false;
  return code.substr(2, 2) == "10" || province_of_organisation(code).has_value();
}

// Both kinds of code have 18 characters, and one in 31 wrong citizen numbers passes for an organisation's code. What looks
// like a citizen number is held to that check, unless it could as well be an organisation's.
bool check_holds(std::string_view code) {
  const bool citizen = citizen_shaped(code);
  if (citizen) {
    const auto check = mod11_2(code.substr(0, 17));
    if (check && *check == code[17]) return true;
  }
  return (!citizen || organisation_shaped(code)) && uscc_valid(code);
}

std::string without_confusables(std::string_view code) {
  std::string out(code);
  std::replace(out.begin(), out.end(), 'O', '0');
  std::replace(out.begin(), out.end(), 'I', '1');
  return out;
}

}  // namespace

void Judge::judge(RecordKind kind, const RawRecord& raw, Row& row) {
  row.kind = kind;
  for (std::string& text_value : value_) text_value.clear();
  duplicate_key_.clear();
  content_.clear();
  if (kind == RecordKind::license) {
    license(raw, row);
  } else {
    invoice(raw, row);
  }
  for (std::size_t i = 0; i < kFieldIds; ++i) {
    if (damaged(raw.text[i])) row.add(Note::encoding_damaged, name_of(static_cast<FieldId>(i)));
    if (!value_[i].empty()) row.fields.push_back({name_of(static_cast<FieldId>(i)), value_[i]});
  }
}

// A code of an organisation or a person (J2, J3).
void Judge::code(const RawRecord& raw, FieldId field, Note fails_check, Row& row) {
  if (says_nothing(raw[field])) return;
  Code read = read_code(raw[field]);
  const std::string_view name_of_field = name_of(field);
  if (read.fullwidth) row.add(Note::fullwidth, name_of_field);
  if (read.apostrophe) row.add(Note::leading_apostrophe, name_of_field);
  if (is_scientific(read.text)) {
    row.add(Note::scientific_notation_loss, name_of_field);
    put(field, read.text);
    return;
  }
  if (read.lowercase) row.add(Note::id_lowercase, name_of_field);
  if (read.spaced) row.add(Note::id_spaced, name_of_field);
  // Only 18 characters have a check; older and foreign kinds of code stand as they are.
  if (read.text.size() == kCodeChars && !check_holds(read.text)) {
    std::string mended = without_confusables(read.text);
    const bool proved = mended != read.text && check_holds(mended);
    row.add(proved ? Note::holder_confusable_o0 : fails_check, name_of_field);
    if (proved) read.text = std::move(mended);
  } else if (read.text.size() != kCodeChars && field == FieldId::sellerTaxId) {
    row.add(fails_check, name_of_field);
  }
  value(field) = std::move(read.text);
}

void Judge::name(const RawRecord& raw, FieldId field, Row& row) {
  Name read = read_name(raw[field]);
  if (read.text.empty()) return;
  if (read.changed) row.add(Note::name_spacing_brackets, name_of(field));
  value(field) = std::move(read.text);
}

void Judge::text(const RawRecord& raw, FieldId field) {
  if (!raw[field].empty()) value(field) = read_text(raw[field]);
}

// Reads a cell that should hold a date; false when it does not.
bool Judge::date(std::string_view cell, FieldId field, Row& row) {
  const auto read = read_date(cell, order_);
  if (!read) {
    row.add(Note::date_unreadable, name_of(field));
    return false;
  }
  if (read->serial) row.add(Note::excel_serial_date, name_of(field));
  if (read->ambiguous) row.add(Note::ambiguous_date, name_of(field));
  value(field) = field == FieldId::issueTime ? format_moment(*read) : format_day(*read);
  return true;
}

std::string_view Judge::own_state(std::string_view word) const {
  if (mapping_ == nullptr) return {};
  const auto found = mapping_->states.find(word);
  return found == mapping_->states.end() ? std::string_view() : std::string_view(found->second);
}

void Judge::collect(std::initializer_list<FieldId> key, std::initializer_list<FieldId> content) {
  for (const FieldId field : content) content_.append(value(field)).append(1, '\x1f');
  if (!duplicate_key_.empty()) return;
  duplicate_key_ = '~';
  for (const FieldId field : key) duplicate_key_.append(value(field)).append(1, '\x1f');
}

}  // namespace hufu::cli::importer
