#include "cli/play/pipeline_carrier.hpp"

#include <fmt/format.h>

#include "ledger/base/check.hpp"
#include "ledger/proof/receipt.hpp"

namespace hufu::cli::play {

PipelineCarrier::PipelineCarrier(Client& client, LedgerId ledger, KeyOf key_of, const Session& session)
    : ledger_(std::move(ledger)),
      key_of_(std::move(key_of)),
      session_(session),
      pipeline_(client, kWindow, api::WaitWish::certified) {}

bool PipelineCarrier::full() const { return pipeline_.full(); }

void PipelineCarrier::push(std::uint64_t tag, const std::string& agency, std::vector<Operation> operations) {
  const Signatory* const signatory = key_of_(agency);
  if (signatory == nullptr) {
    unsent_.push_back({.tag = tag,
                       .height = 0,
                       .trouble = Trouble{.error = Error::issuer_unknown,
                                          .what = fmt::format("the key of {} is not here", agency),
                                          .exit = kLocal}});
    return;
  }
  Sent sent;
  for (const Operation& operation : operations) sent.subjects.push_back(operation.subject);
  const Submission submission =
      sign_submission(ledger_, agency, signatory->key, random_request_id(), std::move(operations));
  sent.id = submission_id(ledger_, submission.header);
  under_way_.emplace(tag, std::move(sent));
  pipeline_.push(tag, encode(submission));
}

Carrier::Answer PipelineCarrier::next() {
  if (!unsent_.empty()) {
    Answer answer = std::move(unsent_.front());
    unsent_.pop_front();
    return answer;
  }
  const std::optional<Pipeline::Done> done = pipeline_.next();
  HUFU_CHECK(done.has_value());
  const auto node = under_way_.extract(done->tag);
  const Sent& sent = node.mapped();
  if (!done->reply) return {.tag = done->tag, .height = 0, .trouble = refused(sent, done->reply.error())};
  const Receipt& receipt = done->reply->receipt;
  const Result<void> checked = check_receipt(ledger_, receipt);
  if (!checked || receipt.id() != sent.id) {
    return {.tag = done->tag,
            .height = 0,
            .trouble = Trouble{.error = checked ? Error::proof_invalid : checked.error(),
                               .what = "a node's receipt does not hold",
                               .next = "report the node to its operator",
                               .exit = kIntegrityAlarm}};
  }
  return {.tag = done->tag, .height = receipt.place.height, .trouble = std::nullopt};
}

Trouble PipelineCarrier::refused(const Sent& sent, const Failure& failure) const {
  Trouble trouble = trouble_of(failure, session_, "the ledger refused what the law had allowed");
  const auto& faults = failure.problem.refusal.faults;
  if (!faults.empty() && faults.front().operation < sent.subjects.size()) {
    trouble.why =
        fmt::format("{}: {}", sent.subjects[faults.front().operation].id, describe(faults.front().error).en);
  }
  return trouble;
}

}  // namespace hufu::cli::play
