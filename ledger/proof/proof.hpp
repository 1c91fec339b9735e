// The proof file (.hufu): evidence for one subject under a checkpoint that the quorum cosigned. With the genesis file and
// nothing else it shows who issued, what is in force as of when, the complete history, or that nothing was ever issued. Pure.
//
//   proof file := "hufu proof v1\n" || proof
//   proof      := version u8 (=1), evidence (proof/evidence.hpp), cosignatures list<32> of cosignature,
//                 handovers list<64> of handover, links list<16> of link
//   handover   := header, log path list<64> of hash, cosignatures list<32> of cosignature, roster standing evidence,
//                 consistency path list<64> of hash
//   link       := size u64, root hash, consistency path list<64> of hash
//
// The checkpoint is (evidence.log_size, evidence.log_root), made certified by the cosignatures.
//
// Invariants, all checked by check_proof
//   F1  E1 to E6 of the evidence
//   F2  the rosters: the first is the founding one; or, where that does not lead to F4, the one that the verifier trusts (after a
//       recovery nobody hands over). A handover is the newest block of a log (height + 1 leaves) whose root its
//       path gives and the roster before it certified (Z1); the roster's standing leads to the header's state root, is well
//       formed (is_roster), and its epoch is later than the one before
//   F3  one log through all rosters: the consistency path leads from the handover's log to that of the next handover, or of
//       the evidence for the last
//   F4  the last roster of F2 certified the evidence's checkpoint (Z1)
//   F5  every link leads from the log of that size and root to the evidence's. Whether the root is the one that a verifier
//       remembers is for the trust file to say (trust.hpp). Links are sorted by size, each size once, from 1 to below the log's
//   F6  a verifier who trusts a later roster than the founding one meets exactly that roster among those of F2; or all of F2
//       are older, and then the proof is superseded: true as of its time, and never fresh
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

// What the log was when it was of this size.
struct LogLink {
  std::uint64_t size = 0;
  Hash root;
  std::vector<Hash> consistency;

  bool operator==(const LogLink&) const = default;
  Checkpoint from() const { return {.size = size, .root = root}; }
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& size& root& bounded<kMaxLogPath>(consistency);
  }
};
// Does the log of `to` begin with that of the link? Error::proof_invalid.
Result<void> check_link(const LogLink& link, const Checkpoint& to);

struct Proof {
  static constexpr std::uint8_t kVersion = 1;
  static constexpr std::size_t kHandovers = 64;
  static constexpr std::size_t kLinks = 16;
  std::uint8_t version = kVersion;
  Evidence evidence;
  std::vector<Cosignature> cosignatures;
  std::vector<Handover> handovers;
  std::vector<LogLink> links;

  CertifiedCheckpoint checkpoint() const { return {{evidence.log_size, evidence.log_root}, cosignatures}; }

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& exactly<kVersion>(version) & evidence& bounded<limits::kNodes>(cosignatures) &
        bounded<kHandovers>(handovers) & bounded<kLinks>(links);
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

// Z1 as the check "checkpoint quorum", which names who cosigned.
struct QuorumFinding {
  Check check;
  std::uint64_t time_s = 0;  // Z2; 0 when it is not certified
};
QuorumFinding check_quorum(std::string_view origin, const RosterStanding& roster,
                           const CertifiedCheckpoint& certified);

// The log whose newest block this is, by the path to its root. Error::proof_invalid.
Result<Checkpoint> log_of(const BlockHeader& newest, const std::vector<Hash>& log_path);
// F2 for one handover: the roster that it shows, if the one before certified its block. Error::proof_invalid, quorum_missing,
// signature_invalid.
Result<RosterStanding> check_handover(std::string_view origin, const RosterStanding& before,
                                      const Handover& handover);

struct ProofFinding {
  std::vector<Check> checks;  // those of check_evidence and "checkpoint quorum"
  std::uint64_t time_s = 0;   // of the checkpoint (Z2); 0 when it is not certified
  RosterStanding roster;      // that certified it
  bool superseded = false;    // F6
};
// F1 to F6. The proof holds iff none_failed(checks).
ProofFinding check_proof(const Anchor& anchor, const Proof& proof);

}  // namespace hufu
