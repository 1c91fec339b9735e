// Making and checking what is shown to others: proofs of one record, in submissions of 1 and of 1,000.
#include <benchmark/benchmark.h>

#include "tests/bench/world.hpp"

namespace hufu::bench {
namespace {

constexpr std::size_t kBlocks = 20;

// As a node answers it: record, blocks, paths, and the proofs of the state tree. The first question about its block.
void ProofOfOneRecord(benchmark::State& state) {
  World world;
  world.grow(kBlocks, static_cast<std::size_t>(state.range(0)));
  const std::size_t records = world.records();
  std::size_t number = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(encode_proof(world.proof(World::invoice(number))));
    number = (number + 7919) % records;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ProofOfOneRecord)->ArgName("records")->Arg(1)->Arg(1000)->Unit(benchmark::kMicrosecond);

// One record after the other, as whoever issued them asks: their block is on the shelf.
void ProofOfEachRecord(benchmark::State& state) {
  World world;
  world.grow(kBlocks, static_cast<std::size_t>(state.range(0)));
  node::BlockShelf shelf(world.store());
  std::size_t number = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(encode_proof(world.proof(World::invoice(number), shelf)));
    number = (number + 1) % world.records();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ProofOfEachRecord)->ArgName("records")->Arg(1)->Arg(1000)->Unit(benchmark::kMicrosecond);

// From the file to the finding, without network and database: two cosignatures and one of the agency.
void VerifyProof(benchmark::State& state) {
  World world;
  world.grow(kBlocks, static_cast<std::size_t>(state.range(0)));
  const Bytes file = encode_proof(world.proof(World::invoice(0)));
  const Anchor anchor = founding_anchor(world.genesis());
  for (auto _ : state) {
    if (!none_failed(check_proof(anchor, decode_proof(file).value()).checks))
      state.SkipWithError("a check failed");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(VerifyProof)->ArgName("records")->Arg(1)->Arg(1000)->Unit(benchmark::kMicrosecond);

// Many proofs under one checkpoint: its cosignatures are checked once, each document's evidence alone.
void VerifyBatch(benchmark::State& state) {
  World world;
  world.grow(100, 1);
  std::vector<Proof> proofs;
  for (std::size_t i = 0; i < world.records(); ++i) proofs.push_back(world.proof(World::invoice(i)));
  const Anchor anchor = founding_anchor(world.genesis());
  const CertifiedCheckpoint certified = proofs.front().checkpoint();
  for (auto _ : state) {
    bool good = check_certified(world.ledger().origin, anchor.roster, certified).has_value();
    for (const Proof& proof : proofs) {
      good = good && proof.checkpoint().checkpoint == certified.checkpoint &&
             none_failed(check_evidence(world.genesis(), proof.evidence));
    }
    if (!good) state.SkipWithError("a check failed");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(proofs.size()));
}
BENCHMARK(VerifyBatch)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hufu::bench
