// What goes wrong, when and to whom; within a budget that leaves in every roster a majority of machines with whole disks.
#pragma once

#include "tests/sim/simulation.hpp"

namespace hufu::sim {

class Simulation::Weather {
 public:
  explicit Weather(Simulation& simulation) : simulation_(simulation) {}

  void begin();
  void finish() { finishing_ = true; }

 private:
  void strike();
  void strike_network(Machine& machine);
  void strike_disk(Machine& machine);
  void split();
  Machine& any_machine();
  bool may_damage(Machine& machine);

  Simulation& simulation_;
  bool finishing_ = false;
};

}  // namespace hufu::sim
