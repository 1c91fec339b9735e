// What a node must show so that nobody has to believe it, and how to check it.
//
// The evidence for one subject: its complete history, each operation with its way up to the log of blocks, and the
// standings (subject, signing agencies) with their way up to the newest block's state root.
//
//   operation evidence := operation, index u32, path list<16> of hash           (in the submission)
//                         header, signature raw 64,
//                         place, path list<16> of hash                          (in the block; place.submission is the index)
//                         block header, path list<64> of hash                   (in the log; the header's height is the index)
//   standing evidence  := key, standing optional, state proof
//   evidence           := version u8 (=1), ledger id, head header, log size u64, log root hash, head path list<64> of hash,
//                         subject standing evidence, operations list<1000> of operation evidence,
//                         agencies list<1000> of standing evidence
//
// Everything is checked against one number: the log root. Who the root is believed from is the caller's business (a node
// asked online; cosignatures of the quorum in a proof file).
//
// Invariants, all checked by check_evidence
//   E1  the head is the last leaf of the log: head.height == log_size - 1, and its path leads to the log root
//   E2  the subject's standing, present or absent, and every agency's lead to head.state_root
//   E3  every operation leads to its submission's root, the submission to its block's root, the block to the log root
//   E4  every submission's signature verifies for this ledger, under a key that its agency's standing held at the block's
//       time; and the agency's standing is the one it was founded with (nothing in this version changes an agency), so that
//       trust comes from the genesis file and not from the node that answers
//   E5  the operations are all of the subject, each names the one before, the last is standing.last, and there are
//       standing.count of them; only what a genesis can found (agency, province, roster) stands without operations
//   E6  replaying the operations by the rules gives the standing
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/chain/block.hpp"
#include "ledger/genesis/genesis.hpp"
#include "ledger/merkle/log_tree.hpp"
#include "ledger/merkle/state_tree.hpp"
#include "ledger/proof/finding.hpp"
#include "ledger/record/document.hpp"
#include "ledger/record/standing.hpp"

namespace hufu {

struct OperationEvidence {
  Operation operation;
  std::uint32_t index = 0;
  std::vector<Hash> submission_path;
  SubmissionHeader header;
  Signature signature;
  Place place;
  std::vector<Hash> block_path;
  BlockHeader block;
  std::vector<Hash> log_path;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& operation& index& bounded<16>(submission_path) &
        header& signature& place& bounded<16>(block_path) & block& bounded<64>(log_path);
  }
};

struct StandingEvidence {
  SubjectKey key;
  std::optional<Standing> standing;
  StateProof proof;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& key& standing& proof;
  }
};

struct Evidence {
  static constexpr std::uint8_t kVersion = 1;
  static constexpr std::size_t kOperations = limits::kOperationsPerSubject;
  static constexpr std::size_t kAgencies = kOperations;
  std::uint8_t version = kVersion;
  LedgerId ledger;
  BlockHeader head;
  std::uint64_t log_size = 0;
  Hash log_root;
  std::vector<Hash> head_path;
  StandingEvidence subject;
  std::vector<OperationEvidence> operations;
  std::vector<StandingEvidence> agencies;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& exactly<kVersion>(version) & ledger& head& log_size& log_root& bounded<64>(head_path) &
        subject& bounded<kOperations>(operations) & bounded<kAgencies>(agencies);
  }
};

// Is the detail one of a subject of this kind? Their tags are the same numbers.
bool is_of_kind(const Standing& standing, SubjectKind kind);
// E2 for one standing: what it says is present, or absent, under this state root. Error::proof_invalid.
Result<void> check_standing(const StandingEvidence& evidence, const Hash& state_root);

// E1 to E6, as checks named: ledger, inclusion, issuer signature, issuer authority, history.
std::vector<Check> check_evidence(const Genesis& genesis, const Evidence& evidence);

// Does the presented document match the standing? One check named "document".
Check check_document(const Standing& standing, const Document& presented);

}  // namespace hufu
