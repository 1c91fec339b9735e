#include "cli/import_pairs.hpp"

#include "cli/changes.hpp"

namespace hufu::cli {
namespace {

bool is_other_half(const Operation& operation) {
  return std::holds_alternative<InvoiceRed>(operation.payload) ||
         std::holds_alternative<LicenseLapse>(operation.payload);
}

}  // namespace

void ImportPairs::complete(std::vector<Operation>& operations) {
  std::erase_if(operations, is_other_half);
  if (operations.empty()) return;
  const SubjectKey own = operations.front().subject;
  std::vector<Operation> completed;
  if (std::holds_alternative<InvoiceIssue>(operations.front().payload)) {
    completed = with_entry(std::move(operations.front()));
  } else {
    completed = with_lapse(std::move(operations.front()));
  }
  for (const Operation& operation : completed) see(operation);
  // Another half makes another issue, and what follows names its hash.
  for (std::size_t i = 1; i < operations.size(); ++i) {
    if (operations[i].subject == own) operations[i].previous = here_.at(own).last;
    see(operations[i]);
    completed.push_back(std::move(operations[i]));
  }
  operations = std::move(completed);
}

std::vector<Operation> ImportPairs::with_entry(Operation issue) const {
  const std::optional<SubjectKey> original = std::get<InvoiceIssue>(issue.payload).original;
  const std::optional<Before> blue = original ? before(*original) : std::nullopt;
  if (!blue) return {std::move(issue)};
  return red_letter(*original, blue->last, std::move(issue));
}

std::vector<Operation> ImportPairs::with_lapse(Operation issue) const {
  auto* const license = std::get_if<LicenseIssue>(&issue.payload);
  if (license == nullptr) return {std::move(issue)};
  license->from.reset();
  const Result<std::string> earlier = previous_version(issue.subject.id);
  if (!earlier) return {std::move(issue)};  // the first
  const SubjectKey old_key{SubjectKind::license, *earlier};
  const std::optional<Before> old = before(old_key);
  const bool in_force = old && old->in_force && issue.effective >= old->since &&
                        !(old->valid_to && issue.effective > *old->valid_to);
  if (!in_force) return {std::move(issue)};
  const bool longer = old->valid_to && (!license->valid_to || *license->valid_to > *old->valid_to);
  return succession(longer ? SuccessionKind::renew : SuccessionKind::change, old_key, old->last,
                    std::move(issue));
}

std::optional<ImportPairs::Before> ImportPairs::before(const SubjectKey& subject) const {
  const auto here = here_.find(subject);
  if (here != here_.end()) return here->second;
  const std::optional<Standing> standing = find_(subject);
  if (!standing) return std::nullopt;
  if (const auto* invoice = std::get_if<InvoiceStanding>(&standing->detail)) {
    if (invoice->issuer != agency_) return std::nullopt;
    return Before{.last = standing->last};
  }
  const auto* license = std::get_if<LicenseStanding>(&standing->detail);
  if (license == nullptr || license->issuer != agency_) return std::nullopt;
  return Before{.last = standing->last,
                .valid_to = license->valid_to,
                .since = license->since,
                .in_force = license->state == LicenseState::valid};
}

void ImportPairs::see(const Operation& operation) {
  Before& before = here_[operation.subject];
  before.last = operation.hash();
  before.since = operation.effective;
  const auto* const issue = std::get_if<LicenseIssue>(&operation.payload);
  before.in_force = issue != nullptr;
  if (issue != nullptr) before.valid_to = issue->valid_to;
}

}  // namespace hufu::cli
