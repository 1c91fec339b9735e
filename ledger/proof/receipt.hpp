// What an agency gets back: where its submission stands, and the way from there up to the log of blocks. Pure.
//
//   receipt := version u8 (=1), ledger id, header, signature raw 64,
//              place, block path list<16> of hash, block header,          (the submission in its block)
//              log size u64, log root hash, log path list<64> of hash     (the block in the log of that size)
//
// The receipt says "committed": a majority of the nodes stored it. It is one node's word until a checkpoint over the log
// root is cosigned by the quorum.
//
// Invariants, all checked by check_receipt
//   R1  the ledger is the one that is expected, and the signature verifies under header.key. Whose key that is, and whether
//       this is the own submission, the caller knows: it compares id() with that of what it sent
//   R2  the submission's leaf leads to the block's submissions root at place.submission of block.count
//   R3  the block has height place.height, lies below log size, and its header leads to the log root
#pragma once

#include <vector>

#include "ledger/chain/block.hpp"
#include "ledger/record/standing.hpp"

namespace hufu {

struct Receipt {
  static constexpr std::uint8_t kVersion = 1;
  std::uint8_t version = kVersion;
  LedgerId ledger;
  SubmissionHeader header;
  Signature signature;
  Place place;
  std::vector<Hash> block_path;
  BlockHeader block;
  std::uint64_t log_size = 0;
  Hash log_root;
  std::vector<Hash> log_path;

  bool operator==(const Receipt&) const = default;
  Hash id() const { return submission_id(ledger, header); }

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& exactly<kVersion>(version) & ledger& header& signature& place& bounded<16>(block_path) &
        block& log_size& log_root& bounded<64>(log_path);
  }
};

// R1 to R3: Error::foreign_origin, signature_invalid, proof_invalid.
Result<void> check_receipt(const LedgerId& expected, const Receipt& receipt);

}  // namespace hufu
