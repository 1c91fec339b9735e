#include "ledger/chain/audit.hpp"

#include <algorithm>

namespace hufu {
namespace {

// The replay's standings as the law reads them.
class Standings final : public StateReader {
 public:
  explicit Standings(const std::unordered_map<Hash, Standing, HashOfHash>& standings)
      : standings_(standings) {}
  std::optional<Standing> find(const SubjectKey& key) const override {
    const auto found = standings_.find(key.path());
    if (found == standings_.end()) return std::nullopt;
    return found->second;
  }

 private:
  const std::unordered_map<Hash, Standing, HashOfHash>& standings_;
};

void sort_by_path(std::vector<StateChange>& changes) {
  std::sort(changes.begin(), changes.end(),
            [](const StateChange& a, const StateChange& b) { return a.path < b.path; });
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
  sort_by_path(changes);
  state_ = tree_.update(tree_.empty(), changes);
}

AuditFault Audit::fault(AuditLevel level, Error error, std::string what,
                        std::optional<std::uint32_t> submission) const {
  return {.height = report_.blocks,
          .submission = submission,
          .level = level,
          .error = error,
          .what = std::move(what)};
}

bool Audit::next(ByteSpan bytes) {
  if (report_.fault) return false;
  Block block;
  report_.fault = check(bytes, block);
  if (report_.fault) return false;
  ++report_.blocks;
  report_.submissions += block.submissions.size();
  for (const Submission& submission : block.submissions) report_.operations += submission.operations.size();
  report_.subjects = standings_.size();
  report_.head = block.header;
  report_.head_hash = block_hash(block.header);
  log_.append(leaf_hash(encode(block.header)));
  report_.log_root = log_.root();
  return true;
}

void Audit::fail(Error error, std::string what) {
  if (!report_.fault) report_.fault = fault(AuditLevel::framing, error, std::move(what));
}

Audit::Finding Audit::check(ByteSpan bytes, Block& block) {
  Result<Block> decoded = decode<Block>(bytes);
  if (!decoded) return fault(AuditLevel::framing, Error::storage_corrupt, "the block is not canonical bytes");
  block = std::move(*decoded);
  if (block.header.version != BlockHeader::kVersion) {
    return fault(AuditLevel::framing, Error::unknown_tag,
                 "a block of a version that this build does not know");
  }
  if (block.header.height != report_.blocks) {
    return fault(AuditLevel::framing, Error::height_gap, "another height stands in the block");
  }
  if (level_ >= AuditLevel::chain) {
    if (Finding finding = check_link(block)) return finding;
  }
  if (level_ >= AuditLevel::roots) {
    if (Finding finding = check_roots(block)) return finding;
  }
  if (level_ >= AuditLevel::signatures) {
    if (Finding finding = check_signatures(block)) return finding;
  }
  if (level_ >= AuditLevel::full) return replay(block);
  return std::nullopt;
}

Audit::Finding Audit::check_link(const Block& block) const {
  if (report_.blocks == 0) {
    if (block.header == founding_ && block.submissions.empty()) return std::nullopt;
    return fault(AuditLevel::chain, Error::genesis_mismatch, "block 0 is not that of the genesis");
  }
  const Result<void> follows = check_follows(report_.head, block.header);
  if (follows) return std::nullopt;
  return fault(AuditLevel::chain, follows.error(), std::string(describe(follows.error()).en));
}

Audit::Finding Audit::check_roots(const Block& block) const {
  const Result<void> contents = check_contents(block);
  if (!contents) {
    return fault(AuditLevel::roots, Error::root_mismatch,
                 "the submissions are not those that the header states");
  }
  for (std::uint32_t i = 0; i < block.submissions.size(); ++i) {
    const Result<void> root = check_root(block.submissions[i]);
    if (!root) {
      return fault(AuditLevel::roots, Error::root_mismatch, "the operations are not those that were signed",
                   i);
    }
  }
  return std::nullopt;
}

Audit::Finding Audit::check_signatures(const Block& block) const {
  for (std::uint32_t i = 0; i < block.submissions.size(); ++i) {
    const Result<void> checked = check_signed(ledger_, block.submissions[i]);
    if (checked) continue;
    return fault(
        AuditLevel::signatures, checked.error(),
        "agency " + block.submissions[i].header.agency + ": " + std::string(describe(checked.error()).en), i);
  }
  return std::nullopt;
}

Audit::Finding Audit::replay(const Block& block) {
  if (report_.blocks == 0) {
    if (state_.root() == block.header.state_root) return std::nullopt;
    return fault(AuditLevel::full, Error::root_mismatch, "the founding state has another root");
  }
  Proposal proposal{.height = block.header.height,
                    .parent = block.header.parent,
                    .time_ms = block.header.time_ms,
                    .submissions = block.submissions};
  // The signatures were checked a level below.
  Execution execution = execute(ledger_, std::move(proposal), Standings(standings_),
                                [](const LedgerId&, const Submission&) { return Result<void>(); });
  for (std::uint32_t i = 0; i < execution.outcomes.size(); ++i) {
    const auto* const applied = std::get_if<Applied>(&execution.outcomes[i]);
    if (applied == nullptr)
      return fault(AuditLevel::full, Error::root_mismatch, "the rules refuse a submission", i);
    if (applied->repeated)
      return fault(AuditLevel::full, Error::root_mismatch, "a submission stands twice", i);
  }
  std::vector<StateChange> changes;
  for (auto& [key, change] : execution.changes) {
    const Hash path = key.path();
    changes.push_back({.path = path, .value_hash = change.standing.value_hash()});
    standings_.insert_or_assign(path, std::move(change.standing));
  }
  sort_by_path(changes);
  state_ = tree_.update(state_, changes);
  if (state_.root() == block.header.state_root) return std::nullopt;
  return fault(AuditLevel::full, Error::root_mismatch, "the state after the block has another root");
}

const Standing* Audit::standing(const Hash& path) const {
  const auto found = standings_.find(path);
  return found == standings_.end() ? nullptr : &found->second;
}

AuditReport audit(Audit& audit, BlockSource& source,
                  const std::function<void(const AuditReport&)>& progress) {
  while (!audit.report().fault) {
    const Result<std::optional<Bytes>> block = source.block(audit.report().blocks);
    if (!block) {
      audit.fail(block.error(), "the block cannot be read");
      break;
    }
    if (!*block) {
      if (audit.report().blocks == 0) audit.fail(Error::storage_corrupt, "there is not even block 0");
      break;
    }
    if (!audit.next(**block)) break;
    progress(audit.report());
  }
  return audit.report();
}

}  // namespace hufu
