// Whoever runs the machines: starts what has crashed, replaces what is ruined, and changes the roster now and then, one step
// at a time, as the law wants it: proposed and approved by the province, enacted, the newcomer fetching meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "ledger/record/decision.hpp"

namespace hufu::sim {

class Simulation;
class Machine;
struct Job;

class Operator {
 public:
  explicit Operator(Simulation& simulation) : simulation_(simulation) {}

  // From time to time a change of the roster.
  void begin();
  void finish() { finishing_ = true; }
  bool idle() const { return !changing_; }

  // It went down, or refused to start.
  void went_down(Machine& machine);
  void restart_later(Machine& machine, std::uint64_t ms);
  // No start is tried any more: its disk is ruined, or it has left the roster.
  bool given_up(const Machine& machine) const;

  // A seed and a place for one more.
  struct Newcomer {
    Member member;
    Seed seed;
  };
  Newcomer newcomer() const;
  // One leaves, one comes, or both. The newcomer starts when the proposal stands. False: a change is under way.
  bool change(std::optional<std::uint64_t> leaves, bool comes);
  // The change under way has been proposed, and will be enacted.
  bool proposed() const { return proposed_; }

 private:
  void consider();
  void enact(const Decision& decision, std::optional<std::uint64_t> leaves);
  std::optional<std::uint64_t> ruined_member() const;

  Simulation& simulation_;
  bool finishing_ = false;
  bool changing_ = false;
  bool proposed_ = false;
};

}  // namespace hufu::sim
