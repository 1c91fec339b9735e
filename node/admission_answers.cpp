// The answering half of Admission.
#include <algorithm>

#include "ledger/base/failpoint.hpp"
#include "node/admission.hpp"

namespace hufu::node {

void Admission::on_applied(const ProposalResult& result) {
  struct Answer {
    Hash key;
    api::Submitted submitted;
  };
  auto answers = std::make_shared<std::vector<Answer>>();
  std::optional<BlockReceipts> receipts;
  for (std::size_t i = 0; i < result.ids.size(); ++i) {
    const auto [first, last] = by_id_.equal_range(result.ids[i]);
    for (auto at = first; at != last; ++at) {
      const auto* refused = std::get_if<Refused>(&result.outcomes[i]);
      if (refused != nullptr) {
        // Somebody proposed other bytes under this id; what waits here was verified (D4).
        if (refused->submission && is_malformed(*refused->submission)) continue;
        answers->push_back({at->second, refusal(*refused, *pending_.at(at->second).bytes)});
        continue;
      }
      const auto& applied = std::get<hufu::Applied>(result.outcomes[i]);
      if (result.block == nullptr || applied.repeated) {
        answers->push_back({at->second, submitted_at(applied.place, true)});
        continue;
      }
      if (!receipts) {
        auto made =
            BlockReceipts::make(parts_.ledger, *result.block, parts_.store,
                                parts_.replica.log_of_blocks().size(), parts_.replica.log_of_blocks().root());
        if (!made) return parts_.fatal("the log of blocks cannot be read");
        receipts = std::move(*made);
      }
      answers->push_back({at->second, api::Accepted{.receipt = receipts->receipt(applied.place.submission),
                                                    .cosignatures = {}}});
    }
  }
  if (answers->empty()) return;
  parts_.world.post([self = self_, answers] {  // D1
    for (const Answer& answer : *answers) {
      if (*self != nullptr) (*self)->finish(answer.key, answer.submitted);
    }
  });
}

api::Submitted Admission::submitted_at(const Place& place, bool repeated) {
  auto receipt = receipt_at(parts_.store, parts_.ledger, place, parts_.replica.log_of_blocks().size(),
                            parts_.replica.log_of_blocks().root());
  if (receipt) return api::Accepted{.receipt = std::move(*receipt), .repeated = repeated, .cosignatures = {}};
  parts_.fatal("block " + std::to_string(place.height) + " cannot be read");
  return passing(Error::ledger_unavailable);
}

api::Refusal Admission::refusal(const Refused& refused, ByteSpan bytes) const {
  return explain(refused, bytes, parts_.store);
}

void Admission::finish(const Hash& key, const api::Submitted& submitted) {
  auto node = pending_.extract(key);
  if (node.empty()) return;
  Pending& pending = node.mapped();
  pending_bytes_ -= pending.bytes->size();
  const auto [first, last] = by_id_.equal_range(pending.id);
  for (auto at = first; at != last; ++at) {
    if (at->second != key) continue;
    by_id_.erase(at);
    break;
  }
  const auto* refusal = std::get_if<api::Refusal>(&submitted);
  const std::string result = refusal == nullptr ? "accepted" : std::string(code_of(refusal->error));
  parts_.metrics
      .counter("hufu_submissions_answered_total", "Submissions answered, by result.", {{"result", result}})
      .add();
  parts_.metrics.histogram("hufu_submit_seconds", "From arrival to answer.", latency_bounds())
      .observe(static_cast<double>(now_ms() - pending.since_ms) / 1000);
  const bool asked_here = std::any_of(pending.waiters.begin(), pending.waiters.end(),
                                      [](const Waiter& waiter) { return waiter.may_forward; });
  if (refusal != nullptr && asked_here && !pending.agency.empty()) parts_.refused(pending.agency, *refusal);
  if (refusal == nullptr) {
    doubts_.applied(pending.agency);
  } else if (!pending.agency.empty() && !api::is_passing(refusal->error)) {
    doubts_.refused(pending.agency);
  }
  if (refusal == nullptr) failpoint("admission.before_answer");
  for (const Waiter& waiter : pending.waiters) waiter.done(submitted);
  if (refusal == nullptr) failpoint("admission.after_answer");
}

void Admission::stop() {
  if (stopped_) return;
  stopped_ = true;
  std::vector<std::pair<Hash, bool>> all;
  for (const auto& [key, pending] : pending_) all.emplace_back(key, pending.handed_over);
  for (const auto& [key, handed_over] : all) {
    finish(key, passing(handed_over ? Error::outcome_unknown : Error::ledger_unavailable));
  }
}

}  // namespace hufu::node
