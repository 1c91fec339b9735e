// What a round came to, as JSON with keys that never change, and as a table for people. Pure.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "cli/bench/latency.hpp"
#include "cli/bench/machine.hpp"
#include "cli/bench/plan.hpp"

namespace hufu::cli::bench {

struct Figures {
  RoundPlan plan;
  std::size_t nodes = 0;
  double seconds = 0;  // from the first one sent, or due, to the last answer
  std::uint64_t records = 0;
  std::uint64_t submissions = 0;
  std::uint64_t refused = 0;
  std::uint64_t errors = 0;
  Quantiles latency;  // to the answer that was waited for
  std::optional<std::uint64_t> verifies;
  Quantiles verify;
  std::map<std::string, std::optional<Quantiles>> stages;  // of the node that led
  std::vector<double> nodes_cpu;                           // until all had one certified head again
  double client_cpu = 0;
  double foreign_share = 0;
  double flush_us = 0;
  double disk_bytes_per_record = 0;
  std::vector<double> rss_mb;
  Primitives primitives;

  double records_per_s() const { return seconds > 0 ? static_cast<double>(records) / seconds : 0; }
  double submissions_per_s() const { return seconds > 0 ? static_cast<double>(submissions) / seconds : 0; }
  double us_per_record_per_node() const;
};

json::object to_json(const Figures& figures);
void print(const Figures& figures, const Session& session);

}  // namespace hufu::cli::bench
