// What a block costs a node, step by step and as a whole. The first argument is the number of submissions, the second that
// of records in each; items are records.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <deque>

#include "ledger/chain/audit.hpp"
#include "tests/bench/world.hpp"

namespace hufu::bench {
namespace {

std::size_t count(const benchmark::State& state, std::size_t argument) {
  return static_cast<std::size_t>(state.range(argument));
}
void set_records(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * state.range(0) * state.range(1));
}
void both_shapes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"submissions", "records"})
      ->Args({1, 1000})
      ->Args({32, 1})
      ->Unit(benchmark::kMillisecond);
}

// The law alone: signatures, rules, standings after. Nothing is written, so the same block can be executed again.
void Execute(benchmark::State& state) {
  World world;
  world.grow(20, 1000);
  const Proposal proposal = world.propose(world.submissions(count(state, 0), count(state, 1)));
  for (auto _ : state) {
    const Execution execution = execute(world.ledger(), proposal, world.store(), check_signed);
    if (execution.included.size() != proposal.submissions.size()) state.SkipWithError("refused");
  }
  set_records(state);
}
BENCHMARK(Execute)->Apply(both_shapes);

// One write batch: block, standings, index, nodes of the log. Without waiting for the disk, as a node does it.
void StoreCommit(benchmark::State& state) {
  World signer;
  testing::TempDir folder;
  testing::Chain chain(signer.genesis());
  const auto store =
      store::LedgerStore::open(folder.path(), signer.genesis(), store::Mode::read_write).value();
  for (auto _ : state) {
    state.PauseTiming();
    const testing::Extension next =
        testing::extension(chain, *store, signer.submissions(count(state, 0), count(state, 1)));
    state.ResumeTiming();
    if (!store->commit(next.write(chain))) state.SkipWithError("not committed");
  }
  set_records(state);
}
BENCHMARK(StoreCommit)->Apply(both_shapes);

// From the bytes that consensus hands over to a committed block: everything that a node does for it.
void Apply(benchmark::State& state) {
  World world;
  world.grow(20, 1000);
  for (auto _ : state) {
    state.PauseTiming();
    const Bytes entry = encode(world.propose(world.submissions(count(state, 0), count(state, 1))));
    state.ResumeTiming();
    world.apply(entry);
  }
  set_records(state);
}
BENCHMARK(Apply)->Apply(both_shapes);

// Replaying stored blocks with every question asked: hashes, signatures, rules, state roots.
void Audit(benchmark::State& state) {
  constexpr std::size_t kBlocks = 10;
  World world;
  for (std::size_t i = 0; i < kBlocks; ++i) {
    world.apply(encode(world.propose(world.submissions(count(state, 0), count(state, 1)))));
  }
  std::vector<Bytes> blocks;
  for (std::uint64_t height = 0; height <= kBlocks; ++height) {
    blocks.push_back(world.store().block_bytes(height).value().value());
  }
  for (auto _ : state) {
    hufu::Audit audit(world.genesis(), AuditLevel::full);
    for (std::uint64_t height = 0; height <= kBlocks; ++height) {
      if (!audit.next(check_alone(world.ledger(), AuditLevel::full, height, blocks[height])))
        state.SkipWithError("a block is at fault");
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBlocks) * state.range(0) *
                          state.range(1));
}
BENCHMARK(Audit)->Apply(both_shapes);

Hash path_of(std::size_t number) { return sha256(as_bytes(std::to_string(number))); }

std::vector<StateLeaf> leaves(std::size_t from, std::size_t to) {
  std::vector<StateLeaf> all;
  all.reserve(to - from);
  for (std::size_t i = from; i < to; ++i) all.push_back({.path = path_of(i), .value_hash = path_of(i)});
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return all;
}

// Blocks of a thousand new leaves on a tree of so many, with the last versions still held: as a node does it.
void StateTreeUpdate(benchmark::State& state) {
  constexpr std::size_t kChanges = 1000;
  constexpr std::size_t kHeld = 4;
  constexpr std::size_t kBlocks = 200;
  const std::size_t size = count(state, 0);
  StateTree tree;
  std::deque<StateTree::Version> versions{tree.build(leaves(0, size))};
  std::vector<std::vector<StateChange>> blocks(kBlocks);
  for (std::size_t i = 0; i < kBlocks; ++i) {
    for (const StateLeaf& leaf : leaves(size + i * kChanges, size + (i + 1) * kChanges))
      blocks[i].push_back({leaf.path, leaf.value_hash});
  }
  std::size_t next = 0;
  for (auto _ : state) {
    versions.push_back(tree.update(versions.back(), blocks.at(next++)));
    if (versions.size() > kHeld) versions.pop_front();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kChanges));
}
BENCHMARK(StateTreeUpdate)
    ->ArgName("leaves")
    ->Arg(100'000)
    ->Arg(3'000'000)
    ->Iterations(200)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hufu::bench
