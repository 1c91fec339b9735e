#include <array>
#include <optional>

#include "cli/import/cells.hpp"
#include "cli/import/judge.hpp"
#include "ledger/record/identifiers.hpp"

namespace hufu::cli::importer {
namespace {

struct State {
  std::string_view code;
  std::string_view name;
};
constexpr std::array<State, 7> kStates = {{{"01", "有效"},
                                           {"02", "暂扣"},
                                           {"03", "撤销"},
                                           {"04", "注销"},
                                           {"05", "失效"},
                                           {"06", "转出"},
                                           {"07", "吊销"}}};

// What offices write for a state.
constexpr std::array<State, 26> kStateWords = {{
    {"01", "有效"},     {"01", "在用"},   {"01", "正常"}, {"01", "1"},      {"01", "01"},
    {"01", "存续"},     {"01", "在业"},   {"01", "在册"}, {"02", "暂扣"},   {"02", "冻结"},
    {"02", "暂时失效"}, {"02", "暂停"},   {"02", "中止"}, {"03", "撤销"},   {"03", "已撤销"},
    {"04", "注销"},     {"04", "已注销"}, {"05", "失效"}, {"05", "已失效"}, {"05", "过期"},
    {"05", "已过期"},   {"05", "到期"},   {"06", "转出"}, {"06", "已转出"}, {"07", "吊销"},
    {"07", "已吊销"},
}};

std::string_view code_of_word(std::string_view word) {
  for (const State& known : kStateWords) {
    if (known.name == word) return known.code;
  }
  return {};
}

// Where one cell holds both ends: the text before and after the word or sign that stands between them.
std::optional<std::pair<std::string_view, std::string_view>> both_ends(std::string_view cell) {
  for (const std::string_view between : {"至", "到", "~", "～", "—", "--"}) {
    const auto at = cell.find(between);
    if (at != std::string_view::npos && at > 0)
      return std::pair{cell.substr(0, at), cell.substr(at + between.size())};
  }
  return std::nullopt;
}

}  // namespace

bool is_state_code(RecordKind kind, std::string_view code) {
  if (kind == RecordKind::invoice) return code == "0" || code == "2" || code == "7" || code == "8";
  for (const State& state : kStates) {
    if (state.code == code) return true;
  }
  return false;
}

void Judge::license(const RawRecord& raw, Row& row) {
  license_identifier(raw, row);
  name(raw, FieldId::holderName, row);
  code(raw, FieldId::holderCode, Note::holder_check_char, row);
  for (const FieldId usual : {FieldId::holderName, FieldId::holderCode}) {
    if (raw.holds(usual) && value(usual).empty()) row.add(Note::field_missing, name_of(usual));
  }
  license_state(raw, row);
  validity(raw, row);
  for (const FieldId field :
       {FieldId::certTypeName, FieldId::certNumber, FieldId::issuerName, FieldId::assurance,
        FieldId::faceDigest, FieldId::fileDigest, FieldId::remark, FieldId::salt, FieldId::associatedCertId,
        FieldId::holderTypeCode, FieldId::holderTypeName, FieldId::areaCode}) {
    text(raw, field);
  }
  std::string& number = value(FieldId::certNumber);
  if (number.starts_with('\'')) {
    number.erase(0, 1);
    row.add(Note::leading_apostrophe, name_of(FieldId::certNumber));
  }
  if (is_scientific(number)) row.add(Note::scientific_notation_loss, name_of(FieldId::certNumber));
  if (value(FieldId::areaCode).empty()) {
    const auto province = province_of_organisation(value(FieldId::issuerCode));
    const auto region = province ? province : province_of_region(value(FieldId::issuerCode));
    if (region) put(FieldId::areaCode, *region);
  }
  collect({FieldId::certTypeName, FieldId::certNumber, FieldId::holderCode, FieldId::issueDate},
          {FieldId::certNumber, FieldId::holderName, FieldId::holderCode, FieldId::issueDate,
           FieldId::validTo, FieldId::state});
}

// J1. Parts that stand in columns of their own must say what the identifier says.
void Judge::license_identifier(const RawRecord& raw, Row& row) {
  constexpr FieldId kField = FieldId::certIdentifier;
  for (const FieldId part : {FieldId::certTypeCode, FieldId::issuerCode, FieldId::certVersion}) {
    if (!says_nothing(raw[part])) value(part) = read_code(raw[part]).text;
  }
  if (says_nothing(raw[kField])) {
    row.add(Note::id_missing, name_of(kField));
    return;
  }
  Code read = read_code(raw[kField]);
  if (read.fullwidth) row.add(Note::fullwidth, name_of(kField));
  if (read.apostrophe) row.add(Note::leading_apostrophe, name_of(kField));
  if (read.lowercase) row.add(Note::id_lowercase, name_of(kField));
  if (read.spaced) row.add(Note::id_spaced, name_of(kField));

  std::string& identifier = value(kField);
  identifier = std::move(read.text);
  auto id = split_license_id(identifier);
  if (!id) {
    std::string completed = identifier + (identifier.ends_with('.') ? "0" : ".0");
    const auto parts = split_license_id(completed);
    if (!parts) {
      row.add(Note::id_malformed, name_of(kField));
      duplicate_key_ = identifier;
      return;
    }
    completed.back() = *license_check_char(*parts);
    identifier = std::move(completed);
    id = split_license_id(identifier);
    row.add(Note::id_check_missing, name_of(kField));
  } else if (*license_check_char(*id) != id->check) {
    row.add(Note::id_check_char, name_of(kField));
  }
  row.identity = identifier;
  duplicate_key_ = id->lineage();
  duplicate_key_.append(1, '.').append(id->version);
  for (const auto& [field, part] :
       {std::pair{FieldId::certTypeCode, id->type}, std::pair{FieldId::issuerCode, id->issuer},
        std::pair{FieldId::certVersion, id->version}}) {
    if (!value(field).empty() && value(field) != part) row.add(Note::id_contradicts, name_of(field));
    put(field, part);
  }
}

// J4. The name of a state tells more than its code.
void Judge::license_state(const RawRecord& raw, Row& row) {
  if (!raw.holds(FieldId::state) && !raw.holds(FieldId::stateName)) return;
  const std::string word = fold_width(trim(raw[FieldId::state]));
  const std::string named = fold_width(trim(raw[FieldId::stateName]));
  std::string_view code = own_state(word);
  if (code.empty()) code = code_of_word(named.empty() ? word : named);
  if (code.empty()) {
    row.add(Note::state_unknown, name_of(FieldId::state));
    return;
  }
  put(FieldId::state, code);
  for (const State& state : kStates) {
    if (state.code == code) put(FieldId::stateName, state.name);
  }
}

void Judge::validity(const RawRecord& raw, Row& row) {
  std::string_view from = raw[FieldId::validFrom];
  std::string_view to = raw[FieldId::validTo];
  bool has_to = raw.holds(FieldId::validTo);
  if (!has_to && raw.holds(FieldId::validity)) {
    has_to = true;
    to = raw[FieldId::validity];
    if (const auto ends = both_ends(to)) from = ends->first, to = ends->second;
  }
  if (says_nothing(raw[FieldId::issueDate])) {
    if (raw.holds(FieldId::issueDate) || !raw.cut) row.add(Note::date_missing, name_of(FieldId::issueDate));
  } else {
    date(raw[FieldId::issueDate], FieldId::issueDate, row);
  }
  if (!says_nothing(raw[FieldId::firstIssueDate]))
    date(raw[FieldId::firstIssueDate], FieldId::firstIssueDate, row);
  if (!says_nothing(from)) date(from, FieldId::validFrom, row);
  if (!has_to) return;
  if (is_open_end(to)) {
    put(FieldId::validTo, "长期");
  } else if (date(to, FieldId::validTo, row) && !value(FieldId::issueDate).empty() &&
             value(FieldId::validTo) < value(FieldId::issueDate)) {
    row.add(Note::validity_reversed, name_of(FieldId::validTo));
  }
}

}  // namespace hufu::cli::importer
