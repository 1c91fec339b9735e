// The proofs of tests/vectors through the offline room, and the compact ones once more as pictures of their codes.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>

#include "cli/document_file.hpp"
#include "cli/offline/qr.hpp"
#include "cli/offline/verify.hpp"

namespace hufu::offline {
namespace {

namespace json = boost::json;

Bytes content_of(const std::string& name) {
  std::ifstream in(HUFU_SOURCE_DIR "/tests/vectors/" + name, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return to_bytes(as_bytes(text));
}

struct Vector {
  explicit Vector(const json::object& from)
      : file(text(from, "file")), trust(text(from, "trust")), expected(text(from, "expected")) {
    question.subject = parse_subject(text(from, "subject")).value();
    question.day = parse_civil_day(text(from, "at")).value();
    question.freshness.now_ms = from.at("now").to_number<std::uint64_t>() * 1000;
    question.freshness.max_age_ms = from.at("maxAge").to_number<std::uint64_t>() * 1000;
    if (from.contains("verifier")) question.verifier = text(from, "verifier");
    if (from.contains("scenario")) question.scenario = text(from, "scenario");
    if (from.contains("knownAt")) question.known_at_ms = from.at("knownAt").to_number<std::uint64_t>() * 1000;
    if (from.contains("document")) {
      const std::string name = text(from, "document");
      document = cli::parse_document(as_text(content_of(name)), name).value();
      question.document = &*document;
    }
  }
  Vector(const Vector&) = delete;
  Vector& operator=(const Vector&) = delete;

  static std::string text(const json::object& from, std::string_view name) {
    return std::string(from.at(name).as_string());
  }
  bool is_forged() const { return file.starts_with("forged"); }

  std::string file;
  std::string trust;
  std::string expected;
  std::optional<Document> document;
  Question question;
};

// The verdict, and of an honest file its reasons.
std::string answer(const Vector& vector, ByteSpan file) {
  const Result<Presented> presented = read_presented(file);
  if (!presented) return "REFUSE";
  TrustSource source = read_trust(content_of(vector.trust)).value();
  const Judgement judgement = verify(source, vector.question, *presented).judgement;
  std::string out(name_of(judgement.verdict));
  if (vector.is_forged()) return out;
  for (const Reason reason : judgement.reasons) out += " " + std::string(code_of(reason));
  return out;
}

TEST(ProofVectors, EveryFileGetsItsVerdict) {
  const Bytes index = content_of("index.json");
  if (index.empty()) GTEST_SKIP() << "tests/vectors/index.json is not there";
  std::size_t judged = 0;
  const json::value entries = json::parse(as_text(index));
  for (const json::value& entry : entries.as_array()) {
    if (Vector::text(entry.as_object(), "file").ends_with(".fork")) continue;
    const Vector vector(entry.as_object());
    const std::string expected =
        vector.is_forged() ? vector.expected.substr(0, vector.expected.find(' ')) : vector.expected;
    const Bytes file = content_of(vector.file);
    EXPECT_EQ(answer(vector, file), expected) << vector.file;
    ++judged;
    if (form_of(file) != Form::compact_text) continue;
    EXPECT_EQ(answer(vector, write_png(draw(make_qr(as_text(file)).value(), 6))), expected) << vector.file;
  }
  EXPECT_GE(judged, 30U);
}

}  // namespace
}  // namespace hufu::offline
