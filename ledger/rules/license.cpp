// The life of a license:
//
//   none              ISSUE                    -> VALID
//   VALID             SUSPEND                  -> SUSPENDED
//   SUSPENDED         RESUME                   -> VALID
//   VALID, SUSPENDED  REVOKE, RESCIND, CANCEL  -> terminal, never reopened
//
// It is issued in its own province: where the identifier's issuer code tells a province, the agency must be of that one.
// Only the agency that issued it may change it. Past valid_to a license is EXPIRED by the calendar; that needs no event
// and hinders none.
#include "ledger/rules/rules.hpp"

namespace hufu::rules {
namespace {

struct Target {
  LicenseAction action;
  LicenseState to;
};
constexpr Target kTargets[] = {{LicenseAction::suspend, LicenseState::suspended},
                               {LicenseAction::resume, LicenseState::valid},
                               {LicenseAction::revoke, LicenseState::revoked},
                               {LicenseAction::rescind, LicenseState::rescinded},
                               {LicenseAction::cancel, LicenseState::cancelled}};

Result<LicenseState> next_state(LicenseState from, LicenseAction action) {
  if (is_terminal(from)) return Error::lic_terminal;
  if (action == LicenseAction::suspend && from != LicenseState::valid) return Error::lic_bad_transition;
  if (action == LicenseAction::resume && from != LicenseState::suspended) return Error::lic_bad_transition;
  for (const Target& target : kTargets) {
    if (target.action == action) return target.to;
  }
  return Error::unknown_tag;
}

// Where the issuer named in the identifier sits: a USCC-like code or a region code tells, other forms do not.
std::optional<std::string_view> province_of_issuer(std::string_view issuer) {
  constexpr std::size_t kRegionCode = 6;
  constexpr std::size_t kOrganisationCode = 18;
  if (issuer.size() == kRegionCode) return province_of_region(issuer);
  if (issuer.size() == kOrganisationCode) return province_of_organisation(issuer);
  return std::nullopt;
}

Result<LicenseId> identifier_of(const Operation& operation) {
  if (operation.subject.kind != SubjectKind::license) return Error::id_malformed;
  return parse_license_id(operation.subject.id);
}

}  // namespace

Result<Detail> issue_license(const Signer& signer, const Operation& operation, const LicenseIssue& issue,
                             const LicenseStanding* before) {
  const Result<LicenseId> id = identifier_of(operation);
  if (!id) return id.error();
  if (const auto at_home = check_province(signer.standing, province_of_issuer(id->issuer)); !at_home)
    return at_home.error();
  const Result<void> granted = check_grant(signer.standing, id->type, action::kIssue, operation.effective);
  if (!granted) return granted.error();
  if (before != nullptr) return Error::lic_duplicate_issue;
  if (!is_day(issue.valid_from) || (issue.valid_to && !is_day(*issue.valid_to))) return Error::day_malformed;
  if (issue.valid_to && *issue.valid_to < issue.valid_from) return Error::validity_malformed;
  return Detail(LicenseStanding{.issuer = std::string(signer.agency),
                                .commitment = issue.commitment,
                                .issued = operation.effective,
                                .valid_from = issue.valid_from,
                                .valid_to = issue.valid_to,
                                .assurance = issue.assurance,
                                .state = LicenseState::valid,
                                .since = operation.effective});
}

Result<Detail> change_license(const Signer& signer, const Operation& operation, const LicenseChange& change,
                              const LicenseStanding* before) {
  const Result<LicenseId> id = identifier_of(operation);
  if (!id) return id.error();
  if (before == nullptr) return Error::not_found;
  if (before->issuer != signer.agency) return Error::lic_not_issuer;
  const Result<void> granted = check_grant(signer.standing, id->type, action::kChange, operation.effective);
  if (!granted) return granted.error();
  const Result<LicenseState> state = next_state(before->state, change.action);
  if (!state) return state.error();
  if (operation.effective < before->since) return Error::lic_bad_transition;  // a life runs forward
  LicenseStanding after = *before;
  after.state = *state;
  after.since = operation.effective;
  return Detail(std::move(after));
}

}  // namespace hufu::rules
