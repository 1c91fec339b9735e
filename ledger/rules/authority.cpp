// Decisions: proposed by a province's authority, approved by as many keys as it and every other province concerned demand, and
// enacted on the subject that changes. An agency rotates its own keys, within the scope of the key that signs.
#include <algorithm>
#include <set>

#include "ledger/rules/rules.hpp"

namespace hufu::rules {
namespace {

bool is_text(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most && is_utf8(text) &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

template <class Element, class Key>
bool has_twice(const std::vector<Element>& list, Key key) {
  std::set<decltype(key(list.front()))> seen;
  return std::any_of(list.begin(), list.end(),
                     [&](const Element& element) { return !seen.insert(key(element)).second; });
}

const ProvinceStanding* province_standing(const Surroundings& others, std::string_view code) {
  const Standing* found = others.find({SubjectKind::province, std::string(code)});
  return found == nullptr ? nullptr : std::get_if<ProvinceStanding>(&found->detail);
}

// "330000/310000" -> both; nothing when it is not two different provinces.
std::optional<std::pair<std::string, std::string>> sides_of(const std::string& id) {
  if (id.size() != 2 * limits::kProvinceCode + 1 || id[limits::kProvinceCode] != '/') return std::nullopt;
  std::pair sides(id.substr(0, limits::kProvinceCode), id.substr(limits::kProvinceCode + 1));
  if (sides.first == sides.second) return std::nullopt;
  if (!is_province_code(sides.first) || !is_province_code(sides.second)) return std::nullopt;
  return sides;
}

// ---- whose approval a decision needs ----

struct Concerned {
  const Decision& decision;
  const Surroundings& others;
  using Provinces = std::vector<std::string>;

  // Of an agency that exists, the province it belongs to.
  Provinces of_agency() const {
    const Standing* found = others.find(decision.target);
    if (found == nullptr) return {};
    const auto* agency = std::get_if<AgencyStanding>(&found->detail);
    return agency == nullptr ? Provinces{} : Provinces{agency->province};
  }
  Provinces operator()(const AgencyEntry& entry) const {
    const Provinces present = of_agency();
    return present.empty() ? Provinces{entry.province} : present;
  }
  Provinces operator()(const AgreementText&) const {
    const auto sides = sides_of(decision.target.id);
    return sides ? Provinces{sides->first, sides->second} : Provinces{};
  }
  Provinces operator()(const AgreementEnd& end) const {
    const auto sides = sides_of(decision.target.id);
    const bool one = sides && (end.by == sides->first || end.by == sides->second);
    return one ? Provinces{end.by} : Provinces{};
  }
  Provinces operator()(const CatalogueEntry&) const {
    return {decision.target.id.substr(0, limits::kProvinceCode)};
  }
  Provinces operator()(const ProvinceEntry&) const { return {decision.target.id}; }
  // Those that run nodes and have somebody who can speak for them.
  Provinces operator()(const RosterEntry&) const {
    const Standing* found = others.find(roster_subject());
    const auto* roster = found == nullptr ? nullptr : std::get_if<RosterStanding>(&found->detail);
    std::set<std::string> provinces;
    for (const Member& member : roster == nullptr ? std::vector<Member>{} : roster->members) {
      const ProvinceStanding* province = province_standing(others, member.province);
      if (province != nullptr && province->threshold > 0) provinces.insert(member.province);
    }
    return {provinces.begin(), provinces.end()};
  }
  template <class OfAgency>
  Provinces operator()(const OfAgency&) const {
    return of_agency();
  }
};

// Only keys that are the province's now count: one that was taken away no longer speaks for it.
bool has_approved(const DecisionStanding& decision, std::string_view province, const Surroundings& others) {
  const ProvinceStanding* authority = province_standing(others, province);
  if (authority == nullptr || authority->threshold == 0) return false;
  const auto& keys = authority->authority_keys;
  const auto count =
      std::count_if(decision.approvals.begin(), decision.approvals.end(), [&](const Approval& approval) {
        return approval.province == province &&
               std::find(keys.begin(), keys.end(), approval.key) != keys.end();
      });
  return count >= authority->threshold;
}

bool is_authority(const Signer& signer) {
  return is_province_code(signer.agency) && province_standing(*signer.others, signer.agency) != nullptr;
}

// ---- what a decision makes of its target ----

struct Enactment {
  const Decision& decision;
  const Signer& signer;
  const Standing* before;

  template <class T>
  const T* present() const {
    return before == nullptr ? nullptr : std::get_if<T>(&before->detail);
  }
  bool targets(SubjectKind kind) const { return decision.target.kind == kind; }

  Result<Detail> operator()(const AgencyEntry& entry) const {
    if (!targets(SubjectKind::agency)) return Error::id_malformed;
    const auto* agency = present<AgencyStanding>();
    const bool named = is_agency_code(decision.target.id) && !is_province_code(decision.target.id) &&
                       is_text(entry.name, limits::kDisplayName) && is_province_code(entry.province);
    if (!named || !are_grants(entry.grants)) return Error::field_invalid;
    if (agency != nullptr && (!entry.keys.empty() || entry.province != agency->province))
      return Error::field_invalid;
    if (agency == nullptr && !keys_fit(entry)) return Error::field_invalid;
    const ProvinceStanding* province = province_standing(*signer.others, entry.province);
    if (province == nullptr || !may_grant(*province, entry.grants)) return Error::field_invalid;
    AgencyStanding after = agency == nullptr ? AgencyStanding{} : *agency;
    after.name = entry.name;
    after.province = entry.province;
    after.grants = entry.grants;
    if (agency == nullptr) after.keys = entry.keys;
    return Detail(std::move(after));
  }
  Result<Detail> operator()(const AgencyChange& step) const {
    const auto* agency = present<AgencyStanding>();
    if (agency == nullptr) return Error::issuer_unknown;
    AgencyStanding after = *agency;
    if (step.step == AgencyStep::withdraw) {
      if (after.withdrawn) return Error::field_invalid;
      after.withdrawn = decision.effective;
    } else {
      const bool suspend = step.step == AgencyStep::suspend;
      if (after.suspended == suspend) return Error::field_invalid;
      after.suspended = suspend;
    }
    return Detail(std::move(after));
  }
  Result<Detail> operator()(const AgencySuccessor& successor) const {
    const auto* agency = present<AgencyStanding>();
    if (agency == nullptr) return Error::issuer_unknown;
    if (successor.successor == decision.target.id) return Error::field_invalid;
    if (signer.others->find({SubjectKind::agency, successor.successor}) == nullptr)
      return Error::issuer_unknown;
    AgencyStanding after = *agency;
    after.successor = successor.successor;
    return Detail(std::move(after));
  }
  Result<Detail> operator()(const KeyEntry& entry) const {
    const auto* agency = present<AgencyStanding>();
    if (agency == nullptr) return Error::issuer_unknown;
    return with_key(*agency, entry.key);
  }
  Result<Detail> operator()(const KeyEnd& end) const {
    const auto* agency = present<AgencyStanding>();
    if (agency == nullptr) return Error::issuer_unknown;
    AgencyStanding after = *agency;
    for (AgencyKey& key : after.keys) {
      if (key.key != end.key) continue;
      if (!key.to_ms || *key.to_ms > signer.time_ms) key.to_ms = signer.time_ms;
      if (end.compromised_ms)
        key.compromised_ms = std::min(*end.compromised_ms, key.compromised_ms.value_or(*end.compromised_ms));
      return Detail(std::move(after));
    }
    return Error::key_unknown;
  }
  Result<Detail> operator()(const AgreementText& agreement) const {
    if (!targets(SubjectKind::agreement) || !sides_of(decision.target.id)) return Error::id_malformed;
    const AgreementStanding& text = agreement.text;
    const bool days = is_day(text.valid_from) && is_day(text.valid_to) && text.valid_from <= text.valid_to;
    if (!days || text.ended || !is_text(text.name, limits::kDisplayName)) return Error::field_invalid;
    if (!text.contact.empty() && !is_text(text.contact, limits::kDisplayName)) return Error::field_invalid;
    if (!std::all_of(text.entries.begin(), text.entries.end(), is_entry)) return Error::field_invalid;
    if (has_twice(text.entries, [](const AgreementEntry& entry) { return entry.type; }))
      return Error::field_invalid;
    return Detail(text);
  }
  Result<Detail> operator()(const AgreementEnd&) const {
    const auto* agreement = present<AgreementStanding>();
    if (agreement == nullptr) return Error::not_found;
    if (agreement->ended && *agreement->ended <= decision.effective) return Error::field_invalid;
    AgreementStanding after = *agreement;
    after.ended = decision.effective;
    return Detail(std::move(after));
  }
  Result<Detail> operator()(const CatalogueEntry& entry) const {
    const std::string& id = decision.target.id;
    const bool formed = targets(SubjectKind::catalogue) && id.size() > limits::kProvinceCode + 1 &&
                        id[limits::kProvinceCode] == '/' && is_type(id.substr(limits::kProvinceCode + 1));
    if (!formed) return Error::id_malformed;
    const auto& codes = entry.entry.status_codes;
    const bool texts = is_text(entry.entry.name, limits::kDisplayName) &&
                       std::all_of(codes.begin(), codes.end(), [](const StatusCode& code) {
                         return is_text(code.code, limits::kStatusCode);
                       });
    if (!texts || has_twice(codes, [](const StatusCode& code) { return code.code; }))
      return Error::field_invalid;
    return Detail(entry.entry);
  }
  Result<Detail> operator()(const ProvinceEntry& entry) const {
    const auto* province = present<ProvinceStanding>();
    if (province == nullptr) return Error::not_found;
    // Its scope is the genesis's to give: by its own decision a province may narrow it only.
    const bool narrower = province->grants.empty() || !entry.entry.grants.empty();
    if (!are_grants(entry.entry.grants)) return Error::field_invalid;
    if (!narrower || !may_grant(*province, entry.entry.grants)) return Error::field_invalid;
    const auto& keys = entry.entry.authority_keys;
    const bool usable =
        std::all_of(keys.begin(), keys.end(), [](const PublicKey& key) { return is_usable(key); });
    const bool threshold = entry.entry.threshold >= 1 && entry.entry.threshold <= keys.size() &&
                           !has_twice(keys, [](const PublicKey& key) { return key; });
    if (!usable || !threshold || !is_text(entry.entry.name, limits::kDisplayName))
      return Error::field_invalid;
    return Detail(entry.entry);
  }

  Result<Detail> operator()(const RosterEntry& entry) const {
    const auto* roster = present<RosterStanding>();
    if (roster == nullptr) return Error::id_malformed;
    return change_roster(signer, entry, *roster);
  }

  static bool is_entry(const AgreementEntry& entry) {
    const bool scenarios =
        std::all_of(entry.scenarios.begin(), entry.scenarios.end(),
                    [](const Scenario& scenario) { return is_text(scenario.name, limits::kScenario); });
    return scenarios && is_type(entry.type) && (entry.maps_to.empty() || is_type(entry.maps_to)) &&
           is_text(entry.local_name, limits::kDisplayName) && entry.max_age_hours > 0;
  }
  static bool keys_fit(const AgencyEntry& entry) {
    return !entry.keys.empty() && !has_twice(entry.keys, [](const AgencyKey& key) { return key.key; }) &&
           std::all_of(entry.keys.begin(), entry.keys.end(),
                       [&](const AgencyKey& key) { return key_fits(key, entry.grants); });
  }
  static bool key_fits(const AgencyKey& key, const std::vector<Grant>& grants) {
    return is_usable(key.key) && !key.compromised_ms && (!key.to_ms || *key.to_ms > key.from_ms) &&
           are_grants(key.scope) && is_within(key.scope, grants);
  }
  static Result<Detail> with_key(const AgencyStanding& agency, const AgencyKey& key) {
    const bool known = std::any_of(agency.keys.begin(), agency.keys.end(),
                                   [&](const AgencyKey& held) { return held.key == key.key; });
    if (known || !key_fits(key, agency.grants)) return Error::field_invalid;
    if (agency.keys.size() >= limits::kKeysPerAgency) return Error::too_long;
    AgencyStanding after = agency;
    after.keys.push_back(key);
    return Detail(std::move(after));
  }
};

Result<Detail> with_approval(DecisionStanding standing, const Signer& signer) {
  const Approval approval{.province = std::string(signer.agency), .key = signer.key};
  auto& list = standing.approvals;
  const auto at = std::lower_bound(list.begin(), list.end(), approval);
  if (at != list.end() && *at == approval) return Error::already_exists;
  if (list.size() >= limits::kApprovals) return Error::too_long;
  list.insert(at, approval);
  return Detail(std::move(standing));
}

}  // namespace

// Of the roster, on which every province depends, more than half: one province that is lost keeps nobody from replacing its nodes.
Concern concern_of(const Decision& decision, const Surroundings& others) {
  Concern concern{.provinces = std::visit(Concerned{decision, others}, decision.body), .needed = 0};
  const bool most = std::holds_alternative<RosterEntry>(decision.body);
  concern.needed = most ? concern.provinces.size() / 2 + 1 : concern.provinces.size();
  return concern;
}

Result<Detail> propose(const Signer& signer, const Operation& operation, const Propose& propose,
                       const DecisionStanding* before) {
  if (!is_authority(signer)) return Error::issuer_not_authorized;
  if (operation.subject != decision_subject(propose.decision)) return Error::id_malformed;
  if (before != nullptr) return Error::already_exists;
  const auto concerned = concern_of(propose.decision, *signer.others).provinces;
  if (std::find(concerned.begin(), concerned.end(), signer.agency) == concerned.end())
    return Error::issuer_not_authorized;
  DecisionStanding standing{.target = propose.decision.target, .sides = {}, .approvals = {}};
  for (const std::string& province : concerned) standing.sides.push_back({province});
  return with_approval(std::move(standing), signer);
}

Result<Detail> approve(const Signer& signer, const Operation& operation, const DecisionStanding* before) {
  if (operation.subject.kind != SubjectKind::decision) return Error::id_malformed;
  if (!is_authority(signer)) return Error::issuer_not_authorized;
  if (before == nullptr) return Error::not_found;
  const auto& sides = before->sides;
  if (std::none_of(sides.begin(), sides.end(),
                   [&](const Side& side) { return side.province == signer.agency; }))
    return Error::issuer_not_authorized;
  return with_approval(*before, signer);
}

Result<Detail> enact(const Signer& signer, const Operation& operation, const Enact& enact,
                     const Standing* before) {
  const Decision& decision = enact.decision;
  const bool same = operation.subject == decision.target && operation.previous == decision.previous &&
                    operation.effective == decision.effective;
  if (!same) return Error::field_invalid;
  if (!is_authority(signer)) return Error::issuer_not_authorized;
  const Standing* found = signer.others->find(decision_subject(decision));
  if (found == nullptr) return Error::not_found;
  const auto& standing = std::get<DecisionStanding>(found->detail);
  const auto [concerned, needed] = concern_of(decision, *signer.others);
  const auto approved = std::count_if(concerned.begin(), concerned.end(), [&](const std::string& province) {
    return has_approved(standing, province, *signer.others);
  });
  if (concerned.empty() || static_cast<std::size_t>(approved) < needed) return Error::issuer_not_authorized;
  return std::visit(Enactment{decision, signer, before}, decision.body);
}

Result<Detail> rotate_key(const Signer& signer, const Operation& operation, const KeyRotation& rotation,
                          const AgencyStanding* before) {
  if (operation.subject != SubjectKey{SubjectKind::agency, std::string(signer.agency)})
    return Error::lic_not_issuer;
  if (before == nullptr) return Error::issuer_unknown;
  const auto held = std::find_if(before->keys.begin(), before->keys.end(),
                                 [&](const AgencyKey& key) { return key.key == signer.key; });
  if (held == before->keys.end()) return Error::key_unknown;
  // A scope narrower than the agency's is handed on no wider; an open scope may hand on anything of the agency's.
  const bool wider =
      !held->scope.empty() && (rotation.next.scope.empty() || !is_within(rotation.next.scope, held->scope));
  const bool longer = held->to_ms && (!rotation.next.to_ms || *rotation.next.to_ms > *held->to_ms);
  if (wider || longer) return Error::issuer_not_authorized;
  Result<Detail> after = Enactment::with_key(*before, rotation.next);
  if (!after || !rotation.ends_signer) return after;
  for (AgencyKey& key : std::get<AgencyStanding>(*after).keys) {
    if (key.key == signer.key) key.to_ms = signer.time_ms;
  }
  return after;
}

}  // namespace hufu::rules
