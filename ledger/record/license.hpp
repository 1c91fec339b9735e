// What can happen to a license. Tags 1 to 31. The rules: rules/license.cpp.
#pragma once

#include <optional>
#include <string>

#include "ledger/record/identifiers.hpp"
#include "ledger/record/subject.hpp"

namespace hufu {

enum class Assurance : std::uint8_t { l1 = 1, l2 = 2, l3 = 3 };
bool is_known(Assurance level);

// How one license follows on another.
enum class SuccessionKind : std::uint8_t { change = 1, renew = 2, transfer = 3 };
bool is_known(SuccessionKind kind);

struct Succession {
  SuccessionKind kind = SuccessionKind::change;
  SubjectKey other;  // the license on the other side

  bool operator==(const Succession&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& kind& other;
  }
};

// none -> valid. With `from` it is a change, a renewal or a transfer in; then the license it follows is lapsed by a
// LicenseLapse in the same submission, unless that license lives on another ledger (transfer).
struct LicenseIssue {
  static constexpr std::uint8_t kTag = 1;
  Hash commitment;  // of the document
  CivilDay valid_from = 0;
  std::optional<CivilDay> valid_to;  // end day inclusive; absent: long-term
  Assurance assurance = Assurance::l1;
  std::optional<Succession> from;

  bool operator==(const LicenseIssue&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& commitment& valid_from& valid_to& assurance& from;
  }
};

enum class LicenseAction : std::uint8_t {
  suspend = 1,
  resume = 2,
  revoke = 3,
  rescind = 4,
  cancel = 5,
  cancel_transfer = 6,
  dispute_open = 7,
  dispute_close = 8,
};
bool is_known(LicenseAction action);

struct LicenseChange {
  static constexpr std::uint8_t kTag = 2;
  LicenseAction action = LicenseAction::suspend;

  bool operator==(const LicenseChange&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& action;
  }
};

// The old half of a change, a renewal or a transfer in: the license that `to` follows.
struct LicenseLapse {
  static constexpr std::uint8_t kTag = 3;
  Succession to;

  bool operator==(const LicenseLapse&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& to;
  }
};

// Towards an agency of this ledger it is an offer: the license stays in force until that agency takes it over, in one
// submission with its own issue, or the offer is cancelled. Without an agency it leaves for another ledger at once.
struct LicenseTransferOut {
  static constexpr std::uint8_t kTag = 4;
  std::string province;  // where it goes; empty: the record does not tell
  std::string agency;    // of this ledger, that may take it over; empty: another ledger

  bool operator==(const LicenseTransferOut&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kProvinceCode>(province) & bounded<limits::kAgencyCode>(agency);
  }
};

// A terminal state never reopens: a mistake is a new license, and this link from the old one.
struct LicenseCorrection {
  static constexpr std::uint8_t kTag = 5;
  SubjectKey replacement;

  bool operator==(const LicenseCorrection&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& replacement;
  }
};

}  // namespace hufu
