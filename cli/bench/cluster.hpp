// The cluster that is measured: founded for it, run by processes of its own as the demonstration's is, with the settings that
// nodes have by themselves. Only the rates of admission are lifted: they protect a node from one client, and here there is one.
#pragma once

#include "cli/bench/node_metrics.hpp"
#include "cli/client/address.hpp"
#include "cli/demo/stage.hpp"

namespace hufu::cli::bench {

// What stands on the ledger between two moments, counted in the blocks themselves.
struct OnLedger {
  std::uint64_t submissions = 0;
  std::uint64_t records = 0;
};

class Cluster {
 public:
  // `data`, `founded`, `signals` outlive it.
  Cluster(const demo::Founded& founded, const demo::DataSet& data, demo::Signals& signals,
          const Session& session)
      : founded_(founded),
        signals_(signals),
        processes_(founded, false),
        stage_(founded, data, processes_, signals, session) {}

  Try<void> start();  // with the settings of the bench
  void stop() { processes_.stop_all(signals_); }

  // Waits until all nodes have the same head and all know it certified. Gives its height.
  Try<std::uint64_t> drained();
  // In the blocks above `from`, up to `to`.
  Try<OnLedger> count(std::uint64_t from, std::uint64_t to);
  Try<std::size_t> leader() { return stage_.leader(); }
  Try<StageTimes> stages(std::size_t node) const;

  const demo::Founded& founded() const { return founded_; }
  const Address& address(std::size_t node) const { return addresses_[node]; }
  std::size_t nodes() const { return founded_.nodes.size(); }
  std::vector<double> cpu_seconds() const;
  std::vector<double> resident() const;
  std::uint64_t disk() const;
  std::string data_folder(std::size_t node) const { return founded_.nodes[node].folder + "/data"; }
  // Quiet, and of this ledger.
  const Session& session() const { return stage_.session(); }
  bool stop_asked();

 private:
  const demo::Founded& founded_;
  demo::Signals& signals_;
  demo::Processes processes_;
  demo::Stage stage_;
  std::vector<Address> addresses_;
};

}  // namespace hufu::cli::bench
