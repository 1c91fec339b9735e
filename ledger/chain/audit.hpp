// Replaying a whole ledger without believing whoever keeps it. Pure: blocks come from a BlockSource.
//
// Each level includes those below it; the first fault ends the audit, because what follows a broken block proves nothing.
// A0, A2 and A3 ask a block alone: on any thread, ahead of the rest. A1 and A4 need all that came before.
//
// Invariants checked, for every height from 0
//   A0  framing     the block is canonical bytes and has the height under which it was found
//   A1  hash chain  block 0 is the founding block of the genesis; C1 to C3 hold between neighbours
//   A2  roots       the submissions root and count are those of the submissions, each submission's root and count those
//                   of its operations
//   A3  signatures  every submission is signed for this ledger
//   A4  full        every submission is accepted by the rules and changes the state to exactly the state root
// and of the audit itself
//   A5  order       the report is that of asking block after block and level after level, however far ahead was asked
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

struct AuditFault {
  std::uint64_t height = 0;
  std::optional<std::uint32_t> submission;  // index in the block
  AuditLevel level = AuditLevel::framing;   // at which it was found
  Error error = Error::storage_corrupt;
  std::string what;

  bool operator==(const AuditFault&) const = default;
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

// A block, and the first of A0, A2 and A3 that does not hold.
struct CheckedBlock {
  Block block;
  std::vector<std::vector<Hash>> operations;  // with A2: the hashes of each submission's
  Hash hash;
  Hash leaf;  // in the log of blocks
  std::optional<AuditFault> fault;
};
CheckedBlock check_alone(const LedgerId& ledger, AuditLevel level, std::uint64_t height, ByteSpan bytes);

class Audit {
 public:
  Audit(const Genesis& genesis, AuditLevel level);

  const LedgerId& ledger() const { return ledger_; }
  AuditLevel level() const { return level_; }

  // The next block in order, as check_alone() gave it for its height; false when it, or one before it, is at fault. It is
  // replayed as it is, without a copy: whoever needs it afterwards watches.
  bool next(CheckedBlock checked);
  // The source could not give the next block.
  void fail(Error error, std::string what);
  const AuditReport& report() const { return report_; }

  // Is told every block that passed, in order.
  void watch(std::function<void(const Block&)> watcher) { watcher_ = std::move(watcher); }
  // With A4, in no order: visit(path of the subject, standing).
  template <class Visit>
  void each_standing(Visit visit) const {
    for (const auto& [path, standing] : standings_) visit(path, standing);
  }
  // With A4: the standing that the replay gives a subject, by its path. nullptr: none.
  const Standing* standing(const Hash& path) const;

 private:
  using Finding = std::optional<AuditFault>;

  Finding first_fault(CheckedBlock& checked);
  Finding check_link(const Block& block) const;
  Finding replay(CheckedBlock& checked);
  void settle(Changes& changes);  // their standings are taken
  void found(const Genesis& genesis);

  const AuditLevel level_;
  const LedgerId ledger_;
  const BlockHeader founding_;
  std::unordered_map<Hash, Standing, HashOfHash> standings_;
  StateTree tree_;
  StateTree::Version state_;
  Frontier log_;
  AuditReport report_;
  std::function<void(const Block&)> watcher_;
};

class BlockSource {
 public:
  virtual ~BlockSource() = default;
  // The canonical bytes of the block at this height; nothing above the newest. An error is the source's own.
  virtual Result<std::optional<Bytes>> block(std::uint64_t height) = 0;
};

// Where the questions that need no neighbour are asked: here, or, by who has threads, elsewhere. `start` gives back what waits
// for the answer. A question owns all it needs; those under way are bounded in number and in bytes.
struct AskAhead {
  using Question = std::function<CheckedBlock()>;
  static constexpr std::size_t kBytes = 64U << 20;  // one block more than this is never under way
  std::function<Question(Question)> start = [](Question question) { return question; };
  std::size_t blocks = 1;
};

// The whole of a source (A5). `progress` is told after every block.
AuditReport audit(Audit& audit, BlockSource& source, const std::function<void(const AuditReport&)>& progress,
                  const AskAhead& ahead = {});

}  // namespace hufu
