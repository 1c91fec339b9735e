// Signed notes: what may be a note, who may have signed it; and the cases of golang.org/x/mod/sumdb/note, C2SP's texts and
// transparency-dev/formats from the shared folder.
#include "ledger/checkpoint/note.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/ledger/world.hpp"
#include "tests/vectors.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary
namespace json = boost::json;

const std::string kText = "first line\n\nafter an empty line\n";

NoteKey plain(const std::string& name) {
  return {.name = name, .type = NoteKeyType::ed25519, .key = key_of(name).public_key()};
}
NoteKey timed(const std::string& name) {
  return {.name = name, .type = NoteKeyType::cosignature_v1, .key = key_of(name).public_key()};
}
NoteSignature plain_line(const std::string& name, std::string_view text = kText) {
  return {.name = name, .key_id = plain(name).id(), .signature = to_bytes(key_of(name).sign(as_bytes(text)))};
}
NoteSignature timed_line(const std::string& name, std::uint64_t time_s) {
  return {
      .name = name,
      .key_id = timed(name).id(),
      .signature = cosignature_line(time_s, key_of(name).sign(as_bytes(cosignature_message(time_s, kText))))};
}
const std::string kLine = format_note({"", {plain_line("someone")}}).substr(1);

std::string_view refusal(const std::string& text) {
  const Result<Note> note = parse_note(text);
  return note ? "accepted" : code_of(note.error());
}

TEST(Note, T1OnlyTextWithoutControlCharacters) {
  EXPECT_EQ(refusal(kText + "\n" + kLine), "accepted");
  for (char c = 0; c < 0x20; ++c) {
    EXPECT_EQ(refusal(std::string(1, c) + kText + "\n" + kLine), c == '\n' ? "accepted" : "NOTE_MALFORMED");
  }
  EXPECT_EQ(refusal("\x7F" + kText + "\n" + kLine), "accepted");
  EXPECT_EQ(refusal("\xFF" + kText + "\n" + kLine), "NOTE_MALFORMED");
}

TEST(Note, T1AtMostAMebibyte) {
  const std::string rest = "\n\n" + kLine;
  const std::string text(kNoteBytes - rest.size(), 'a');
  EXPECT_EQ(refusal(text + rest), "accepted");
  EXPECT_EQ(refusal("a" + text + rest), "OVERSIZE");
}

TEST(Note, T1AtMostAHundredLines) {
  std::string text = kText + "\n";
  for (std::size_t i = 0; i < kNoteSignatures; ++i) text += kLine;
  EXPECT_EQ(refusal(text), "accepted");
  EXPECT_EQ(refusal(text + kLine), "NOTE_MALFORMED");
}

TEST(Note, TextAndSignaturesDivideAtTheLastEmptyLine) {
  const Note note = parse_note(kText + "\n" + kLine).value();
  EXPECT_EQ(note.text, kText);
  EXPECT_EQ(note.signatures, std::vector{plain_line("someone")});
  EXPECT_EQ(refusal(kText + "\n"), "NOTE_MALFORMED");
  EXPECT_EQ(refusal(kText + kLine), "NOTE_MALFORMED");
  EXPECT_EQ(refusal(kText + "\n" + kLine + "\n"), "NOTE_MALFORMED");
  EXPECT_EQ(refusal(kText + "\n" + kLine.substr(0, kLine.size() - 1)), "NOTE_MALFORMED");
}

TEST(Note, ALineHasItsOneForm) {
  const std::string base64 = kLine.substr(kLine.rfind(' ') + 1);
  const auto line = [&](const std::string& start) { return refusal(kText + "\n" + start + base64); };
  EXPECT_EQ(line("\u2014 someone "), "accepted");
  for (const char* start : {"- someone ", "\u2013 someone ", "\u2014someone ", "\u2014  someone ",
                            "\u2014 someone  ", " \u2014 someone ", "\u2014 ", "\u2014 some+one ",
                            "\u2014 some one ", "\u2014 some\u3000one ", "\u2014 some\u0085one "}) {
    EXPECT_EQ(line(start), "NOTE_MALFORMED") << start;
  }
  for (const char* signature : {"AAAA", "AAAAAA==", "AAAAAAB=", "AAAAAAA", "AAAAAAA= ", ""}) {
    EXPECT_EQ(refusal(kText + "\n\u2014 someone " + signature + "\n"), "NOTE_MALFORMED") << signature;
  }
  EXPECT_EQ(refusal(kText + "\n\u2014 someone AAAAAAA=\n"),
            "accepted");  // five bytes: an id, and one of some signature
}

rc::Gen<Note> any_note() {
  const auto word =
      rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab.-/9"))));
  const auto text = rc::gen::map(rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab \n+="))),
                                 [](const std::string& some) { return some + "\n"; });
  const auto line = rc::gen::build<NoteSignature>(
      rc::gen::set(&NoteSignature::name, word), rc::gen::set(&NoteSignature::key_id),
      rc::gen::set(&NoteSignature::signature, rc::gen::nonEmpty(rc::gen::arbitrary<Bytes>())));
  return rc::gen::build<Note>(
      rc::gen::set(&Note::text, text),
      rc::gen::set(
          &Note::signatures,
          rc::gen::resize(10, rc::gen::nonEmpty(rc::gen::container<std::vector<NoteSignature>>(line)))));
}

RC_GTEST_PROP(NoteProperty, T2OneNoteOneText, ()) {
  const Note note = *any_note();
  const std::string text = format_note(note);
  RC_ASSERT(parse_note(text).value() == note);
  std::string changed = text;
  changed[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
  if (const Result<Note> parsed = parse_note(changed)) RC_ASSERT(format_note(*parsed) == changed);
}

TEST(Note, T3LinesOfUnknownKeysAreIgnored) {
  const Note note{kText, {plain_line("stranger"), plain_line("friend"), timed_line("stranger", 5)}};
  const NoteKey keys[] = {timed("friend"), plain("friend")};
  const auto known = verify_note(note, keys).value();
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known[0].key, 1U);
  EXPECT_EQ(known[0].time_s, 0U);
  EXPECT_EQ(verify_note(note, {}).error(), Error::signature_invalid);
  const NoteKey nobody[] = {plain("nobody")};
  EXPECT_EQ(verify_note(note, nobody).error(), Error::signature_invalid);
}

TEST(Note, T3AKnownKeyThatDoesNotVerifyRejectsTheNote) {
  const NoteKey keys[] = {plain("friend"), timed("witness")};
  const Note good{kText, {plain_line("friend"), timed_line("witness", 1'760'000'000)}};
  ASSERT_EQ(verify_note(good, keys).value().size(), 2U);
  EXPECT_EQ(verify_note(good, keys).value()[1].time_s, 1'760'000'000U);
  for (std::size_t line = 0; line < 2; ++line) {
    for (std::size_t byte = 0; byte < good.signatures[line].signature.size(); ++byte) {
      Note note = good;
      note.signatures[line].signature[byte] ^= 1;
      EXPECT_EQ(verify_note(note, keys).error(), Error::signature_invalid) << line << ", " << byte;
    }
    Note note = good;
    note.signatures[line].signature.push_back(0);
    EXPECT_EQ(verify_note(note, keys).error(), Error::signature_invalid);
    note.signatures[line].signature.resize(4);
    EXPECT_EQ(verify_note(note, keys).error(), Error::signature_invalid);
  }
  Note other_text = good;
  other_text.text += "\n";
  EXPECT_EQ(verify_note(other_text, keys).error(), Error::signature_invalid);
}

TEST(Note, AVkeyHasItsOneForm) {
  for (const NoteKey& key : {plain("friend"), timed("witness")}) {
    const std::string text = key.vkey();
    EXPECT_EQ(parse_vkey(text).value(), key);
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string changed = text;
      ++changed[i];
      EXPECT_FALSE(parse_vkey(changed)) << changed;
      EXPECT_FALSE(parse_vkey(text.substr(0, i)));
      EXPECT_FALSE(parse_vkey(text.substr(i + 1)));
    }
  }
}

// ---- other people's ----

std::vector<NoteKey> keys_of(const json::value& vkeys) {
  std::vector<NoteKey> keys;
  for (const json::value& vkey : vkeys.as_array()) keys.push_back(parse_vkey(vkey.as_string()).value());
  return keys;
}

std::set<std::string> names_of(const json::value& list) {
  std::set<std::string> names;
  for (const json::value& name : list.as_array()) names.emplace(name.as_string());
  return names;
}

TEST(NoteVectors, GolangVkeys) {
  const auto path = vectors("golang-sumdb/note_vectors.json");
  SKIP_WITHOUT(path);
  const json::value file = read_json(path);
  for (const json::value& valid : file.at("vkeys_valid").as_array()) {
    const std::string text(valid.as_string());
    EXPECT_EQ(parse_vkey(text).value().vkey(), text);
    for (std::size_t from = 0; from < text.size(); ++from) {
      for (std::size_t length = 0; from + length <= text.size(); ++length) {
        EXPECT_EQ(parse_vkey(text.substr(from, length)).has_value(), length == text.size());
      }
      std::string incremented = text;
      ++incremented[from];
      EXPECT_FALSE(parse_vkey(incremented)) << incremented;
    }
  }
  for (const json::value& invalid : file.at("vkeys_invalid").as_array()) {
    if (invalid.as_object().contains("rule")) continue;  // the two loops above
    EXPECT_FALSE(parse_vkey(text_of(invalid, "vkey"))) << text_of(invalid, "why");
  }
}

TEST(NoteVectors, GolangSignsTheSameBytes) {
  const auto path = vectors("golang-sumdb/note_vectors.json");
  SKIP_WITHOUT(path);
  const json::value signer = read_json(path).at("signer");
  const std::string secret = text_of(signer, "skey_test_only");  // PRIVATE+KEY+name+id+base64(type || seed)
  const Bytes typed = from_base64(secret.substr(secret.find('+', secret.find("+c74f20a3") + 1) + 1)).value();
  std::array<std::uint8_t, Seed::kSize> seed{};
  ASSERT_EQ(typed.size(), 1 + seed.size());
  std::copy(typed.begin() + 1, typed.end(), seed.begin());
  const SigningKey key{Seed(seed)};
  const NoteKey known = parse_vkey(text_of(signer, "vkey")).value();
  EXPECT_EQ(known.key, key.public_key());
  const std::string text = text_of(signer, "text");
  EXPECT_EQ(format_note({text, {{known.name, known.id(), to_bytes(key.sign(as_bytes(text)))}}}),
            text_of(signer, "signed_note"));
}

TEST(NoteVectors, GolangOpen) {
  const auto path = vectors("golang-sumdb/note_vectors.json");
  SKIP_WITHOUT(path);
  const json::value file = read_json(path);
  for (const json::value& vector : file.at("open").as_array()) {
    const std::vector<NoteKey> keys = keys_of(vector.at("known"));
    const Result<Note> note = parse_note(text_of(vector, "note"));
    const auto known = note ? verify_note(*note, keys) : note.error();
    EXPECT_EQ(known.has_value(), vector.at("ok").as_bool()) << json::serialize(vector);
    if (!known || !vector.at("ok").as_bool()) continue;
    std::set<std::string> verified;
    for (const KnownSignature& line : *known) verified.insert(keys[line.key].name);
    EXPECT_EQ(verified, names_of(vector.at("verified")));
  }
  for (const json::value& malformed : file.at("malformed_with_known_PeterNeumann").as_array()) {
    const std::string text = malformed.is_string()
                                 ? std::string(malformed.as_string())
                                 : std::string(as_text(from_hex(text_of(malformed, "hex")).value()));
    EXPECT_EQ(refusal(text), "NOTE_MALFORMED") << text;
  }
  std::cout << "golang note: " << file.at("open").as_array().size() << " notes, "
            << file.at("malformed_with_known_PeterNeumann").as_array().size() << " malformed\n";
}

TEST(NoteVectors, C2spAndTransparencyDev) {
  const auto c2sp = vectors("c2sp-spec-examples/examples.json");
  const auto formats = vectors("transparency-dev-formats/cases.json");
  SKIP_WITHOUT(c2sp);
  SKIP_WITHOUT(formats);
  const json::value printed = read_json(c2sp).at("signed_note");
  const NoteKey key = parse_vkey(text_of(printed, "vkey")).value();
  const Note note = parse_note(text_of(printed, "note")).value();
  EXPECT_EQ(verify_note(note, std::span(&key, 1)).value().size(), 1U);
  const json::value cases = read_json(formats);
  for (const json::value& vkey : cases.at("vkeys_ok").as_array()) {
    EXPECT_EQ(parse_vkey(vkey.as_string()).value().vkey(), std::string_view(vkey.as_string()));
  }
}

}  // namespace
}  // namespace hufu
