#include "tests/sim/weather.hpp"

#include <algorithm>

namespace hufu::sim {
namespace {

constexpr std::uint64_t kLongestQuietMs = 1'300;
constexpr std::uint64_t kLongestPauseMs = 4'000;
constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kTenYears = 10LL * 365 * 24 * kHour;

}  // namespace

void Simulation::Weather::begin() {
  simulation_.time().after(100 + simulation_.time().pick(kLongestQuietMs), [this] {
    if (finishing_) return;
    strike();
    begin();
  });
}

Machine& Simulation::Weather::any_machine() {
  std::vector<Machine*> running;
  for (const auto& machine : simulation_.machines()) {
    if (machine->up()) running.push_back(machine.get());
  }
  if (running.empty()) return *simulation_.machines().front();
  return *running[simulation_.time().pick(running.size())];
}

void Simulation::Weather::strike() {
  Timeline& time = simulation_.time();
  Machine& machine = any_machine();
  const std::uint64_t kind = time.pick(20);
  time.note(30, machine.id(), kind);
  if (kind < 3) {
    if (machine.up()) simulation_.count_fault("kill");
    simulation_.crash(machine, Crash::kill);
  } else if (kind < 6) {
    if (machine.up()) simulation_.count_fault("power cut");
    simulation_.crash(machine, Crash::power_cut);
  } else if (kind < 11) {
    strike_network(machine);
  } else if (kind < 14) {
    simulation_.links().heal();
  } else if (kind == 14) {
    static constexpr std::int64_t kJumps[] = {-kTenYears, -kHour, -1'500, 1'500, kHour, kTenYears};
    simulation_.count_fault("clock jump");
    machine.jump_clock(kJumps[time.pick(std::size(kJumps))]);
  } else if (kind < 17) {
    if (!machine.up() || machine.paused()) return;
    simulation_.count_fault("pause");
    machine.pause();
    time.after(50 + time.pick(kLongestPauseMs), [&machine, life = machine.life()] {
      if (machine.life() == life && machine.paused()) machine.resume();
    });
  } else if (kind == 17) {
    simulation_.count_fault("slow disk");
    simulation_.max_disk_ms_ = 1 + time.pick(3) * time.pick(300);
  } else {
    strike_disk(machine);
  }
}

void Simulation::Weather::strike_network(Machine& machine) {
  Links& links = simulation_.links();
  const auto other = simulation_.machines()[simulation_.time().pick(simulation_.machines().size())]->slot();
  switch (simulation_.time().pick(4)) {
    case 0:
      simulation_.count_fault("isolation");
      return links.isolate(machine.slot());
    case 1:
      simulation_.count_fault("one-way cut");
      return links.cut(machine.slot(), other);
    case 2:
      simulation_.count_fault("link cut");
      links.cut(other, machine.slot());
      return links.cut(machine.slot(), other);
    default:
      return split();
  }
}

// Two sides that do not hear each other.
void Simulation::Weather::split() {
  simulation_.count_fault("split");
  Links& links = simulation_.links();
  const std::uint64_t side = simulation_.time().pick(1ULL << kSlots);
  for (std::size_t a = 0; a < kSlots; ++a) {
    for (std::size_t b = 0; b < kSlots; ++b) {
      if ((side >> a & 1) != (side >> b & 1)) links.cut(a, b);
    }
  }
}

// One at a time in a roster that has spare ones, and not before the change of a roster has settled: what may rest on one machine
// alone for a moment is beyond what a quorum promises.
bool Simulation::Weather::may_damage(Machine& machine) {
  if (!simulation_.profile_.damage || !simulation_.in_roster(machine) || machine.damaged()) return false;
  if (!simulation_.operations().idle() || simulation_.machines_.size() + 2 >= kSlots) return false;
  const RosterStanding roster = simulation_.roster();
  std::size_t damaged = 1;
  for (const Member& member : roster.members) {
    Machine* const each = simulation_.machine_of(member.id);
    if (each->damaged()) ++damaged;
    if (!each->damaged() &&
        (!each->up() || each->core().roster().epoch != roster.epoch || !each->core().attestor().certified() ||
         each->core().attestor().certified()->roster->epoch != roster.epoch)) {
      return false;
    }
  }
  return damaged + roster.quorum() <= roster.members.size();
}

void Simulation::Weather::strike_disk(Machine& machine) {
  if (!may_damage(machine)) return;
  switch (simulation_.time().pick(4)) {
    case 0:
      if (machine.damage_raft_log()) simulation_.count_fault("damaged Raft log");
      break;
    case 1:
      simulation_.count_fault("lost disk");
      simulation_.crash(machine, Crash::kill);
      machine.lose_disk();
      break;
    default:
      if (machine.damage_ledger()) simulation_.count_fault("flipped bit");
  }
}

}  // namespace hufu::sim
