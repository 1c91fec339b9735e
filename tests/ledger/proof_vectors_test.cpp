// tests/vectors/: honest and forged proofs as files, for everybody who writes a verifier. With HUFU_REGENERATE=1 they are
// written anew; every run holds them to what this code makes, and judges them from the files alone.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/ledger/vectors_of_law.hpp"
#include "tests/ledger/vectors_of_proofs.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary
namespace fs = std::filesystem;
namespace json = boost::json;

const fs::path kFolder = HUFU_SOURCE_DIR "/tests/vectors";

std::string index_of(const Vectors& vectors) {
  std::string text = "[\n";
  for (const VectorCase& c : vectors.cases) {
    json::object line{{"file", c.file}, {"trust", c.trust}, {"subject", c.subject.text()},
                      {"at", c.at},     {"now", c.now_s},   {"maxAge", 86'400}};
    if (!c.document.empty()) line["document"] = c.document;
    if (!c.verifier.empty()) line["verifier"] = c.verifier;
    if (!c.scenario.empty()) line["scenario"] = c.scenario;
    if (c.known_s != 0) line["knownAt"] = c.known_s;
    line["expected"] = c.expected;
    line["why"] = c.why;
    text += (text.size() > 2 ? ",\n  " : "  ") + json::serialize(line);
  }
  return text + "\n]\n";
}

Bytes read(const std::string& name) {
  std::ifstream file(kFolder / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string words(const Judgement& judgement) {
  std::string all(name_of(judgement.verdict));
  for (const Reason reason : judgement.reasons) all += " " + std::string(code_of(reason));
  return all;
}

std::string judge_fork(const Anchor& anchor, ByteSpan file) {
  const Result<Fork> fork = decode_fork(file);
  if (!fork) return std::string(code_of(fork.error()));
  const Result<ForkFinding> finding = check_fork(anchor, *fork);
  if (!finding) return std::string(code_of(finding.error()));
  std::string all = "FORK";
  for (const std::uint64_t id : finding->culprits) all += " " + std::to_string(id);
  return all;
}

std::string text_of(const json::object& line, std::string_view member) {
  const json::value* const value = line.if_contains(member);
  return value == nullptr ? std::string() : std::string(value->as_string());
}

Document read_document(const std::string& name) {
  const json::object file = json::parse(as_text(read(name))).as_object();
  Document document{.subject = parse_subject(text_of(file, "subject")).value(), .fields = {}};
  for (const json::value& each : file.at("fields").as_array()) {
    const json::object& field = each.as_object();
    document.fields.push_back({.name = text_of(field, "name"),
                               .value = text_of(field, "value"),
                               .salt = from_hex(text_of(field, "salt")).value()});
  }
  const json::value* const part = file.if_contains("hidden");
  if (part == nullptr) return document;
  Hidden& hidden = document.hidden.emplace();
  hidden.count = part->at("count").to_number<std::uint16_t>();
  for (const json::value& position : part->at("positions").as_array())
    hidden.positions.push_back(position.to_number<std::uint16_t>());
  for (const json::value& subtree : part->at("subtrees").as_array())
    hidden.subtrees.push_back(hash_from_hex(subtree.as_string()).value());
  return document;
}

// As a verifier does it who has the files and nothing else.
std::string judge_line(const json::object& line) {
  const Bytes trusted = read(text_of(line, "trust"));
  std::optional<Genesis> genesis;
  Anchor anchor;
  if (Result<Trust> trust = decode_trust(trusted)) {
    genesis = decode_genesis(trust->ledgers.at(0).genesis_file).value();
    anchor = {.genesis = &*genesis, .roster = trust->ledgers[0].roster};
  } else {
    genesis = decode_genesis(trusted).value();
    anchor = founding_anchor(*genesis);
  }
  std::optional<Document> document;
  if (const std::string name = text_of(line, "document"); !name.empty()) document = read_document(name);
  const json::value* const known = line.if_contains("knownAt");
  const Question question{.subject = parse_subject(text_of(line, "subject")).value(),
                          .document = document ? &*document : nullptr,
                          .day = day(text_of(line, "at")),
                          .freshness = {.confirmed = false,
                                        .now_ms = line.at("now").to_number<std::uint64_t>() * 1000,
                                        .max_age_ms = line.at("maxAge").to_number<std::uint64_t>() * 1000},
                          .verifier = text_of(line, "verifier"),
                          .scenario = text_of(line, "scenario"),
                          .known_at_ms = known == nullptr
                                             ? std::nullopt
                                             : std::optional(known->to_number<std::uint64_t>() * 1000)};
  const std::string name = text_of(line, "file");
  const Bytes file = read(name);
  if (name.ends_with(".fork")) return judge_fork(anchor, file);
  if (name.ends_with(".txt")) {
    const Result<CompactProof> compact = parse_compact_text(as_text(file));
    return words(compact ? judge_compact(anchor, question, *compact) : judge_nothing(Reason::proof_invalid));
  }
  const Result<Proof> proof = decode_proof(file);
  return words(proof ? judge_proof(anchor, question, *proof) : judge_nothing(Reason::proof_invalid));
}

TEST(ProofVectors, TheFilesAreWhatTheCodeMakes) {
  Vectors vectors = ProofVectors().take();
  Vectors law = LawVectors().take();
  vectors.files.merge(law.files);
  ASSERT_TRUE(law.files.empty()) << law.files.begin()->first << " is made twice";
  vectors.cases.insert(vectors.cases.end(), law.cases.begin(), law.cases.end());
  vectors.files["index.json"] = to_bytes(as_bytes(index_of(vectors)));
  if (std::getenv("HUFU_REGENERATE") != nullptr) {
    fs::create_directories(kFolder);
    for (const auto& [name, bytes] : vectors.files) {
      std::ofstream(kFolder / name, std::ios::binary) << as_text(bytes);
    }
  }
  for (const auto& [name, bytes] : vectors.files) {
    EXPECT_EQ(read(name), bytes) << name << ": run this test once with HUFU_REGENERATE=1";
  }
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(name == "README.md" || vectors.files.contains(name)) << name << " is of nobody";
  }
}

TEST(ProofVectors, EveryFileIsJudgedAsTheIndexSays) {
  const json::array index = json::parse(as_text(read("index.json"))).as_array();
  ASSERT_GE(index.size(), 70U);
  for (const json::value& line : index) {
    const std::string expected(line.at("expected").as_string());
    EXPECT_EQ(judge_line(line.as_object()), expected) << json::serialize(line);
  }
}

}  // namespace
}  // namespace hufu
