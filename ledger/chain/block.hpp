// Blocks: what Raft orders, and what comes of it.
//
//   proposal := version u8 (=1), height u64, parent hash, time_ms u64, submissions list<4096>     (ordered by Raft)
//   header   := version u8 (=1), height u64, parent hash, time_ms u64, count u32, submissions root hash, state root hash
//   block    := header, submissions list<4096>                                                     (stored, fetched)
//   block hash      := SHA-256("hufu/block/v1\n" || header)
//   submissions root := RFC 6962 root over the submissions' leaves (record/submission.hpp)
//   log of blocks   := RFC 6962 tree whose leaf number h is the header of height h
//
// A proposal becomes a block by being executed: submissions that the law refuses are left out, and the header states what
// was included and the state after it. Every node computes the header for itself; none believes the leader's.
//
// Invariants, for every adjacent pair (tip, next):
//   C1  next.height  == tip.height + 1
//   C2  next.parent  == block_hash(tip)
//   C3  next.time_ms  > tip.time_ms      (the leader's clock; strictly increasing)
//   C4  next.time_ms <= limits::kTimeMs  (the calendar reaches no further)
// Block 0 is the genesis: height 0, parent = the genesis hash, time = the founding time, no submissions.
#pragma once

#include <vector>

#include "ledger/record/submission.hpp"

namespace hufu {

struct Proposal {
  static constexpr std::uint8_t kVersion = 1;
  static constexpr std::size_t kFrameBytes =
      1 + 8 + 32 + 8;  // before the submissions, which a block holds alike
  std::uint8_t version = kVersion;
  std::uint64_t height = 0;
  Hash parent;
  std::uint64_t time_ms = 0;  // Unix milliseconds
  std::vector<Submission> submissions;

  bool operator==(const Proposal&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& exactly<kVersion>(version) &
        height& parent& time_ms& bounded<limits::kSubmissionsPerBlock>(submissions);
  }
};

struct BlockHeader {
  static constexpr std::uint8_t kVersion = 1;
  static constexpr std::size_t kBytes = 1 + 8 + 32 + 8 + 4 + 32 + 32;
  std::uint8_t version = kVersion;
  std::uint64_t height = 0;
  Hash parent;
  std::uint64_t time_ms = 0;
  std::uint32_t count = 0;  // submissions
  Hash submissions_root;
  Hash state_root;

  bool operator==(const BlockHeader&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& exactly<kVersion>(version) & height& parent& time_ms& count& submissions_root& state_root;
  }
};

struct Block {
  BlockHeader header;
  std::vector<Submission> submissions;

  bool operator==(const Block&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& header& bounded<limits::kSubmissionsPerBlock>(submissions);
  }
};

Hash block_hash(const BlockHeader& header);
// RFC 6962 leaf hashes of the submissions, in order.
std::vector<Hash> submission_leaves(const std::vector<Submission>& submissions);

// Ok iff C1 to C4 hold: Error::height_gap, parent_mismatch, time_went_back, time_out_of_range, in that order. On a
// committed block a failure means corruption or a bug, never bad input: the caller in node/ must stop the process.
Result<void> check_follows(const BlockHeader& tip, const BlockHeader& next);
// Ok iff header.count and header.submissions_root are those of the submissions (Error::root_mismatch), and each submission
// holds the operations that its own header states (the errors of check_root): the block hash then covers every byte.
// `operations`: the hashes of each submission's, by whoever has them already (operation_hashes).
Result<void> check_contents(const Block& block, std::span<const std::vector<Hash>> operations = {});

}  // namespace hufu
