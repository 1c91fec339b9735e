#include "ledger/chain/execute.hpp"

#include "ledger/base/mutant.hpp"
#include "ledger/merkle/log_tree.hpp"
#include "ledger/rules/rules.hpp"

namespace hufu {
namespace {

// Standings as they are after what has been staged so far: the submission at hand over the block over the state.
class Staging final : public rules::Surroundings {
 public:
  Staging(const StateReader& state, const std::map<SubjectKey, Change>& block)
      : state_(state), block_(block) {}

  // Good until the next stage() of the same key.
  const Standing* find(const SubjectKey& key) const override {
    if (const auto staged = staged_.find(key); staged != staged_.end()) return &staged->second.standing;
    if (const auto changed = block_.find(key); changed != block_.end()) return &changed->second.standing;
    const auto [read, fresh] = read_.try_emplace(key);
    if (fresh) read->second = state_.find(key);
    return read->second ? &*read->second : nullptr;
  }
  void stage(const SubjectKey& key, Standing standing, std::optional<std::uint32_t> operation) {
    Change& change = staged_[key];
    change.standing = std::move(standing);
    if (operation) change.operations.emplace_back(0, *operation);
  }
  std::map<SubjectKey, Change>& staged() { return staged_; }

 private:
  const StateReader& state_;
  const std::map<SubjectKey, Change>& block_;
  std::map<SubjectKey, Change> staged_;
  mutable std::map<SubjectKey, std::optional<Standing>> read_;
};

Outcome refuse(Error error) { return Refused{.submission = error, .faults = {}}; }

// Has this request been applied before? Nothing: no.
std::optional<Outcome> find_repetition(const SubmissionHeader& header, const Hash& id, Staging& staging) {
  const Standing* standing = staging.find(request_subject(header.agency, header.request_id));
  if (standing == nullptr || mutated("replay_accepted")) return std::nullopt;
  const auto* request = std::get_if<RequestStanding>(&standing->detail);
  HUFU_CHECK(request != nullptr);
  if (request->submission != id) return refuse(Error::request_id_reused);
  return Applied{.place = request->place, .repeated = true};
}

// The law for every operation; those at fault change nothing, so that the rest is judged as it would be without them.
std::vector<Fault> stage_operations(const Submission& submission, const rules::Signer& signer,
                                    Staging& staging) {
  std::map<std::uint32_t, Error> faults;
  for (const rules::Unpaired& half : rules::check_pairs(submission.operations, staging)) {
    faults.emplace(half.operation, half.error);
  }
  for (std::uint32_t i = 0; i < submission.operations.size(); ++i) {
    const Operation& operation = submission.operations[i];
    Result<Standing> after = rules::apply(signer, operation, staging.find(operation.subject));
    if (!after) {
      faults[i] = after.error();  // says more than that its other half is missing
      continue;
    }
    staging.stage(operation.subject, std::move(*after), i);
    if (auto more = rules::consequence(operation)) {
      staging.stage(more->first, std::move(more->second), std::nullopt);
    }
  }
  std::vector<Fault> all;
  all.reserve(faults.size());
  for (const auto& [operation, error] : faults) all.push_back({operation, error});
  return all;
}

// Everything that is asked of one submission. Nothing: it may be applied, and its effects are staged.
std::optional<Outcome> stage_submission(const LedgerId& ledger, const Submission& submission, const Hash& id,
                                        std::uint64_t time_ms, const SignatureCheck& check,
                                        Staging& staging) {
  const SubmissionHeader& header = submission.header;
  if (const Result<void> signed_well = check(ledger, submission);
      !signed_well && !mutated("signature_unchecked"))
    return refuse(signed_well.error());
  if (auto repetition = find_repetition(header, id, staging)) return repetition;
  const auto signer = rules::find_signer(header.agency, header.key, time_ms, staging);
  if (!signer) return refuse(signer.error());
  std::vector<Fault> faults = stage_operations(submission, *signer, staging);
  if (!faults.empty()) return Refused{.submission = std::nullopt, .faults = std::move(faults)};
  return std::nullopt;
}

void merge(std::map<SubjectKey, Change>& staged, std::uint32_t index, std::map<SubjectKey, Change>& block) {
  for (auto& [key, change] : staged) {
    Change& total = block[key];
    total.standing = std::move(change.standing);
    for (const auto& [unused, operation] : change.operations) total.operations.emplace_back(index, operation);
  }
}

}  // namespace

std::optional<Outcome> judge(const LedgerId& ledger, const Submission& submission, const StateReader& state,
                             std::uint64_t time_ms, const SignatureCheck& check) {
  const std::map<SubjectKey, Change> nothing;
  Staging staging(state, nothing);
  return stage_submission(ledger, submission, submission_id(ledger, submission.header), time_ms, check,
                          staging);
}

Execution execute(const LedgerId& ledger, Proposal proposal, const StateReader& state,
                  const SignatureCheck& check) {
  Execution execution;
  for (Submission& submission : proposal.submissions) {
    Staging staging(state, execution.changes);
    const Hash id = submission_id(ledger, submission.header);
    if (auto outcome = stage_submission(ledger, submission, id, proposal.time_ms, check, staging)) {
      execution.outcomes.push_back(std::move(*outcome));
      continue;
    }
    const Place place{.height = proposal.height,
                      .submission = static_cast<std::uint32_t>(execution.included.size())};
    if (!mutated("request_not_kept")) {
      staging.stage(
          request_subject(submission.header.agency, submission.header.request_id),
          Standing{.count = 0, .last = {}, .detail = RequestStanding{.submission = id, .place = place}},
          std::nullopt);
    }
    merge(staging.staged(), place.submission, execution.changes);
    execution.outcomes.emplace_back(Applied{.place = place});
    execution.included.push_back(std::move(submission));
    execution.included_ids.push_back(id);
  }
  return execution;
}

BlockHeader make_header(std::uint64_t height, const Hash& parent, std::uint64_t time_ms,
                        const std::vector<Submission>& included, const Hash& state_root) {
  return {.version = BlockHeader::kVersion,
          .height = height,
          .parent = parent,
          .time_ms = time_ms,
          .count = static_cast<std::uint32_t>(included.size()),
          .submissions_root = tree_root(submission_leaves(included)),
          .state_root = state_root};
}

}  // namespace hufu
