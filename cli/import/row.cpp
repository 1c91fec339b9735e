#include "cli/import/row.hpp"

#include <algorithm>
#include <array>

#include "ledger/base/check.hpp"

namespace hufu::cli::importer {
namespace {

constexpr std::array kNotes = {
    NoteInfo{Note::excel_serial_date, "EXCEL_SERIAL_DATE", Verdict::accept,
             "a date was a spreadsheet's day number", "日期为电子表格序列号，已换算"},
    NoteInfo{Note::ambiguous_date, "AMBIGUOUS_DATE", Verdict::accept,
             "a date with a two-digit year was read in the order the rest of its column shows",
             "两位年份日期，已按本列其他日期推断的顺序读取"},
    NoteInfo{Note::ragged_long, "RAGGED_LONG", Verdict::accept, "more cells than the header has",
             "单元格多于表头"},
    NoteInfo{Note::fullwidth, "FULLWIDTH", Verdict::repair, "full-width characters in a code made half-width",
             "代码中的全角字符已转半角"},
    NoteInfo{Note::leading_apostrophe, "LEADING_APOSTROPHE", Verdict::repair,
             "a spreadsheet's text mark removed", "已去除单元格文本标记"},
    NoteInfo{Note::id_lowercase, "ID_LOWERCASE", Verdict::repair, "a code in lower case raised to upper case",
             "代码小写字母已转大写"},
    NoteInfo{Note::id_spaced, "ID_SPACED", Verdict::repair, "spaces inside a code removed",
             "代码中的空格已去除"},
    NoteInfo{Note::id_check_missing, "ID_CHECK_MISSING", Verdict::repair,
             "the identifier had no check character, it was computed", "证照标识缺校验位，已补算"},
    NoteInfo{Note::number_spaced, "NUMBER_SPACED", Verdict::repair, "spaces inside the number removed",
             "号码中的空格已去除"},
    NoteInfo{Note::name_spacing_brackets, "NAME_SPACING_BRACKETS", Verdict::repair,
             "spacing or brackets of a name made uniform", "名称的空格或括号已统一"},
    NoteInfo{Note::holder_confusable_o0, "HOLDER_CONFUSABLE_O0", Verdict::repair,
             "letter O or I in a code read as 0 or 1; the check character confirms it",
             "代码中字母O、I应为0、1，校验位相符"},
    NoteInfo{Note::holder_check_char, "HOLDER_CHECK_CHAR", Verdict::warn,
             "the holder's code does not match its check character", "持证人代码校验位不符"},
    NoteInfo{Note::seller_check_char, "SELLER_CHECK_CHAR", Verdict::warn,
             "the seller's code does not match its check character", "销方税号校验位不符"},
    NoteInfo{Note::buyer_check_char, "BUYER_CHECK_CHAR", Verdict::warn,
             "the buyer's code does not match its check character", "购方税号校验位不符"},
    NoteInfo{Note::arithmetic, "ARITHMETIC", Verdict::warn, "amount and tax do not add up to the total",
             "金额与税额之和不等于价税合计"},
    NoteInfo{Note::validity_reversed, "VALIDITY_REVERSED", Verdict::warn,
             "the validity ends before the day of issue", "有效期截止早于发证日期"},
    NoteInfo{Note::field_missing, "FIELD_MISSING", Verdict::warn, "a cell that is usually filled is empty",
             "通常应填写的单元格为空"},
    NoteInfo{Note::id_missing, "ID_MISSING", Verdict::review, "the identifier is missing", "缺少证照标识"},
    NoteInfo{Note::id_contradicts, "ID_CONTRADICTS", Verdict::review,
             "the identifier says one thing and another cell a different one", "标识与其他单元格内容矛盾"},
    NoteInfo{Note::state_unknown, "STATE_UNKNOWN", Verdict::review,
             "the status is missing or means nothing known", "状态缺失或含义不明"},
    NoteInfo{Note::date_missing, "DATE_MISSING", Verdict::review, "the day of issue is missing",
             "缺少签发日期"},
    NoteInfo{Note::date_unreadable, "DATE_UNREADABLE", Verdict::review, "a date cannot be read",
             "日期无法识别"},
    NoteInfo{Note::amount_unreadable, "AMOUNT_UNREADABLE", Verdict::review,
             "a sum is missing or cannot be read", "金额缺失或无法识别"},
    NoteInfo{Note::scientific_notation_loss, "SCIENTIFIC_NOTATION_LOSS", Verdict::review,
             "a spreadsheet kept six digits of a long number, the rest is lost",
             "长号码被存为科学计数法，后位已丢失"},
    NoteInfo{Note::legacy_code_8, "LEGACY_CODE_8", Verdict::review,
             "a fully digital invoice under an old code and an 8-digit number",
             "数电票却填旧式代码加8位号码"},
    NoteInfo{Note::encoding_damaged, "ENCODING_DAMAGED", Verdict::review,
             "bytes that are no text in the file's encoding, or control characters",
             "含无法解码的字节或控制字符"},
    NoteInfo{Note::duplicate_conflict, "DUPLICATE_CONFLICT", Verdict::review,
             "the same identifier stands in an earlier record with other content",
             "同一标识在前面的记录中内容不同"},
    NoteInfo{Note::id_check_char, "ID_CHECK_CHAR", Verdict::reject,
             "the identifier does not match its check character", "证照标识校验位不符"},
    NoteInfo{Note::id_malformed, "ID_MALFORMED", Verdict::reject, "the identifier has not the form of one",
             "证照标识格式不符"},
    NoteInfo{Note::number_length, "NUMBER_LENGTH", Verdict::reject,
             "no kind of invoice has a number of this length", "发票号码位数不符"},
    NoteInfo{Note::number_area, "NUMBER_AREA", Verdict::reject,
             "the number names a tax area that does not exist", "发票号码中的地区代码不存在"},
    NoteInfo{Note::number_missing, "NUMBER_MISSING", Verdict::reject, "the invoice has no number",
             "缺少发票号码"},
    NoteInfo{Note::ragged_short, "RAGGED_SHORT", Verdict::reject,
             "fewer cells than the header has: the record is cut", "单元格少于表头，记录被截断"},
    NoteInfo{Note::row_oversize, "ROW_OVERSIZE", Verdict::reject,
             "the record exceeds the bound of one record", "记录超过长度上限"},
    NoteInfo{Note::quote_unbalanced, "QUOTE_UNBALANCED", Verdict::reject,
             "a quotation mark opens a cell and none closes it", "引号不配对"},
    NoteInfo{Note::json_malformed, "JSON_MALFORMED", Verdict::reject, "the line is not a JSON object",
             "该行不是JSON对象"},
    NoteInfo{Note::duplicate_exact, "DUPLICATE_EXACT", Verdict::skip, "the same record again",
             "与前面的记录完全相同"},
    NoteInfo{Note::duplicate_same_number, "DUPLICATE_SAME_NUMBER", Verdict::skip,
             "the same document again, written differently", "与前面的记录是同一份，仅写法不同"},
    NoteInfo{Note::blank_row, "BLANK_ROW", Verdict::skip, "an empty row", "空行"},
    NoteInfo{Note::subtotal_row, "SUBTOTAL_ROW", Verdict::skip, "a row of totals", "合计行"},
    NoteInfo{Note::footer, "FOOTER", Verdict::skip, "a remark under or between the records", "表尾说明"},
    NoteInfo{Note::header_repeated, "HEADER_REPEATED", Verdict::skip, "the header row again", "重复的表头"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kNotes.size(); ++i) {
    if (static_cast<std::size_t>(kNotes[i].note) != i) return false;
  }
  return kNotes.size() == static_cast<std::size_t>(Note::header_repeated) + 1;
}
static_assert(in_order(), "one entry a note, in the order of the enumeration");

}  // namespace

std::string_view name_of(Verdict verdict) {
  constexpr std::array<std::string_view, kVerdicts> kNames = {"ACCEPT", "REPAIR", "WARN",
                                                              "REVIEW", "REJECT", "SKIP"};
  return kNames[static_cast<std::size_t>(verdict)];
}

std::string_view name_of(RecordKind kind) { return kind == RecordKind::license ? "license" : "invoice"; }

const NoteInfo& describe(Note note) {
  HUFU_CHECK(static_cast<std::size_t>(note) < kNotes.size());
  return kNotes[static_cast<std::size_t>(note)];
}

std::span<const NoteInfo> all_notes() { return kNotes; }

std::string_view Row::field(std::string_view name) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == name; });
  return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

void Row::add(Note note, std::string_view field_name) {
  notes.push_back({note, field_name});
  raise(describe(note).verdict);
}

void Row::raise(Verdict at_least) { verdict = std::max(verdict, at_least); }

}  // namespace hufu::cli::importer
