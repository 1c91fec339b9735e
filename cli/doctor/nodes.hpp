// What the answers of all nodes, laid side by side, say of each and of the cluster. Pure.
//
// Every finding that is not ok names a next step.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "cli/doctor/symptom.hpp"
#include "ledger/genesis/genesis.hpp"
#include "node/api/answers.hpp"

namespace hufu::cli {

namespace doctor {
inline constexpr std::uint64_t kDiskWarn = 5ULL << 30;
inline constexpr std::uint64_t kDiskFail = 256ULL << 20;
inline constexpr double kDiskWarnShare = 0.10;
inline constexpr std::uint64_t kSkewWarnMs = 2'000;
inline constexpr std::uint64_t kSkewFailMs = 60'000;
inline constexpr std::uint64_t kBehindBlocks = 100;
// An idle ledger is certified anew every few seconds.
inline constexpr std::uint64_t kCertifiedWarnMs = 60'000;
inline constexpr std::uint64_t kCertifiedFailMs = 600'000;
}  // namespace doctor

// The samples without labels of a node's metrics.
using Samples = std::map<std::string, double, std::less<>>;
Samples parse_samples(std::string_view metrics);

struct NodeReport {
  std::string url;
  std::optional<api::NodeStatus> status;
  std::string why;             // without a status
  std::string next;            // the error's own next step; empty: start it
  Samples metrics;             // may be empty: not to be had
  std::uint64_t asked_ms = 0;  // this machine's clock in the middle of the asking
};

// `whole`: the reports are of all nodes of the roster, so that a quorum can be counted.
Symptoms examine_nodes(std::span<const NodeReport> nodes, const RosterStanding& roster, bool whole);

// Free space, in the words that every disk is described with. size 0: unknown.
Symptom examine_disk(std::string what, std::uint64_t free, std::uint64_t size, std::string next);

}  // namespace hufu::cli
