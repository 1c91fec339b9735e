#include "cli/offline/presented.hpp"

namespace hufu::offline {
namespace {

constexpr std::string_view kProofStart = "hufu proof ";

template <class T>
Result<Presented> presented(Result<T> read) {
  if (!read) return read.error();
  return Presented(std::move(*read));
}

// As editors and shells leave it: with a line feed at the end.
std::string_view without_line_end(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

Form form_of(ByteSpan file) {
  if (as_text(file).starts_with(kProofStart)) return Form::proof_file;
  if (as_text(file).starts_with(kCompactPrefix)) return Form::compact_text;
  return is_picture(file) ? Form::picture : Form::other;
}

Result<Presented> read_presented(ByteSpan file) {
  switch (form_of(file)) {
    case Form::proof_file:
      return presented(decode_proof(file));
    case Form::compact_text:
      return presented(parse_compact_text(without_line_end(as_text(file))));
    case Form::picture: {
      const Result<Picture> picture = read_picture(file);
      if (!picture) return picture.error();
      const Result<std::string> text = read_code(*picture, kCompactPrefix);
      if (!text) return text.error();
      return presented(parse_compact_text(*text));
    }
    case Form::other:
      break;
  }
  return Error::unknown_tag;
}

const SubjectKey& subject_of(const Presented& presented) {
  if (const auto* proof = std::get_if<Proof>(&presented)) return proof->evidence.subject.key;
  return std::get<CompactProof>(presented).subject;
}

}  // namespace hufu::offline
