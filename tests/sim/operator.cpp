#include "tests/sim/operator.hpp"

#include <algorithm>

#include "ledger/genesis/node_keys.hpp"
#include "tests/ledger/law.hpp"
#include "tests/sim/simulation.hpp"

namespace hufu::sim {
namespace {

constexpr std::uint64_t kConsiderMs = 4'000;
constexpr std::uint64_t kLongestOutageMs = 3'000;
constexpr std::size_t kSmallest = 3;
constexpr std::size_t kLargest = 5;
const std::string kProvince = "310000";
const std::string kEffective = "2025-01-01";

}  // namespace

void Operator::begin() {
  if (!simulation_.profile().roster_changes) return;
  simulation_.time().after(kConsiderMs / 2 + simulation_.time().pick(kConsiderMs), [this] {
    if (finishing_) return;
    consider();
    begin();
  });
}

bool Operator::given_up(const Machine& machine) const {
  const bool left = machine.id() != 0 && !simulation_.in_roster(machine);
  return !machine.up() && ((machine.damaged() && !machine.why().empty()) || (left && !changing_));
}

void Operator::went_down(Machine& machine) {
  if (!machine.damaged() && !machine.why().empty()) {
    return simulation_.broken(Verdict::stopped, "V11: node " + std::to_string(machine.id()) +
                                                    ", whose disk is whole: " + machine.why());
  }
  if (machine.damaged() && !machine.why().empty()) ++simulation_.report().refused_starts;
  if (simulation_.profile().attended) restart_later(machine, 50 + simulation_.time().pick(kLongestOutageMs));
}

void Operator::restart_later(Machine& machine, std::uint64_t ms) {
  simulation_.time().after(ms, [this, &machine] {
    if (!machine.up() && !given_up(machine)) simulation_.boot(machine);
  });
}

std::optional<std::uint64_t> Operator::ruined_member() const {
  for (const auto& machine : simulation_.machines()) {
    if (simulation_.in_roster(*machine) && machine->damaged()) return machine->id();
  }
  return std::nullopt;
}

void Operator::consider() {
  if (changing_ || simulation_.machines().size() + 1 >= Simulation::kSlots) return;
  if (const auto ruined = ruined_member()) {
    change(ruined, true);
    return;
  }
  // Seldom, and only where slots stay free for what may be ruined.
  if (simulation_.machines().size() + 4 >= Simulation::kSlots || simulation_.time().pick(3) != 0) return;
  const std::vector<Member> members = simulation_.roster().members;
  const std::uint64_t any = members[simulation_.time().pick(members.size())].id;
  if (members.size() < kLargest && simulation_.time().pick(2) == 0) {
    change(std::nullopt, true);
  } else if (members.size() > kSmallest && simulation_.time().pick(2) == 0) {
    change(any, false);
  } else {
    change(any, true);
  }
}

Operator::Newcomer Operator::newcomer() const {
  const auto port = static_cast<std::uint16_t>(simulation_.machines().size());
  const std::string name = "node-" + std::to_string(port + 1);
  Newcomer made{.member = {}, .seed = testing::seed_of(name)};
  set_public_keys(made.member, made.seed);
  made.member.id = member_id(made.member.cosign_key);
  made.member.name = name;
  made.member.province = kProvince;
  made.member.peer = {"127.0.0.1", static_cast<std::uint16_t>(7'100 + port)};
  made.member.api = {"127.0.0.1", static_cast<std::uint16_t>(8'100 + port)};
  return made;
}

bool Operator::change(std::optional<std::uint64_t> leaves, bool comes) {
  if (changing_) return false;
  changing_ = true;
  RosterStanding roster = simulation_.roster();
  ++roster.epoch;
  if (leaves) std::erase_if(roster.members, [&](const Member& member) { return member.id == *leaves; });
  std::optional<Newcomer> coming;
  if (comes) coming = newcomer();
  if (coming) roster.members.push_back(coming->member);
  std::sort(roster.members.begin(), roster.members.end(),
            [](const Member& a, const Member& b) { return a.id < b.id; });
  const Hash& before = simulation_.checker().newest_roster_change();
  const Decision decision{.target = roster_subject(),
                          .previous = before == Hash{} ? std::nullopt : std::optional(before),
                          .effective = testing::day(kEffective),
                          .body = RosterEntry{.roster = roster, .recovery = std::nullopt}};
  const Operation propose{.subject = decision_subject(decision),
                          .previous = std::nullopt,
                          .effective = decision.effective,
                          .payload = Propose{.decision = decision}};
  Machine* machine =
      coming ? &simulation_.add_machine(coming->member, coming->seed, simulation_.roster().members) : nullptr;
  auto& clients = simulation_.clients();
  clients.send(clients.sign(kProvince, kProvince + "a", {propose}), nullptr,
               [this, decision, leaves, machine](const api::Submitted& submitted) {
                 if (!std::holds_alternative<api::Accepted>(submitted)) {
                   return simulation_.broken(Verdict::safety,
                                             "V9: a change of the roster cannot be proposed");
                 }
                 proposed_ = true;
                 if (machine != nullptr && !machine->up()) simulation_.boot(*machine);
                 simulation_.time().after(simulation_.time().pick(4'000),
                                          [this, decision, leaves] { enact(decision, leaves); });
               });
  return true;
}

void Operator::enact(const Decision& decision, std::optional<std::uint64_t> leaves) {
  const Operation enact{.subject = decision.target,
                        .previous = decision.previous,
                        .effective = decision.effective,
                        .payload = Enact{.decision = decision}};
  auto& clients = simulation_.clients();
  clients.send(clients.sign(kProvince, kProvince + "a", {enact}), nullptr,
               [this, leaves](const api::Submitted& submitted) {
                 changing_ = proposed_ = false;
                 if (!std::holds_alternative<api::Accepted>(submitted)) {
                   return simulation_.broken(Verdict::safety, "V9: a change of the roster cannot be enacted");
                 }
                 Machine* const gone = leaves ? simulation_.machine_of(*leaves) : nullptr;
                 if (gone == nullptr) return;
                 // Switched off some time after.
                 simulation_.time().after(5'000 + simulation_.time().pick(5'000), [this, gone] {
                   if (!simulation_.in_roster(*gone)) simulation_.crash(*gone, Crash::kill);
                 });
               });
}

}  // namespace hufu::sim
