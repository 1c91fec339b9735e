// Checkpoints of the log of blocks and the cosignatures that certify them: C2SP tlog-checkpoint, tlog-cosignature. Pure.
//
//   body        := origin "\n" size "\n" base64(root) "\n"         size in decimal without leading zero; no extension lines
//   message     := "cosignature/v1\ntime " seconds "\n" body       what a cosignature signs
//
// The binary form, in proofs and between nodes (codec of ledger/base/codec.hpp); the origin is known from the ledger:
//   cosignature := member u64, time_s u64, signature raw 64        member: its id in the roster
//   checkpoint  := size u64, root hash
//   certified   := checkpoint, cosignatures list<32>               sorted by member, no member twice
//
// Every node signs twice: a plain line (type 0x01, name = origin, its log key) so that any tlog tool opens the note, and a
// cosignature (type 0x04, name = the node's, its cosign key), timestamped, which is what certification and freshness rest on.
//
// Invariants
//   Z1  certified: at least roster.quorum() members cosigned; every cosignature in the list is of a member and verifies
//   Z2  its time is the latest moment t for which a quorum has signed at t or later: a minority cannot make it look fresher
//   Z3  what a cosignature signs names the origin, the size and the root, and nothing of the cosigner: every node its own key
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/codec.hpp"
#include "ledger/base/hash.hpp"
#include "ledger/checkpoint/note.hpp"
#include "ledger/record/standing.hpp"

namespace hufu {

struct Checkpoint {
  std::uint64_t size = 0;  // leaves of the log of blocks: height of the newest block + 1
  Hash root;

  bool operator==(const Checkpoint&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& size& root;
  }
};

std::string checkpoint_body(std::string_view origin, const Checkpoint& checkpoint);
// Exactly that grammar, for the expected origin. Error::note_malformed, Error::foreign_origin.
Result<Checkpoint> parse_checkpoint_body(std::string_view origin, std::string_view body);

struct Cosignature {
  std::uint64_t member = 0;
  std::uint64_t time_s = 0;  // Unix seconds, of the cosigner's clock
  Signature signature;

  bool operator==(const Cosignature&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& member& time_s& signature;
  }
};

struct CertifiedCheckpoint {
  Checkpoint checkpoint;
  std::vector<Cosignature> cosignatures;

  bool operator==(const CertifiedCheckpoint&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& checkpoint& bounded<limits::kNodes>(cosignatures);
  }
};

Cosignature cosign(std::string_view origin, const Checkpoint& checkpoint, std::uint64_t member,
                   const SigningKey& cosign_key, std::uint64_t time_s);
// Error::signature_invalid.
Result<void> check_cosignature(std::string_view origin, const Checkpoint& checkpoint,
                               const PublicKey& cosign_key, const Cosignature& cosignature);

// Z1; the value is the time of Z2 in seconds. Error::not_canonical (unsorted, twice), Error::proof_invalid (not a member),
// Error::signature_invalid, Error::quorum_missing, in that order.
Result<std::uint64_t> check_certified(std::string_view origin, const RosterStanding& roster,
                                      const CertifiedCheckpoint& certified);

// nullptr: no such member.
const Member* find_member(const RosterStanding& roster, std::uint64_t id);

// ---- the text form, for tlog tools ----

NoteKey log_note_key(std::string_view origin, const Member& member);
NoteKey cosign_note_key(const Member& member);

// A node's two signatures of one checkpoint.
struct Attestation {
  Checkpoint checkpoint;
  Cosignature cosignature;
  Signature log_signature;  // under its log key, over the body

  bool operator==(const Attestation&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& checkpoint& cosignature& log_signature;
  }
};
// The node's seeds: ledger/genesis/node_keys.hpp.
Attestation attest(std::string_view origin, const Checkpoint& checkpoint, std::uint64_t member,
                   const SigningKey& log_key, const SigningKey& cosign_key, std::uint64_t time_s);
// Both signatures. Error::proof_invalid (no member of the roster), Error::signature_invalid.
Result<void> check_attestation(std::string_view origin, const RosterStanding& roster,
                               const Attestation& attestation);

// The signed note: first the plain lines in the order of the members, then their cosignatures. At least one attestation, all
// by members and of one checkpoint.
std::string checkpoint_note(std::string_view origin, const RosterStanding& roster,
                            const std::vector<Attestation>& attestations);
// Opens a note with the keys of the roster. Lines of other keys are ignored; of a member's cosignatures the latest counts.
// Whether the quorum signed is check_certified's question. Error::note_malformed, oversize, foreign_origin, signature_invalid.
Result<CertifiedCheckpoint> open_checkpoint_note(std::string_view origin, const RosterStanding& roster,
                                                 std::string_view note);

}  // namespace hufu
