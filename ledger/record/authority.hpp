// Who may do what, and who decides about it: agencies, provinces, nodes, recognition between provinces.
//
// Authority comes down from the genesis: the province's authority (its keys, of which `threshold` must agree) registers
// agencies and grants them types, actions and time, no more than the genesis lets it grant; an agency's keys have a scope no
// wider than its own. It is asked when it is given: what a province may grant later narrows nothing that it granted before. Every step is a
// decision that the ledger holds (decision.hpp).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/base/ed25519.hpp"
#include "ledger/record/license.hpp"

namespace hufu {

// ---- agency: who may append what ----

// Bits of Grant::actions.
namespace action {
inline constexpr std::uint32_t kIssue = 1;   // issue; the seller's side of an invoice
inline constexpr std::uint32_t kChange = 2;  // everything later in the life of a license
inline constexpr std::uint32_t kClaim =
    4;  // the buyer's side of an invoice, for the entity it has authenticated
inline constexpr std::uint32_t kAll = kIssue | kChange | kClaim;
}  // namespace action

// The type under which invoices are granted; licenses are granted by their type code.
inline constexpr std::string_view kInvoiceType = "INVOICE";

struct Grant {
  std::string type;
  std::uint32_t actions = 0;
  CivilDay from = 0;           // business days of the operations it covers
  std::optional<CivilDay> to;  // inclusive

  bool operator==(const Grant&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kTypeCode>(type) & actions& from& to;
  }
};
// Of a license type, or kInvoiceType: 1 to 32 printable ASCII characters without space and '/'.
bool is_type(std::string_view type);
// Well-formed: a type, actions that are known, days in order.
bool are_grants(const std::vector<Grant>& grants);
// Each of `narrow` is covered by one of `wide`: the same type, no other action, no other day.
bool is_within(const std::vector<Grant>& narrow, const std::vector<Grant>& wide);

struct AgencyKey {
  PublicKey key;
  std::uint64_t from_ms = 0;                    // ledger time of the records it may sign
  std::optional<std::uint64_t> to_ms;           // exclusive: an honest end, what was signed before stays good
  std::optional<std::uint64_t> compromised_ms;  // records from this ledger time on are suspect
  std::vector<Grant> scope;                     // empty: all that the agency may

  bool operator==(const AgencyKey&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& key& from_ms& to_ms& compromised_ms& bounded<limits::kGrantsPerKey>(scope);
  }
};

struct AgencyStanding {
  static constexpr auto kTag = static_cast<std::uint8_t>(SubjectKind::agency);
  std::string name;
  std::string province;
  std::vector<AgencyKey> keys;
  std::vector<Grant> grants;
  bool suspended = false;
  std::optional<CivilDay> withdrawn;  // last business day of its authority
  std::string successor;              // the agency that carries on its licenses; empty: none

  bool operator==(const AgencyStanding&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kDisplayName>(name) & bounded<limits::kProvinceCode>(province) &
        bounded<limits::kKeysPerAgency>(keys) & bounded<limits::kGrantsPerAgency>(grants) &
        suspended& withdrawn& bounded<limits::kAgencyCode>(successor);
  }
};

// ---- province ----

struct ProvinceStanding {
  static constexpr auto kTag = static_cast<std::uint8_t>(SubjectKind::province);
  std::string name;
  std::vector<PublicKey> authority_keys;  // of those who decide for the province
  std::uint8_t threshold = 0;             // how many of them must agree
  std::vector<Grant> grants;              // what it may grant its agencies; empty: everything

  bool operator==(const ProvinceStanding&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kDisplayName>(name) & bounded<limits::kAuthorityKeys>(authority_keys) &
        threshold& bounded<limits::kGrantsPerAgency>(grants);
  }
};
// May this province grant these?
bool may_grant(const ProvinceStanding& province, const std::vector<Grant>& grants);

// ---- agreement: what one province recognises of another ----

struct Scenario {
  std::string name;  // 行政许可, 招标投标 …

  bool operator==(const Scenario&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kScenario>(name);
  }
};

struct AgreementEntry {
  std::string type;                  // of the issuing province
  std::string maps_to;               // the verifying province's own type; empty: the same
  std::string local_name;            // as it is called there
  std::vector<Scenario> scenarios;   // empty: all
  std::uint16_t max_age_hours = 24;  // how fresh a status must be

  bool operator==(const AgreementEntry&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kTypeCode>(type) & bounded<limits::kTypeCode>(maps_to) &
        bounded<limits::kDisplayName>(local_name) & bounded<limits::kScenarios>(scenarios) & max_age_hours;
  }
};

struct AgreementStanding {
  static constexpr auto kTag = static_cast<std::uint8_t>(SubjectKind::agreement);
  std::string name;  // as the provinces call it: "AGR-31-33-2024"
  CivilDay valid_from = 0;
  CivilDay valid_to = 0;  // inclusive
  Assurance min_assurance = Assurance::l1;
  std::string contact;  // who handles objections: an office, never a person
  std::vector<AgreementEntry> entries;
  std::optional<CivilDay> ended;  // the last day, when one side withdrew earlier

  bool operator==(const AgreementStanding&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kDisplayName>(name) &
        valid_from& valid_to& min_assurance& bounded<limits::kDisplayName>(contact) &
        bounded<limits::kAgreementEntries>(entries) & ended;
  }
};

// ---- catalogue: a license type as a province uses it ----

// What an office's own code for a state means. In one type 03 is rescinded, in another revoked.
struct StatusCode {
  std::string code;
  LicenseAction action = LicenseAction::suspend;

  bool operator==(const StatusCode&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kStatusCode>(code) & action;
  }
};

struct CatalogueStanding {
  static constexpr auto kTag = static_cast<std::uint8_t>(SubjectKind::catalogue);
  std::string name;
  bool private_keys = false;  // identifiers of this type are blinded on the ledger
  std::vector<StatusCode> status_codes;

  bool operator==(const CatalogueStanding&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kDisplayName>(name) & private_keys& bounded<limits::kStatusCodes>(status_codes);
  }
};

// ---- roster: the nodes ----

// 1 to 64 of a-z0-9.-
bool is_node_name(std::string_view name);
// 1 to 253 of a-z0-9.-: (a name, or an address of either family)
bool is_host(std::string_view host);

struct Endpoint {
  std::string host;
  std::uint16_t port = 0;

  auto operator<=>(const Endpoint&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kHost>(host) & port;
  }
};

struct Member {
  std::uint64_t id = 0;  // in consensus; unique for ever, never 0
  std::string name;
  std::string province;
  PublicKey log_key;     // signs checkpoints under the ledger's origin
  PublicKey cosign_key;  // cosigns under the node's name
  PublicKey tls_key;     // pinned by peers and clients
  Endpoint peer;         // for other nodes
  Endpoint api;          // for clients

  bool operator==(const Member&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& id& bounded<limits::kNodeName>(name) & bounded<limits::kProvinceCode>(province) &
        log_key& cosign_key& tls_key& peer& api;
  }
};

struct RosterStanding {
  static constexpr auto kTag = static_cast<std::uint8_t>(SubjectKind::roster);
  std::uint64_t epoch = 1;
  std::vector<Member> members;  // sorted by id

  bool operator==(const RosterStanding&) const = default;
  // More than half of the members.
  std::size_t quorum() const { return members.size() / 2 + 1; }
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& epoch& bounded<limits::kNodes>(members);
  }
};

// 1 to 32 members, sorted by id, none of them 0; no id, name or key twice: one node never counts as two.
bool is_roster(const RosterStanding& roster);
// The id of a member that comes after the founding: 2^32 and the first four bytes, little-endian, of its cosigning key's hash. So
// ids need nobody to give them out, and none is used for two keys.
std::uint64_t member_id(const PublicKey& cosign_key);

}  // namespace hufu
