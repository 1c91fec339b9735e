#include "cli/stated_checkpoint.hpp"

namespace hufu::cli {
namespace {

// By the roster alone, without a look at any block.
Result<Checkpoint> open_certified(const std::string& origin, const RosterStanding& roster,
                                  const std::string& note) {
  const Result<CertifiedCheckpoint> opened = open_checkpoint_note(origin, roster, note);
  if (!opened) return opened.error();
  const auto time_s = check_certified(origin, roster, *opened);
  if (!time_s) return time_s.error();
  return opened->checkpoint;
}

}  // namespace

StatedCheckpoint::StatedCheckpoint(std::string_view origin, Result<std::string> note)
    : note_(std::move(note)) {
  if (!note_) return;
  const Result<Note> parsed = parse_note(*note_);
  if (!parsed) return;
  if (const auto stated = parse_checkpoint_body(origin, parsed->text)) size_ = stated->size;
}

void StatedCheckpoint::see(const AuditReport& so_far) {
  if (so_far.blocks == size_) seen_ = Checkpoint{.size = so_far.blocks, .root = so_far.log_root};
}

std::optional<AuditFault> StatedCheckpoint::judge(const Genesis& genesis, const Audit& audit) {
  const SubjectKey key{SubjectKind::roster, ""};
  const Standing* const standing = audit.standing(key.path());
  const RosterStanding& roster =
      standing == nullptr ? genesis.roster : std::get<RosterStanding>(standing->detail);
  certified_ = note_ ? open_certified(genesis.origin, roster, *note_) : note_.error();
  if (!certified_ || seen_ == *certified_) return std::nullopt;
  return AuditFault{.height = certified_->size - 1,
                    .submission = std::nullopt,
                    .level = AuditLevel::chain,
                    .error = Error::fork_detected,
                    .what = seen_ ? "the quorum has certified another log than these blocks make"
                                  : "the blocks end before what the quorum has certified"};
}

}  // namespace hufu::cli
