// The compact proof, small enough for a QR code: "in force as of T" and nothing more. Pure.
//
//   compact text := "HUFU1:" || base45(compact)                                             (RFC 9285; QR alphanumeric mode)
//   compact      := version u8 (=1), ledger raw 4, epoch u64, subject key, standing, state proof,
//                   height u64, parent hash, time_ms u64, count u32, submissions root hash, log path list<64> of hash,
//                   cosignatures list<32> of (position u8, time_s u64, signature raw 64)
//   ledger       := first 4 bytes of the genesis hash          epoch := of the roster that cosigned
//   position     := of the member in that roster, from 0; strictly rising
//
// What can be computed is left out: the state root comes from the state proof, the header from it, the log's root from the
// header and its path (the header is the log's last leaf, so the size is height + 1).
//
// Invariants, all checked by check_compact
//   Q1  the ledger and the epoch are the anchor's. Another epoch is no forgery: either the code or the anchor is out of date
//       (Error::ledger_stale)
//   Q2  standing and state proof give a state root (presence), header and path a log root, and the cosignatures certify that
//       checkpoint (Z1)
// It does not show: the operations, the agency's signature, its authority, history. The quorum vouches for these; who wants to
// see them asks for the proof file.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/proof/proof.hpp"

namespace hufu {

// The largest QR code (version 40, level L) carries 4,296 alphanumeric characters: the prefix, and 1,430 times two bytes.
inline constexpr std::size_t kCompactBytes = 2'860;
inline constexpr std::string_view kCompactPrefix = "HUFU1:";

struct CompactCosignature {
  std::uint8_t position = 0;
  std::uint64_t time_s = 0;
  Signature signature;

  bool operator==(const CompactCosignature&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& position& time_s& signature;
  }
};

struct CompactProof {
  static constexpr std::uint8_t kVersion = 1;
  std::uint8_t version = kVersion;
  std::array<std::uint8_t, 4> ledger{};
  std::uint64_t epoch = 0;
  SubjectKey subject;
  Standing standing;
  StateProof proof;
  std::uint64_t height = 0;
  Hash parent;
  std::uint64_t time_ms = 0;
  std::uint32_t count = 0;
  Hash submissions_root;
  std::vector<Hash> log_path;
  std::vector<CompactCosignature> cosignatures;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& exactly<kVersion>(version) &
        ledger& epoch& subject& standing& proof& height& parent& time_ms& count& submissions_root&
            bounded<kMaxLogPath>(log_path) &
        bounded<limits::kNodes>(cosignatures);
  }
};

// From a proof that check_proof accepts, certified by `roster`; keeps the newest quorum() cosignatures, so that Z2 stays the
// same. Error::not_found when the subject is absent, Error::proof_invalid and quorum_missing when the roster is another one,
// Error::oversize when it does not fit.
Result<CompactProof> make_compact(const Proof& proof, const RosterStanding& roster);

std::string compact_text(const CompactProof& compact);
// Error::unknown_tag (prefix), text_malformed (not base45), oversize, those of the codec.
Result<CompactProof> parse_compact_text(std::string_view text);

struct CompactFinding {
  std::vector<Check> checks;      // those of check_proof; what it does not show is skipped with why
  CertifiedCheckpoint certified;  // what it rests on; for a trust file to remember
  std::uint64_t time_s = 0;       // Z2; 0 when it is not certified
};
// The compact proof holds iff none_failed(checks).
CompactFinding check_compact(const Anchor& anchor, const CompactProof& compact);

// RFC 9285. Error::text_malformed for what is not its canonical text.
std::string to_base45(ByteSpan bytes);
Result<Bytes> from_base45(std::string_view text);

}  // namespace hufu
