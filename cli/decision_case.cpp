#include "cli/decision_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/clock.hpp"
#include "cli/decision_input.hpp"
#include "cli/files.hpp"

namespace hufu::cli {
namespace {

// From its proposal on the ledger.
Try<Decision> proposed(Client& client, const SubjectKey& subject, const Session& session) {
  const Reply<api::HistoryAnswer> history = client.history(subject);
  if (!history) return trouble_of(history.error(), session, "cannot read the decision");
  for (const api::HistoryEntry& entry : history->entries) {
    const auto* propose = std::get_if<Propose>(&entry.operation.payload);
    if (propose != nullptr && decision_subject(propose->decision) == subject) return propose->decision;
  }
  return Trouble{.error = Error::not_found,
                 .what = fmt::format("no decision {} is on the ledger", subject.id),
                 .next = "compare the id with what the proposal printed"};
}

}  // namespace

Try<DecisionCase> open_case(Client& client, Decision decision, const Session& session) {
  DecisionCase opened{.decision = std::move(decision), .known = {}};
  const Try<std::optional<Standing>> target = find_standing(client, opened.decision.target, session);
  if (!target) return target.error();
  const Standing* const present = *target ? &**target : nullptr;
  for (const SubjectKey& key : subjects_around(opened.decision, present)) {
    Try<std::optional<Standing>> standing = find_standing(client, key, session);
    if (!standing) return standing.error();
    if (*standing) opened.known.put(key, std::move(**standing));
  }
  return opened;
}

Try<Decision> decision_of(Client& client, const std::string& named, const Session& session) {
  std::error_code ignored;
  if (std::filesystem::exists(named, ignored)) {
    const Try<Bytes> content = read_file(named, limits::kDocumentBytes);
    if (!content) return content.error();
    return parse_decision_file(as_text(*content), named);
  }
  const Try<SubjectKey> subject = decision_named(named);
  if (!subject) return subject.error();
  return proposed(client, *subject, session);
}

Try<void> check_signer(const DecisionCase& opened, const Approval& approver) {
  const std::vector<Consent> all = consents(opened.decision, opened.known);
  const bool concerned = std::any_of(all.begin(), all.end(),
                                     [&](const Consent& each) { return each.province == approver.province; });
  if (concerned) return {};
  std::string provinces;
  for (const Consent& each : all) provinces += (provinces.empty() ? "" : ", ") + each.province;
  return Trouble{.error = Error::issuer_not_authorized,
                 .what = fmt::format("{} has no say in this decision", approver.province),
                 .why = all.empty() ? "its target belongs to no province of this ledger"
                                    : "it is decided by " + provinces};
}

Try<void> check_open(const DecisionCase& opened) {
  if (opened.decision.previous != previous_of(opened.target())) {
    return Trouble{.error = Error::previous_mismatch,
                   .what = fmt::format("{} has changed since this was decided, or it is enacted already",
                                       opened.decision.target.text()),
                   .next = fmt::format("hufu history {}; propose again if it is still wanted",
                                       opened.decision.target.text())};
  }
  const Result<void> lawful = check_lawful(opened.decision, opened.known, now_ms());
  if (lawful) return {};
  return Trouble{.error = lawful.error(), .what = "the rules would refuse this decision", .exit = kRules};
}

Try<void> check_approvable(const DecisionCase& opened, const Approval& approver) {
  if (opened.standing() == nullptr) {
    return Trouble{.error = Error::not_found,
                   .what = "this decision is not proposed on the ledger",
                   .next = "hufu propose FILE",
                   .exit = kRules};
  }
  const auto& approvals = std::get<DecisionStanding>(opened.standing()->detail).approvals;
  if (std::find(approvals.begin(), approvals.end(), approver) != approvals.end()) {
    return Trouble{.error = Error::already_exists,
                   .what = "this key stands under the decision already",
                   .next = fmt::format("hufu decision show {}", opened.subject().id),
                   .exit = kRules};
  }
  if (const Try<void> open = check_open(opened); !open) return open;
  return check_signer(opened, approver);
}

std::string consents_text(const std::vector<Consent>& all, const Session& session) {
  std::string out;
  for (const Consent& each : all) {
    if (!out.empty()) out += "; ";
    out += each.need == 0
               ? fmt::format(fmt::runtime(session.tr("{}: has no authority", "{}：没有管理机构密钥")),
                             each.province)
               : fmt::format(fmt::runtime(session.tr("{}: {} of {}", "{}：{}/{}")), each.province, each.have,
                             each.need);
  }
  return out;
}

Try<std::optional<api::HistoryEntry>> enactment_of(Client& client, const DecisionCase& opened,
                                                   const Session& session) {
  if (opened.target() == nullptr || opened.target()->count == 0) return std::optional<api::HistoryEntry>();
  const Reply<api::HistoryAnswer> history = client.history(opened.decision.target);
  if (!history) return trouble_of(history.error(), session, "cannot read the target's history");
  const Operation wanted = enact_operation(opened.decision);
  for (const api::HistoryEntry& entry : history->entries) {
    if (entry.operation == wanted) return std::optional(entry);
  }
  return std::optional<api::HistoryEntry>();
}

std::string_view state_of(const DecisionCase& opened, bool enacted) {
  if (enacted) return "ENACTED";
  return opened.decision.previous == previous_of(opened.target()) ? "OPEN" : "OVERTAKEN";
}

}  // namespace hufu::cli
