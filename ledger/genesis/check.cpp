// The founding document is checked whole: a person who wrote it wants all faults at once, not the first.
#include <algorithm>
#include <set>

#include "ledger/genesis/genesis.hpp"

namespace hufu {
namespace {

class Inspection {
 public:
  void fault(std::string where, std::string what) { faults_.push_back({std::move(where), std::move(what)}); }
  void expect(bool good, const std::string& where, const char* what) {
    if (!good) fault(where, what);
  }
  // G3, G4: a key means one holder. One that nothing verifies under means none.
  void key(const PublicKey& key, const std::string& where) {
    expect(key != PublicKey{}, where, "the key is missing");
    expect(key == PublicKey{} || is_usable(key), where, "not an Ed25519 public key");
    expect(keys_.insert(key).second, where, "the key stands twice in the document");
  }
  template <class List>
  void bound(const List& list, std::size_t most, const std::string& where) {
    if (list.size() > most)
      fault(where, std::to_string(list.size()) + " are too many: at most " + std::to_string(most));
  }
  bool clean() const { return faults_.empty(); }
  std::vector<GenesisFault> take() { return std::move(faults_); }

 private:
  std::vector<GenesisFault> faults_;
  std::set<PublicKey> keys_;
};

std::string at(const char* list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

template <class List, class Key>
void check_sorted(const List& list, const char* name, Key key, Inspection& inspection) {
  for (std::size_t i = 1; i < list.size(); ++i) {
    inspection.expect(key(list[i - 1]) < key(list[i]), at(name, i),
                      "the list is not sorted, or names one twice");
  }
}

bool is_origin(std::string_view origin) {
  return !origin.empty() && origin.size() <= limits::kOrigin &&
         std::all_of(origin.begin(), origin.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '+'; });
}

// Names are shown in terminals and logs: no control characters.
bool is_display_name(std::string_view name) {
  return !name.empty() && name.size() <= limits::kDisplayName && is_utf8(name) &&
         std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void check_grants(const std::vector<Grant>& grants, std::size_t most, const std::string& where,
                  Inspection& inspection) {
  inspection.bound(grants, most, where);
  for (std::size_t i = 0; i < grants.size(); ++i) {
    const Grant& grant = grants[i];
    const std::string place = where + "[" + std::to_string(i) + "]";
    inspection.expect(is_type(grant.type), place + ".type",
                      "not 1 to 32 printable ASCII characters without space");
    inspection.expect(grant.actions != 0 && (grant.actions & ~action::kAll) == 0, place + ".actions",
                      "no action, or an unknown one");
    inspection.expect(is_day(grant.from), place + ".from", "not a day");
    inspection.expect(!grant.to || (*grant.to >= grant.from && *grant.to <= kMaxCivilDay), place + ".to",
                      "ends before it begins");
  }
}

void check_provinces(const Genesis& genesis, Inspection& inspection) {
  inspection.expect(!genesis.provinces.empty(), "provinces", "a ledger is founded by at least one province");
  inspection.bound(genesis.provinces, limits::kProvinces, "provinces");
  check_sorted(
      genesis.provinces, "provinces", [](const auto& p) { return p.code; }, inspection);
  for (std::size_t i = 0; i < genesis.provinces.size(); ++i) {
    const auto& [code, standing] = genesis.provinces[i];
    const std::string where = at("provinces", i);
    inspection.expect(is_province_code(code), where + ".code", "not a province code of GB/T 2260");
    inspection.expect(is_display_name(standing.name), where + ".name",
                      "the name is missing, too long, or not plain UTF-8");
    inspection.bound(standing.authority_keys, limits::kAuthorityKeys, where + ".authorityKeys");
    const bool threshold_fits =
        standing.authority_keys.empty()
            ? standing.threshold == 0
            : standing.threshold >= 1 && standing.threshold <= standing.authority_keys.size();
    inspection.expect(threshold_fits, where + ".threshold", "not between 1 and the number of authority keys");
    check_grants(standing.grants, limits::kGrantsPerAgency, where + ".grants", inspection);
    for (const PublicKey& key : standing.authority_keys) inspection.key(key, where + ".authorityKeys");
  }
}

const FoundingProvince* founding(const Genesis& genesis, std::string_view province) {
  const auto found = std::find_if(genesis.provinces.begin(), genesis.provinces.end(),
                                  [&](const FoundingProvince& p) { return p.code == province; });
  return found == genesis.provinces.end() ? nullptr : &*found;
}

void check_agencies(const Genesis& genesis, Inspection& inspection) {
  inspection.bound(genesis.agencies, limits::kAgencies, "agencies");
  check_sorted(
      genesis.agencies, "agencies", [](const auto& a) { return a.code; }, inspection);
  for (std::size_t i = 0; i < genesis.agencies.size(); ++i) {
    const auto& [code, standing] = genesis.agencies[i];
    const std::string where = at("agencies", i);
    inspection.expect(is_agency_code(code) && !is_province_code(code), where + ".code",
                      "not 1 to 32 characters of 0-9A-Z, or a province's code");
    inspection.expect(is_display_name(standing.name), where + ".name",
                      "the name is missing, too long, or not plain UTF-8");
    const FoundingProvince* const province = founding(genesis, standing.province);
    inspection.expect(province != nullptr, where + ".province", "not a founding province");
    inspection.bound(standing.keys, limits::kKeysPerAgency, where + ".keys");
    inspection.expect(!standing.keys.empty(), where + ".keys", "an agency without a key can sign nothing");
    for (std::size_t k = 0; k < standing.keys.size(); ++k) {
      const AgencyKey& key = standing.keys[k];
      inspection.key(key.key, where + "." + at("keys", k));
      inspection.expect(!key.to_ms || *key.to_ms > key.from_ms, where + "." + at("keys", k),
                        "ends before it begins");
      check_grants(key.scope, limits::kGrantsPerKey, where + "." + at("keys", k) + ".scope", inspection);
      inspection.expect(is_within(key.scope, standing.grants), where + "." + at("keys", k) + ".scope",
                        "wider than what the agency is granted");
    }
    check_grants(standing.grants, limits::kGrantsPerAgency, where + ".grants", inspection);
    inspection.expect(province == nullptr || may_grant(province->standing, standing.grants),
                      where + ".grants", "wider than what its province may grant");
  }
}

void check_roster(const Genesis& genesis, Inspection& inspection) {
  const auto& members = genesis.roster.members;
  inspection.bound(members, limits::kNodes, "nodes");
  inspection.expect(!members.empty(), "nodes", "a ledger needs at least one node");
  inspection.expect(genesis.roster.epoch == 1, "epoch", "a founding roster is epoch 1");
  check_sorted(
      members, "nodes", [](const Member& m) { return m.id; }, inspection);
  std::set<std::string> names;
  std::set<Endpoint> endpoints;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Member& member = members[i];
    const std::string where = at("nodes", i);
    inspection.expect(member.id != 0, where + ".id", "0 means nobody");
    inspection.expect(is_node_name(member.name), where + ".name", "not 1 to 64 characters of a-z0-9.-");
    inspection.expect(names.insert(member.name).second, where + ".name", "the name stands twice");
    inspection.expect(founding(genesis, member.province) != nullptr, where + ".province",
                      "not a founding province");
    inspection.key(member.log_key, where + ".logKey");
    inspection.key(member.cosign_key, where + ".cosignKey");
    inspection.key(member.tls_key, where + ".tlsKey");
    for (const auto& [endpoint, field] : {std::pair(member.peer, ".peer"), std::pair(member.api, ".api")}) {
      inspection.expect(is_host(endpoint.host) && endpoint.port != 0, where + field, "not a host and a port");
      inspection.expect(endpoints.insert(endpoint).second, where + field, "the address stands twice");
    }
  }
}

}  // namespace

std::vector<GenesisFault> check_genesis(const Genesis& genesis) {
  Inspection inspection;
  inspection.expect(is_origin(genesis.origin), "origin",
                    "not 1 to 100 printable ASCII characters without space or '+'");
  inspection.expect(genesis.time_ms <= limits::kTimeMs, "time", "later than the year 9999");
  check_provinces(genesis, inspection);
  check_agencies(genesis, inspection);
  check_roster(genesis, inspection);
  // Only what is within its bounds can be encoded.
  if (inspection.clean() && encode_genesis(genesis).size() > limits::kGenesisBytes) {
    inspection.fault("document", "larger than a genesis file may be");
  }
  return inspection.take();
}

}  // namespace hufu
