// Rounds of load on a running cluster, and what they came to.
//
// Invariants
//   B1  load is built and signed before the clock starts, and no round repeats a subject or a request id
//   B2  a round begins and ends with all nodes at one certified head
//   B3  what was acknowledged in a round is what stands on the ledger in its blocks, no more and no less; otherwise the round is
//       no measurement but a trouble. So is one in which anything was refused or failed
#pragma once

#include <boost/asio/io_context.hpp>
#include <tuple>

#include "cli/bench/cluster.hpp"
#include "cli/bench/figures.hpp"
#include "cli/bench/flow.hpp"
#include "cli/bench/load.hpp"

namespace hufu::cli::bench {

class Measurement {
 public:
  Measurement(Cluster& cluster, const LoadMaker& maker, const Session& session)
      : cluster_(cluster), maker_(maker), session_(session) {}

  // In submissions of 1,000; drained.
  Try<void> preload(std::uint64_t records);
  Try<Figures> round(const RoundPlan& plan);

 private:
  // One run of load; a round is one with a clock, after one that only tells how much to build.
  struct Load {
    LoadSize size;
    std::size_t lines = 1;
    std::size_t depth = 1;
    double seconds = 0;     // 0: until all is sent
    double per_second = 0;  // submissions
    bool proofs = false;    // asked for at the same time, over as many lines again
  };
  // What was used up to a moment.
  struct Usage {
    std::vector<double> nodes;
    double client = 0;
    double machine = 0;
    std::chrono::steady_clock::time_point at;
  };
  struct Pass {
    FlowResult appends;
    std::optional<FlowResult> proofs;
    std::uint64_t records = 0;
    std::size_t leader = 0;
    StageTimes stages_before, stages_after;
    Usage begun, answered, drained;
  };
  using PaceKey = std::tuple<Workload, unsigned, std::size_t, std::size_t, bool>;

  Try<Pass> send(const Load& load);
  Try<void> run_flows(const Load& load, const std::vector<Request>& appends,
                      const std::vector<Request>& proofs, Pass& pass);
  void watch_signals(boost::asio::steady_timer& timer, Flow& flow);
  Try<void> check_pass(const Load& load, std::uint64_t from, std::uint64_t to, Pass& pass);
  Load load_of(const RoundPlan& plan, double pace) const;
  Try<double> pace_of(const RoundPlan& plan, const Primitives& primitives);
  Try<Figures> import_round(const RoundPlan& plan);
  Try<Figures> begin_figures(const RoundPlan& plan);
  void end_figures(const Usage& begun, const Usage& answered, const Usage& drained, std::uint64_t disk_before,
                   Figures& figures) const;
  static void set_stages(const StageTimes& before, const StageTimes& after, Figures& figures);
  Usage usage() const;

  Cluster& cluster_;
  const LoadMaker& maker_;
  const Session& session_;
  std::uint64_t next_number_ = 0;
  std::vector<LoadSize> standing_;  // what is on the ledger
  std::map<PaceKey, double> pace_;  // records a second, the most seen
  unsigned imports_ = 0;
};

}  // namespace hufu::cli::bench
