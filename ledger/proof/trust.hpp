// What a verifier remembers: per ledger the founding document, the roster it has followed, and the highest checkpoint it has
// seen. A ledger that shows two histories is caught by it. Pure; the file is the caller's.
//
//   trust file := "hufu trust v1\n" || version u8 (=1), ledgers list<64> of entry       sorted by genesis hash, each once
//   entry      := genesis file string<8 MiB>, roster standing, pinned optional<certified>, seen list<64> of certified
//
// `pinned` is the highest checkpoint that is linked to all before it; `seen` are certified checkpoints of other sizes that
// could not be linked offline. They are remembered, newest first, and linked (or caught) by the next update.
//
// Invariants
//   U1  a certified checkpoint of the pinned size has the pinned root; of a seen size, the seen root: otherwise fork
//   U2  pinned moves only forward, along a consistency path that verifies
//   U3  the roster moves only forward, by handovers
#pragma once

#include <optional>
#include <vector>

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
// Error::unknown_tag, oversize, config_invalid (a genesis at fault), not_canonical, those of the codec.
Result<Trust> decode_trust(ByteSpan file);

// nullptr: not trusted.
TrustedLedger* find_ledger(Trust& trust, const Hash& genesis);
// Begins to trust a ledger by its founding document. Error::already_exists, Error::oversize (too many).
Result<void> trust_ledger(Trust& trust, ByteSpan genesis_file);

// Two certified checkpoints of one ledger that cannot both be true: evidence for anybody.
//   fork file := "hufu fork v1\n" || version u8 (=1), ledger id, two sides
//   side      := certified, shown optional<(header, log path list<64> of hash)>
// Either both are of one size with different roots, or both show a header of the same height, each leading to its own root,
// and the headers differ.
struct ForkSide {
  struct Shown {
    BlockHeader header;
    std::vector<Hash> log_path;
    template <class Archive>
    void serialize(Archive& archive, unsigned /*version*/) {
      archive& header& bounded<kMaxLogPath>(log_path);
    }
  };
  CertifiedCheckpoint
      checkpoint;  // in evidence against single nodes the cosignatures may be fewer than a quorum
  std::optional<Shown> shown;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& checkpoint& shown;
  }
};
struct Fork {
  static constexpr std::uint8_t kVersion = 1;
  std::uint8_t version = kVersion;
  LedgerId ledger;
  ForkSide a;
  ForkSide b;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& exactly<kVersion>(version) & ledger& a& b;
  }
};
Bytes encode_fork(const Fork& fork);
Result<Fork> decode_fork(ByteSpan file);

struct ForkFinding {
  std::vector<std::uint64_t> signed_a;  // members whose cosignature of the side verifies
  std::vector<std::uint64_t> signed_b;
  std::vector<std::uint64_t> culprits;  // signed both
};
// Who has signed two histories. Error::foreign_origin, Error::signature_invalid (a side with a cosignature that does not verify,
// or none), Error::proof_invalid (the sides do not contradict each other).
Result<ForkFinding> check_fork(const Anchor& anchor, const Fork& fork);

// What a certified checkpoint means for who remembers others.
enum class Memory : std::uint8_t {
  first,     // nothing was remembered
  known,     // the pinned one
  linked,    // consistent with the pinned one, by a path
  unlinked,  // of another size, without a path: remembered
};
struct Remembered {
  Memory memory = Memory::first;
  std::optional<Fork> fork;  // U1 broken; then nothing was changed
};
// `certified` has been checked against the roster in force. `consistency` leads between it and the pinned one, whichever is
// larger; nothing: none is at hand. Error::proof_invalid when a path is given and does not verify.
Result<Remembered> remember(TrustedLedger& ledger, const LedgerId& id, const CertifiedCheckpoint& certified,
                            const std::vector<Hash>* consistency);

}  // namespace hufu
