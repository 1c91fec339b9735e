// Heads of the ledger whose state is still held in memory, so that proofs can be made at them. Small and bounded: a state
// version keeps alive what later blocks replaced (ledger/merkle/state_tree.hpp).
#pragma once

#include <algorithm>
#include <deque>
#include <optional>

#include "ledger/chain/block.hpp"
#include "ledger/checkpoint/checkpoint.hpp"
#include "ledger/merkle/state_tree.hpp"

namespace hufu::node {

struct HeldHead {
  BlockHeader header;
  Checkpoint checkpoint;  // of the log with this header as its last leaf
  StateTree::Version state;
};

class HeldHeads {
 public:
  static constexpr std::size_t kExecuted = 16;  // peers may sign a size that is a few blocks old here
  static constexpr std::size_t kSigned = 4;     // and their answers take a while

  void executed(HeldHead head) { keep(executed_, kExecuted, std::move(head)); }
  // It was signed: hold it longer.
  void was_signed(std::uint64_t size) {
    if (find_in(signed_, size)) return;
    if (auto head = find_in(executed_, size)) keep(signed_, kSigned, *std::move(head));
  }
  std::optional<HeldHead> find(std::uint64_t size) const {
    auto head = find_in(executed_, size);
    return head ? head : find_in(signed_, size);
  }

 private:
  static std::optional<HeldHead> find_in(const std::deque<HeldHead>& heads, std::uint64_t size) {
    const auto found = std::find_if(heads.begin(), heads.end(),
                                    [size](const HeldHead& head) { return head.checkpoint.size == size; });
    return found == heads.end() ? std::nullopt : std::optional(*found);
  }
  static void keep(std::deque<HeldHead>& heads, std::size_t most, HeldHead head) {
    heads.push_back(std::move(head));
    if (heads.size() > most) heads.pop_front();
  }

  std::deque<HeldHead> executed_;
  std::deque<HeldHead> signed_;
};

}  // namespace hufu::node
