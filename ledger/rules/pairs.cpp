// Two halves of one act stand in one submission, which is applied whole or not at all: so nobody ever sees a moment in which
// both the old and the new license are in force, or neither, and no red-letter invoice without its entry on the original.
#include <algorithm>
#include <map>

#include "ledger/rules/rules.hpp"

namespace hufu::rules {
namespace {

using BySubject = std::multimap<SubjectKey, const Operation*>;

struct Pairing {
  const BySubject& by_subject;
  const Surroundings& others;
  const Operation& operation;

  // Does it stand, or begin in this very submission?
  bool is_here(const SubjectKey& subject) const {
    return others.find(subject) != nullptr || has_half<LicenseIssue>(subject, [](auto&) { return true; }) ||
           has_half<InvoiceIssue>(subject, [](auto&) { return true; });
  }

  template <class Other, class Fits>
  std::size_t halves(const SubjectKey& subject, Fits fits) const {
    const auto [first, last] = by_subject.equal_range(subject);
    return static_cast<std::size_t>(std::count_if(first, last, [&](const auto& entry) {
      const auto* payload = std::get_if<Other>(&entry.second->payload);
      return payload != nullptr && fits(*payload);
    }));
  }
  template <class Other, class Fits>
  bool has_half(const SubjectKey& subject, Fits fits) const {
    return halves<Other>(subject, fits) > 0;
  }

  // The issue that follows; it comes after the lapse, or the old version would still be alive.
  std::optional<Error> operator()(const LicenseLapse& lapse) const {
    const Succession expected{.kind = lapse.to.kind, .other = operation.subject};
    const bool followed = has_half<LicenseIssue>(
        lapse.to.other, [&](const LicenseIssue& issue) { return issue.from == expected; });
    return followed ? std::nullopt : std::optional(Error::lic_bad_transition);
  }
  std::optional<Error> operator()(const LicenseIssue& issue) const {
    if (!issue.from) return std::nullopt;
    const bool elsewhere = issue.from->kind == SuccessionKind::transfer && !is_here(issue.from->other);
    if (elsewhere) return std::nullopt;
    const Succession expected{.kind = issue.from->kind, .other = operation.subject};
    const bool lapsed = has_half<LicenseLapse>(
        issue.from->other, [&](const LicenseLapse& lapse) { return lapse.to == expected; });
    return lapsed ? std::nullopt : std::optional(Error::lic_bad_transition);
  }
  std::optional<Error> operator()(const InvoiceRed& red) const {
    const bool issued = has_half<InvoiceIssue>(red.red, [&](const InvoiceIssue& issue) {
      return issue.original == operation.subject && issue.amount_fen == red.amount_fen &&
             issue.tax_fen == red.tax_fen;
    });
    // One red-letter invoice takes its sums back once.
    const bool once = halves<InvoiceRed>(operation.subject,
                                         [&](const InvoiceRed& other) { return other.red == red.red; }) == 1;
    return issued && once ? std::nullopt : std::optional(Error::inv_bad_transition);
  }
  std::optional<Error> operator()(const InvoiceIssue& issue) const {
    if (!issue.original || !is_here(*issue.original)) return std::nullopt;
    const bool entered = has_half<InvoiceRed>(
        *issue.original, [&](const InvoiceRed& red) { return red.red == operation.subject; });
    return entered ? std::nullopt : std::optional(Error::inv_bad_transition);
  }
  template <class Alone>
  std::optional<Error> operator()(const Alone&) const {
    return std::nullopt;
  }
};

// Can it be half of a pair at all? Most submissions hold nothing but issues of their own, and need no index.
bool owes(const Operation& operation) {
  if (const auto* license = std::get_if<LicenseIssue>(&operation.payload)) return license->from.has_value();
  if (const auto* invoice = std::get_if<InvoiceIssue>(&operation.payload))
    return invoice->original.has_value();
  return std::holds_alternative<LicenseLapse>(operation.payload) ||
         std::holds_alternative<InvoiceRed>(operation.payload);
}

}  // namespace

std::vector<Unpaired> check_pairs(const std::vector<Operation>& operations, const Surroundings& others) {
  if (std::none_of(operations.begin(), operations.end(), owes)) return {};
  BySubject by_subject;
  for (const Operation& operation : operations) by_subject.emplace(operation.subject, &operation);
  std::vector<Unpaired> unpaired;
  for (std::uint32_t i = 0; i < operations.size(); ++i) {
    const auto error = std::visit(Pairing{by_subject, others, operations[i]}, operations[i].payload);
    if (error) unpaired.push_back({i, *error});
  }
  return unpaired;
}

}  // namespace hufu::rules
