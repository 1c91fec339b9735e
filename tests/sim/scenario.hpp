// Directed scenarios: text that a reviewer follows, one step a line, over the same machines as the random runs. What the checker
// asks holds at every moment besides; at the end everything is healed, has to settle, and is looked at once more.
//
//   # comment
//   nodes 5 | seed 7 | threshold 3 20        at the beginning: how many; the dice; Raft's snapshot threshold and trailing
//   leader A                                 wait for a leader (30 s) and call it A
//   others A B as C D …                      the members that have none of these names, by id
//   name A as B | newcomer N
//   run 500ms | run 3s
//   kill A | power A [losing|keeping|torn]   what a power cut leaves of what was not synced
//   start A | pause A | resume A | lose-disk A
//   cut A B | cut-way A B | isolate A | heal whole link, one direction, all links of A; all of them again
//   split A B | C D                          two sides that do not hear each other
//   clock A -10y|+10y|-1h|+1h
//   flip A | damage-log A
//   submit x to A | again x to B             once; the same bytes again
//   persist x [to A]                         until it has an answer
//   conflict y with x to A                   other contents under the request id of x
//   claim y of x to A                        the invoice of x, by its buyer
//   busy 20 to A                             so many, one after the other, each until it is acknowledged
//   remove A | add | replace A               a change of the roster, and who may come is `newcomer`
//   read x on A
//   wait x | wait read | wait proposed | wait enacted A | wait epoch 2 | wait settled | wait down A | wait follows A | wait voted A
//   expect x accepted|repeated|refused|open|CODE|on-ledger|nowhere      open: no answer that stands
//   expect A up|down|leads|refuses|snapshots|member|outside|complete|behind
//   expect read granted|denied | expect epoch 2
#pragma once

#include <filesystem>
#include <map>
#include <sstream>

#include "tests/sim/simulation.hpp"

namespace hufu::sim {

class Scenario {
 public:
  // What went wrong, with the line; nothing: as written.
  static std::optional<std::string> play(const std::filesystem::path& file);

 private:
  using Words = std::vector<std::string>;
  using Step = void (Scenario::*)(const Words&);

  static const std::map<std::string, Step>& steps();
  std::optional<std::string> run(std::istream& lines);
  bool prepare(const Words& words);
  void finish();
  void fail(std::string what);

  Simulation& sim();
  Machine& machine(const std::string& name);
  Job& job(const std::string& name);
  void wait_for(const std::function<bool()>& condition, const std::string& what);

  void leader(const Words& words);
  void others(const Words& words);
  void name(const Words& words);
  void newcomer(const Words& words);
  void run_on(const Words& words);
  void kill(const Words& words);
  void power(const Words& words);
  void start(const Words& words);
  void pause(const Words& words);
  void resume(const Words& words);
  void lose_disk(const Words& words);
  void cut(const Words& words);
  void cut_way(const Words& words);
  void isolate(const Words& words);
  void heal(const Words& words);
  void split(const Words& words);
  void clock(const Words& words);
  void flip(const Words& words);
  void damage_log(const Words& words);
  void submit(const Words& words);
  void again(const Words& words);
  void persist(const Words& words);
  void conflict(const Words& words);
  void claim(const Words& words);
  void busy(const Words& words);
  void change(const Words& words);
  void read(const Words& words);
  void wait(const Words& words);
  void expect(const Words& words);

  std::uint64_t seed_ = 1;
  Profile profile_{.clients = 0, .faults = false, .roster_changes = false, .attended = false};
  std::unique_ptr<Simulation> simulation_;
  std::map<std::string, Machine*> machines_;
  std::map<std::string, std::shared_ptr<Job>> jobs_;
  std::optional<bool> read_;
  std::uint64_t invoices_ = 500'000;
  std::string failure_;
};

}  // namespace hufu::sim
