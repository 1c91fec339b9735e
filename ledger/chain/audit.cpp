#include "ledger/chain/audit.hpp"

#include <algorithm>
#include <deque>

#include "ledger/base/hash_batch.hpp"

namespace hufu {
namespace {

// The replay's standings as the law reads them.
class Standings final : public StateReader {
 public:
  explicit Standings(const std::unordered_map<Hash, Standing, HashOfHash>& standings)
      : standings_(standings) {}
  std::optional<Standing> find(const SubjectKey& key) const override { return find_under(key.path(), key); }
  std::optional<Standing> find_under(const Hash& path, const SubjectKey& /*key*/) const override {
    const auto found = standings_.find(path);
    if (found == standings_.end()) return std::nullopt;
    return found->second;
  }

 private:
  const std::unordered_map<Hash, Standing, HashOfHash>& standings_;
};

AuditFault fault(std::uint64_t height, AuditLevel level, Error error, std::string what,
                 std::optional<std::uint32_t> submission = std::nullopt) {
  return {
      .height = height, .submission = submission, .level = level, .error = error, .what = std::move(what)};
}

// Blocks that were read and whose turn has not come.
class UnderWay {
 public:
  UnderWay(const Audit& audit, const AskAhead& ahead) : audit_(audit), ahead_(ahead) {}

  bool empty() const { return waiting_.empty(); }
  bool has_room() const {
    return waiting_.empty() || (waiting_.size() < ahead_.blocks && bytes_ < AskAhead::kBytes);
  }
  void start(std::uint64_t height, Bytes block) {
    const std::size_t bytes = block.size();
    bytes_ += bytes;
    waiting_.emplace_back(
        ahead_.start([ledger = audit_.ledger(), level = audit_.level(), height, block = std::move(block)] {
          return check_alone(ledger, level, height, block);
        }),
        bytes);
  }
  CheckedBlock take() {
    const auto [answer, bytes] = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_ -= bytes;
    return answer();
  }

 private:
  const Audit& audit_;
  const AskAhead& ahead_;
  std::deque<std::pair<AskAhead::Question, std::size_t>> waiting_;
  std::size_t bytes_ = 0;
};

std::optional<AuditFault> check_roots(const Block& block, std::span<const std::vector<Hash>> operations) {
  if (check_contents(block, operations)) return std::nullopt;
  for (std::uint32_t i = 0; i < block.submissions.size(); ++i) {
    if (check_root(block.submissions[i], operations[i])) continue;
    return fault(block.header.height, AuditLevel::roots, Error::root_mismatch,
                 "the operations are not those that were signed", i);
  }
  return fault(block.header.height, AuditLevel::roots, Error::root_mismatch,
               "the submissions are not those that the header states");
}

// The roots were checked a level below.
std::optional<AuditFault> check_signatures(const LedgerId& ledger, const Block& block) {
  for (std::uint32_t i = 0; i < block.submissions.size(); ++i) {
    const Result<void> checked = check_signature(ledger, block.submissions[i]);
    if (checked) continue;
    return fault(
        block.header.height, AuditLevel::signatures, checked.error(),
        "agency " + block.submissions[i].header.agency + ": " + std::string(describe(checked.error()).en), i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(AuditLevel level) {
  switch (level) {
    case AuditLevel::framing:
      return "framing";
    case AuditLevel::chain:
      return "hash chain";
    case AuditLevel::roots:
      return "roots";
    case AuditLevel::signatures:
      return "signatures";
    case AuditLevel::full:
      break;
  }
  return "full replay";
}

Audit::Audit(const Genesis& genesis, AuditLevel level)
    : level_(level), ledger_(ledger_id(genesis)), founding_(founding_block(genesis)) {
  if (level_ == AuditLevel::full) found(genesis);
}

void Audit::found(const Genesis& genesis) {
  std::vector<StateChange> changes;
  for (auto& [key, standing] : founding_state(genesis)) {
    const Hash path = key.path();
    changes.push_back({.path = path, .value_hash = standing.value_hash()});
    standings_.emplace(path, std::move(standing));
  }
  std::sort(changes.begin(), changes.end(),
            [](const StateChange& a, const StateChange& b) { return a.path < b.path; });
  state_ = tree_.update(tree_.empty(), changes);
}

CheckedBlock check_alone(const LedgerId& ledger, AuditLevel level, std::uint64_t height, ByteSpan bytes) {
  CheckedBlock checked;
  Result<Block> block = decode<Block>(bytes);
  if (!block) {
    checked.fault =
        fault(height, AuditLevel::framing, Error::storage_corrupt, "the block is not canonical bytes");
    return checked;
  }
  checked.block = std::move(*block);
  checked.hash = block_hash(checked.block.header);
  checked.leaf = leaf_hash(encode(checked.block.header));
  if (checked.block.header.height != height) {
    checked.fault =
        fault(height, AuditLevel::framing, Error::height_gap, "another height stands in the block");
    return checked;
  }
  if (level >= AuditLevel::roots) {
    for (const Submission& each : checked.block.submissions)
      checked.operations.push_back(operation_hashes(each.operations));
    checked.fault = check_roots(checked.block, checked.operations);
  }
  if (level >= AuditLevel::signatures && !checked.fault) {
    checked.fault = check_signatures(ledger, checked.block);
  }
  return checked;
}

bool Audit::next(CheckedBlock checked) {
  if (report_.fault) return false;
  report_.fault = first_fault(checked);
  if (report_.fault) return false;
  const Block& block = checked.block;
  ++report_.blocks;
  report_.submissions += block.submissions.size();
  for (const Submission& submission : block.submissions) report_.operations += submission.operations.size();
  report_.subjects = standings_.size();
  report_.head = block.header;
  report_.head_hash = checked.hash;
  log_.append(checked.leaf);
  report_.log_root = log_.root();
  if (watcher_) watcher_(block);
  return true;
}

void Audit::fail(Error error, std::string what) {
  if (!report_.fault) report_.fault = fault(report_.blocks, AuditLevel::framing, error, std::move(what));
}

// A5: the hash chain comes before what was found of the block alone, except its framing.
Audit::Finding Audit::first_fault(CheckedBlock& checked) {
  if (checked.fault && checked.fault->level == AuditLevel::framing) return checked.fault;
  if (level_ >= AuditLevel::chain) {
    if (Finding finding = check_link(checked.block)) return finding;
  }
  if (checked.fault) return checked.fault;
  if (level_ >= AuditLevel::full) return replay(checked);
  return std::nullopt;
}

Audit::Finding Audit::check_link(const Block& block) const {
  if (report_.blocks == 0) {
    if (block.header == founding_ && block.submissions.empty()) return std::nullopt;
    return fault(0, AuditLevel::chain, Error::genesis_mismatch, "block 0 is not that of the genesis");
  }
  const Result<void> follows = check_follows(report_.head, block.header);
  if (follows) return std::nullopt;
  return fault(report_.blocks, AuditLevel::chain, follows.error(), std::string(describe(follows.error()).en));
}

// What is replayed stands in the block afterwards as it did before, unless it is at fault.
Audit::Finding Audit::replay(CheckedBlock& checked) {
  Block& block = checked.block;
  const auto at_fault = [&](std::string what, std::optional<std::uint32_t> submission = std::nullopt) {
    return fault(block.header.height, AuditLevel::full, Error::root_mismatch, std::move(what), submission);
  };
  if (report_.blocks == 0) {
    if (state_.root() == block.header.state_root) return std::nullopt;
    return at_fault("the founding state has another root");
  }
  Proposal proposal{.height = block.header.height,
                    .parent = block.header.parent,
                    .time_ms = block.header.time_ms,
                    .submissions = std::move(block.submissions)};
  // The signatures were checked a level below.
  Execution execution = execute(
      ledger_, std::move(proposal), Standings(standings_),
      [](const LedgerId&, const Submission&, auto) { return Result<void>(); }, checked.operations);
  for (std::uint32_t i = 0; i < execution.outcomes.size(); ++i) {
    const auto* const applied = std::get_if<Applied>(&execution.outcomes[i]);
    if (applied == nullptr) return at_fault("the rules refuse a submission", i);
    if (applied->repeated) return at_fault("a submission stands twice", i);
  }
  block.submissions = std::move(execution.included);
  settle(execution.changes);
  if (state_.root() == block.header.state_root) return std::nullopt;
  return at_fault("the state after the block has another root");
}

void Audit::settle(Changes& changes) {
  EncodedBatch values;
  for (const auto& [path, change] : changes) values.add(change.standing);  // Standing::value_hash()
  const std::vector<Hash> hashes = values.finish();
  std::vector<StateChange> leaves;
  leaves.reserve(changes.size());
  for (auto& [path, change] : changes) {
    leaves.push_back({.path = path, .value_hash = hashes[leaves.size()]});
    standings_.insert_or_assign(path, std::move(change.standing));
  }
  state_ = tree_.update(state_, leaves);
}

const Standing* Audit::standing(const Hash& path) const {
  const auto found = standings_.find(path);
  return found == standings_.end() ? nullptr : &found->second;
}

AuditReport audit(Audit& audit, BlockSource& source, const std::function<void(const AuditReport&)>& progress,
                  const AskAhead& ahead) {
  UnderWay under_way(audit, ahead);
  std::optional<Error> unreadable;
  bool more = true;  // as far as is known
  for (std::uint64_t height = audit.report().blocks; !audit.report().fault; progress(audit.report())) {
    while (more && under_way.has_room()) {
      Result<std::optional<Bytes>> block = source.block(height);
      if (!block) unreadable = block.error();
      more = block && *block;
      if (more) under_way.start(height++, std::move(**block));
    }
    if (under_way.empty() || !audit.next(under_way.take())) break;
  }
  // These are faults only where all blocks before are sound.
  if (unreadable) audit.fail(*unreadable, "the block cannot be read");
  if (audit.report().blocks == 0) audit.fail(Error::storage_corrupt, "there is not even block 0");
  return audit.report();
}

}  // namespace hufu
