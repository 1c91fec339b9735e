#include "ledger/checkpoint/note.hpp"

#include <algorithm>
#include <optional>

#include "ledger/base/check.hpp"
#include "ledger/base/hash.hpp"

namespace hufu {
namespace {

constexpr std::string_view kLineStart = "\u2014 ";
constexpr std::size_t kTimeBytes = 8;

// Unicode's White_Space (the property list is stable since Unicode 6.3) in UTF-8.
constexpr std::string_view kWhiteSpace[] = {
    "\t",     "\n",     "\v",     "\f",     "\r",     " ",      "\u0085", "\u00A0", "\u1680",
    "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
    "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};

bool is_name(std::string_view text) {
  if (text.empty() || text.find('+') != text.npos || !is_utf8(text)) return false;
  return std::none_of(std::begin(kWhiteSpace), std::end(kWhiteSpace),
                      [&](std::string_view space) { return text.find(space) != text.npos; });
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

Result<NoteSignature> parse_line(std::string_view line) {
  if (!line.starts_with(kLineStart)) return Error::note_malformed;
  line.remove_prefix(kLineStart.size());
  const std::size_t space = line.find(' ');
  if (space == line.npos || !is_name(line.substr(0, space))) return Error::note_malformed;
  const Result<Bytes> bytes = from_base64(line.substr(space + 1));
  NoteSignature signature{.name = std::string(line.substr(0, space)), .key_id = {}, .signature = {}};
  if (!bytes || bytes->size() <= signature.key_id.size()) return Error::note_malformed;
  const auto after_id = bytes->begin() + static_cast<Bytes::difference_type>(signature.key_id.size());
  std::copy(bytes->begin(), after_id, signature.key_id.begin());
  signature.signature.assign(after_id, bytes->end());
  return signature;
}

// Nothing: the line is not what the key would have signed.
std::optional<KnownSignature> verify_line(const NoteKey& key, std::string_view text, ByteSpan line) {
  KnownSignature known;
  const bool timed = key.type == NoteKeyType::cosignature_v1;
  if (line.size() != known.signature.bytes.size() + (timed ? kTimeBytes : 0)) return std::nullopt;
  for (const std::uint8_t byte : line.first(timed ? kTimeBytes : 0)) {
    known.time_s = known.time_s << 8 | byte;
  }
  std::copy_n(line.end() - Signature::kSize, Signature::kSize, known.signature.bytes.begin());
  const std::string message = timed ? cosignature_message(known.time_s, text) : std::string(text);
  if (!verify(key.key, as_bytes(message), known.signature)) return std::nullopt;
  return known;
}

}  // namespace

bool is_known(NoteKeyType type) {
  return type == NoteKeyType::ed25519 || type == NoteKeyType::cosignature_v1;
}

NoteKeyId NoteKey::id() const {
  const std::uint8_t between[] = {0x0A, static_cast<std::uint8_t>(type)};
  const Hash hash = sha256({as_bytes(name), between, key});
  NoteKeyId id;
  std::copy_n(hash.bytes.begin(), id.size(), id.begin());
  return id;
}

std::string NoteKey::vkey() const {
  Bytes typed{static_cast<std::uint8_t>(type)};
  typed.insert(typed.end(), key.bytes.begin(), key.bytes.end());
  return name + "+" + to_hex(id()) + "+" + to_base64(typed);
}

Result<NoteKey> parse_vkey(std::string_view text) {
  const std::size_t name_end = text.find('+');
  if (name_end == text.npos || !is_name(text.substr(0, name_end))) return Error::note_malformed;
  const std::size_t id_end = text.find('+', name_end + 1);
  if (id_end == text.npos) return Error::note_malformed;
  const Result<Bytes> typed = from_base64(text.substr(id_end + 1));
  if (!typed || typed->size() != 1 + PublicKey::kSize) return Error::note_malformed;
  NoteKey key{.name = std::string(text.substr(0, name_end)),
              .type = static_cast<NoteKeyType>(typed->front()),
              .key = {}};
  std::copy(typed->begin() + 1, typed->end(), key.key.bytes.begin());
  if (!is_known(key.type) || key.vkey() != text) return Error::note_malformed;
  return key;
}

Result<Note> parse_note(std::string_view text) {
  if (text.size() > kNoteBytes) return Error::oversize;
  const std::size_t empty_line = text.rfind("\n\n");
  if (empty_line == text.npos || !text.ends_with('\n') || has_control_character(text) || !is_utf8(text)) {
    return Error::note_malformed;
  }
  Note note{.text = std::string(text.substr(0, empty_line + 1)), .signatures = {}};
  for (std::string_view rest = text.substr(empty_line + 2); !rest.empty();) {
    const std::size_t end = rest.find('\n');
    Result<NoteSignature> signature = parse_line(rest.substr(0, end));
    if (!signature || note.signatures.size() == kNoteSignatures) return Error::note_malformed;
    note.signatures.push_back(std::move(*signature));
    rest.remove_prefix(end + 1);
  }
  if (note.signatures.empty()) return Error::note_malformed;
  return note;
}

std::string format_note(const Note& note) {
  std::string out = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) {
    Bytes bytes(signature.key_id.begin(), signature.key_id.end());
    bytes.insert(bytes.end(), signature.signature.begin(), signature.signature.end());
    out.append(kLineStart).append(signature.name).append(" ").append(to_base64(bytes)).append("\n");
  }
  return out;
}

std::string cosignature_message(std::uint64_t time_s, std::string_view text) {
  return "cosignature/v1\ntime " + std::to_string(time_s) + "\n" + std::string(text);
}

Bytes cosignature_line(std::uint64_t time_s, const Signature& signature) {
  Bytes line;
  for (int shift = 56; shift >= 0; shift -= 8) line.push_back(static_cast<std::uint8_t>(time_s >> shift));
  line.insert(line.end(), signature.bytes.begin(), signature.bytes.end());
  return line;
}

Result<std::vector<KnownSignature>> verify_note(const Note& note, std::span<const NoteKey> keys) {
  std::vector<NoteKeyId> ids;
  for (const NoteKey& key : keys) ids.push_back(key.id());
  std::vector<KnownSignature> known;
  for (const NoteSignature& line : note.signatures) {
    bool of_known_key = false;
    std::optional<KnownSignature> verified;
    // Ids have 32 bits: where two keys share name and id, the line may be of either.
    for (std::size_t i = 0; i < keys.size() && !verified; ++i) {
      if (keys[i].name != line.name || ids[i] != line.key_id) continue;
      of_known_key = true;
      verified = verify_line(keys[i], note.text, line.signature);
      if (verified) verified->key = i;
    }
    if (verified) {
      known.push_back(*verified);
    } else if (of_known_key) {
      return Error::signature_invalid;
    }
  }
  if (known.empty()) return Error::signature_invalid;
  return known;
}

}  // namespace hufu
