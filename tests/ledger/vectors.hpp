// What is in tests/vectors/: files, and the questions that are asked of them.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>

#include "ledger/proof/verdict.hpp"
#include "tests/ledger/proof_world.hpp"

namespace hufu::testing {

struct VectorCase {
  std::string file;
  std::string trust = "genesis";
  SubjectKey subject;
  std::string at;
  std::uint64_t now_s = 0;
  std::string document;       // a file; empty: none is presented
  std::string verifier;       // the province in which it is to count; empty: not asked
  std::string scenario;       // there; empty: any
  std::uint64_t known_s = 0;  // as the ledger knew it then; 0: as it knows it now
  std::string expected;       // the verdict, then its reasons; of a fork the culprits, or the error
  std::string why;
};

// As the document command writes it: ledger/FORMAT.md, 5.1.
inline Bytes document_json(const Document& document) {
  boost::json::array fields;
  for (const Field& field : document.fields) {
    fields.push_back(
        boost::json::object{{"name", field.name}, {"value", field.value}, {"salt", to_hex(field.salt)}});
  }
  boost::json::object out{
      {"hufu", "document v1"}, {"subject", document.subject.text()}, {"fields", std::move(fields)}};
  if (document.hidden) {
    boost::json::array subtrees;
    for (const Hash& subtree : document.hidden->subtrees)
      subtrees.push_back(boost::json::string(to_hex(subtree)));
    const auto& positions = document.hidden->positions;
    out["hidden"] = {{"count", document.hidden->count},
                     {"positions", boost::json::array(positions.begin(), positions.end())},
                     {"subtrees", std::move(subtrees)}};
  }
  return to_bytes(as_bytes(boost::json::serialize(out) + "\n"));
}

struct Vectors {
  std::map<std::string, Bytes> files;
  std::vector<VectorCase> cases;
};

// Makes files and questions from a small ledger that two provinces with authorities run.
class VectorMaker {
 public:
  Vectors take() { return std::move(vectors_); }

 protected:
  void put(const std::string& name, Bytes bytes) { vectors_.files[name] = std::move(bytes); }
  VectorCase& judge(const std::string& file, const std::string& expected, const std::string& why,
                    const SubjectKey& subject = kLicenseKey) {
    vectors_.cases.push_back({.file = file,
                              .trust = "genesis",
                              .subject = subject,
                              .at = "2024-06-01",
                              .now_s = nodes_.now_s() + 60,
                              .document = {},
                              .verifier = {},
                              .scenario = {},
                              .known_s = 0,
                              .expected = expected,
                              .why = why});
    return vectors_.cases.back();
  }
  VectorCase& add(const std::string& file, const Proof& proof, const std::string& expected,
                  const std::string& why) {
    put(file, encode_proof(proof));
    return judge(file, expected, why, proof.evidence.subject.key);
  }
  Nodes nodes_ = grown_nodes(with_authorities());
  Vectors vectors_;
};

}  // namespace hufu::testing
