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

#include "ledger/record/authority.hpp"
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
  bool by_buyer = false;   // who asked; the other side confirms
  bool confirmed = false;  // or needs no confirmation

  bool operator==(const OpenRedRequest&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kRedNumber>(number) & day& by_buyer& confirmed;
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

using Detail =
    std::variant<LicenseStanding, InvoiceStanding, AgencyStanding, ProvinceStanding, RosterStanding,
                 RequestStanding, LineageStanding, DecisionStanding, AgreementStanding, CatalogueStanding>;

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
