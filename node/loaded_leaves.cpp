#include "node/loaded_leaves.hpp"

#include <algorithm>
#include <new>

namespace hufu::node {

void LoadedLeaves::append(Part& part, const StateLeaf& leaf) {
  const std::size_t at = part.leaves % kBlockLeaves;
  if (at == 0) part.blocks.push_back(map_region(kBlockLeaves * sizeof(StateLeaf)));
  new (part.blocks.back().get() + at * sizeof(StateLeaf)) StateLeaf(leaf);
  ++part.leaves;
}

std::vector<StateChange> LoadedLeaves::take(Part& part) {
  std::vector<StateChange> changes;
  changes.reserve(part.leaves);
  for (std::size_t i = 0; i < part.leaves; ++i) {
    const std::byte* const block = part.blocks[i / kBlockLeaves].get();
    const auto& leaf =
        *std::launder(reinterpret_cast<const StateLeaf*>(block + i % kBlockLeaves * sizeof(StateLeaf)));
    changes.push_back({leaf.path, leaf.value_hash});
  }
  part = {};
  // Under one path they keep their order: the last counts.
  std::stable_sort(changes.begin(), changes.end(),
                   [](const StateChange& a, const StateChange& b) { return a.path < b.path; });
  const auto same = [](const StateChange& a, const StateChange& b) { return a.path == b.path; };
  changes.erase(changes.begin(), std::unique(changes.rbegin(), changes.rend(), same).base());
  return changes;
}

void LoadedLeaves::add(const StateLeaf& leaf, bool replaces) {
  Part& part = parts_[leaf.path.bytes[0]];
  append(part, leaf);
  if (!replaces || ++part.replaced < kBlockLeaves || part.replaced * 2 < part.leaves) return;
  for (const StateChange& change : take(part)) append(part, {change.path, *change.value_hash});
}

StateTree::Version LoadedLeaves::build(StateTree& tree) {
  constexpr std::size_t kAtOnce =
      1U << 16;  // whoever crowds one part must not make the tree hash it in one piece
  StateTree::Version version = tree.empty();
  for (Part& part : parts_) {
    const std::vector<StateChange> changes = take(part);
    for (std::span<const StateChange> rest = changes; !rest.empty();) {
      const std::size_t count = std::min(rest.size(), kAtOnce);
      version = tree.update(version, rest.first(count));
      rest = rest.subspan(count);
    }
  }
  return version;
}

}  // namespace hufu::node
