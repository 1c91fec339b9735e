// Sensitive changes: who may do what, who recognises whom. Proposed, approved and enacted on the ledger. Tags 64 to 95.
//
//   decision := target subject key, previous optional<hash>, effective day i32, body variant
//   its subject := decision:<hex of SHA-256("hufu/decision/v1\n" || decision)>
//
// A province's authority signs with one of its keys, under the province's code in place of an agency's. Propose founds the
// decision's subject, Approve adds the signer's key, Enact, on the target's own subject, is accepted once enough keys of
// every province concerned stand under it: so the target's history shows what changed, when, and by whose word.
// `previous` ties the decision to the target as the approvers saw it: it can be enacted once, and not on something else.
//
// Whose approval a decision needs
//   agency, its keys and grants, catalogue    the province it belongs to
//   agreement, first and new text             both provinces
//   agreement, its end                        either of them
//   province                                  itself
//   roster                                    more than half of the provinces that run nodes and have an authority
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ledger/record/authority.hpp"

namespace hufu {

// Founds an agency, or replaces what it is called and granted.
struct AgencyEntry {
  static constexpr std::uint8_t kTag = 1;
  std::string name;
  std::string province;
  std::vector<Grant> grants;
  std::vector<AgencyKey> keys;  // with the founding only

  bool operator==(const AgencyEntry&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kDisplayName>(name) & bounded<limits::kProvinceCode>(province) &
        bounded<limits::kGrantsPerAgency>(grants) & bounded<limits::kKeysPerAgency>(keys);
  }
};

enum class AgencyStep : std::uint8_t { suspend = 1, resume = 2, withdraw = 3 };
bool is_known(AgencyStep step);

struct AgencyChange {
  static constexpr std::uint8_t kTag = 2;
  AgencyStep step = AgencyStep::suspend;

  bool operator==(const AgencyChange&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& step;
  }
};

struct AgencySuccessor {
  static constexpr std::uint8_t kTag = 3;
  std::string successor;

  bool operator==(const AgencySuccessor&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kAgencyCode>(successor);
  }
};

struct KeyEntry {
  static constexpr std::uint8_t kTag = 4;
  AgencyKey key;

  bool operator==(const KeyEntry&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& key;
  }
};

// From the block's time on; `compromised_ms` may lie in the past.
struct KeyEnd {
  static constexpr std::uint8_t kTag = 5;
  PublicKey key;
  std::optional<std::uint64_t> compromised_ms;

  bool operator==(const KeyEnd&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& key& compromised_ms;
  }
};

struct AgreementText {
  static constexpr std::uint8_t kTag = 6;
  AgreementStanding text;

  bool operator==(const AgreementText&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& text;
  }
};

// Its last day is the decision's effective day.
struct AgreementEnd {
  static constexpr std::uint8_t kTag = 7;
  std::string by;  // which of the two provinces

  bool operator==(const AgreementEnd&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kProvinceCode>(by);
  }
};

struct CatalogueEntry {
  static constexpr std::uint8_t kTag = 8;
  CatalogueStanding entry;

  bool operator==(const CatalogueEntry&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& entry;
  }
};

struct ProvinceEntry {
  static constexpr std::uint8_t kTag = 9;
  ProvinceStanding entry;

  bool operator==(const ProvinceEntry&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& entry;
  }
};

// Where a ledger that has lost its quorum for good goes on: behind this block, at this time, by the authorities' word alone.
struct Recovery {
  std::uint64_t height = 0;
  Hash head;
  std::uint64_t time_ms = 0;  // of the block that enacts it

  bool operator==(const Recovery&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& height& head& time_ms;
  }
};

// The nodes of the next epoch. Without a recovery one node comes, goes, is replaced, or moves; with one, any may go.
struct RosterEntry {
  static constexpr std::uint8_t kTag = 10;
  RosterStanding roster;
  std::optional<Recovery> recovery;

  bool operator==(const RosterEntry&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& roster& recovery;
  }
};

struct Decision {
  SubjectKey target;
  std::optional<Hash> previous;
  CivilDay effective = 0;
  std::variant<AgencyEntry, AgencyChange, AgencySuccessor, KeyEntry, KeyEnd, AgreementText, AgreementEnd,
               CatalogueEntry, ProvinceEntry, RosterEntry>
      body;

  bool operator==(const Decision&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& target& previous& effective& body;
  }
};

inline SubjectKey roster_subject() { return {SubjectKind::roster, ""}; }

SubjectKey decision_subject(const Decision& decision);
// What it decides: "AGENCY_ENTRY", "AGENCY_SUSPEND", "KEY_END", …: for people and JSON.
std::string_view name_of(const Decision& decision);

struct Propose {
  static constexpr std::uint8_t kTag = 64;
  Decision decision;

  bool operator==(const Propose&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& decision;
  }
};

struct Approve {
  static constexpr std::uint8_t kTag = 65;

  bool operator==(const Approve&) const = default;
  template <class Archive>
  void serialize(Archive& /*archive*/, unsigned /*version*/) {}
};

// On the target's subject; the operation's previous and effective are the decision's.
struct Enact {
  static constexpr std::uint8_t kTag = 66;
  Decision decision;

  bool operator==(const Enact&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& decision;
  }
};

// An agency's own: one of its keys brings in the next, with a scope no wider than its own, and may end itself.
struct KeyRotation {
  static constexpr std::uint8_t kTag = 67;
  AgencyKey next;
  bool ends_signer = false;

  bool operator==(const KeyRotation&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& next& ends_signer;
  }
};

// ---- the standing of a decision ----

struct Approval {
  std::string province;
  PublicKey key;

  auto operator<=>(const Approval&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kProvinceCode>(province) & key;
  }
};

// A province whose approval a decision needs.
struct Side {
  std::string province;

  bool operator==(const Side&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kProvinceCode>(province);
  }
};

struct DecisionStanding {
  static constexpr auto kTag = static_cast<std::uint8_t>(SubjectKind::decision);
  SubjectKey target;
  std::vector<Side> sides;          // as it was proposed; nobody else's approval is taken
  std::vector<Approval> approvals;  // sorted, each once

  bool operator==(const DecisionStanding&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& target& bounded<limits::kSides>(sides);
    archive& bounded<limits::kApprovals>(approvals);
  }
};

}  // namespace hufu
