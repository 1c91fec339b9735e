// What the ledger's RocksDB holds. Only this folder knows it.
//
//   column family   key                       value (codec of ledger/base/codec.hpp)
//   meta            "version"                 u32: kSchemaVersion
//                   "genesis"                 genesis hash
//                   "head"                    header of the newest block
//                   "chunks"                  u64: how many chunks the state has
//                   "signed"                  checkpoint: the largest that this node has signed; absent before the first
//                   "begun"                   u64: the newest epoch in whose Raft group this node has taken part
//                   "handover" epoch u64 be   bytes: how the roster of this epoch handed over to the next
//   blocks          height u64 big-endian     block (ledger/chain/block.hpp)
//   state           chunk u64 big-endian      chunk  := u8 count, count times (u32 length, that many bytes of a record)
//                                             record := subject key, standing, replaces optional u64, earlier optional u64,
//                                                       list of spot
//                                             spot   := height u64, submission u32, operation u32
//   log             level u8, index u64 be    hash of a complete subtree of the log of blocks
//   submissions     submission id, 32 bytes   place
//   registry        kind u8, id               u64: the chunk with the newest record, for the kinds that are registered
//                                             (record/subject.hpp)
//
// The state is written once and in order: a block appends its records, in the order of their paths, in chunks with the
// numbers after those before it. The newest record of a subject is the one in the highest chunk that holds it; it names the
// chunk of the one that it `replaces`. Where the records lie is kept in memory (state_index.hpp) and read anew at a start. A
// key that may fall anywhere costs a search for its place when it is written, and again in each compaction; these cost neither.
//
// All but key and standing of a record and the whole of `submissions` and `registry` are index: they are not hashed into the
// state and can be rebuilt from the blocks. Everything else is either hashed by the head or leads to it.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/merkle/log_tree.hpp"
#include "ledger/record/standing.hpp"

namespace hufu::store {

inline constexpr std::uint32_t kSchemaVersion = 3;

inline constexpr std::string_view kVersionKey = "version";
inline constexpr std::string_view kGenesisKey = "genesis";
inline constexpr std::string_view kHeadKey = "head";
inline constexpr std::string_view kChunksKey = "chunks";
inline constexpr std::string_view kSignedKey = "signed";
inline constexpr std::string_view kBegunKey = "begun";
inline constexpr std::string_view kHandoverKey = "handover";

// In the order in which the store keeps their handles; the first is RocksDB's own, which stays empty.
enum class Family : std::uint8_t { unused, meta, blocks, state, log, submissions, registry };
inline constexpr std::array<std::string_view, 7> kFamilyNames = {"default", "meta",        "blocks",  "state",
                                                                 "log",     "submissions", "registry"};

// Where one operation stands.
struct Spot {
  std::uint64_t height = 0;
  std::uint32_t submission = 0;
  std::uint32_t operation = 0;

  Place place() const { return {.height = height, .submission = submission}; }
  auto operator<=>(const Spot&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& height& submission& operation;
  }
};

// A subject with its standing and the spots of all its operations, oldest first: spots.size() == standing.count.
struct Record {
  SubjectKey key;
  Standing standing;
  std::vector<Spot> spots;

  bool operator==(const Record&) const = default;
};

// What a block wrote of a subject. Its spots are the newest ones: those that the record before had, as long as all are no more
// than kSpotsTogether, and those of the block. The others are in the record of the same subject in chunk `earlier`, and where
// that points. So a long history neither is written again with each operation, nor read one by one.
struct StoredRecord {
  static constexpr std::size_t kSpotsTogether = 32;

  SubjectKey key;
  Standing standing;
  std::optional<std::uint64_t> replaces;  // the chunk with the record before; nothing: the first
  std::optional<std::uint64_t> earlier;
  std::vector<Spot> spots;

  bool operator==(const StoredRecord&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& key& standing& replaces& earlier& bounded<limits::kOperationsPerSubject>(spots);
  }
};

struct ReadRecord {
  StoredRecord record;
  ByteSpan standing;  // as it is encoded
};
// decode<StoredRecord>() that also tells where in the bytes the standing lies.
Result<ReadRecord> read_record(ByteSpan bytes);

inline constexpr std::size_t kRecordsPerChunk = 16;

class ChunkWriter {
 public:
  void add(ByteSpan record);  // not full
  bool empty() const { return count_ == 0; }
  bool full() const { return count_ == kRecordsPerChunk; }
  Bytes take();

 private:
  std::uint8_t count_ = 0;
  Writer records_;
};

// The records of a chunk, as they stand; views of it. Error::truncated, trailing_bytes, too_long.
Result<std::vector<ByteSpan>> records_of(ByteSpan chunk);

std::array<std::uint8_t, 8> block_key(std::uint64_t height);
std::array<std::uint8_t, 8> chunk_key(std::uint64_t chunk);
std::array<std::uint8_t, 9> log_key(NodeId node);
// The id is at the end and alone, so that keys lie in the order of kinds, then of ids.
Bytes registry_key(const SubjectKey& key);
Result<SubjectKey> read_registry_key(ByteSpan key);

}  // namespace hufu::store
