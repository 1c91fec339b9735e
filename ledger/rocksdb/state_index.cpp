#include "ledger/rocksdb/state_index.hpp"

#include <sodium.h>

#include <algorithm>
#include <functional>
#include <mutex>

#include "ledger/base/check.hpp"

namespace hufu::store {

// A slot: the chunk's number plus one above the tag; 0 is a free one.

StateIndex::StateIndex() : shards_(std::size_t{1} << kShardBits) {
  static_assert(sizeof(secret_) == crypto_shorthash_KEYBYTES);
  HUFU_CHECK(sodium_init() >= 0);
  randombytes_buf(secret_.data(), secret_.size());
}

StateIndex::Place StateIndex::place(const Hash& path) const {
  static_assert(crypto_shorthash_BYTES == sizeof(std::uint64_t));
  std::array<std::uint8_t, crypto_shorthash_BYTES> bytes;
  crypto_shorthash(bytes.data(), path.bytes.data(), path.bytes.size(), secret_.data());
  std::uint64_t hash = 0;
  for (const std::uint8_t byte : bytes) hash = hash << 8 | byte;
  return {.shard = static_cast<std::uint32_t>(hash >> (64 - kShardBits)),
          .tag = static_cast<std::uint32_t>(hash & kTagMask)};
}

void StateIndex::insert(Shard& shard, std::uint64_t slot) {
  std::size_t at = first_slot(shard, static_cast<std::uint32_t>(slot & kTagMask));
  while (shard.slots[at] != 0) at = at + 1 == shard.slots.size() ? 0 : at + 1;
  shard.slots[at] = slot;
  ++shard.used;
}

// At four fifths: what is absent is known after a dozen neighbours at most times, all in two or three lines of the cache.
void StateIndex::grow(Shard& shard) {
  if ((shard.used + 1) * 5ULL <= shard.slots.size() * 4ULL) return;
  Shard wider{.slots = std::vector<std::uint64_t>(std::max<std::size_t>(8, shard.slots.size() * 5 / 4)),
              .used = 0};
  for (const std::uint64_t slot : shard.slots) {
    if (slot != 0) insert(wider, slot);
  }
  shard = std::move(wider);
}

bool StateIndex::apply(const Move& move, Place at) {
  HUFU_CHECK(move.to <= kMaxChunk);
  Shard& shard = shards_[at.shard];
  const std::uint64_t wanted = (move.to + 1) << kTagBits | at.tag;
  if (!move.from) {
    grow(shard);
    insert(shard, wanted);
    return true;
  }
  if (shard.slots.empty()) return false;
  const std::uint64_t old = (*move.from + 1) << kTagBits | at.tag;
  for (std::size_t i = first_slot(shard, at.tag); shard.slots[i] != 0;
       i = i + 1 == shard.slots.size() ? 0 : i + 1) {
    if (shard.slots[i] != old) continue;
    // Another subject of the same hash in the same chunk has the same slot: whichever is moved, one of each stays (I1).
    shard.slots[i] = wanted;
    return true;
  }
  return false;
}

// Every slot is somewhere else: all are asked for before the first is waited for.
bool StateIndex::apply(std::span<const Move> moves) {
  std::vector<Place> places;
  places.reserve(moves.size());
  for (const Move& move : moves) {
    places.push_back(place(move.path));
    const Shard& shard = shards_[places.back().shard];  // only this thread changes it
    if (!shard.slots.empty()) __builtin_prefetch(&shard.slots[first_slot(shard, places.back().tag)], 1);
  }
  const std::unique_lock lock(mutex_);
  bool all = true;
  for (std::size_t i = 0; i < moves.size(); ++i) all = apply(moves[i], places[i]) && all;
  return all;
}

std::vector<std::uint64_t> StateIndex::find(const Hash& path) const {
  std::vector<std::uint64_t> chunks;
  const Place at = place(path);
  const std::shared_lock lock(mutex_);
  const Shard& shard = shards_[at.shard];
  if (shard.slots.empty()) return chunks;
  for (std::size_t i = first_slot(shard, at.tag); shard.slots[i] != 0;
       i = i + 1 == shard.slots.size() ? 0 : i + 1) {
    if ((shard.slots[i] & kTagMask) == at.tag) chunks.push_back((shard.slots[i] >> kTagBits) - 1);
  }
  std::sort(chunks.begin(), chunks.end(), std::greater<>());
  return chunks;
}

std::uint64_t StateIndex::bytes() const {
  const std::shared_lock lock(mutex_);
  std::uint64_t bytes = shards_.size() * sizeof(Shard);
  for (const Shard& shard : shards_) bytes += shard.slots.capacity() * sizeof(std::uint64_t);
  return bytes;
}

}  // namespace hufu::store
