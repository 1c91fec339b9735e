#include "ledger/merkle/state_pool.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include "ledger/base/check.hpp"

namespace hufu {

std::uint32_t StateSlab::take() {
  ++used_;
  if (free_ != 0) {
    const std::uint32_t index = free_;
    std::memcpy(&free_, at(index), sizeof free_);
    return index;
  }
  HUFU_CHECK(next_ < kMaxSlots);
  if (next_ >> kChunkBits == chunks_.size()) {
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(kChunkSlots * slot_bytes_));
  }
  return next_++;
}

void StateSlab::give(std::uint32_t index) {
  --used_;
  std::memcpy(at(index), &free_, sizeof free_);
  free_ = index;
}

StatePool::StatePool() {
  slabs_.emplace_back(sizeof(Header) + sizeof(Children));
  for (std::size_t n = 1; n <= kPageLeaves; ++n) slabs_.emplace_back(sizeof(Header) + n * sizeof(StateLeaf));
}

Node StatePool::take(unsigned kind) { return slabs_[kind].take() << 3 | kind; }

Node StatePool::make_inner(Node left, Node right) {
  const Node node = take(0);
  std::byte* const place = slot(node);
  new (place) Header{.hash = {}, .references = 1};
  new (place + sizeof(Header)) Children{left, right};
  return node;
}

Node StatePool::make_page(std::span<const StateLeaf> leaves) {
  HUFU_CHECK(!leaves.empty() && leaves.size() <= kPageLeaves);
  const Node node = take(static_cast<unsigned>(leaves.size()));
  std::byte* const place = slot(node);
  new (place) Header{.hash = {}, .references = 1};
  std::uninitialized_copy(leaves.begin(), leaves.end(), reinterpret_cast<StateLeaf*>(place + sizeof(Header)));
  return node;
}

std::span<const StateLeaf> StatePool::leaves(Node page) const {
  if (page == kEmptyNode) return {};
  return {reinterpret_cast<const StateLeaf*>(slot(page) + sizeof(Header)), kind(page)};
}

void StatePool::retain(Node node) {
  if (node != kEmptyNode) ++header(node).references;
}

void StatePool::release(Node node) {
  dying_.push_back(node);
  while (!dying_.empty()) {
    const Node next = dying_.back();
    dying_.pop_back();
    if (next == kEmptyNode || --header(next).references != 0) continue;
    if (is_inner(next)) {
      for (const Node child : children(next)) dying_.push_back(child);
    }
    slabs_[kind(next)].give(next >> 3);
  }
}

StateTree::Memory StatePool::memory() const {
  StateTree::Memory memory{};
  for (const StateSlab& slab : slabs_) {
    memory.used += slab.used_bytes();
    memory.reserved += slab.reserved_bytes();
  }
  return memory;
}

}  // namespace hufu
