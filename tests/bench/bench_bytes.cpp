// What everything else is made of: hashes, signatures, the codec.
#include <benchmark/benchmark.h>

#include "ledger/base/codec.hpp"
#include "tests/bench/world.hpp"

namespace hufu::bench {
namespace {

// 65 bytes: one byte of domain and two hashes.
void MerkleNode(benchmark::State& state) {
  Hash left = sha256(as_bytes("left"));
  const Hash right = sha256(as_bytes("right"));
  for (auto _ : state) left = node_hash(left, right);
  benchmark::DoNotOptimize(left);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(MerkleNode);

// One operation of an invoice, as it is hashed into its submission.
void MerkleLeaf(benchmark::State& state) {
  World world;
  const Bytes leaf = encode(world.invoices(1).front());
  for (auto _ : state) benchmark::DoNotOptimize(leaf_hash(leaf));
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(leaf.size()));
}
BENCHMARK(MerkleLeaf);

void Ed25519Sign(benchmark::State& state) {
  World world;
  const Bytes message = signed_bytes(world.ledger(), world.submission(1).header);
  const SigningKey key = testing::key_of(testing::kPlatform);
  for (auto _ : state) benchmark::DoNotOptimize(key.sign(message));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Ed25519Sign);

void Ed25519Verify(benchmark::State& state) {
  World world;
  const Submission submission = world.submission(1);
  const Bytes message = signed_bytes(world.ledger(), submission.header);
  for (auto _ : state) {
    if (!verify(submission.header.key, message, submission.signature)) state.SkipWithError("not verified");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Ed25519Verify);

void SubmissionEncode(benchmark::State& state) {
  World world;
  const Submission submission = world.submission(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(encode(submission));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(SubmissionEncode)->Arg(1)->Arg(1000);

void SubmissionDecode(benchmark::State& state) {
  World world;
  const Bytes bytes = encode(world.submission(static_cast<std::size_t>(state.range(0))));
  for (auto _ : state) {
    if (!decode<Submission>(bytes)) state.SkipWithError("not decoded");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(SubmissionDecode)->Arg(1)->Arg(1000);

}  // namespace
}  // namespace hufu::bench
