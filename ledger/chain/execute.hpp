// Executing a proposal: from what Raft ordered to what is true.
//
// Pure. Every replica, the audit and a restored backup run exactly this; nothing else changes a standing.
//
// Invariants
//   X1  a submission is applied whole or not at all
//   X2  a submission id is applied at most once; again, it answers with its first place
//   X3  the outcome depends on nothing but the ledger id, the state and the proposal
//   X4  operations see the effects of those before them in the same proposal
#pragma once

#include <boost/container/flat_map.hpp>
#include <functional>
#include <variant>

#include "ledger/chain/block.hpp"
#include "ledger/record/standing.hpp"

namespace hufu {

// Where standings come from: RocksDB in a node, a map in the audit and in tests.
class StateReader {
 public:
  virtual ~StateReader() = default;
  virtual std::optional<Standing> find(const SubjectKey& key) const = 0;
  // The same, where the subject's path is known already.
  virtual std::optional<Standing> find_under(const Hash& /*path*/, const SubjectKey& key) const {
    return find(key);
  }
};

// One operation at fault. `place` is that of the operation which stands in the way, where there is one (the winner of a
// claim, the first issue); nodes fill it from their index.
struct Fault {
  std::uint32_t operation = 0;
  Error error = Error::usage;
  bool operator==(const Fault&) const = default;
};

struct Applied {
  Place place;
  bool repeated = false;  // X2: it had been applied before
};
struct Refused {
  std::optional<Error> submission;  // at fault as a whole; then `faults` is empty
  std::vector<Fault> faults;        // every operation at fault, in order
};
using Outcome = std::variant<Applied, Refused>;

struct Change {
  using Operations = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // (submission, operation)
  SubjectKey key;
  Standing standing;
  Operations operations;  // of this block, in order
};
// By the subject's path in the state tree.
using Changes = boost::container::flat_map<Hash, Change>;

struct Execution {
  std::vector<Submission> included;
  std::vector<Hash> included_ids;  // submission ids, same order
  std::vector<Outcome> outcomes;   // one for each submission of the proposal, in order
  Changes changes;                 // the standings after the block, of every subject it touched
};

// How a signature is judged; the node passes one that remembers what its worker pool has verified, everyone else
// check_signed() itself. Must give the same answer as check_signed(). `operations`: their hashes.
using SignatureCheck =
    std::function<Result<void>(const LedgerId&, const Submission&, std::span<const Hash> operations)>;

// Judges one submission against the state of the moment: advice at admission. Nothing: it would be applied. The questions
// are those of execute(), in the same order: signature, repetition, agency, key, then the law for every operation.
std::optional<Outcome> judge(const LedgerId& ledger, const Submission& submission, const StateReader& state,
                             std::uint64_t time_ms, const SignatureCheck& check = check_signed);

// Executes all submissions of a proposal in order. The caller has checked that it follows its tip. `operations`: the hashes of
// each submission's, by whoever has them already (operation_hashes).
Execution execute(const LedgerId& ledger, Proposal proposal, const StateReader& state,
                  const SignatureCheck& check, std::span<const std::vector<Hash>> operations = {});

// The header that states what was executed; `state_root` is the state tree's root after the changes.
BlockHeader make_header(std::uint64_t height, const Hash& parent, std::uint64_t time_ms,
                        const std::vector<Submission>& included, const Hash& state_root);

}  // namespace hufu
