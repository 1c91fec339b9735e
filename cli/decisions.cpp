#include "cli/decisions.hpp"

#include <algorithm>

namespace hufu::cli {
namespace {

// Stands for every authority in the worlds that are made to ask the law.
const PublicKey& any_authority() {
  static const PublicKey key = SigningKey(Seed(std::array<std::uint8_t, Seed::kSize>{})).public_key();
  return key;
}

// As `known`, but each province has one authority, and all of them approve.
KnownSubjects all_approving(const Decision& decision, const KnownSubjects& known) {
  KnownSubjects world = known;
  DecisionStanding standing{.target = decision.target, .sides = {}, .approvals = {}};
  for (const std::string& province : known.provinces()) {
    const ProvinceStanding authority{.name = province, .authority_keys = {any_authority()}, .threshold = 1};
    world.put({SubjectKind::province, province}, {.count = 0, .last = {}, .detail = authority});
    standing.approvals.push_back({.province = province, .key = any_authority()});
  }
  world.put(decision_subject(decision), {.count = 1, .last = {}, .detail = std::move(standing)});
  return world;
}

rules::Signer authority_in(const KnownSubjects& world, const std::string& province, std::uint64_t time_ms) {
  return rules::find_signer(province, any_authority(), time_ms, world).value();
}

Consent consent_of(const std::string& province, const Decision& decision, const KnownSubjects& known) {
  const auto& authority = std::get<ProvinceStanding>(known.find({SubjectKind::province, province})->detail);
  Consent consent{.province = province, .have = 0, .need = authority.threshold};
  const Standing* const standing = known.find(decision_subject(decision));
  if (standing == nullptr) return consent;
  const auto& keys = authority.authority_keys;
  for (const Approval& approval : std::get<DecisionStanding>(standing->detail).approvals) {
    const bool counts =
        approval.province == province && std::find(keys.begin(), keys.end(), approval.key) != keys.end();
    if (counts) ++consent.have;
  }
  return consent;
}

// The codes that a target's identifier names: "330000/310000", "310000", "330000/<type>".
std::vector<std::string> codes_in(const std::string& id) {
  const std::size_t slash = id.find('/');
  if (slash == std::string::npos) return {id};
  return {id.substr(0, slash), id.substr(slash + 1)};
}

}  // namespace

const Standing* KnownSubjects::find(const SubjectKey& key) const {
  const auto found = standings_.find(key);
  return found == standings_.end() ? nullptr : &found->second;
}

std::vector<std::string> KnownSubjects::provinces() const {
  std::vector<std::string> codes;
  for (const auto& [key, standing] : standings_) {
    if (key.kind == SubjectKind::province) codes.push_back(key.id);
  }
  return codes;
}

std::vector<SubjectKey> subjects_around(const Decision& decision, const Standing* target) {
  std::vector<SubjectKey> subjects = {decision.target, decision_subject(decision)};
  const auto add_province = [&](const std::string& code) {
    const SubjectKey key{SubjectKind::province, code};
    const bool known = std::find(subjects.begin(), subjects.end(), key) != subjects.end();
    if (is_province_code(code) && !known) subjects.push_back(key);
  };
  for (const std::string& code : codes_in(decision.target.id)) add_province(code);
  if (const auto* entry = std::get_if<AgencyEntry>(&decision.body)) add_province(entry->province);
  if (const auto* successor = std::get_if<AgencySuccessor>(&decision.body)) {
    subjects.push_back({SubjectKind::agency, successor->successor});
  }
  const auto add_provinces_of = [&](const RosterStanding& roster) {
    for (const Member& member : roster.members) add_province(member.province);
  };
  if (const auto* entry = std::get_if<RosterEntry>(&decision.body)) add_provinces_of(entry->roster);
  if (target != nullptr) {
    if (const auto* agency = std::get_if<AgencyStanding>(&target->detail)) add_province(agency->province);
    if (const auto* roster = std::get_if<RosterStanding>(&target->detail)) add_provinces_of(*roster);
  }
  return subjects;
}

std::vector<Consent> consents(const Decision& decision, const KnownSubjects& known) {
  std::vector<Consent> asked;
  std::vector<std::string> provinces = rules::concern_of(decision, known).provinces;
  std::sort(provinces.begin(), provinces.end());
  for (const std::string& province : provinces) {
    if (known.find({SubjectKind::province, province}) != nullptr)
      asked.push_back(consent_of(province, decision, known));
  }
  return asked;
}

bool is_approved(const Decision& decision, const KnownSubjects& known) {
  const std::vector<Consent> all = consents(decision, known);
  const auto complete = std::count_if(
      all.begin(), all.end(), [](const Consent& each) { return each.need > 0 && each.have >= each.need; });
  return !all.empty() && static_cast<std::size_t>(complete) >= rules::concern_of(decision, known).needed;
}

KnownSubjects with_approval(const Decision& decision, const Approval& approval, const KnownSubjects& known) {
  KnownSubjects after = known;
  const SubjectKey subject = decision_subject(decision);
  const Standing* const before = known.find(subject);
  Standing standing = before != nullptr
                          ? *before
                          : Standing{.count = 0,
                                     .last = {},
                                     .detail = DecisionStanding{.target = decision.target, .approvals = {}}};
  std::get<DecisionStanding>(standing.detail).approvals.push_back(approval);
  ++standing.count;
  after.put(subject, std::move(standing));
  return after;
}

Result<void> check_lawful(const Decision& decision, const KnownSubjects& known, std::uint64_t now_ms) {
  const std::vector<std::string> provinces = known.provinces();
  if (provinces.empty()) return Error::issuer_not_authorized;
  const KnownSubjects world = all_approving(decision, known);
  // A decision may be made for a day to come; it is enacted then.
  constexpr std::uint64_t kDayMs = 86'400'000;
  const std::uint64_t effective_ms =
      decision.effective < 0 ? 0 : static_cast<std::uint64_t>(decision.effective) * kDayMs;
  const auto* roster = std::get_if<RosterEntry>(&decision.body);
  const std::uint64_t time_ms =
      roster != nullptr && roster->recovery ? roster->recovery->time_ms : std::max(now_ms, effective_ms);
  const rules::Signer signer = authority_in(world, provinces.front(), time_ms);
  const Result<Standing> enacted =
      rules::apply(signer, enact_operation(decision), known.find(decision.target));
  if (!enacted) return enacted.error();
  return {};
}

std::optional<Hash> previous_of(const Standing* standing) {
  if (standing == nullptr || standing->count == 0) return std::nullopt;
  return standing->last;
}

Operation propose_operation(const Decision& decision, CivilDay today) {
  return {.subject = decision_subject(decision),
          .previous = std::nullopt,
          .effective = std::min(decision.effective, today),
          .payload = Propose{.decision = decision}};
}

Operation approve_operation(const SubjectKey& decision, const Standing& standing, CivilDay day) {
  return {.subject = decision, .previous = standing.last, .effective = day, .payload = Approve{}};
}

Operation enact_operation(const Decision& decision) {
  return {.subject = decision.target,
          .previous = decision.previous,
          .effective = decision.effective,
          .payload = Enact{.decision = decision}};
}

}  // namespace hufu::cli
