#include "ledger/chain/execute.hpp"

#include <map>

#include "ledger/base/mutant.hpp"
#include "ledger/chain/staging.hpp"
#include "ledger/merkle/log_tree.hpp"
#include "ledger/rules/rules.hpp"

namespace hufu {
namespace {

Outcome refuse(Error error) { return Refused{.submission = error, .faults = {}}; }

// Has this request been applied before? Nothing: no.
std::optional<Outcome> find_repetition(const Hash& id, Staging& staging) {
  const Standing* standing = staging.find(staging.request());
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
    Staging::Subject& subject = staging.own(i);
    Result<Standing> after = rules::apply(signer, operation, hashes[i], staging.find(subject));
    if (!after) {
      faults[i] = after.error();  // says more than that its other half is missing
      continue;
    }
    staging.stage(subject, std::move(*after), i);
    if (auto more = rules::consequence(operation)) {
      staging.stage(staging.at(more->first), std::move(more->second), std::nullopt);
    }
  }
  std::vector<Fault> all;
  all.reserve(faults.size());
  for (const auto& [operation, error] : faults) all.push_back({operation, error});
  return all;
}

// Everything that is asked of one submission. Nothing: it may be applied, and its effects are staged. `known`: the hashes of
// its operations, if they are.
std::optional<Outcome> stage_submission(const LedgerId& ledger, const Submission& submission, const Hash& id,
                                        std::span<const Hash> known, std::uint64_t time_ms,
                                        const SignatureCheck& check, Staging& staging) {
  const SubmissionHeader& header = submission.header;
  const std::vector<Hash> made =
      known.empty() ? operation_hashes(submission.operations) : std::vector<Hash>();
  const std::span<const Hash> operations = known.empty() ? made : known;
  if (const Result<void> signed_well = check(ledger, submission, operations);
      !signed_well && !mutated("signature_unchecked"))
    return refuse(signed_well.error());
  if (auto repetition = find_repetition(id, staging)) return repetition;
  const auto signer = rules::find_signer(header.agency, header.key, time_ms, staging);
  if (!signer) return refuse(signer.error());
  std::vector<Fault> faults = stage_operations(submission, operations, *signer, staging);
  if (!faults.empty()) return Refused{.submission = std::nullopt, .faults = std::move(faults)};
  return std::nullopt;
}

}  // namespace

std::optional<Outcome> judge(const LedgerId& ledger, const Submission& submission, const StateReader& state,
                             std::uint64_t time_ms, const SignatureCheck& check) {
  Staging staging(state, std::span(&submission, 1));
  staging.next(submission, 0);
  return stage_submission(ledger, submission, submission_id(ledger, submission.header), {}, time_ms, check,
                          staging);
}

Execution execute(const LedgerId& ledger, Proposal proposal, const StateReader& state,
                  const SignatureCheck& check, std::span<const std::vector<Hash>> operations) {
  HUFU_CHECK(operations.empty() || operations.size() == proposal.submissions.size());
  Execution execution;
  Staging staging(state, proposal.submissions);
  for (std::size_t i = 0; i < proposal.submissions.size(); ++i) {
    Submission& submission = proposal.submissions[i];
    const auto index = static_cast<std::uint32_t>(execution.included.size());
    staging.next(submission, index);
    const Hash id = submission_id(ledger, submission.header);
    const std::span<const Hash> known = operations.empty() ? std::span<const Hash>() : operations[i];
    if (auto outcome = stage_submission(ledger, submission, id, known, proposal.time_ms, check, staging)) {
      staging.drop();
      execution.outcomes.push_back(std::move(*outcome));
      continue;
    }
    const Place place{.height = proposal.height, .submission = index};
    if (!mutated("request_not_kept")) {
      staging.stage(
          staging.request(),
          Standing{.count = 0, .last = {}, .detail = RequestStanding{.submission = id, .place = place}},
          std::nullopt);
    }
    staging.keep();
    execution.outcomes.emplace_back(Applied{.place = place});
    execution.included.push_back(std::move(submission));
    execution.included_ids.push_back(id);
  }
  execution.changes = staging.take_changes();
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
