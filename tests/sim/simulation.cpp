#include "tests/sim/simulation.hpp"

#include <algorithm>
#include <cstdlib>

#include "ledger/genesis/node_keys.hpp"
#include "tests/ledger/law.hpp"
#include "tests/sim/weather.hpp"

namespace hufu::sim {
namespace {

using consensus::sim::kSeedOfHashes;
using consensus::sim::mix;

std::string digits(std::uint64_t number) { return std::to_string(number); }
Seed seed_of_node(std::uint64_t id) { return testing::seed_of("node " + digits(id)); }

Genesis genesis_of(std::size_t nodes) {
  Genesis genesis = testing::with_authorities();
  for (FoundingProvince& province : genesis.provinces) province.standing.threshold = 1;
  genesis.roster.members.clear();
  for (std::uint64_t id = 1; id <= nodes; ++id) {
    Member member = testing::member(id);
    set_public_keys(member, seed_of_node(id));
    genesis.roster.members.push_back(member);
  }
  return genesis;
}

// The fields of a proposal before its submissions.
struct Proposed {
  std::uint64_t height = 0;
  Hash parent;
  std::uint64_t time_ms = 0;
};
std::optional<Proposed> proposed(ByteSpan entry) {
  Reader reader(entry);
  std::uint8_t version = 0;
  Proposed read;
  reader& version& read.height& read.parent& read.time_ms;
  if (reader.error() || version != Proposal::kVersion) return std::nullopt;
  return read;
}

}  // namespace

std::uint64_t Report::faults_in_all() const {
  std::uint64_t sum = 0;
  for (const auto& [kind, count] : faults) sum += count;
  return sum;
}

void Report::add(const Report& other) {
  messages += other.messages;
  dropped += other.dropped;
  duplicated += other.duplicated;
  for (const auto& [kind, count] : other.faults) faults[kind] += count;
  restarts += other.restarts;
  bytes_lost += other.bytes_lost;
  refused_starts += other.refused_starts;
  elections += other.elections;
  epochs += other.epochs - 1;
  snapshots_installed += other.snapshots_installed;
  unanswered += other.unanswered;
  counts.acknowledged += other.counts.acknowledged;
  counts.repeated += other.counts.repeated;
  counts.refused += other.counts.refused;
  counts.receipts_verified += other.counts.receipts_verified;
  counts.reads += other.counts.reads;
  counts.blocks += other.counts.blocks;
  counts.certified_sizes += other.counts.certified_sizes;
  counts.attestations += other.counts.attestations;
}

Simulation::Simulation(std::uint64_t seed, const Profile& profile)
    : profile_(profile),
      time_(seed),
      links_(kSlots),
      genesis_(genesis_of(profile.nodes)),
      ledger_(ledger_id(genesis_)),
      log_level_(std::getenv("HUFU_SIM_LOG") != nullptr ? node::LogLevel::debug : node::LogLevel::error) {
  raft_.election_timeout_ms = 300;
  raft_.heartbeat_ms = 50;
  raft_.guards = profile.guards;
  raft_.snapshot_threshold = static_cast<unsigned>(10 + time_.pick(40));
  raft_.snapshot_trailing =
      static_cast<unsigned>(time_.pick(3) != 0 ? 5 + time_.pick(20) : 1 + time_.pick(3));
  if (profile.snapshots) {
    raft_.snapshot_threshold = static_cast<unsigned>(profile.snapshots->first);
    raft_.snapshot_trailing = static_cast<unsigned>(profile.snapshots->second);
  }
  sequencer_.block_submissions = 1 + time_.pick(8);
  if (profile.faults) {
    links_.drop = static_cast<double>(time_.pick(4)) * 0.03;
    links_.duplicate = static_cast<double>(time_.pick(3)) * 0.05;
    links_.max_delay = 2 + time_.pick(3) * time_.pick(60);
    links_.stragglers = true;
    max_disk_ms_ = 1 + time_.pick(3) * time_.pick(60);
    max_worker_ms_ = 1 + time_.pick(3) * time_.pick(30);
  }
  checker_ = std::make_unique<Checker>(Checker::Parts{
      .genesis = genesis_,
      .broken = [this](std::string what) { broken(Verdict::safety, std::move(what)); },
      .stored_by_quorum = [this](const BlockHeader& header) { return stored_by_quorum(header); }});
  clients_ = std::make_unique<Clients>(*this, profile.clients);
  clients_->forgetful = profile.faults ? 0.03 : 0;
  operator_ = std::make_unique<Operator>(*this);
  weather_ = std::make_unique<Weather>(*this);
  for (const Member& member : genesis_.roster.members) add_machine(member, seed_of_node(member.id));
}

Simulation::~Simulation() = default;

Machine& Simulation::add_machine(const Member& member, const Seed& seed, std::vector<Member> told) {
  HUFU_CHECK(machines_.size() < kSlots);
  machines_.push_back(std::make_unique<Machine>(*this, machines_.size(), member, seed, std::move(told)));
  return *machines_.back();
}

Machine* Simulation::machine_of(std::uint64_t id) {
  const auto found = std::find_if(machines_.begin(), machines_.end(),
                                  [id](const auto& machine) { return machine->id() == id; });
  return found == machines_.end() ? nullptr : found->get();
}

bool Simulation::in_roster(const Machine& machine) const {
  return find_member(checker_->newest_roster(), machine.id()) != nullptr;
}

Machine* Simulation::leader() {
  for (const auto& machine : machines_) {
    if (machine->up() && !machine->paused() && machine->core().leads_ready() &&
        machine->core().roster().epoch == checker_->newest_roster().epoch)
      return machine.get();
  }
  return nullptr;
}

std::uint64_t Simulation::disk_delay() {
  const std::uint64_t stall = profile_.faults && time_.pick(200) == 0 ? time_.pick(400) : 0;
  return time_.pick(max_disk_ms_) + stall;
}

std::uint64_t Simulation::worker_delay() { return time_.pick(max_worker_ms_); }

void Simulation::broken(Verdict verdict, std::string what) {
  if (over()) return;
  report_.verdict = verdict;
  report_.what = std::move(what) + " (at " + digits(time_.since_start()) + " ms)";
}

bool Simulation::transmit(Machine& from, std::uint64_t to, consensus::Channel channel, const Bytes& frame) {
  ++report_.messages;
  time_.note(6, from.id(), to, mix(kSeedOfHashes + static_cast<std::uint64_t>(channel), frame));
  Machine* const machine = machine_of(to);
  if (machine == nullptr || !from.admits(to)) return false;
  // A connection that has just broken looks whole for a while.
  if (!machine->up() || links_.is_cut(from.slot(), machine->slot())) return time_.pick(2) != 0;
  const auto delays = links_.delays(time_);
  if (delays.empty()) ++report_.dropped;
  if (delays.size() > 1) ++report_.duplicated;
  for (const std::uint64_t delay : delays) {
    time_.after(delay, [sender = from.id(), machine, channel, frame] {
      if (!machine->up() || !machine->admits(sender)) return;
      machine->enter([sender, machine, channel, frame] { machine->core().deliver(sender, channel, frame); });
    });
  }
  return true;
}

void Simulation::leads(Machine& machine) {
  const std::uint64_t epoch = machine.core().raft_epoch();
  const std::uint64_t term = machine.core().raft_status().term;
  const auto [holder, fresh] = leader_of_.emplace(std::pair(epoch, term), machine.id());
  if (fresh) ++report_.elections;
  if (holder->second != machine.id()) {
    broken(Verdict::safety, "S1: two leaders in term " + digits(term) + " of epoch " + digits(epoch));
  }
}

void Simulation::died(Machine& machine) { operator_->went_down(machine); }

void Simulation::boot(Machine& machine) {
  time_.note(4, machine.id(), machine.life());
  ++report_.restarts;
  if (!machine.boot()) operator_->went_down(machine);
}

void Simulation::crash(Machine& machine, Crash kind, const Dice& dice) {
  if (!machine.up()) return;
  time_.note(5, machine.id(), kind == Crash::kill ? 0 : 1);
  collect(machine);
  machine.crash(kind, dice);
  operator_->went_down(machine);
}

void Simulation::collect(Machine& machine) {
  report_.snapshots_installed += machine.core().raft_status().snapshots_installed;
}

// V4
bool Simulation::stored_by_quorum(const BlockHeader& header) {
  const RosterStanding& roster = checker_->roster_of(header.height + 1);
  const auto holders = std::count_if(roster.members.begin(), roster.members.end(), [&](const Member& member) {
    Machine* const machine = machine_of(member.id);
    return machine != nullptr && stores(*machine, roster.epoch, header);
  });
  return static_cast<std::size_t>(holders) >= roster.quorum();
}

bool Simulation::stores(Machine& machine, std::uint64_t epoch, const BlockHeader& header) const {
  // It has left that epoch, which it does only with the whole of it on disk; or it is beyond our knowledge.
  if (machine.damaged() || machine.raft_disk().newest() > epoch) return true;
  const RaftDisk::Epoch* const log = machine.raft_disk().find(epoch);
  if (log == nullptr) return false;
  if (const auto& snapshot = log->platter.snapshot()) {
    const auto pointer = decode<node::Pointer>(snapshot->pointer);
    if (pointer && pointer->height >= header.height) return true;
  }
  const auto& entries = log->platter.entries();
  return std::any_of(entries.rbegin(), entries.rend(), [&](const auto& indexed) {
    if (indexed.second.kind != consensus::EntryKind::command) return false;
    const auto read = proposed(indexed.second.data);
    return read && read->height == header.height && read->parent == header.parent &&
           read->time_ms == header.time_ms;
  });
}

void Simulation::run_for(std::uint64_t ms) {
  time_.run_for(ms, [this] { return over(); });
}

bool Simulation::run_until(std::uint64_t ms, const std::function<bool()>& condition) {
  constexpr std::uint64_t kStepMs = 50;
  for (std::uint64_t gone = 0; gone < ms && !over(); gone += kStepMs) {
    if (condition()) return true;
    run_for(kStepMs);
  }
  return !over() && condition();
}

Report Simulation::run() {
  for (const auto& machine : machines_) boot(*machine);
  clients_->begin();
  operator_->begin();
  if (profile_.faults) weather_->begin();
  run_for(profile_.virtual_ms);
  if (!over()) check_healed();
  for (const auto& machine : machines_) {
    if (machine->up()) collect(*machine);
  }
  report_.epochs = checker_->newest_roster().epoch;
  report_.counts = checker_->counts();
  report_.trace = time_.trace();
  return report_;
}

void Simulation::heal() {
  weather_->finish();
  links_.heal();
  links_.drop = links_.duplicate = clients_->forgetful = 0;
  links_.stragglers = false;
  links_.max_delay = 5;
  max_disk_ms_ = max_worker_ms_ = 3;
  for (const auto& machine : machines_) {
    if (machine->paused()) machine->resume();
    if (!machine->up() && !operator_->given_up(*machine) && in_roster(*machine)) boot(*machine);
  }
}

bool Simulation::settled() {
  return std::all_of(machines_.begin(), machines_.end(), [this](const auto& machine) {
    if (!in_roster(*machine) || machine->damaged()) return true;
    if (!machine->up() || machine->store().head().height != checker_->height()) return false;
    const auto& certified = machine->core().attestor().certified();
    return certified && certified->checkpoint().size == checker_->height() + 1;
  });
}

// L1 to L3.
void Simulation::check_healed() {
  heal();
  operator_->finish();
  clients_->finish();
  std::shared_ptr<Job> fresh = clients_->send(clients_->issue(900'001));
  if (!run_until(kHealMs, [&] { return clients_->idle() && operator_->idle() && fresh->accepted(); })) {
    return broken(Verdict::liveness,
                  "L1: " + digits(kHealMs / 1000) + " s after healing somebody still waits for an answer");
  }
  if (!run_until(kHealMs, [this] { return settled(); })) {
    return broken(Verdict::liveness, "L2: the members do not reach one certified head");
  }
  for (const auto& machine : machines_) crash(*machine, Crash::power_cut);
  fresh = clients_->send(clients_->issue(900'002));
  if (!run_until(kHealMs, [&] { return fresh->accepted() && settled(); })) {
    return broken(Verdict::liveness, "L3: the cluster does not come back from a loss of power");
  }
  check_the_end();
}

void Simulation::check_the_end() {
  bool looked = false;
  for (const auto& machine : machines_) {
    if (over() || !machine->up() || machine->damaged() || !in_roster(*machine)) continue;
    if (looked) {
      checker_->saw_chain(machine->id(), machine->store(), 0);
    } else {
      checker_->finish(machine->id(), machine->store());
    }
    looked = true;
  }
}

}  // namespace hufu::sim
