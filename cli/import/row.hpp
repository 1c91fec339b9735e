// What the importer says about one record: a verdict, the notes that led to it, and the record's fields made canonical.
//
// Invariants:
//   R1  verdict == the gravest of what the notes call for, and ACCEPT without notes; an invoice whose number is lost
//       (SCIENTIFIC_NOTATION_LOSS) is rejected, where any other lost number goes to a person
//   R2  field names are canonical names (fields.hpp), each at most once, in the canonical order; no value is empty
//   R3  values are valid UTF-8 in NFC; days are YYYY-MM-DD, sums have two decimals, codes are upper-case half-width
//   R4  notes never carry a cell's text: cells hold citizen numbers, and notes are written to reports
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hufu::cli::importer {

// In order of gravity. ACCEPT, REPAIR and WARN may be appended; REVIEW needs a person; REJECT and SKIP are left out.
enum class Verdict : std::uint8_t { accept, repair, warn, review, reject, skip };
inline constexpr std::size_t kVerdicts = 6;

std::string_view name_of(Verdict verdict);  // "ACCEPT" …

enum class RecordKind : std::uint8_t { license, invoice };

std::string_view name_of(RecordKind kind);  // "license", "invoice"

enum class Note : std::uint8_t {
  // read as meant; nothing doubtful was changed
  excel_serial_date,
  ambiguous_date,
  ragged_long,
  // repaired, and the repair is proved by a check character or changes no meaning
  fullwidth,
  leading_apostrophe,
  id_lowercase,
  id_spaced,
  id_check_missing,
  number_spaced,
  name_spacing_brackets,
  holder_confusable_o0,
  // doubtful but the field's own rules let it stand
  holder_check_char,
  seller_check_char,
  buyer_check_char,
  arithmetic,
  validity_reversed,
  field_missing,
  // a person has to look
  id_missing,
  id_contradicts,
  state_unknown,
  date_missing,
  date_unreadable,
  amount_unreadable,
  scientific_notation_loss,
  legacy_code_8,
  encoding_damaged,
  duplicate_conflict,
  // cannot stand
  id_check_char,
  id_malformed,
  number_length,
  number_area,
  number_missing,
  ragged_short,
  row_oversize,
  quote_unbalanced,
  json_malformed,
  // not a record, or one that has been read already
  duplicate_exact,
  duplicate_same_number,
  blank_row,
  subtotal_row,
  footer,
  header_repeated,
};

struct NoteInfo {
  Note note;
  std::string_view code;  // stable, e.g. "ID_CHECK_CHAR"
  Verdict verdict;        // what it calls for
  std::string_view en;
  std::string_view zh;
};

const NoteInfo& describe(Note note);
std::span<const NoteInfo> all_notes();
inline std::string_view code_of(Note note) { return describe(note).code; }

struct FieldNote {
  Note note;
  std::string_view field;  // canonical name, or empty when the note is about the record as a whole
};

struct Field {
  std::string_view name;
  std::string value;
};

struct Row {
  std::uint64_t record = 0;  // 1-based, as a spreadsheet counts: title and header rows included
  std::uint32_t source = 0;  // index into Reader::sources()
  RecordKind kind = RecordKind::license;
  Verdict verdict = Verdict::accept;
  std::vector<FieldNote> notes;
  std::vector<Field> fields;

  // The value of a field, empty when it has none.
  std::string_view field(std::string_view name) const;

  // The license identifier, or the invoice's key (ledger/record/identifiers.hpp): empty when there is none that parses.
  std::string identity;

  void add(Note note, std::string_view field_name = {});
  void raise(Verdict at_least);
};

}  // namespace hufu::cli::importer
