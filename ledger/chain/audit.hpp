// Replaying a whole ledger without believing whoever keeps it. Pure: blocks come from a BlockSource.
//
// Each level includes those below it; the first fault ends the audit, because what follows a broken block proves nothing.
//
// Invariants checked, for every height from 0
//   A0  framing     the block is canonical bytes and has the height under which it was found
//   A1  hash chain  block 0 is the founding block of the genesis; C1 to C3 hold between neighbours
//   A2  roots       the submissions root and count are those of the submissions, each submission's root and count those
//                   of its operations
//   A3  signatures  every submission is signed for this ledger
//   A4  full        every submission is accepted by the rules and changes the state to exactly the state root
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "ledger/chain/execute.hpp"
#include "ledger/genesis/genesis.hpp"
#include "ledger/merkle/log_tree.hpp"
#include "ledger/merkle/state_tree.hpp"

namespace hufu {

enum class AuditLevel : std::uint8_t { framing = 0, chain = 1, roots = 2, signatures = 3, full = 4 };
std::string_view name_of(AuditLevel level);

class BlockSource {
 public:
  virtual ~BlockSource() = default;
  // The canonical bytes of the block at this height; nothing above the newest. An error is the source's own.
  virtual Result<std::optional<Bytes>> block(std::uint64_t height) = 0;
};

struct AuditFault {
  std::uint64_t height = 0;
  std::optional<std::uint32_t> submission;  // index in the block
  AuditLevel level = AuditLevel::framing;   // at which it was found
  Error error = Error::storage_corrupt;
  std::string what;
};

struct AuditReport {
  std::uint64_t blocks = 0;  // that passed
  std::uint64_t submissions = 0;
  std::uint64_t operations = 0;
  std::uint64_t subjects = 0;  // with A4
  BlockHeader head;            // the last that passed
  Hash head_hash;
  Hash log_root;
  std::optional<AuditFault> fault;
};

class Audit {
 public:
  Audit(const Genesis& genesis, AuditLevel level);

  // The next block in order; false when it, or one before it, is at fault.
  bool next(ByteSpan block);
  // The source could not give the next block.
  void fail(Error error, std::string what);
  const AuditReport& report() const { return report_; }

  // With A4: the standing that the replay gives a subject, by its path. nullptr: none.
  const Standing* standing(const Hash& path) const;

 private:
  using Finding = std::optional<AuditFault>;

  Finding check(ByteSpan bytes, Block& block);
  Finding check_link(const Block& block) const;
  Finding check_roots(const Block& block) const;
  Finding check_signatures(const Block& block) const;
  Finding replay(const Block& block);
  AuditFault fault(AuditLevel level, Error error, std::string what,
                   std::optional<std::uint32_t> submission = std::nullopt) const;
  void found(const Genesis& genesis);

  const AuditLevel level_;
  const LedgerId ledger_;
  const BlockHeader founding_;
  std::unordered_map<Hash, Standing, HashOfHash> standings_;
  StateTree tree_;
  StateTree::Version state_;
  Frontier log_;
  AuditReport report_;
};

// The whole of a source. `progress` is told after every block.
AuditReport audit(Audit& audit, BlockSource& source, const std::function<void(const AuditReport&)>& progress);

}  // namespace hufu
