// The proof file (.hufu): evidence for one subject under a checkpoint that the quorum cosigned. With the genesis file and
// nothing else it shows who issued, what is in force as of when, the complete history, or that nothing was ever issued. Pure.
//
//   proof file := "hufu proof v1\n" || proof
//   proof      := version u8 (=1), evidence (proof/evidence.hpp), cosignatures list<32> of cosignature,
//                 handovers list<64> of handover, links list<16> of link, context list<64> of standing evidence
//   handover   := header, log path list<64> of hash, cosignatures list<32> of cosignature, roster standing evidence,
//                 consistency path list<64> of hash
//   link       := size u64, consistency path list<64> of hash
//
// The checkpoint is (evidence.log_size, evidence.log_root), made certified by the cosignatures.
//
// Invariants, all checked by check_proof
//   F1  E1 to E6 of the evidence
//   F2  the rosters: the first is the trusted one. A handover is the newest block of a log (height + 1 leaves) whose root its
//       path gives and the roster before it certified (Z1); the roster's standing leads to the header's state root, and its
//       epoch is later than the one before
//   F3  one log through all rosters: the consistency path leads from the handover's log to that of the next handover, or of
//       the evidence for the last
//   F4  the last roster of F2 certified the evidence's checkpoint (Z1)
//   F5  every link leads from the log of that size to the evidence's: its root, where a verifier remembers one, is checked by
//       who remembers (trust.hpp). Links are sorted by size, each size once and not above the log's
//   F6  every standing of the context leads to the head's state root
#pragma once

#include <optional>
#include <vector>

#include "ledger/checkpoint/checkpoint.hpp"
#include "ledger/proof/evidence.hpp"

namespace hufu {

inline constexpr std::size_t kProofBytes = 64U << 20;

struct Handover {
  BlockHeader header;
  std::vector<Hash> log_path;
  std::vector<Cosignature> cosignatures;
  StandingEvidence roster;
  std::vector<Hash> consistency;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& header& bounded<kMaxLogPath>(log_path) & bounded<limits::kNodes>(cosignatures) &
        roster& bounded<kMaxLogPath>(consistency);
  }
};

struct Link {
  std::uint64_t size = 0;
  std::vector<Hash> consistency;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& size& bounded<kMaxLogPath>(consistency);
  }
};

struct Proof {
  static constexpr std::uint8_t kVersion = 1;
  static constexpr std::size_t kHandovers = 64;
  static constexpr std::size_t kLinks = 16;
  static constexpr std::size_t kContext = 64;
  std::uint8_t version = kVersion;
  Evidence evidence;
  std::vector<Cosignature> cosignatures;
  std::vector<Handover> handovers;
  std::vector<Link> links;
  std::vector<StandingEvidence> context;

  CertifiedCheckpoint checkpoint() const { return {{evidence.log_size, evidence.log_root}, cosignatures}; }

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& exactly<kVersion>(version) & evidence& bounded<limits::kNodes>(cosignatures) &
        bounded<kHandovers>(handovers) & bounded<kLinks>(links) & bounded<kContext>(context);
  }
};

Bytes encode_proof(const Proof& proof);
// Error::oversize, Error::unknown_tag (another first line), those of the codec.
Result<Proof> decode_proof(ByteSpan file);

// From whom trust starts: the founding document, and the roster that is believed to be in force, which is the founding one
// unless a trust file has followed the handovers further.
struct Anchor {
  const Genesis* genesis = nullptr;
  RosterStanding roster;
};
Anchor founding_anchor(const Genesis& genesis);

// The roster after the handovers (F2, F3 up to the evidence). Handovers to rosters that the anchor knows already are
// checked against nothing and skipped: an old proof stays readable for who trusts a newer roster.
Result<RosterStanding> follow_handovers(const Anchor& anchor, const Proof& proof);

struct ProofFinding {
  std::vector<Check> checks;  // those of check_evidence and "checkpoint quorum"
  std::uint64_t time_s = 0;   // of the checkpoint (Z2); 0 when it is not certified
  RosterStanding roster;      // that certified it
};
// F1 to F6.
ProofFinding check_proof(const Anchor& anchor, const Proof& proof);

}  // namespace hufu
