// The network between simulated nodes: each direction of each link may be cut; frames are dropped, delayed, doubled, and
// overtake each other.
#pragma once

#include <algorithm>
#include <vector>

#include "tests/consensus/sim/timeline.hpp"

namespace hufu::consensus::sim {

class Links {
 public:
  explicit Links(std::size_t nodes) : cut_(nodes, std::vector<bool>(nodes, false)) {}

  double drop = 0;
  double duplicate = 0;
  std::uint64_t max_delay = 5;
  bool stragglers = false;  // some come when nobody expects them any more

  void cut(std::size_t from, std::size_t to) { cut_[from][to] = true; }
  void isolate(std::size_t node) {
    for (std::size_t i = 0; i < cut_.size(); ++i) cut_[node][i] = cut_[i][node] = true;
  }
  void heal() {
    for (auto& row : cut_) std::fill(row.begin(), row.end(), false);
  }
  bool is_cut(std::size_t from, std::size_t to) const { return cut_[from][to]; }
  std::size_t nodes() const { return cut_.size(); }

  // When the copies of one frame arrive, from now; none: it is lost.
  std::vector<std::uint64_t> delays(Timeline& time) const {
    std::vector<std::uint64_t> all;
    if (time.chance(drop)) return all;
    for (int copies = time.chance(duplicate) ? 2 : 1; copies > 0; --copies) {
      const std::uint64_t late = stragglers && time.pick(50) == 0 ? time.pick(3000) : 0;
      all.push_back(1 + time.pick(max_delay) + late);
    }
    return all;
  }

 private:
  std::vector<std::vector<bool>> cut_;
};

}  // namespace hufu::consensus::sim
