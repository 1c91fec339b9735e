// What a node must show so that nobody has to believe it, and how to check it.
//
// The evidence for one subject: its complete history, each operation with its way up to the log of blocks, and the complete
// lives of all whose word it rests on (signing agencies, provinces, decisions) and of what it was asked to show besides
// (agreements), with their way up to the newest block's state root.
//
//   operation evidence := operation, index u32, path list<16> of hash           (in the submission)
//                         header, signature raw 64,
//                         place, path list<16> of hash                          (in the block; place.submission is the index)
//                         block header, path list<64> of hash                   (in the log; the header's height is the index)
//   standing evidence  := key, standing optional, state proof
//   life               := standing evidence, operations list<1000> of operation evidence
//   evidence           := version u8 (=1), ledger id, head header, log size u64, log root hash, head path list<64> of hash,
//                         subject standing evidence, operations list<1000> of operation evidence, support list<1024> of life
//
// Everything is checked against one number: the log root. Who the root is believed from is the caller's business (a node
// asked online; cosignatures of the quorum in a proof file).
//
// Invariants, all checked by check_evidence
//   E1  the head is the last leaf of the log: head.height == log_size - 1, and its path leads to the log root
//   E2  every life's standing, present or absent, leads to head.state_root; the support is sorted by key, each key once, and
//       without the subject
//   E3  every operation leads to its submission's root, the submission to its block's root, the block to the log root
//   E4  every submission's signature verifies for this ledger, under a key that its agency or province held then, by the lives
//       shown: they begin with what the genesis file founded, so that trust comes from it and not from the node that answers
//   E5  the operations of a life are all of its subject, each names the one before, the last is standing.last, and there are
//       standing.count of them; only what the genesis founded, and a request, stands without operations
//   E6  replaying the operations of all lives by the rules, in the order of their places, gives every standing; no rule asks
//       for an agency, a province or a decision that is not shown
#pragma once

#include <map>
#include <optional>
#include <set>
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

// Everything that ever happened to one subject. A standing that is absent has no operations.
struct Life {
  StandingEvidence standing;
  std::vector<OperationEvidence> operations;

  const SubjectKey& key() const { return standing.key; }
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& standing& bounded<limits::kOperationsPerSubject>(operations);
  }
};

struct Evidence {
  static constexpr std::uint8_t kVersion = 1;
  static constexpr std::size_t kOperations = limits::kOperationsPerSubject;
  static constexpr std::size_t kSupport = 1024;
  std::uint8_t version = kVersion;
  LedgerId ledger;
  BlockHeader head;
  std::uint64_t log_size = 0;
  Hash log_root;
  std::vector<Hash> head_path;
  StandingEvidence subject;
  std::vector<OperationEvidence> operations;  // all of the subject's
  std::vector<Life> support;

  // The standing of the subject or of one of the support; nullptr: not shown.
  const StandingEvidence* find(const SubjectKey& key) const;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& exactly<kVersion>(version) & ledger& head& log_size& log_root& bounded<64>(head_path) &
        subject& bounded<kOperations>(operations) & bounded<kSupport>(support);
  }
};

// The subjects whose lives must be shown beside one with this standing and these operations, so that they can be judged: those
// who signed, the decisions enacted, the provinces that decide, the issuer. Ask again for each of them until none is new.
std::set<SubjectKey> supporters_of(const StandingEvidence& standing,
                                   const std::vector<OperationEvidence>& operations);

// The standings as the ledger knew them at a moment, by the lives shown: those of blocks whose time is not later. Of evidence
// that check_evidence accepts.
std::map<SubjectKey, Standing> standings_known(const Genesis& genesis, const Evidence& evidence,
                                               std::uint64_t known_at_ms);

// Is the detail one of a subject of this kind? Their tags are the same numbers.
bool is_of_kind(const Standing& standing, SubjectKind kind);
// E2 for one standing: what it says is present, or absent, under this state root. Error::proof_invalid.
Result<void> check_standing(const StandingEvidence& evidence, const Hash& state_root);

// E1 to E6, as checks named: ledger, inclusion, issuer signature, issuer authority, history.
std::vector<Check> check_evidence(const Genesis& genesis, const Evidence& evidence);

// Does the presented document match the standing? One check named "document".
Check check_document(const Standing& standing, const Document& presented);

}  // namespace hufu
