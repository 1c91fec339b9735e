// Who may sign what: keys, grants, scopes, successors.
#include <algorithm>

#include "ledger/base/mutant.hpp"
#include "ledger/rules/rules.hpp"

namespace hufu::rules {
namespace {

// One successor after the other; nobody merges offices more often in a life of a license.
constexpr std::size_t kSuccessors = 8;

const AgencyKey* find_key(const AgencyStanding& agency, const PublicKey& key) {
  const auto held = std::find_if(agency.keys.begin(), agency.keys.end(),
                                 [&](const AgencyKey& candidate) { return candidate.key == key; });
  return held == agency.keys.end() ? nullptr : &*held;
}

bool covers(const std::vector<Grant>& grants, std::string_view type, std::uint32_t action, CivilDay day) {
  return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) {
    return grant.type == type && (grant.actions & action) == action && day >= grant.from &&
           (!grant.to || day <= *grant.to);
  });
}

}  // namespace

Result<void> check_key(const AgencyStanding& agency, const PublicKey& key, std::uint64_t time_ms) {
  const AgencyKey* held = find_key(agency, key);
  if (held == nullptr || time_ms < held->from_ms) return Error::key_unknown;
  if (held->to_ms && time_ms >= *held->to_ms && !mutated("revocation_ignored")) return Error::key_revoked;
  return {};
}

Result<Signer> find_signer(std::string_view code, const PublicKey& key, std::uint64_t time_ms,
                           const Surroundings& others) {
  static const AgencyStanding nobody;
  if (is_province_code(code)) {
    const Standing* found = others.find({SubjectKind::province, std::string(code)});
    if (found == nullptr) return Error::issuer_unknown;
    const auto& keys = std::get<ProvinceStanding>(found->detail).authority_keys;
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) return Error::key_unknown;
    return Signer{code, nobody, key, time_ms, &others};
  }
  const Standing* found = others.find({SubjectKind::agency, std::string(code)});
  if (found == nullptr) return Error::issuer_unknown;
  const auto& agency = std::get<AgencyStanding>(found->detail);
  if (const auto held = check_key(agency, key, time_ms); !held) return held.error();
  if (agency.suspended && !mutated("suspension_ignored")) return Error::issuer_not_authorized;
  return Signer{code, agency, key, time_ms, &others};
}

Result<void> check_grant(const Signer& signer, std::string_view type, std::uint32_t action, CivilDay day) {
  const AgencyStanding& agency = signer.standing;
  if (agency.withdrawn && day > *agency.withdrawn) return Error::issuer_not_authorized;
  if (!covers(agency.grants, type, action, day)) return Error::issuer_not_authorized;
  const AgencyKey* key = find_key(agency, signer.key);
  if (key != nullptr && !key->scope.empty() && !covers(key->scope, type, action, day))
    return Error::issuer_not_authorized;
  return {};
}

bool acts_for(const Signer& signer, std::string_view issuer) {
  std::string code(issuer);
  for (std::size_t step = 0; step <= kSuccessors && !code.empty(); ++step) {
    if (signer.agency == code) return true;
    const Standing* found = signer.others->find({SubjectKind::agency, code});
    if (found == nullptr) return false;
    code = std::get<AgencyStanding>(found->detail).successor;
  }
  return false;
}

}  // namespace hufu::rules
