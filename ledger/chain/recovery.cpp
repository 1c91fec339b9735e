#include "ledger/chain/recovery.hpp"

#include "ledger/base/file_form.hpp"

namespace hufu {
namespace {

constexpr std::string_view kRecoveryLine = "hufu recovery v1\n";

const Recovery* recovery_of(const Decision& decision) {
  const auto* entry = std::get_if<RosterEntry>(&decision.body);
  return entry != nullptr && entry->recovery ? &*entry->recovery : nullptr;
}

// R1: one proposal first, then approvals, one enactment at the end.
bool leads_to(const Proposal& recovery, const Decision& decision) {
  const SubjectKey subject = decision_subject(decision);
  bool first = true;
  bool enacted = false;
  for (const Submission& submission : recovery.submissions) {
    for (const Operation& operation : submission.operations) {
      if (enacted) return false;
      const auto* enact = std::get_if<Enact>(&operation.payload);
      enacted = enact != nullptr && enact->decision == decision && operation.subject == roster_subject();
      const bool step =
          operation.subject == subject && (first ? std::holds_alternative<Propose>(operation.payload)
                                                 : std::holds_alternative<Approve>(operation.payload));
      if (!enacted && !step) return false;
      first = false;
    }
  }
  return true;
}

}  // namespace

Bytes encode_recovery(const Proposal& proposal) { return encode_file(kRecoveryLine, proposal); }

Result<Decision> decision_in(const Proposal& recovery) {
  if (recovery.submissions.empty() || recovery.submissions.front().operations.empty())
    return Error::content_mismatch;
  const auto* propose = std::get_if<Propose>(&recovery.submissions.front().operations.front().payload);
  if (propose == nullptr) return Error::content_mismatch;
  return propose->decision;
}

std::optional<Decision> enacted_in(const Proposal& recovery) {
  if (recovery.submissions.empty() || recovery.submissions.back().operations.empty()) return std::nullopt;
  const auto* enact = std::get_if<Enact>(&recovery.submissions.back().operations.back().payload);
  return enact == nullptr ? std::nullopt : std::optional(enact->decision);
}

Result<Proposal> decode_recovery(ByteSpan file) {
  Result<Proposal> proposal = decode_file<Proposal>(kRecoveryLine, kRecoveryBytes, file);
  if (!proposal) return proposal;
  const Result<Decision> decision = decision_in(*proposal);
  if (!decision) return decision.error();
  const Recovery* const recovery = recovery_of(*decision);
  const bool fits = recovery != nullptr && proposal->height == recovery->height + 1 &&
                    proposal->parent == recovery->head && proposal->time_ms == recovery->time_ms;  // R2
  if (!fits || !leads_to(*proposal, *decision)) return Error::content_mismatch;
  return proposal;
}

}  // namespace hufu
