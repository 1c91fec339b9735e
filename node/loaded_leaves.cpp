#include "node/loaded_leaves.hpp"

#include <algorithm>
#include <new>

namespace hufu::node {
namespace {

// By path, and of several changes under one path the last.
void keep_last(std::vector<StateChange>& changes) {
  std::stable_sort(changes.begin(), changes.end(),
                   [](const StateChange& a, const StateChange& b) { return a.path < b.path; });
  const auto same = [](const StateChange& a, const StateChange& b) { return a.path == b.path; };
  changes.erase(changes.begin(), std::unique(changes.rbegin(), changes.rend(), same).base());
}

}  // namespace

void LoadedLeaves::add(const StateLeaf& leaf) {
  Part& part = parts_[leaf.path.bytes[0]];
  const std::size_t at = part.leaves % kBlockLeaves;
  if (at == 0) part.blocks.push_back(map_region(kBlockLeaves * sizeof(StateLeaf)));
  new (part.blocks.back().get() + at * sizeof(StateLeaf)) StateLeaf(leaf);
  ++part.leaves;
}

StateTree::Version LoadedLeaves::build(StateTree& tree) {
  StateTree::Version version = tree.empty();
  std::vector<StateChange> changes;
  for (Part& part : parts_) {
    changes.clear();
    for (std::size_t i = 0; i < part.leaves; ++i) {
      const std::byte* const block = part.blocks[i / kBlockLeaves].get();
      const auto& leaf =
          *std::launder(reinterpret_cast<const StateLeaf*>(block + i % kBlockLeaves * sizeof(StateLeaf)));
      changes.push_back({leaf.path, leaf.value_hash});
    }
    part = {};
    keep_last(changes);
    version = tree.update(version, changes);
  }
  return version;
}

}  // namespace hufu::node
