// Whole nodes on simulated machines, in one thread and in virtual time: the real core (Raft behind its guards, sequencer,
// replica on RocksDB, attestor, admission, peers, fetcher, epochs) with a network, disks, clocks and clients that fail.
//
// A run is made by one integer. First everything that can go wrong does, within a budget that leaves a quorum of undamaged
// disks; then all is mended, and within kHealMs everything has to work again. What must hold of safety stands in checker.hpp;
// of liveness:
//   L1  after healing, whatever a client still waits for is answered, and something new is acknowledged
//   L2  all members that run reach the same head, and it is certified
//   L3  what was acknowledged is there after all machines have lost their power at once
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/consensus/sim/links.hpp"
#include "tests/consensus/sim/timeline.hpp"
#include "tests/sim/checker.hpp"
#include "tests/sim/clients.hpp"
#include "tests/sim/machine.hpp"
#include "tests/sim/operator.hpp"

namespace hufu::sim {

using consensus::sim::Links;
using consensus::sim::Timeline;

struct Profile {
  std::size_t nodes = 3;
  std::uint64_t virtual_ms = 40'000;
  std::size_t clients = 3;
  bool faults = true;
  bool damage = true;          // disks that flip bits
  bool roster_changes = true;  // epochs
  bool attended = true;        // somebody starts again what has gone down
  std::optional<std::pair<std::size_t, std::size_t>>
      snapshots;  // threshold and trailing, instead of the dice
  consensus::Guards guards;
};

enum class Verdict : int { ok = 0, safety = 2, liveness = 3, stopped = 4, crashed = 5 };

struct Report {
  Verdict verdict = Verdict::ok;
  std::string what;
  std::uint64_t trace = 0;
  std::uint64_t messages = 0;
  std::uint64_t dropped = 0;
  std::uint64_t duplicated = 0;
  std::map<std::string, std::uint64_t> faults;  // by kind
  std::uint64_t restarts = 0;
  std::uint64_t bytes_lost = 0;  // unsynced, in power cuts
  std::uint64_t refused_starts = 0;
  std::uint64_t elections = 0;
  std::uint64_t epochs = 0;
  std::uint64_t snapshots_installed = 0;
  std::uint64_t unanswered = 0;  // times a client had to ask again
  Counts counts;

  std::uint64_t faults_in_all() const;
  void add(const Report& other);
};

class Simulation {
 public:
  static constexpr std::uint64_t kHealMs = 30'000;
  static constexpr std::size_t kSlots = 16;

  Simulation(std::uint64_t seed, const Profile& profile);
  ~Simulation();

  // Faults for the profile's time, healing, L1 to L3, the checker's last look.
  Report run();

  // ---- for the parts of the world ----
  Timeline& time() { return time_; }
  Links& links() { return links_; }
  Checker& checker() { return *checker_; }
  Clients& clients() { return *clients_; }
  Operator& operations() { return *operator_; }
  const Profile& profile() const { return profile_; }
  const Genesis& genesis() const { return genesis_; }
  const LedgerId& ledger() const { return ledger_; }
  const consensus::RaftOptions& raft_options() const { return raft_; }
  const node::SequencerLimits& sequencer_limits() const { return sequencer_; }
  node::LogLevel log_level() const { return log_level_; }
  std::uint64_t wall_clock_ms() const { return genesis_.time_ms + 86'400'000 + time_.now(); }
  std::uint64_t disk_delay();
  std::uint64_t worker_delay();

  const std::vector<std::unique_ptr<Machine>>& machines() const { return machines_; }
  Machine* machine_of(std::uint64_t id);
  // A newcomer is told of the nodes of the day.
  Machine& add_machine(const Member& member, const Seed& seed, std::vector<Member> told = {});
  // The newest one that the chain holds.
  RosterStanding roster() const { return checker_->newest_roster(); }
  bool in_roster(const Machine& machine) const;
  // A ready leader of the newest epoch; nullptr: none.
  Machine* leader();

  bool transmit(Machine& from, std::uint64_t to, consensus::Channel channel, const Bytes& frame);
  void leads(Machine& machine);
  void died(Machine& machine);
  void lost(const Lost& lost) { report_.bytes_lost += lost.bytes; }
  void broken(Verdict verdict, std::string what);
  bool over() const { return report_.verdict != Verdict::ok; }
  void count_fault(const std::string& kind) { ++report_.faults[kind]; }
  Report& report() { return report_; }

  void boot(Machine& machine);
  void crash(Machine& machine, Crash kind, const Dice& dice = {});
  void run_for(std::uint64_t ms);
  // Links, delays, pauses, clocks: all as they should be; machines that are down start.
  void heal();
  // Runs until it is so; false when it has not come about by then.
  bool run_until(std::uint64_t ms, const std::function<bool()>& condition);
  // All members that run have executed the whole chain and hold a certificate of it.
  bool settled();
  void check_the_end();

 private:
  class Weather;
  bool stored_by_quorum(const BlockHeader& header);
  bool stores(Machine& machine, std::uint64_t epoch, const BlockHeader& header) const;
  void check_healed();
  void collect(Machine& machine);

  const Profile profile_;
  Timeline time_;
  Links links_;
  Genesis genesis_;
  LedgerId ledger_;
  consensus::RaftOptions raft_;
  node::SequencerLimits sequencer_;
  node::LogLevel log_level_;
  std::uint64_t max_disk_ms_ = 3;
  std::uint64_t max_worker_ms_ = 3;
  std::vector<std::unique_ptr<Machine>> machines_;
  std::unique_ptr<Checker> checker_;
  std::unique_ptr<Clients> clients_;
  std::unique_ptr<Operator> operator_;
  std::unique_ptr<Weather> weather_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> leader_of_;  // (epoch, term)
  Report report_;
};

inline Report simulate(std::uint64_t seed, const Profile& profile) { return Simulation(seed, profile).run(); }

}  // namespace hufu::sim
