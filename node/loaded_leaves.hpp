// The leaves of the state tree at a start: records come in the order in which they were written, the tree grows best in the
// order of the paths. They are kept by the first byte of their path and go into the tree one such part after the other; the
// memory of a part goes back to the system at once, so that leaves and tree together take hardly more than the tree.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "ledger/base/region.hpp"
#include "ledger/merkle/state_tree.hpp"

namespace hufu::node {

class LoadedLeaves {
 public:
  // A later leaf under the same path takes the place of an earlier one; `replaces`: there is one. Those that were replaced are
  // at most as many as the others, and a block in each part.
  void add(const StateLeaf& leaf, bool replaces);
  // The tree of all that were added; nothing is left here.
  StateTree::Version build(StateTree& tree);

 private:
  static constexpr std::size_t kBlockLeaves = 1U << 12;
  struct Part {
    std::vector<Region> blocks;  // each of kBlockLeaves
    std::size_t leaves = 0;
    std::size_t replaced = 0;  // of them
  };

  static void append(Part& part, const StateLeaf& leaf);
  // The leaves of a part that count, by path; nothing is left there.
  static std::vector<StateChange> take(Part& part);

  std::array<Part, 256> parts_;
};

}  // namespace hufu::node
