// One node's ledger without its network: store, replica and state tree as a node holds them, fed with entries by hand, and
// records made in any number. For what measures.
//
// Invariants
//   W1  every record made is new and lawful: what is applied is applied whole (checked)
//   W2  the same calls make the same bytes: keys, salts and times are fixed
//   W3  what is measured is the product's own code; this file only hands it its arguments
#pragma once

#include "ledger/proof/proof.hpp"
#include "node/reads.hpp"
#include "node/replica.hpp"
#include "tests/store/store_world.hpp"

namespace hufu::bench {

class World {
 public:
  World();

  // The next invoices of the tax platform.
  std::vector<Operation> invoices(std::size_t count);
  Submission submission(std::size_t records);
  std::vector<Submission> submissions(std::size_t count, std::size_t records_each);

  // As the leader's sequencer would, on the newest block.
  Proposal propose(std::vector<Submission> submissions) const;
  // What consensus hands to every node. W1.
  void apply(ByteSpan entry);
  // So many blocks of one submission each.
  void grow(std::size_t blocks, std::size_t records_each);

  // What a node answers for one record, and what a majority of three has cosigned: the first of its block, or one of many.
  Proof proof(const SubjectKey& key) const;
  Proof proof(const SubjectKey& key, node::BlockShelf& shelf) const;
  static SubjectKey invoice(std::size_t number);  // from 0 on, in the order of their making

  const Genesis& genesis() const { return genesis_; }
  const LedgerId& ledger() const { return ledger_; }
  const store::LedgerStore& store() const { return *store_; }
  std::size_t records() const { return made_; }

 private:
  StandingEvidence standing(const SubjectKey& key) const;
  const std::vector<Cosignature>& cosignatures(const Checkpoint& checkpoint) const;

  testing::TempDir folder_;
  const Genesis genesis_;
  const LedgerId ledger_;
  node::Metrics metrics_;
  node::SignatureCache signatures_{1};  // it has seen none: every signature is verified
  node::Log log_{"bench", node::LogLevel::error, 2};
  std::unique_ptr<store::LedgerStore> store_;
  std::unique_ptr<node::Replica> replica_;
  std::uint64_t index_ = 0;
  std::uint64_t requests_ = 0;
  std::size_t made_ = 0;
  // Nodes keep what was cosigned; nobody signs to answer.
  mutable Checkpoint cosigned_;
  mutable std::vector<Cosignature> cosignatures_;
};

}  // namespace hufu::bench
