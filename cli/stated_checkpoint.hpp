// The checkpoint that an audited node serves, held against the log that its blocks make.
//
// Asked for before the node's head, so that the blocks reach up to it.
#pragma once

#include "ledger/chain/audit.hpp"
#include "ledger/checkpoint/checkpoint.hpp"

namespace hufu::cli {

class StatedCheckpoint {
 public:
  // The note as it came; an error: the node serves none.
  StatedCheckpoint(std::string_view origin, Result<std::string> note);

  // After every block that passed.
  void see(const AuditReport& so_far);
  // When all have passed. By the roster that the blocks make (level 4), else by the founding one. A checkpoint that the quorum
  // certified and the blocks do not make is a fork; one that it did not certify says nothing.
  std::optional<AuditFault> judge(const Genesis& genesis, const Audit& audit);

  // As it came.
  const Result<std::string>& note() const { return note_; }
  // The number of blocks that it states, whoever signed it; 0: it states none.
  std::uint64_t size() const { return size_; }
  // After judge(): what the quorum certified, or why nothing.
  const Result<Checkpoint>& certified() const { return certified_; }

 private:
  Result<std::string> note_;
  std::uint64_t size_ = 0;          // that the note states, whoever signed it
  std::optional<Checkpoint> seen_;  // the log of that size that the blocks make
  Result<Checkpoint> certified_ = Error::not_certified;
};

}  // namespace hufu::cli
