// How long each stage of a submission's way through a node takes, as histograms fine enough to read quantiles from:
//
//   hufu_admission_seconds   arrival -> examined, verified, put in order           (on the leader, a submission)
//   hufu_ordering_seconds    put in order -> stored by a majority, execution begins  (on the leader, a submission)
//   hufu_apply_seconds       execution of the block begins -> committed            (on every node, a block)
//   hufu_certify_seconds     the block was executed -> a quorum has cosigned it    (on every node, a block)
//
// Clocks are read for these alone: nothing that a node decides depends on them.
#pragma once

#include <array>
#include <chrono>

namespace hufu::node {

using StageClock = std::chrono::steady_clock;

inline double seconds_between(StageClock::time_point from, StageClock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

// 20 us to 10 s, six a decade.
inline constexpr std::array<double, 35> kStageBounds = {
    0.00002, 0.00003, 0.00005, 0.00007, 0.0001, 0.00015, 0.0002, 0.0003, 0.0005, 0.0007, 0.001, 0.0015,
    0.002,   0.003,   0.005,   0.007,   0.01,   0.015,   0.02,   0.03,   0.05,   0.07,   0.1,   0.15,
    0.2,     0.3,     0.5,     0.7,     1,      1.5,     2,      3,      5,      7,      10};

}  // namespace hufu::node
