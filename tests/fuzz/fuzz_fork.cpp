// Fork files: nobody is accused of what he has not signed.
#include "ledger/proof/fork.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/ledger/proof_world.hpp"

using namespace hufu;

namespace {

Fork fork_at(const testing::Nodes& nodes, std::uint64_t size, std::optional<LogLink> split) {
  const Checkpoint truth = nodes.log().at(split ? nodes.log().size() : size);
  const Checkpoint other{.size = size, .root = sha256(as_bytes("another history"))};
  return {.version = Fork::kVersion,
          .ledger = nodes.ledger,
          .a = {.checkpoint = other, .cosignatures = nodes.cosign_all(other, {2, 3})},
          .b = {.checkpoint = truth, .cosignatures = nodes.cosign_all(truth, {1, 2})},
          .split = std::move(split)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const testing::Nodes nodes = testing::grown_nodes();
  const auto fork = decode_fork({data, size});
  if (!fork) return 0;
  FUZZ_CHECK(encode_fork(*fork) == to_bytes({data, size}));
  const auto finding = check_fork(founding_anchor(nodes.genesis), *fork);
  if (!finding) return 0;
  // Only node 2 ever signed both, in the seeds.
  FUZZ_CHECK(finding->culprits.empty() || finding->culprits == std::vector<std::uint64_t>{2});
  FUZZ_CHECK(fork->a.checkpoint != fork->b.checkpoint);
  return 0;
}

std::vector<Bytes> fuzz::seeds() {
  const testing::Nodes nodes = testing::grown_nodes();
  return {encode_fork(fork_at(nodes, 5, std::nullopt)),
          encode_fork(fork_at(nodes, 3, nodes.log().link(3, 5)))};
}
