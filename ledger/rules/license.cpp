// The life of a license:
//
//   none              ISSUE, TRANSFER_IN       -> VALID         (a change or a renewal is an issue that follows a lapse)
//   VALID             CHANGE, RENEW            -> SUPERSEDED    the new version becomes valid in the same submission
//   VALID             SUSPEND                  -> SUSPENDED
//   SUSPENDED         RESUME                   -> VALID
//   VALID, SUSPENDED  REVOKE, RESCIND, CANCEL  -> terminal, never reopened
//   VALID             TRANSFER_OUT             -> TRANSFERRED; towards an agency of this ledger an offer, VALID until taken
//   VALID, offered    TRANSFER_IN by the agency -> TRANSFERRED, and its new license is valid in the same submission
//   TRANSFERRED       CANCEL_TRANSFER          -> VALID, unless already transferred in
//   any               DISPUTE_OPEN, DISPUTE_CLOSE, and a correction once terminal: the state stays
//
// It is issued in its own province: where the identifier's issuer code tells a province, the agency must be of that one.
// An issuer named by its organisation code issues for itself, or by its registered successor. Only the agency that issued it,
// or its successor, may change it. Of all versions of one license at most one is alive. Past valid_to a license
// is EXPIRED by the calendar; that needs no event and hinders none.
#include "ledger/rules/rules.hpp"

namespace hufu::rules {
namespace {

constexpr std::size_t kOrganisationCode = 18;  // a unified social credit code
constexpr std::string_view kFirstVersion = "001";

struct Step {
  LicenseAction action;
  std::optional<LicenseState> from;  // nothing: any that is not terminal
  LicenseState to;
};
constexpr Step kSteps[] = {{LicenseAction::suspend, LicenseState::valid, LicenseState::suspended},
                           {LicenseAction::resume, LicenseState::suspended, LicenseState::valid},
                           {LicenseAction::revoke, std::nullopt, LicenseState::revoked},
                           {LicenseAction::rescind, std::nullopt, LicenseState::rescinded},
                           {LicenseAction::cancel, std::nullopt, LicenseState::cancelled}};

Result<LicenseState> next_state(LicenseState from, LicenseAction action) {
  if (is_terminal(from)) return Error::lic_terminal;
  for (const Step& step : kSteps) {
    if (step.action != action) continue;
    const bool fits = step.from ? from == *step.from : from != LicenseState::transferred;
    if (!fits) return Error::lic_bad_transition;
    return step.to;
  }
  return Error::unknown_tag;
}

// Where the issuer named in the identifier sits: a USCC-like code or a region code tells, other forms do not.
std::optional<std::string_view> province_of_issuer(std::string_view issuer) {
  constexpr std::size_t kRegionCode = 6;
  if (issuer.size() == kRegionCode) return province_of_region(issuer);
  if (issuer.size() == kOrganisationCode) return province_of_organisation(issuer);
  return std::nullopt;
}

Result<LicenseId> identifier_of(const SubjectKey& subject) {
  if (subject.kind != SubjectKind::license) return Error::id_malformed;
  return parse_license_id(subject.id);
}

bool is_alive(const LicenseStanding& license, CivilDay day) {
  const bool in_force = license.state == LicenseState::valid || license.state == LicenseState::suspended;
  return in_force && !(license.valid_to && day > *license.valid_to);
}

SubjectKey lineage_of(const LicenseId& id) { return {SubjectKind::lineage, id.lineage()}; }

// The highest version that the ledger knows, if it is not this one.
std::optional<std::string> newest_other(const LicenseId& id, const Surroundings& others) {
  if (const Standing* lineage = others.find(lineage_of(id))) {
    return std::get<LineageStanding>(lineage->detail).newest;
  }
  if (id.version == kFirstVersion) return std::nullopt;
  LicenseId first = id;
  first.version = kFirstVersion;
  first.check = license_check_char(first).value();
  return first.text();
}

// At most one version alive, and versions only rise. Error::lic_live_version.
Result<void> check_lineage(const Signer& signer, const Operation& operation, const LicenseId& id) {
  if (!signer.others->knows(SubjectKind::lineage)) return {};
  const std::optional<std::string> other = newest_other(id, *signer.others);
  if (!other || *other == operation.subject.id) return {};
  if (split_license_id(*other)->version > id.version) return Error::lic_live_version;
  const Standing* standing = signer.others->find({SubjectKind::license, *other});
  if (standing == nullptr) return {};
  if (is_alive(std::get<LicenseStanding>(standing->detail), operation.effective))
    return Error::lic_live_version;
  return {};
}

// A change or a renewal makes the next version of the same license; a transfer names any other license.
Result<void> check_succession(const LicenseId& id, const Succession& from) {
  const Result<LicenseId> before = identifier_of(from.other);
  if (!before) return before.error();
  if (from.kind == SuccessionKind::transfer) {
    if (before->text() == id.text()) return Error::lic_bad_transition;
    return {};
  }
  const bool next = before->lineage() == id.lineage() &&
                    std::stoi(std::string(before->version)) + 1 == std::stoi(std::string(id.version));
  if (!next) return Error::lic_bad_transition;
  return {};
}

Result<void> check_validity(const LicenseIssue& issue) {
  if (!is_day(issue.valid_from) || (issue.valid_to && !is_day(*issue.valid_to))) return Error::day_malformed;
  if (issue.valid_to && *issue.valid_to < issue.valid_from) return Error::validity_malformed;
  return {};
}

// The questions that every change of a license shares; whether a grant covers it is asked last (rules.cpp). `by` is who may act
// on it.
Result<void> check_change(const Signer& signer, const Operation& operation, const LicenseStanding* before,
                          std::string_view by) {
  const Result<LicenseId> id = identifier_of(operation.subject);
  if (!id) return id.error();
  if (before == nullptr) return Error::not_found;
  if (!acts_for(signer, by)) return Error::lic_not_issuer;
  return {};
}
Result<void> check_change(const Signer& signer, const Operation& operation, const LicenseStanding* before) {
  return check_change(signer, operation, before, before == nullptr ? std::string_view() : before->issuer);
}

// A life runs forward. Whatever ends or suspends it takes back what was offered.
Result<Detail> enter(const LicenseStanding& before, LicenseState state, CivilDay day) {
  if (day < before.since) return Error::lic_bad_transition;
  LicenseStanding after = before;
  after.state = state;
  after.since = day;
  after.offer.reset();
  return Detail(std::move(after));
}

Result<Detail> dispute(const LicenseStanding& before, LicenseAction action, CivilDay day) {
  const bool opening = action == LicenseAction::dispute_open;
  if (opening == before.disputed.has_value()) return Error::lic_bad_transition;
  LicenseStanding after = before;
  after.disputed = opening ? std::optional(day) : std::nullopt;
  return Detail(std::move(after));
}

Result<Detail> cancel_transfer(const Signer& signer, const Operation& operation,
                               const LicenseStanding& before) {
  if (before.successor) return Error::lic_terminal;
  if (before.state == LicenseState::valid && before.offer) {
    // Not before the state that it leaves as it is, or the history of that time would be another.
    if (operation.effective < before.since) return Error::lic_bad_transition;
    LicenseStanding after = before;
    after.offer.reset();
    return Detail(std::move(after));
  }
  if (is_terminal(before.state)) return Error::lic_terminal;
  if (before.state != LicenseState::transferred) return Error::lic_bad_transition;
  const LicenseId id = split_license_id(operation.subject.id).value();
  if (const auto alone = check_lineage(signer, operation, id); !alone) return alone.error();
  return enter(before, LicenseState::valid, operation.effective);
}

}  // namespace

Result<Detail> issue_license(const Signer& signer, const Operation& operation, const LicenseIssue& issue,
                             const LicenseStanding* before) {
  const Result<LicenseId> id = identifier_of(operation.subject);
  if (!id) return id.error();
  if (const auto at_home = check_province(signer.standing, province_of_issuer(id->issuer)); !at_home)
    return at_home.error();
  // That it stands there already is the more useful answer, also to an agency whose authority has ended.
  if (before != nullptr) return Error::lic_duplicate_issue;
  if (id->issuer.size() == kOrganisationCode && !acts_for(signer, id->issuer))
    return Error::issuer_not_authorized;
  const Result<void> granted = check_grant(signer, id->type, action::kIssue, operation.effective);
  if (!granted) return granted.error();
  if (const auto validity = check_validity(issue); !validity) return validity.error();
  if (issue.from) {
    if (const auto follows = check_succession(*id, *issue.from); !follows) return follows.error();
  }
  if (const auto alone = check_lineage(signer, operation, *id); !alone) return alone.error();
  return Detail(LicenseStanding{.issuer = std::string(signer.agency),
                                .commitment = issue.commitment,
                                .issued = operation.effective,
                                .valid_from = issue.valid_from,
                                .valid_to = issue.valid_to,
                                .assurance = issue.assurance,
                                .state = LicenseState::valid,
                                .since = operation.effective,
                                .predecessor = issue.from,
                                .successor = std::nullopt,
                                .offer = std::nullopt,
                                .disputed = std::nullopt,
                                .correction = std::nullopt});
}

Result<Detail> change_license(const Signer& signer, const Operation& operation, const LicenseChange& change,
                              const LicenseStanding* before) {
  if (const auto may = check_change(signer, operation, before); !may) return may.error();
  switch (change.action) {
    case LicenseAction::dispute_open:
    case LicenseAction::dispute_close:
      return dispute(*before, change.action, operation.effective);
    case LicenseAction::cancel_transfer:
      return cancel_transfer(signer, operation, *before);
    default:
      break;
  }
  const Result<LicenseState> state = next_state(before->state, change.action);
  if (!state) return state.error();
  return enter(*before, *state, operation.effective);
}

Result<Detail> lapse_license(const Signer& signer, const Operation& operation, const LicenseLapse& lapse,
                             const LicenseStanding* before) {
  const bool transfer = lapse.to.kind == SuccessionKind::transfer;
  const bool offered = before != nullptr && before->offer.has_value();
  const auto may = transfer && offered ? check_change(signer, operation, before, before->offer->agency)
                                       : check_change(signer, operation, before);
  if (!may) return may.error();
  if (const auto other = identifier_of(lapse.to.other); !other) return other.error();
  if (is_terminal(before->state)) return Error::lic_terminal;
  if (before->state != LicenseState::valid || (transfer && !offered)) return Error::lic_bad_transition;
  Result<Detail> after =
      enter(*before, transfer ? LicenseState::transferred : LicenseState::lapsed, operation.effective);
  if (after) std::get<LicenseStanding>(*after).successor = lapse.to;
  return after;
}

Result<Detail> transfer_license(const Signer& signer, const Operation& operation,
                                const LicenseTransferOut& out, const LicenseStanding* before) {
  if (const auto may = check_change(signer, operation, before); !may) return may.error();
  const bool told = !out.province.empty() || !out.agency.empty();
  if (told && !is_province_code(out.province)) return Error::id_malformed;
  if (!out.agency.empty() && (!is_agency_code(out.agency) || out.agency == signer.agency))
    return Error::id_malformed;
  if (is_terminal(before->state)) return Error::lic_terminal;
  if (before->state != LicenseState::valid || before->offer) return Error::lic_bad_transition;
  if (out.agency.empty()) return enter(*before, LicenseState::transferred, operation.effective);
  if (operation.effective < before->since) return Error::lic_bad_transition;
  LicenseStanding after = *before;
  after.offer = TransferOffer{.province = out.province, .agency = out.agency};
  return Detail(std::move(after));
}

Result<Detail> correct_license(const Signer& signer, const Operation& operation,
                               const LicenseCorrection& correction, const LicenseStanding* before) {
  if (const auto may = check_change(signer, operation, before); !may) return may.error();
  if (const auto other = identifier_of(correction.replacement); !other) return other.error();
  const bool itself = correction.replacement == operation.subject;
  if (itself || !is_terminal(before->state) || before->correction) return Error::lic_bad_transition;
  if (signer.others->knows(SubjectKind::license) && signer.others->find(correction.replacement) == nullptr)
    return Error::not_found;
  LicenseStanding after = *before;
  after.correction = correction.replacement;
  return Detail(std::move(after));
}

std::optional<std::pair<SubjectKey, Standing>> consequence(const Operation& operation) {
  if (!std::holds_alternative<LicenseIssue>(operation.payload)) return std::nullopt;
  const LicenseId id = split_license_id(operation.subject.id).value();
  if (id.version == kFirstVersion) return std::nullopt;
  return std::pair(
      lineage_of(id),
      Standing{.count = 0, .last = {}, .detail = LineageStanding{.newest = operation.subject.id}});
}

}  // namespace hufu::rules
