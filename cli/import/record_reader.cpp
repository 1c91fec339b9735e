#include "cli/import/record_reader.hpp"

namespace hufu::cli::importer {

void judge_once(Judge& judge, Duplicates& seen, RecordKind kind, const RawRecord& raw, std::string_view text,
                Row& row) {
  judge.judge(kind, raw, row);
  std::string key(name_of(kind));
  key.append(1, ':').append(judge.duplicate_key());
  const Duplicates::Seen before = seen.see(key, text, judge.content());
  if (before == Duplicates::Seen::never) return;
  row.notes.clear();
  row.verdict = Verdict::accept;
  if (before == Duplicates::Seen::same_text) row.add(Note::duplicate_exact);
  if (before == Duplicates::Seen::same_content) row.add(Note::duplicate_same_number);
  if (before == Duplicates::Seen::conflict) row.add(Note::duplicate_conflict);
}

}  // namespace hufu::cli::importer
