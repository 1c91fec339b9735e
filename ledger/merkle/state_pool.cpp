#include "ledger/merkle/state_pool.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include "ledger/base/check.hpp"

namespace hufu {
namespace {

void prefetch_bytes(const std::byte* first, std::size_t count) {
  constexpr std::size_t kCacheLine = 64;
  for (std::size_t i = 0; i < count; i += kCacheLine) __builtin_prefetch(first + i);
  __builtin_prefetch(first + count - 1);
}

}  // namespace

StateSlab::StateSlab(std::size_t slot_bytes) : slot_bytes_(slot_bytes) {
  HUFU_CHECK(slot_bytes % 4 == 0);
  static_assert(kRegionSlots * 4 % kHugePage == 0, "whole pages, whatever the size of a slot");
}

std::uint32_t StateSlab::take() {
  ++used_;
  if (free_ != 0) {
    const std::uint32_t index = free_;
    std::memcpy(&free_, at(index), sizeof free_);
    if (free_ != 0) prefetch_bytes(at(free_), slot_bytes_);  // it has been out of use for a while
    return index;
  }
  HUFU_CHECK(next_ < kMaxSlots);
  if (first_ == nullptr) first_ = std::make_unique_for_overwrite<std::byte[]>(kFirstSlots * slot_bytes_);
  if (next_ >= kFirstSlots && (next_ - kFirstSlots) >> kRegionBits == regions_.size())
    regions_.push_back(map_huge_region(kRegionSlots * slot_bytes_));
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

void StatePool::prefetch_whole(Node node) const {
  if (node != kEmptyNode) prefetch_bytes(slot(node), slabs_[kind(node)].slot_bytes());
}

void StatePool::retain(Node node) {
  if (node != kEmptyNode) ++header(node).references;
}

// Breadth first, so that while some are taken apart those behind them come from memory; from the back where many wait: what
// waits stays bounded, however large the tree is that dies.
void StatePool::release(Node node) {
  constexpr std::size_t kMostWaiting = 4096;
  dying_.push_back(node);
  for (std::size_t first = 0; first < dying_.size();) {
    const bool many = dying_.size() - first > kMostWaiting;
    const Node next = many ? dying_.back() : dying_[first++];
    if (many) dying_.pop_back();
    if (first == kMostWaiting) {
      dying_.erase(dying_.begin(), dying_.begin() + kMostWaiting);
      first = 0;
    }
    if (next == kEmptyNode || --header(next).references != 0) continue;
    if (is_inner(next)) {
      for (const Node child : children(next)) {
        prefetch(child);
        dying_.push_back(child);
      }
    }
    slabs_[kind(next)].give(next >> 3);
  }
  dying_.clear();
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
