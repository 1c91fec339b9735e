// Where the newest record of each subject lies: path -> chunk of the state (schema.hpp). In memory, read again at every start.
//
// A slot is 8 bytes: 24 bits of the path's hash and 40 of the chunk's number; with the load that shards grow at, 9 to 12 bytes
// a subject. Open addressing with linear probing in shards of their own size: one shard that grows holds up nobody else.
//
// Threads: any number of readers beside one writer.
//
// Invariants
//   I1  every subject that was put has a slot of its hash with the number of its newest chunk
//   I2  an answer is a guess: subjects may share a hash. Who asks looks into the chunks, newest first, and takes the first that
//       holds the subject
//   I3  the hash is keyed by a secret of this process: who chooses the names of subjects cannot crowd a shard
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <span>
#include <vector>

#include "ledger/base/hash.hpp"

namespace hufu::store {

class StateIndex {
 public:
  static constexpr std::uint64_t kMaxChunk = (1ULL << 40) - 2;

  StateIndex();

  struct Move {
    Hash path;
    std::optional<std::uint64_t> from;  // nothing: the subject is new
    std::uint64_t to = 0;
  };
  // All of them for a reader, or none. False: a subject was not where it is said to come from; the others have moved.
  bool apply(std::span<const Move> moves);

  // The chunks that may hold the newest record, newest first (I2). For most paths that nobody put: none.
  std::vector<std::uint64_t> find(const Hash& path) const;

  std::uint64_t bytes() const;

 private:
  struct Place {
    std::uint32_t shard;
    std::uint32_t tag;
  };
  struct Shard {
    std::vector<std::uint64_t> slots;
    std::uint32_t used = 0;
  };
  static constexpr unsigned kShardBits = 12;
  static constexpr unsigned kTagBits = 24;
  static constexpr std::uint64_t kTagMask = (1U << kTagBits) - 1;

  Place place(const Hash& path) const;
  static std::size_t first_slot(const Shard& shard, std::uint32_t tag) {
    return static_cast<std::size_t>(std::uint64_t{tag} * shard.slots.size() >> kTagBits);
  }
  static void grow(Shard& shard);
  static void insert(Shard& shard, std::uint64_t slot);
  bool apply(const Move& move, Place at);

  mutable std::shared_mutex mutex_;
  std::array<std::uint8_t, 16> secret_;
  std::vector<Shard> shards_;
};

}  // namespace hufu::store
