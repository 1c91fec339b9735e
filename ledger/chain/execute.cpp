#include "ledger/chain/execute.hpp"

#include "ledger/base/mutant.hpp"
#include "ledger/merkle/log_tree.hpp"
#include "ledger/rules/rules.hpp"

namespace hufu {
namespace {

using Changes = std::map<Hash, Change>;  // by path

// Standings as they are after what has been staged so far: the submission at hand over the block over the state.
class Staging final : public rules::Surroundings {
 public:
  // `submission`: its index in the block, if it is included.
  Staging(const StateReader& state, const Changes& block, std::uint32_t submission)
      : state_(state), block_(block), submission_(submission) {}

  const Standing* find(const SubjectKey& key) const override { return find(key.path(), key); }
  // Good until the next stage() of the same key.
  const Standing* find(const Hash& path, const SubjectKey& key) const {
    if (const auto staged = staged_.find(path); staged != staged_.end()) return &staged->second.standing;
    if (const auto changed = block_.find(path); changed != block_.end()) return &changed->second.standing;
    if (const auto known = read_.find(path); known != read_.end()) return &known->second;
    auto read = state_.find_under(path, key);
    return read ? &read_.emplace(path, std::move(*read)).first->second : nullptr;
  }
  void stage(const Hash& path, const SubjectKey& key, Standing standing,
             std::optional<std::uint32_t> operation) {
    const auto [at, fresh] = staged_.try_emplace(path);
    Change& change = at->second;
    if (fresh) change.key = key;
    change.standing = std::move(standing);
    if (operation) change.operations.emplace_back(submission_, *operation);
  }
  void merge_into(Changes& block) {
    while (!staged_.empty()) {
      auto node = staged_.extract(staged_.begin());
      const auto there = block.find(node.key());
      if (there == block.end()) {
        block.insert(std::move(node));
        continue;
      }
      there->second.standing = std::move(node.mapped().standing);
      auto& operations = there->second.operations;
      operations.insert(operations.end(), node.mapped().operations.begin(), node.mapped().operations.end());
    }
  }

 private:
  const StateReader& state_;
  const Changes& block_;
  const std::uint32_t submission_;
  Changes staged_;
  mutable std::map<Hash, Standing> read_;
};

Outcome refuse(Error error) { return Refused{.submission = error, .faults = {}}; }

// Has this request been applied before? Nothing: no.
std::optional<Outcome> find_repetition(const SubmissionHeader& header, const Hash& id,
                                       const Staging& staging) {
  const Standing* standing = staging.find(request_subject(header.agency, header.request_id));
  if (standing == nullptr || mutated("replay_accepted")) return std::nullopt;
  const auto* request = std::get_if<RequestStanding>(&standing->detail);
  HUFU_CHECK(request != nullptr);
  if (request->submission != id) return refuse(Error::request_id_reused);
  return Applied{.place = request->place, .repeated = true};
}

// The law for every operation; those at fault change nothing, so that the rest is judged as it would be without them.
std::vector<Fault> stage_operations(const Submission& submission, std::span<const Hash> hashes,
                                    const rules::Signer& signer, Staging& staging) {
  std::map<std::uint32_t, Error> faults;
  for (const rules::Unpaired& half : rules::check_pairs(submission.operations, staging)) {
    faults.emplace(half.operation, half.error);
  }
  for (std::uint32_t i = 0; i < submission.operations.size(); ++i) {
    const Operation& operation = submission.operations[i];
    const Hash path = operation.subject.path();
    Result<Standing> after =
        rules::apply(signer, operation, hashes[i], staging.find(path, operation.subject));
    if (!after) {
      faults[i] = after.error();  // says more than that its other half is missing
      continue;
    }
    staging.stage(path, operation.subject, std::move(*after), i);
    if (auto more = rules::consequence(operation)) {
      staging.stage(more->first.path(), more->first, std::move(more->second), std::nullopt);
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
  const std::vector<Hash> operations = operation_hashes(submission.operations);
  if (const Result<void> signed_well = check(ledger, submission, operations);
      !signed_well && !mutated("signature_unchecked"))
    return refuse(signed_well.error());
  if (auto repetition = find_repetition(header, id, staging)) return repetition;
  const auto signer = rules::find_signer(header.agency, header.key, time_ms, staging);
  if (!signer) return refuse(signer.error());
  std::vector<Fault> faults = stage_operations(submission, operations, *signer, staging);
  if (!faults.empty()) return Refused{.submission = std::nullopt, .faults = std::move(faults)};
  return std::nullopt;
}

}  // namespace

std::optional<Outcome> judge(const LedgerId& ledger, const Submission& submission, const StateReader& state,
                             std::uint64_t time_ms, const SignatureCheck& check) {
  const Changes nothing;
  Staging staging(state, nothing, 0);
  return stage_submission(ledger, submission, submission_id(ledger, submission.header), time_ms, check,
                          staging);
}

Execution execute(const LedgerId& ledger, Proposal proposal, const StateReader& state,
                  const SignatureCheck& check) {
  Execution execution;
  for (Submission& submission : proposal.submissions) {
    const auto index = static_cast<std::uint32_t>(execution.included.size());
    Staging staging(state, execution.changes, index);
    const Hash id = submission_id(ledger, submission.header);
    if (auto outcome = stage_submission(ledger, submission, id, proposal.time_ms, check, staging)) {
      execution.outcomes.push_back(std::move(*outcome));
      continue;
    }
    const Place place{.height = proposal.height, .submission = index};
    if (!mutated("request_not_kept")) {
      const SubjectKey request = request_subject(submission.header.agency, submission.header.request_id);
      staging.stage(
          request.path(), request,
          Standing{.count = 0, .last = {}, .detail = RequestStanding{.submission = id, .place = place}},
          std::nullopt);
    }
    staging.merge_into(execution.changes);
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
