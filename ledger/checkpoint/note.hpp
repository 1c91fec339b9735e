// Signed notes, verifier keys: C2SP signed-note. Pure.
//
//   note      := text "\n" 1*line                      text ends with "\n"; the last empty line divides text and signatures
//   line      := "— " name " " base64(key id raw 4 || signature) "\n"                          (U+2014, space)
//   key id    := first 4 bytes of SHA-256(name || 0x0A || type || public key)
//   vkey      := name "+" hex8(key id) "+" base64(type || public key)
//   name      := UTF-8, not empty, without white space (Unicode's White_Space) and "+"
//
// Invariants
//   T1  UTF-8 without control characters below 0x20 but "\n"; at most kNoteBytes, at most kNoteSignatures lines
//   T2  parse_note(format_note(n)) == n, and format_note(parse_note(t)) == t
//   T3  a line of an unknown key (name and id) is ignored; one of a known key that does not verify rejects the note
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/ed25519.hpp"

namespace hufu {

inline constexpr std::size_t kNoteBytes = 1U << 20;
inline constexpr std::size_t kNoteSignatures = 100;

// Numbers of the C2SP registry.
enum class NoteKeyType : std::uint8_t {
  ed25519 = 0x01,         // signs the text
  cosignature_v1 = 0x04,  // signs cosignature_message(); signature := time u64 big-endian || raw 64
};
bool is_known(NoteKeyType type);

using NoteKeyId = std::array<std::uint8_t, 4>;

struct NoteKey {
  std::string name;
  NoteKeyType type = NoteKeyType::ed25519;
  PublicKey key;

  bool operator==(const NoteKey&) const = default;
  NoteKeyId id() const;
  std::string vkey() const;
};
// Canonical only: the key id must be that of name, type and key. Error::note_malformed.
Result<NoteKey> parse_vkey(std::string_view text);

struct NoteSignature {
  std::string name;
  NoteKeyId key_id{};
  Bytes signature;  // what follows the key id

  bool operator==(const NoteSignature&) const = default;
};
struct Note {
  std::string text;
  std::vector<NoteSignature> signatures;

  bool operator==(const Note&) const = default;
};

// Error::note_malformed, Error::oversize.
Result<Note> parse_note(std::string_view text);
std::string format_note(const Note& note);

// "cosignature/v1\ntime <seconds>\n" || text
std::string cosignature_message(std::uint64_t time_s, std::string_view text);
// What follows the key id on the line of a cosignature.
Bytes cosignature_line(std::uint64_t time_s, const Signature& signature);

// A line by one of the keys, with a signature that verifies.
struct KnownSignature {
  std::size_t key = 0;  // index into the keys given
  Signature signature;
  std::uint64_t time_s = 0;  // of a cosignature; 0 for a plain line
};
// T3; one for every line of a known key, in their order. Error::signature_invalid when a known key's line does not verify, or
// no line is of a known key.
Result<std::vector<KnownSignature>> verify_note(const Note& note, std::span<const NoteKey> keys);

}  // namespace hufu
