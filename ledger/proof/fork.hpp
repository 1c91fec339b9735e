// Two checkpoints of one ledger that cannot both be true: evidence for anybody who has the founding document. Pure.
//
//   fork file := "hufu fork v1\n" || version u8 (=1), ledger id, a certified, b certified, split optional<link>
//
// Without a split both are of one size, with different roots. With one, a is the smaller: the link, of a's size, leads to
// b's checkpoint and its root is not a's. So b's log was another one when it was as long as a's. (link: proof/proof.hpp)
#pragma once

#include <optional>
#include <vector>

#include "ledger/proof/proof.hpp"

namespace hufu {

struct Fork {
  static constexpr std::uint8_t kVersion = 1;
  std::uint8_t version = kVersion;
  LedgerId ledger;
  // In evidence against single nodes the cosignatures may be fewer than a quorum.
  CertifiedCheckpoint a;
  CertifiedCheckpoint b;
  std::optional<LogLink> split;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& exactly<kVersion>(version) & ledger& a& b& split;
  }
};
Bytes encode_fork(const Fork& fork);
// Error::oversize, Error::unknown_tag (another first line), those of the codec.
Result<Fork> decode_fork(ByteSpan file);

struct ForkFinding {
  std::vector<std::uint64_t> signed_a;  // members who cosigned the side
  std::vector<std::uint64_t> signed_b;
  std::vector<std::uint64_t> culprits;  // signed both
};
// Who has signed two histories. Cosigners are looked up among the anchor's roster, then among the founding one: ids are never
// given twice. Error::foreign_origin, Error::not_canonical (cosignatures unsorted, or one member twice),
// Error::signature_invalid (a side with a cosignature that does not verify, or none), Error::proof_invalid (the sides do not
// contradict each other).
Result<ForkFinding> check_fork(const Anchor& anchor, const Fork& fork);

}  // namespace hufu
