// A whole cluster in one thread and in virtual time: real Raft objects over simulated clocks, networks and disks, with
// crashes, partitions, loss, delay, duplication and reordering. Every decision comes from one seed, so one integer repeats a
// run to the last message.
//
// Checked all the time
//   S1  one leader a term
//   S2  every node applies the same entry at the same index, in rising order
//   S3  what a client was told is committed stands at that index, once, and was never told to have failed
//   S4  a read that was granted sees everything acknowledged before it was asked for
//   S5  nothing that fails stops a node: no fatal error without a broken disk
// Checked after healing
//   S6  all nodes apply the same prefix, and something new commits
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "consensus/raft.hpp"
#include "tests/consensus/sim/links.hpp"
#include "tests/consensus/sim/platter.hpp"
#include "tests/consensus/sim/timeline.hpp"

namespace hufu::consensus::sim {

// Lies that a simulated disk, or network, can tell to see that the checks notice. An acknowledgement that is made up is
// a quorum of one less.
enum class Lie : std::uint8_t { none, forgets_the_vote, syncs_too_late, makes_up_an_acknowledgement };

struct Profile {
  std::size_t nodes = 3;
  std::uint64_t virtual_ms = 60'000;
  std::uint64_t client_every_ms = 40;  // longest pause between two bursts of proposals
  bool snapshots = true;
  bool faults = true;
  Guards guards;
  Lie lie = Lie::none;
};

enum class Verdict : int { ok = 0, safety = 2, liveness = 3, fatal = 4, crashed = 5 };

struct Report {
  Verdict verdict = Verdict::ok;
  std::string what;
  std::uint64_t trace = 0;  // hash over everything that happened
  std::uint64_t messages = 0;
  std::uint64_t crashes = 0;
  std::uint64_t terms = 0;
  std::uint64_t committed = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t unknown = 0;
  std::uint64_t reads = 0;
  std::uint64_t snapshots_installed = 0;
  std::uint64_t acks_clamped = 0;
  std::uint64_t appends_reanchored = 0;
};

class Cluster {
 public:
  Cluster(std::uint64_t seed, const Profile& profile);
  ~Cluster();

  // Faults for the profile's time, then healing, then S6.
  Report run();

 private:
  class Machine;
  class World;
  struct Node;
  void broken(Verdict verdict, std::string what);
  void run_for(std::uint64_t ms);

  void boot(std::size_t index);
  void crash(std::size_t index);
  void schedule_tick(std::size_t index, std::uint64_t life);
  void schedule_client();
  void schedule_fault();
  void one_fault();
  void propose(std::size_t index);
  void read(std::size_t index);
  void transmit(std::size_t from, std::size_t to, const Bytes& frame);
  void check_leader(std::size_t index);
  void collect(std::size_t index);
  void check_healed();

  const Profile profile_;
  Timeline time_;
  Links links_;
  RaftOptions options_;
  std::vector<std::unique_ptr<Node>> nodes_;
  bool faults_ = true;
  std::uint64_t max_disk_ = 3;

  // What the cluster as a whole has decided.
  std::map<std::uint64_t, std::uint64_t> entry_at_;  // index -> hash of the entry
  std::map<std::uint64_t, std::uint64_t> chain_at_;  // index -> hash over all entries up to it
  std::map<std::uint64_t, std::size_t> leader_of_;
  std::set<std::uint64_t> acknowledged_;
  std::uint64_t highest_acknowledged_ = 0;
  std::uint64_t next_entry_ = 1;
  Report report_;
};

inline Report simulate(std::uint64_t seed, const Profile& profile) { return Cluster(seed, profile).run(); }

// In a process of its own: what is simulated without a guard may crash.
Report simulate_apart(std::uint64_t seed, const Profile& profile);

}  // namespace hufu::consensus::sim
