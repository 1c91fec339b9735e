#include "ledger/chain/supervision.hpp"

#include <algorithm>

#include "ledger/base/check.hpp"

namespace hufu {
namespace {

std::string type_of(const SubjectKey& subject) {
  if (subject.kind == SubjectKind::invoice) return std::string(kInvoiceType);
  if (subject.kind != SubjectKind::license) return std::string(name_of(subject.kind));
  const Result<LicenseId> id = split_license_id(subject.id);
  return id ? std::string(id->type) : std::string();
}

bool is_issue(const Payload& payload) {
  return std::holds_alternative<LicenseIssue>(payload) || std::holds_alternative<InvoiceIssue>(payload);
}

bool is_end(const Payload& payload) {
  if (std::holds_alternative<LicenseLapse>(payload)) return true;
  if (const auto* invoice = std::get_if<InvoiceChange>(&payload))
    return invoice->action == InvoiceAction::annul;
  const auto* license = std::get_if<LicenseChange>(&payload);
  return license != nullptr &&
         (license->action == LicenseAction::revoke || license->action == LicenseAction::rescind ||
          license->action == LicenseAction::cancel);
}

bool is_revocation(LicenseAction action) {
  return action == LicenseAction::revoke || action == LicenseAction::rescind;
}

void count(const Operation& operation, Activity& activity) {
  ++activity.operations[std::string(name_of(operation.payload))];
  if (is_issue(operation.payload)) {
    ++activity.issued;
  } else if (is_end(operation.payload)) {
    ++activity.ended;
  } else if (std::holds_alternative<InvoiceClaim>(operation.payload)) {
    ++activity.claimed;
  } else {
    ++activity.changed;
  }
}

}  // namespace

std::string_view name_of(Span span) {
  switch (span) {
    case Span::suspended:
      return "SUSPEND_TO_RESUME";
    case Span::disputed:
      return "DISPUTE_OPEN_TO_CLOSE";
    case Span::until_revoked:
      return "ISSUE_TO_REVOKE";
    case Span::until_ended:
      break;
  }
  return "ISSUE_TO_END";
}

void Durations::add(CivilDay days) {
  ++days_[std::max<CivilDay>(days, 0)];
  ++count_;
}

CivilDay Durations::least() const {
  HUFU_CHECK(count_ > 0);
  return days_.begin()->first;
}

CivilDay Durations::most() const {
  HUFU_CHECK(count_ > 0);
  return days_.rbegin()->first;
}

CivilDay Durations::within(double share) const {
  HUFU_CHECK(count_ > 0);
  std::uint64_t so_far = 0;
  for (const auto& [days, many] : days_) {
    so_far += many;
    if (static_cast<double>(so_far) >= share * static_cast<double>(count_)) return days;
  }
  return most();
}

void Supervision::see(const Block& block) {
  const CivilDay today = china_day_at(static_cast<std::int64_t>(block.header.time_ms));
  for (const Submission& submission : block.submissions) {
    for (const Operation& operation : submission.operations) see(submission.header.agency, operation, today);
  }
}

void Supervision::see(const std::string& agency, const Operation& operation, CivilDay today) {
  const std::string type = type_of(operation.subject);
  Activity& activity = activities_[{agency, type}];
  count(operation, activity);
  if (operation.subject.kind != SubjectKind::license) return;  // a path costs a hash
  const Hash path = operation.subject.path();
  if (std::holds_alternative<LicenseIssue>(operation.payload)) begin(path, operation.effective, type);
  const auto* const change = std::get_if<LicenseChange>(&operation.payload);
  if (change != nullptr && is_revocation(change->action)) ++revocations_[{agency, today}];
  const auto life = lives_.find(path);
  if (life != lives_.end()) follow(operation, life->second, activity);
}

void Supervision::begin(const Hash& path, CivilDay issued, const std::string& type) {
  const std::string& kept = *types_.insert(type).first;
  lives_.emplace(path,
                 Life{.type = &kept, .issued = issued, .suspended = std::nullopt, .disputed = std::nullopt});
}

void Supervision::follow(const Operation& operation, Life& life, Activity& activity) {
  const CivilDay day = operation.effective;
  const auto end = [&](Span span, std::optional<CivilDay>& since) {
    if (since) activity.spans[span].add(day - *since);
    since.reset();
  };
  const auto* const change = std::get_if<LicenseChange>(&operation.payload);
  if (change != nullptr) {
    if (change->action == LicenseAction::suspend) life.suspended = day;
    if (change->action == LicenseAction::resume) end(Span::suspended, life.suspended);
    if (change->action == LicenseAction::dispute_open) life.disputed = day;
    if (change->action == LicenseAction::dispute_close) end(Span::disputed, life.disputed);
  }
  if (!is_end(operation.payload)) return;
  const bool revoked = change != nullptr && is_revocation(change->action);
  activity.spans[revoked ? Span::until_revoked : Span::until_ended].add(day - life.issued);
}

void Supervision::see(const Hash& path, const Standing& standing) {
  if (const auto* invoice = std::get_if<InvoiceStanding>(&standing.detail)) {
    Activity& activity = activities_[{invoice->issuer, std::string(kInvoiceType)}];
    activity.in_force += invoice->annulled ? 0 : 1;
    activity.reversals_due += reversal_due(*invoice) ? 1 : 0;
    activity.red_requests += invoice->request ? 1 : 0;
  }
  const auto* const license = std::get_if<LicenseStanding>(&standing.detail);
  const auto life = lives_.find(path);
  if (license == nullptr || life == lives_.end()) return;
  Activity& activity = activities_[{license->issuer, *life->second.type}];
  activity.in_force += license->state == LicenseState::valid ? 1 : 0;
  activity.disputed += license->disputed ? 1 : 0;
  activity.offered += license->offer ? 1 : 0;
}

}  // namespace hufu
