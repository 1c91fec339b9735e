#include "cli/supervision_tables.hpp"

#include "node/api/wire.hpp"

namespace hufu::cli {
namespace {

std::string text(std::uint64_t number) { return std::to_string(number); }

SupervisionTable activity_table(const Supervision& supervision) {
  SupervisionTable table{.name = "activity",
                         .columns = {"agency", "type", "issued", "changed", "ended", "claimed", "valid",
                                     "disputed", "reversalsDue", "redRequests", "offered"},
                         .rows = {}};
  for (const auto& [who, activity] : supervision.activities()) {
    table.rows.push_back({who.agency, who.type, text(activity.issued), text(activity.changed),
                          text(activity.ended), text(activity.claimed), text(activity.in_force),
                          text(activity.disputed), text(activity.reversals_due), text(activity.red_requests),
                          text(activity.offered)});
  }
  return table;
}

SupervisionTable operation_table(const Supervision& supervision) {
  SupervisionTable table{
      .name = "operations", .columns = {"agency", "type", "operation", "count"}, .rows = {}};
  for (const auto& [who, activity] : supervision.activities()) {
    for (const auto& [operation, count] : activity.operations)
      table.rows.push_back({who.agency, who.type, operation, text(count)});
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
      table.rows.push_back({who.agency, who.type, std::string(name_of(span)), text(days.count()),
                            std::to_string(days.least()), std::to_string(days.within(0.5)),
                            std::to_string(days.within(0.9)), std::to_string(days.most())});
    }
  }
  return table;
}

SupervisionTable revocation_table(const Supervision& supervision, std::uint64_t mass) {
  SupervisionTable table{.name = "mass_revocations", .columns = {"agency", "day", "revocations"}, .rows = {}};
  for (const auto& [when, count] : supervision.revocations()) {
    if (count > mass) table.rows.push_back({when.first, format_civil_day(when.second), text(count)});
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

SupervisionTable refusal_table(const Refusals& refusals, const std::string& node) {
  SupervisionTable table{.name = "refusals", .columns = {"node", "agency", "code", "count"}, .rows = {}};
  for (const auto& [what, count] : refusals.counts()) {
    const std::string code = api::is_error_number(what.second)
                                 ? std::string(code_of(static_cast<Error>(what.second)))
                                 : std::to_string(what.second);
    table.rows.push_back({node, what.first, code, text(count)});
  }
  return table;
}

}  // namespace hufu::cli
