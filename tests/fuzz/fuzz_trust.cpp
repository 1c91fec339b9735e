// Trust files: what is accepted is whole, and whatever it is shown next leaves it whole.
#include "ledger/proof/trust.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/proof_world.hpp"

using namespace hufu;

namespace {

CertifiedCheckpoint certified(const testing::Nodes& nodes, std::uint64_t size) {
  const Checkpoint checkpoint = nodes.log().at(size);
  return {.checkpoint = checkpoint, .cosignatures = nodes.cosign_all(checkpoint, {1, 2})};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const testing::Nodes nodes = testing::grown_nodes();
  static const CertifiedCheckpoint newest = certified(nodes, 5);
  static const std::vector<LogLink> links = {nodes.log().link(2, 5), nodes.log().link(3, 5)};
  auto trust = decode_trust({data, size});
  if (!trust) return 0;
  FUZZ_CHECK(encode_trust(*trust) == to_bytes({data, size}));
  for (TrustedLedger& ledger : trust->ledgers) {
    const auto remembered = remember(ledger, nodes.ledger, newest, links);
    FUZZ_CHECK(!remembered || remembered->fork || ledger.pinned);
  }
  FUZZ_CHECK(decode_trust(encode_trust(*trust)));
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  const testing::Nodes nodes = testing::grown_nodes();
  Trust trust;
  std::vector<Bytes> all = {encode_trust(trust)};
  HUFU_CHECK(trust_ledger(trust, encode_genesis(nodes.genesis)));
  all.push_back(encode_trust(trust));
  for (const std::uint64_t size : {2, 3, 4}) {
    HUFU_CHECK(remember(trust.ledgers[0], nodes.ledger, certified(nodes, size), {}));
    all.push_back(encode_trust(trust));
  }
  HUFU_CHECK(trust_ledger(trust, encode_genesis(testing::Nodes({5, 6, 7}).genesis)));
  all.push_back(encode_trust(trust));
  return all;
}
