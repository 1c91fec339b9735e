#include "cli/supervision_tables.hpp"

#include "node/api/wire.hpp"

namespace hufu::cli {
namespace {

std::string decimal(std::uint64_t number) { return std::to_string(number); }

// What was attempted, in supervision's words.
std::string_view attempt_of(std::uint16_t number) {
  if (!api::is_error_number(number)) return "OTHER";
  switch (static_cast<Error>(number)) {
    case Error::inv_already_claimed:
      return "DOUBLE_CLAIM";
    case Error::lic_duplicate_issue:
    case Error::inv_duplicate_issue:
    case Error::lic_live_version:
      return "SECOND_ISSUE";
    case Error::lic_bad_transition:
    case Error::lic_terminal:
    case Error::inv_bad_transition:
    case Error::inv_fully_red:
    case Error::inv_red_locked:
    case Error::inv_red_not_claimable:
    case Error::inv_not_claimed:
    case Error::red_exceeds_remaining:
      return "ILLEGAL_TRANSITION";
    case Error::lic_not_issuer:
    case Error::inv_not_buyer:
    case Error::issuer_unknown:
    case Error::issuer_not_authorized:
    case Error::key_unknown:
    case Error::key_revoked:
    case Error::signature_invalid:
      return "WITHOUT_AUTHORITY";
    default:
      return "OTHER";
  }
}

SupervisionTable activity_table(const Supervision& supervision) {
  SupervisionTable table{.name = "activity",
                         .columns = {"agency", "type", "issued", "changed", "ended", "claimed", "valid",
                                     "disputed", "reversalsDue", "redRequests", "offered"},
                         .rows = {}};
  for (const auto& [who, activity] : supervision.activities()) {
    table.rows.push_back({who.agency, who.type, decimal(activity.issued), decimal(activity.changed),
                          decimal(activity.ended), decimal(activity.claimed), decimal(activity.in_force),
                          decimal(activity.disputed), decimal(activity.reversals_due),
                          decimal(activity.red_requests), decimal(activity.offered)});
  }
  return table;
}

SupervisionTable operation_table(const Supervision& supervision) {
  SupervisionTable table{
      .name = "operations", .columns = {"agency", "type", "operation", "count"}, .rows = {}};
  for (const auto& [who, activity] : supervision.activities()) {
    for (const auto& [operation, count] : activity.operations)
      table.rows.push_back({who.agency, who.type, operation, decimal(count)});
  }
  return table;
}

SupervisionTable span_table(const Supervision& supervision) {
  SupervisionTable table{
      .name = "spans",
      .columns = {"agency", "type", "span", "count", "leastDays", "medianDays", "p90Days", "mostDays"},
      .rows = {}};
  for (const auto& [who, activity] : supervision.activities()) {
    for (const auto& [span, days] : activity.spans) {
      table.rows.push_back({who.agency, who.type, std::string(name_of(span)), decimal(days.count()),
                            std::to_string(days.least()), std::to_string(days.within(0.5)),
                            std::to_string(days.within(0.9)), std::to_string(days.most())});
    }
  }
  return table;
}

SupervisionTable revocation_table(const Supervision& supervision, std::uint64_t mass) {
  SupervisionTable table{.name = "mass_revocations", .columns = {"agency", "day", "revocations"}, .rows = {}};
  for (const auto& [when, count] : supervision.revocations()) {
    if (count > mass) table.rows.push_back({when.first, format_civil_day(when.second), decimal(count)});
  }
  return table;
}

}  // namespace

void Refusals::see(const SignedEntry& entry) {
  if (const auto* tally = std::get_if<Tally>(&entry.entry.record)) {
    counts_[{tally->agency, tally->error}] += tally->count;
  } else {
    ++traces_;
  }
}

std::vector<SupervisionTable> supervision_tables(const Supervision& supervision, std::uint64_t mass) {
  return {activity_table(supervision), operation_table(supervision), span_table(supervision),
          revocation_table(supervision, mass)};
}

SupervisionTable refusal_table() {
  return {.name = "refusals", .columns = {"node", "agency", "attempt", "code", "count"}, .rows = {}};
}

void add_refusals(SupervisionTable& table, const Refusals& refusals, const std::string& node) {
  for (const auto& [what, count] : refusals.counts()) {
    const std::string code = api::is_error_number(what.second)
                                 ? std::string(code_of(static_cast<Error>(what.second)))
                                 : std::to_string(what.second);
    table.rows.push_back({node, what.first, std::string(attempt_of(what.second)), code, decimal(count)});
  }
}

}  // namespace hufu::cli
