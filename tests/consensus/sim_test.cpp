// The simulator over many seeds. HUFU_SIM_SEEDS multiplies the number of seeds; a failing seed is printed and repeats with
// simulate(seed, profile).
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/consensus/sim/cluster.hpp"

namespace hufu::consensus::sim {
namespace {

std::uint64_t times() {
  const char* const wanted = std::getenv("HUFU_SIM_SEEDS");
  return wanted == nullptr ? 1 : std::max<std::uint64_t>(1, std::strtoull(wanted, nullptr, 10));
}

void expect_all_ok(std::uint64_t first, std::uint64_t count, const Profile& profile) {
  Report sum;
  for (std::uint64_t seed = first; seed < first + count * times(); ++seed) {
    const Report one = simulate(seed, profile);
    ASSERT_EQ(one.verdict, Verdict::ok) << "seed " << seed << ": " << one.what;
    sum.messages += one.messages;
    sum.crashes += one.crashes;
    sum.acknowledged += one.acknowledged;
    sum.reads += one.reads;
    sum.snapshots_installed += one.snapshots_installed;
    sum.acks_clamped += one.acks_clamped;
    sum.appends_reanchored += one.appends_reanchored;
  }
  std::cout << count * times() << " seeds, " << profile.nodes << " nodes: " << sum.messages << " messages, "
            << sum.crashes << " crashes, " << sum.acknowledged << " acknowledged, " << sum.reads << " reads, "
            << sum.snapshots_installed << " snapshots installed, " << sum.acks_clamped << " acks clamped, "
            << sum.appends_reanchored << " appends re-anchored\n";
  EXPECT_GT(sum.acknowledged, 0U);
  EXPECT_GT(sum.reads, 0U);
}

// Some seed of a few must show the violation.
void expect_noticed(std::uint64_t first, std::uint64_t count, const Profile& profile) {
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Report one = simulate_apart(seed, profile);
    if (one.verdict == Verdict::ok) continue;
    std::cout << "noticed with seed " << seed << ": " << one.what << "\n";
    return;
  }
  ADD_FAILURE() << "nothing noticed in " << count << " seeds";
}

TEST(Simulation, OneIntegerRepeatsARun) {
  const Report once = simulate(42, {.virtual_ms = 20'000});
  const Report again = simulate(42, {.virtual_ms = 20'000});
  const Report other = simulate(43, {.virtual_ms = 20'000});
  EXPECT_EQ(once.trace, again.trace);
  EXPECT_NE(once.trace, other.trace);
}

TEST(Simulation, ThreeNodesSurviveFaults) { expect_all_ok(1, 200, {.nodes = 3, .virtual_ms = 30'000}); }
TEST(Simulation, FiveNodesSurviveFaults) { expect_all_ok(5001, 60, {.nodes = 5, .virtual_ms = 30'000}); }
TEST(Simulation, FewWritesManyElections) {
  expect_all_ok(9001, 60, {.nodes = 3, .virtual_ms = 30'000, .client_every_ms = 1200});
}
TEST(Simulation, OneNodeSurvivesCrashes) { expect_all_ok(12001, 20, {.nodes = 1, .virtual_ms = 20'000}); }

TEST(SimulationControl, AllGuardsOffIsNoticed) {
  expect_noticed(1, 60, {.guards = {false, false, false, false, false, false}});
}
TEST(SimulationControl, ClampOffIsNoticed) {
  Profile profile;
  profile.guards.clamp = false;
  expect_noticed(1, 40, profile);
}
TEST(SimulationControl, AForgottenVoteIsNoticed) { expect_noticed(1, 60, {.lie = Lie::forgets_the_vote}); }
TEST(SimulationControl, AQuorumOfOneLessIsNoticed) {
  expect_noticed(1, 60, {.lie = Lie::makes_up_an_acknowledgement});
}
TEST(SimulationControl, AnAcknowledgementBeforeTheSyncIsNoticed) {
  expect_noticed(1, 60, {.lie = Lie::syncs_too_late});
}

}  // namespace
}  // namespace hufu::consensus::sim
