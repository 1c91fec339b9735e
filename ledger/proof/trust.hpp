// What a verifier remembers: per ledger the founding document, the roster it has followed, and the highest checkpoint it has
// seen. A ledger that shows two histories is caught by it. Pure; the file is the caller's.
//
//   trust file := "hufu trust v1\n" || version u8 (=1), ledgers list<64> of entry       sorted by genesis hash, each once
//   entry      := genesis file string<8 MiB>, roster standing, pinned optional<certified>, seen list<64> of certified
//
// `pinned` is the highest checkpoint that is linked to all before it; `seen` are certified checkpoints of other sizes that
// could not be linked offline. They are remembered, newest first, and linked (or caught) by the next update. No size stands
// twice, and without a pinned one nothing is seen.
//
// Invariants
//   U1  the log that is shown has, at the pinned size and at every seen size, the root remembered for it: otherwise fork
//   U2  pinned moves only forward, along a consistency path that verifies
//   U3  the roster moves only forward, by handovers; by the owner's hand also over a recovery (recovered.hpp)
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ledger/proof/fork.hpp"
#include "ledger/proof/proof.hpp"

namespace hufu {

struct TrustedLedger {
  static constexpr std::size_t kSeen = 64;
  Bytes genesis_file;
  RosterStanding roster;
  std::optional<CertifiedCheckpoint> pinned;
  std::vector<CertifiedCheckpoint> seen;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kGenesisBytes>(genesis_file) & roster& pinned& bounded<kSeen>(seen);
  }
};

struct Trust {
  static constexpr std::uint8_t kVersion = 1;
  static constexpr std::size_t kLedgers = 64;
  std::uint8_t version = kVersion;
  std::vector<TrustedLedger> ledgers;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& exactly<kVersion>(version) & bounded<kLedgers>(ledgers);
  }
};

Bytes encode_trust(const Trust& trust);
// Error::unknown_tag, oversize, config_invalid (a genesis or a roster at fault), not_canonical, those of the codec.
Result<Trust> decode_trust(ByteSpan file);

// nullptr: not trusted.
TrustedLedger* find_ledger(Trust& trust, const Hash& genesis);
// Begins to trust a ledger by its founding document. Error::already_exists, Error::oversize (too many), those of
// decode_genesis.
Result<void> trust_ledger(Trust& trust, ByteSpan genesis_file);

// What a certified checkpoint means for who remembers others.
enum class Memory : std::uint8_t {
  first,       // nothing was remembered; it is pinned
  known,       // the pinned one
  linked,      // consistent with the pinned one, by a path; pinned if it is the larger
  unlinked,    // of another size, without a path: seen
  superseded,  // by nodes that have been replaced since (F6): they teach nothing any more
};
struct Remembered {
  Memory memory = Memory::first;
  std::optional<Fork> fork;  // U1 broken; then nothing was changed
};
// `certified` has been checked (Z1). Each link leads from a smaller log to `certified`, or from that of its size to the pinned
// one when that is larger; links to sizes that nobody remembers teach nothing. Error::proof_invalid when one does not verify;
// then nothing was changed.
Result<Remembered> remember(TrustedLedger& ledger, const LedgerId& id, const CertifiedCheckpoint& certified,
                            std::span<const LogLink> links);
// The same from a proof that check_proof accepted: its checkpoint with its links, and its roster if that is later (U3).
Result<Remembered> remember_proof(TrustedLedger& ledger, const Proof& proof, const ProofFinding& finding);

}  // namespace hufu
