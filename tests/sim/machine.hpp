// One simulated machine: its disks, its clock, and, while it runs, the whole core of a node on them.
//
// A machine outlives the processes on it. Everything that happens to a process belongs to one of its lives; what comes from an
// earlier life finds nobody.
//
// Invariants
//   P1  after a crash nothing of the process leaves the machine, and nothing is written on its disks
//   P2  a process that is stopped (SIGSTOP) does nothing until it goes on, then everything that came meanwhile, in order
//   P3  a process whose fatal handler was called has died in the same moment
#pragma once

#include <deque>
#include <set>

#include "node/core.hpp"
#include "tests/sim/memory_disk.hpp"
#include "tests/sim/raft_disk.hpp"

namespace hufu::sim {

class Simulation;

enum class Crash : std::uint8_t { kill, power_cut };

class Machine {
 public:
  Machine(Simulation& simulation, std::size_t slot, Member member, Seed seed, std::vector<Member> told);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // False: it refused to start; why() says what it said.
  bool boot();
  // With dice of its own, or those of the simulation.
  void crash(Crash kind, const Dice& dice);
  void pause() { paused_ = up(); }
  void resume();
  void jump_clock(std::int64_t ms) { clock_offset_ms_ += ms; }
  // One bit of the ledger's files, or the Raft log. False: there is nothing to damage.
  bool damage_ledger();
  bool damage_write_ahead_log();  // in its middle, where no torn tail can excuse it
  bool damage_raft_log();
  // The whole disk is gone; whoever boots here is new.
  void lose_disk();

  bool up() const { return core_ != nullptr; }
  bool paused() const { return paused_; }
  // Its disk has been damaged: it may refuse, or stop.
  bool damaged() const { return damaged_; }
  std::uint64_t id() const { return member_.id; }
  std::size_t slot() const { return slot_; }
  const Member& member() const { return member_; }
  const std::string& why() const { return why_; }
  bool admits(std::uint64_t id) const { return admitted_.contains(id); }
  std::uint64_t wall_clock_ms() const;

  node::Core& core() { return *core_; }
  const store::LedgerStore& store() const { return *store_; }
  const RaftDisk& raft_disk() const { return raft_disk_; }
  MemoryDisk& ledger_disk() { return ledger_disk_; }

  // From outside, in this moment: does nothing when the machine is down.
  void enter(const std::function<void()>& turn);
  // In this life, later.
  void later(std::uint64_t ms, std::function<void()> turn);
  std::uint64_t life() const { return life_; }

 private:
  class World;
  class Env;
  node::CoreParts parts();
  void fatal(std::string_view why);
  void observe();
  void drop_process();
  void schedule_ticks();

  Simulation& simulation_;
  const std::size_t slot_;
  const Member member_;
  const Seed seed_;
  const std::vector<Member> told_;

  MemoryDisk ledger_disk_;
  RaftDisk raft_disk_;
  std::int64_t clock_offset_ms_ = 0;
  bool damaged_ = false;
  std::string why_;

  std::uint64_t life_ = 0;
  bool inside_ = false;  // a turn is under way
  bool dying_ = false;
  bool paused_ = false;
  std::deque<std::function<void()>> backlog_;
  std::set<std::uint64_t> admitted_;
  std::deque<std::function<void()>> disk_work_;
  std::uint64_t disk_free_ms_ = 0;
  std::unique_ptr<store::LedgerStore> store_;
  std::unique_ptr<node::Metrics> metrics_;
  std::unique_ptr<node::Log> log_;
  std::unique_ptr<World> world_;
  std::unique_ptr<Env> env_;
  std::unique_ptr<node::Core> core_;

  // What has been looked at.
  std::uint64_t seen_height_ = 0;
  std::optional<Attestation> seen_signed_;
  std::optional<Checkpoint> seen_certified_;
};

}  // namespace hufu::sim
