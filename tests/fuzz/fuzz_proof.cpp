// Proof files from a stranger: what is accepted shows the standing that the true ledger has, since nobody else's checkpoint is
// cosigned by its nodes.
#include "ledger/proof/verdict.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/proof_world.hpp"

using namespace hufu;

namespace {

testing::Nodes grown() {
  testing::Nodes nodes = testing::grown_nodes();
  nodes.hand_over(testing::roster_of({2, 3, 4}, 2), {1, 2});
  return nodes;
}

Proof with_links(const testing::Nodes& nodes) {
  Proof proof = nodes.proof(testing::kLicenseKey, {2, 3});
  const testing::LeafLog log = nodes.log();
  proof.links = {log.link(2, log.size()), log.link(3, log.size())};
  return proof;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const testing::Nodes nodes = grown();
  const auto proof = decode_proof({data, size});
  if (!proof) return 0;
  FUZZ_CHECK(encode_proof(*proof) == to_bytes({data, size}));
  const Anchor anchor = founding_anchor(nodes.genesis);
  const Question question{.subject = proof->evidence.subject.key,
                          .document = nullptr,
                          .day = testing::day("2024-06-01"),
                          .freshness = {.confirmed = false, .now_ms = nodes.now_s() * 1000}};
  const Judgement judgement = judge_proof(anchor, question, *proof);
  if (none_failed(check_proof(anchor, *proof).checks)) {
    FUZZ_CHECK(proof->evidence.subject.standing == nodes.find(question.subject));
  } else {
    FUZZ_CHECK(judgement.verdict != Verdict::accept);
  }
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  const testing::Nodes nodes = grown();
  return {encode_proof(nodes.proof(testing::kLicenseKey, {2, 4})),
          encode_proof(nodes.proof(testing::kAbsentKey, {2, 3, 4})), encode_proof(with_links(nodes))};
}
