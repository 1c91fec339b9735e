#include "cli/changes.hpp"

#include <fmt/format.h>

#include <array>

#include "ledger/base/check.hpp"

namespace hufu::cli {
namespace {

constexpr std::array<std::pair<LicenseAction, std::string_view>, 8> kVerbs = {
    {{LicenseAction::suspend, "suspend"},
     {LicenseAction::resume, "resume"},
     {LicenseAction::revoke, "revoke"},
     {LicenseAction::rescind, "rescind"},
     {LicenseAction::cancel, "cancel"},
     {LicenseAction::cancel_transfer, "cancel-transfer"},
     {LicenseAction::dispute_open, "dispute-open"},
     {LicenseAction::dispute_close, "dispute-close"}}};

// As many versions later, or earlier, with its check character.
Result<std::string> version_beside(const std::string& id, int step) {
  const Result<LicenseId> parsed = parse_license_id(id);
  if (!parsed) return parsed.error();
  const int number = std::stoi(std::string(parsed->version)) + step;
  if (number < 1 || number > 999) return Error::id_malformed;
  const std::string version = fmt::format("{:03}", number);
  LicenseId beside = *parsed;
  beside.version = version;
  beside.check = license_check_char(beside).value();
  return beside.text();
}

}  // namespace

Result<std::string> next_version(const std::string& id) { return version_beside(id, 1); }
Result<std::string> previous_version(const std::string& id) { return version_beside(id, -1); }

std::vector<Operation> succession(SuccessionKind kind, const SubjectKey& old, const std::optional<Hash>& last,
                                  Operation issue) {
  std::get<LicenseIssue>(issue.payload).from = Succession{.kind = kind, .other = old};
  if (!last) return {std::move(issue)};
  Operation lapse{.subject = old,
                  .previous = last,
                  .effective = issue.effective,
                  .payload = LicenseLapse{.to = {.kind = kind, .other = issue.subject}}};
  return {std::move(lapse), std::move(issue)};
}

std::vector<Operation> red_letter(const SubjectKey& original, const std::optional<Hash>& last,
                                  Operation issue) {
  auto& red = std::get<InvoiceIssue>(issue.payload);
  red.blue = false;
  red.original = original;
  Operation entry{
      .subject = original,
      .previous = last,
      .effective = issue.effective,
      .payload = InvoiceRed{.red = issue.subject, .amount_fen = red.amount_fen, .tax_fen = red.tax_fen}};
  return {std::move(entry), std::move(issue)};
}

std::string_view verb_of(LicenseAction action) {
  for (const auto& [known, verb] : kVerbs) {
    if (known == action) return verb;
  }
  HUFU_CHECK(false);
}

}  // namespace hufu::cli
