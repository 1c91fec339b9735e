// Whole nodes over many seeds. HUFU_SIM_SEEDS multiplies the number of seeds, HUFU_SIM_FROM shifts them all. A failing seed is
// printed; HUFU_SIM_ONE repeats that one alone, and HUFU_SIM_LOG=1 shows what its nodes said.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/sim/simulation.hpp"

namespace hufu::sim {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const wanted = std::getenv(name);
  return wanted == nullptr ? otherwise : std::strtoull(wanted, nullptr, 10);
}

void print(std::uint64_t seeds, const Profile& profile, const Report& sum) {
  std::cout << seeds << " seeds of " << profile.nodes << " nodes: " << sum.faults_in_all() << " faults (";
  const char* comma = "";
  for (const auto& [kind, count] : sum.faults) {
    std::cout << comma << count << " " << kind;
    comma = ", ";
  }
  std::cout << "), " << sum.messages << " messages (" << sum.dropped << " dropped, " << sum.duplicated
            << " doubled), " << sum.restarts << " starts, " << sum.refused_starts << " refused, "
            << sum.bytes_lost << " unsynced bytes lost, " << sum.elections << " elections, " << sum.epochs
            << " roster changes, " << sum.snapshots_installed << " snapshots installed; " << sum.counts.blocks
            << " blocks, " << sum.counts.acknowledged << " acknowledged, " << sum.counts.repeated
            << " again, " << sum.counts.refused << " refused, " << sum.unanswered << " times asked again, "
            << sum.counts.receipts_verified << " receipts verified at the end, " << sum.counts.reads
            << " reads, " << sum.counts.attestations << " attestations, " << sum.counts.certified_sizes
            << " certified sizes\n";
}

Report expect_all_ok(std::uint64_t first, std::uint64_t count, const Profile& profile) {
  first += from_environment("HUFU_SIM_FROM", 0);
  count *= std::max<std::uint64_t>(1, from_environment("HUFU_SIM_SEEDS", 1));
  if (const std::uint64_t one = from_environment("HUFU_SIM_ONE", 0); one != 0) {
    first = one;
    count = 1;
  }
  Report sum;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Report one = simulate(seed, profile);
    EXPECT_EQ(one.verdict, Verdict::ok) << "seed " << seed << ": " << one.what;
    if (one.verdict != Verdict::ok) break;
    sum.add(one);
  }
  print(count, profile, sum);
  EXPECT_GT(sum.counts.acknowledged, 0U);
  return sum;
}

TEST(WholeNodes, OneIntegerRepeatsARun) {
  const Report once = simulate(42, {.virtual_ms = 15'000});
  const Report again = simulate(42, {.virtual_ms = 15'000});
  const Report other = simulate(43, {.virtual_ms = 15'000});
  EXPECT_EQ(once.verdict, Verdict::ok) << once.what;
  EXPECT_EQ(once.trace, again.trace);
  EXPECT_NE(once.trace, other.trace);
}

TEST(WholeNodes, NothingGoesWrongWhereNothingFails) {
  expect_all_ok(1, 2, {.virtual_ms = 15'000, .faults = false, .damage = false, .roster_changes = false});
}

TEST(WholeNodes, ThreeNodesSurviveFaults) {
  expect_all_ok(1'000, 20, {.nodes = 3, .damage = false, .roster_changes = false});
}

TEST(WholeNodes, ThreeNodesSurviveDamageAndChangesOfTheRoster) { expect_all_ok(2'000, 30, {.nodes = 3}); }

TEST(WholeNodes, FiveNodesSurviveDamageAndChangesOfTheRoster) { expect_all_ok(3'000, 10, {.nodes = 5}); }

}  // namespace
}  // namespace hufu::sim
