// The frame of a scenario: lines, words, names, and what is done to machines. What is asked of the ledger: scenario_ledger.cpp.
#include "tests/sim/scenario.hpp"

#include <algorithm>
#include <fstream>

namespace hufu::sim {
namespace {

constexpr std::uint64_t kPatienceMs = 30'000;

std::uint64_t milliseconds(const std::string& text) {
  const std::uint64_t number = std::stoull(text);
  return text.ends_with("ms") ? number : number * 1'000;
}
std::int64_t jump(const std::string& text) {
  constexpr std::int64_t kHour = 3'600'000;
  const std::int64_t number = std::stoll(text);
  return number * (text.ends_with("y") ? 365 * 24 * kHour : kHour);
}

}  // namespace

std::optional<std::string> Scenario::play(const std::filesystem::path& file) {
  std::ifstream lines(file);
  if (!lines) return "cannot be read";
  return Scenario().run(lines);
}

const std::map<std::string, Scenario::Step>& Scenario::steps() {
  static const std::map<std::string, Step> all = {{"leader", &Scenario::leader},
                                                  {"others", &Scenario::others},
                                                  {"name", &Scenario::name},
                                                  {"newcomer", &Scenario::newcomer},
                                                  {"run", &Scenario::run_on},
                                                  {"kill", &Scenario::kill},
                                                  {"power", &Scenario::power},
                                                  {"start", &Scenario::start},
                                                  {"pause", &Scenario::pause},
                                                  {"resume", &Scenario::resume},
                                                  {"cut", &Scenario::cut},
                                                  {"cut-way", &Scenario::cut_way},
                                                  {"isolate", &Scenario::isolate},
                                                  {"heal", &Scenario::heal},
                                                  {"split", &Scenario::split},
                                                  {"clock", &Scenario::clock},
                                                  {"flip", &Scenario::flip},
                                                  {"damage-log", &Scenario::damage_log},
                                                  {"lose-disk", &Scenario::lose_disk},
                                                  {"submit", &Scenario::submit},
                                                  {"again", &Scenario::again},
                                                  {"persist", &Scenario::persist},
                                                  {"conflict", &Scenario::conflict},
                                                  {"claim", &Scenario::claim},
                                                  {"busy", &Scenario::busy},
                                                  {"remove", &Scenario::change},
                                                  {"add", &Scenario::change},
                                                  {"replace", &Scenario::change},
                                                  {"read", &Scenario::read},
                                                  {"wait", &Scenario::wait},
                                                  {"expect", &Scenario::expect}};
  return all;
}

std::optional<std::string> Scenario::run(std::istream& lines) {
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    std::istringstream text(line.substr(0, line.find('#')));
    Words words;
    for (std::string word; text >> word;) words.push_back(word);
    if (words.empty() || prepare(words)) continue;
    const auto step = steps().find(words.front());
    if (step == steps().end()) {
      fail("no such step");
    } else {
      (this->*step->second)(words);
    }
    if (failure_.empty() && sim().over()) failure_ = sim().report().what;
    if (!failure_.empty()) return "line " + std::to_string(number) + " (" + line + "): " + failure_;
  }
  finish();
  if (failure_.empty()) return std::nullopt;
  return "at the end: " + failure_;
}

// What must be known before anything starts.
bool Scenario::prepare(const Words& words) {
  if (simulation_) return false;
  if (words.front() == "nodes")
    profile_.nodes = std::stoul(words.at(1));
  else if (words.front() == "seed")
    seed_ = std::stoull(words.at(1));
  else if (words.front() == "threshold")
    profile_.snapshots = std::pair(std::stoul(words.at(1)), std::stoul(words.at(2)));
  else
    return false;
  return true;
}

Simulation& Scenario::sim() {
  if (!simulation_) {
    simulation_ = std::make_unique<Simulation>(seed_, profile_);
    for (const auto& each : simulation_->machines()) simulation_->boot(*each);
  }
  return *simulation_;
}

// L1 to L3 as after a random run, but that what was answered openly may stay open.
void Scenario::finish() {
  Simulation& simulation = sim();
  simulation.heal();
  const auto last = simulation.clients().send(simulation.clients().issue(++invoices_));
  const bool well = simulation.run_until(2 * Simulation::kHealMs, [&] {
    return last->accepted() && simulation.clients().idle() && simulation.settled();
  });
  if (well) simulation.check_the_end();
  if (simulation.over()) return fail(simulation.report().what);
  if (!well) fail("it does not settle");
}

void Scenario::fail(std::string what) {
  if (failure_.empty()) failure_ = std::move(what);
}

Machine& Scenario::machine(const std::string& name) {
  const auto found = machines_.find(name);
  if (found != machines_.end()) return *found->second;
  fail("nobody is called " + name);
  return *sim().machines().front();
}

void Scenario::wait_for(const std::function<bool()>& condition, const std::string& what) {
  for (std::uint64_t gone = 0; gone < kPatienceMs && !sim().over(); ++gone) {
    if (condition()) return;
    sim().run_for(1);
  }
  fail(sim().over() ? sim().report().what : "waited in vain for " + what);
}

void Scenario::leader(const Words& words) {
  wait_for([this] { return sim().leader() != nullptr; }, "a leader");
  if (sim().leader() != nullptr) machines_[words.at(1)] = sim().leader();
}

// others A as B C
void Scenario::others(const Words& words) {
  const auto as = std::find(words.begin(), words.end(), "as");
  std::set<Machine*> known;
  for (auto word = words.begin() + 1; word != as; ++word) known.insert(&machine(*word));
  auto word = as == words.end() ? as : as + 1;
  for (const auto& each : sim().machines()) {
    if (word == words.end()) return;
    if (!known.contains(each.get()) && sim().in_roster(*each)) machines_[*word++] = each.get();
  }
  if (word != words.end()) fail("there are not so many others");
}

void Scenario::name(const Words& words) { machines_[words.at(3)] = &machine(words.at(1)); }
void Scenario::newcomer(const Words& words) { machines_[words.at(1)] = sim().machines().back().get(); }
void Scenario::run_on(const Words& words) { sim().run_for(milliseconds(words.at(1))); }
void Scenario::kill(const Words& words) { sim().crash(machine(words.at(1)), Crash::kill); }

void Scenario::power(const Words& words) {
  const std::string leaves = words.size() > 2 ? words[2] : "losing";
  Dice dice = [](std::uint64_t) { return 0; };
  if (leaves == "keeping") dice = [](std::uint64_t bound) { return bound - 1; };
  if (leaves == "torn") dice = [](std::uint64_t bound) { return bound / 2; };
  sim().crash(machine(words.at(1)), Crash::power_cut, dice);
}

void Scenario::start(const Words& words) { sim().boot(machine(words.at(1))); }
void Scenario::pause(const Words& words) { machine(words.at(1)).pause(); }
void Scenario::resume(const Words& words) { machine(words.at(1)).resume(); }

void Scenario::lose_disk(const Words& words) {
  sim().crash(machine(words.at(1)), Crash::kill);
  machine(words.at(1)).lose_disk();
}

void Scenario::cut(const Words& words) {
  for (std::size_t i = 2; i < words.size(); ++i) {
    sim().links().cut(machine(words.at(1)).slot(), machine(words[i]).slot());
    sim().links().cut(machine(words[i]).slot(), machine(words.at(1)).slot());
  }
}
void Scenario::cut_way(const Words& words) {
  for (std::size_t i = 2; i < words.size(); ++i)
    sim().links().cut(machine(words.at(1)).slot(), machine(words[i]).slot());
}
void Scenario::isolate(const Words& words) { sim().links().isolate(machine(words.at(1)).slot()); }
void Scenario::heal(const Words&) { sim().links().heal(); }

// split A B | C D
void Scenario::split(const Words& words) {
  const auto bar = std::find(words.begin(), words.end(), "|");
  for (auto one = words.begin() + 1; one != bar; ++one) {
    for (auto other = bar == words.end() ? bar : bar + 1; other != words.end(); ++other)
      cut({"cut", *one, *other});
  }
}

void Scenario::clock(const Words& words) { machine(words.at(1)).jump_clock(jump(words.at(2))); }

void Scenario::flip(const Words& words) {
  if (!machine(words.at(1)).damage_write_ahead_log()) fail("there is nothing to be flipped");
}
void Scenario::damage_log(const Words& words) {
  if (!machine(words.at(1)).damage_raft_log()) fail("there is no log");
}

}  // namespace hufu::sim
