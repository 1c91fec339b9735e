#include "cli/play/mirror.hpp"

#include <algorithm>

namespace hufu::cli::play {
namespace {

RequestId numbered(std::uint64_t number) {
  RequestId id{};
  for (std::size_t i = 0; i < sizeof number; ++i) id[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

Error first_error(const Outcome& outcome) {
  const auto& refused = std::get<Refused>(outcome);
  return refused.submission ? *refused.submission : refused.faults.front().error;
}

}  // namespace

Mirror::Mirror(const Genesis& genesis, std::uint64_t time_ms)
    : ledger_(ledger_id(genesis)), time_ms_(time_ms) {
  for (auto& [key, standing] : founding_state(genesis)) state_.emplace(key, std::move(standing));
}

std::optional<Standing> Mirror::find(const SubjectKey& key) const {
  const Standing* const found = standing(key);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

const Standing* Mirror::standing(const SubjectKey& key) const {
  const auto found = state_.find(key);
  return found == state_.end() ? nullptr : &found->second;
}

std::optional<PublicKey> Mirror::key_of(const std::string& agency) const {
  if (const Standing* const found = standing({SubjectKind::agency, agency})) {
    const auto& keys = std::get<AgencyStanding>(found->detail).keys;
    if (!keys.empty()) return keys.front().key;
  }
  if (const Standing* const found = standing({SubjectKind::province, agency})) {
    const auto& keys = std::get<ProvinceStanding>(found->detail).authority_keys;
    if (!keys.empty()) return keys.front();
  }
  return std::nullopt;
}

Result<void> Mirror::append(const std::string& agency, const std::vector<Operation>& operations) {
  const std::optional<PublicKey> key = key_of(agency);
  if (!key) return Error::issuer_unknown;
  Submission submission;
  submission.header.genesis = ledger_.genesis;
  submission.header.agency = agency;
  submission.header.key = *key;
  submission.header.request_id = numbered(++submissions_);
  submission.operations = operations;
  Proposal proposal;
  proposal.time_ms = time_ms_;
  proposal.submissions.push_back(std::move(submission));
  const auto unsigned_yet = [](const LedgerId&, const Submission&, auto) { return Result<void>(); };
  Execution execution = execute(ledger_, std::move(proposal), *this, unsigned_yet);
  if (!std::holds_alternative<Applied>(execution.outcomes.front()))
    return first_error(execution.outcomes.front());
  for (auto& [path, change] : execution.changes) {
    // Nothing is sent under these numbers.
    if (change.key.kind != SubjectKind::request) state_[change.key] = std::move(change.standing);
  }
  return {};
}

}  // namespace hufu::cli::play
