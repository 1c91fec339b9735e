// What the state says of a subject: its current standing, and the hash and count of the operations that led to it.
//
//   standing := count u32, last hash, detail variant (tag = subject kind)
//
// Because count and last are part of what is hashed into the state tree, a state proof together with the operations
// proves a complete history: none can be left out, added or changed.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "ledger/record/operation.hpp"
#include "ledger/record/submission.hpp"

namespace hufu {

// ---- license ----

enum class LicenseState : std::uint8_t {
  valid = 1,
  suspended = 2,
  revoked = 3,
  rescinded = 4,
  cancelled = 5,
  lapsed = 6,       // superseded by a change or a renewal
  transferred = 7,  // left for another province
};
bool is_known(LicenseState state);
// "VALID", "SUSPENDED", …; lapsed is "SUPERSEDED", as the field calls it.
std::string_view name_of(LicenseState state);
// Never left again. A transferred license is final only once it has a successor.
bool is_terminal(LicenseState state);

struct TransferOffer {
  std::string province;
  std::string agency;

  bool operator==(const TransferOffer&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kProvinceCode>(province) & bounded<limits::kAgencyCode>(agency);
  }
};

struct LicenseStanding {
  static constexpr auto kTag = static_cast<std::uint8_t>(SubjectKind::license);
  std::string issuer;  // the agency that may change it
  Hash commitment;
  CivilDay issued = 0;
  CivilDay valid_from = 0;
  std::optional<CivilDay> valid_to;
  Assurance assurance = Assurance::l1;
  LicenseState state = LicenseState::valid;
  CivilDay since = 0;                     // business day on which the present state took effect
  std::optional<Succession> predecessor;  // the license that it follows
  std::optional<Succession> successor;    // the license that follows it
  std::optional<TransferOffer> offer;     // who may take it over
  std::optional<CivilDay> disputed;       // since when an objection is open
  std::optional<SubjectKey> correction;   // of a license that ended by mistake: the new one

  bool operator==(const LicenseStanding&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kAgencyCode>(issuer) &
        commitment& issued& valid_from& valid_to& assurance& state& since& predecessor& successor& offer&
            disputed& correction;
  }
};

// ---- lineage: all versions of one license, type.issuer.serial ----

// Made when a second version is issued; until then the first one speaks for itself.
struct LineageStanding {
  static constexpr auto kTag = static_cast<std::uint8_t>(SubjectKind::lineage);
  std::string newest;  // the identifier with the highest version; no other is alive

  bool operator==(const LineageStanding&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kSubjectId>(newest);
  }
};

// ---- invoice: four axes ----

struct Claim {
  Hash entity;
  std::uint32_t period = 0;
  Hash voucher;
  CivilDay day = 0;

  bool operator==(const Claim&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& entity& period& voucher& day;
  }
};

struct OpenRedRequest {
  std::string number;
  CivilDay day = 0;
  bool confirmed = false;  // or needs no confirmation

  bool operator==(const OpenRedRequest&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kRedNumber>(number) & day& confirmed;
  }
};

struct InvoiceStanding {
  static constexpr auto kTag = static_cast<std::uint8_t>(SubjectKind::invoice);
  std::string issuer;
  Hash commitment;
  CivilDay issued = 0;
  bool blue = true;
  std::int64_t amount_fen = 0;
  std::int64_t tax_fen = 0;
  std::optional<Hash> seller;
  std::optional<Hash> buyer;
  std::optional<SubjectKey> original;
  std::int64_t red_amount_fen = 0;  // taken back so far, not positive: amount_fen + red_amount_fen >= 0
  std::int64_t red_tax_fen = 0;
  std::optional<OpenRedRequest> request;
  std::optional<Claim> claim;
  std::optional<CivilDay> delivered;
  std::optional<CivilDay> archived;
  std::optional<CivilDay> annulled;  // voided; legacy kinds only

  bool operator==(const InvoiceStanding&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kAgencyCode>(issuer) &
        commitment& issued& blue& amount_fen& tax_fen& seller& buyer& original& red_amount_fen& red_tax_fen&
            request& claim& delivered& archived& annulled;
  }
};

enum class Redness : std::uint8_t { none, partial, full };
Redness redness(const InvoiceStanding& invoice);
// A full red on a claimed invoice does not erase the claim: its reversal is due.
bool reversal_due(const InvoiceStanding& invoice);
// Does a request for a red-letter invoice forbid new claims on this day? An unconfirmed one does for 72 hours.
inline constexpr CivilDay kRedRequestDays = 3;
bool red_locked(const InvoiceStanding& invoice, CivilDay day);

// ---- agency: who may append what ----

// Bits of Grant::actions.
namespace action {
inline constexpr std::uint32_t kIssue = 1;   // issue
inline constexpr std::uint32_t kChange = 2;  // suspend, resume, revoke, rescind, cancel
inline constexpr std::uint32_t kClaim = 4;   // claim, unclaim on behalf of the entity it has authenticated
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

struct AgencyKey {
  PublicKey key;
  std::uint64_t from_ms = 0;           // ledger time of the records it may sign
  std::optional<std::uint64_t> to_ms;  // exclusive

  bool operator==(const AgencyKey&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& key& from_ms& to_ms;
  }
};

struct AgencyStanding {
  static constexpr auto kTag = static_cast<std::uint8_t>(SubjectKind::agency);
  std::string name;
  std::string province;
  std::vector<AgencyKey> keys;
  std::vector<Grant> grants;

  bool operator==(const AgencyStanding&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kDisplayName>(name) & bounded<limits::kProvinceCode>(province) &
        bounded<limits::kKeysPerAgency>(keys) & bounded<limits::kGrantsPerAgency>(grants);
  }
};

// ---- province ----

struct ProvinceStanding {
  static constexpr auto kTag = static_cast<std::uint8_t>(SubjectKind::province);
  std::string name;
  std::vector<PublicKey> authority_keys;  // of those who decide for the province
  std::uint8_t threshold = 0;             // how many of them must agree

  bool operator==(const ProvinceStanding&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kDisplayName>(name) & bounded<limits::kAuthorityKeys>(authority_keys) &
        threshold;
  }
};

// ---- roster: the nodes ----

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

// ---- request: a submission is counted once ----

// Where a submission stands.
struct Place {
  std::uint64_t height = 0;
  std::uint32_t submission = 0;  // index in the block

  auto operator<=>(const Place&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& height& submission;
  }
};

struct RequestStanding {
  static constexpr auto kTag = static_cast<std::uint8_t>(SubjectKind::request);
  Hash submission;  // its id
  Place place;

  bool operator==(const RequestStanding&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& submission& place;
  }
};

using Detail = std::variant<LicenseStanding, InvoiceStanding, AgencyStanding, ProvinceStanding,
                            RosterStanding, RequestStanding, LineageStanding>;

struct Standing {
  std::uint32_t count = 0;  // operations so far; 0 for what the genesis founded
  Hash last;                // hash of the latest operation; zero when count is 0
  Detail detail;

  bool operator==(const Standing&) const = default;
  // Hashed into the state tree: SHA-256(encode(standing)).
  Hash value_hash() const { return sha256(encode(*this)); }

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& count& last& detail;
  }
};

}  // namespace hufu
