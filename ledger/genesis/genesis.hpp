// The founding document: who founds the ledger. Trust starts here; a verifier needs nothing else.
//
//   genesis file := "hufu genesis v1\n" || genesis
//   genesis      := version u8 (=1), origin string<100>, time_ms u64,
//                   provinces list<64> of (code string<6>, province standing),   sorted by code
//                   agencies list<10000> of (code string<32>, agency standing),  sorted by code
//                   roster standing                                              (members sorted by id)
//   genesis hash := SHA-256("hufu/genesis/v1\n" || genesis)
//
// Invariants (checked whole, by check_genesis)
//   G1  the origin is a C2SP log origin: 1 to 100 printable ASCII characters without space or '+'
//   G2  province codes are of GB/T 2260, names are UTF-8 and not empty; thresholds are 0 without keys, else 1 to the
//       number of keys
//   G3  every agency belongs to a founding province, has at least one key, and no key stands twice in the document
//   G4  1 to 32 nodes, each of a founding province, ids not 0, names of [a-z0-9.-], addresses usable; no name, id, key or
//       address twice
//   G5  lists are sorted, without repetition, and within the bounds of base/limits.hpp; so is the whole file
//   G6  keys are usable (base/ed25519.hpp); names hold no control character; the founding time is one the calendar has
#pragma once

#include <vector>

#include "ledger/chain/block.hpp"
#include "ledger/record/standing.hpp"

namespace hufu {

struct FoundingProvince {
  std::string code;
  ProvinceStanding standing;

  bool operator==(const FoundingProvince&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kProvinceCode>(code) & standing;
  }
};

struct FoundingAgency {
  std::string code;
  AgencyStanding standing;

  bool operator==(const FoundingAgency&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& bounded<limits::kAgencyCode>(code) & standing;
  }
};

struct Genesis {
  static constexpr std::uint8_t kVersion = 1;
  std::uint8_t version = kVersion;
  std::string origin;
  std::uint64_t time_ms = 0;
  std::vector<FoundingProvince> provinces;
  std::vector<FoundingAgency> agencies;
  RosterStanding roster;

  bool operator==(const Genesis&) const = default;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& exactly<kVersion>(version) & bounded<limits::kOrigin>(origin) &
        time_ms& bounded<limits::kProvinces>(provinces) & bounded<limits::kAgencies>(agencies) & roster;
  }
};

// What is wrong and where, e.g. "agencies[3].keys[0]: the key stands twice". Empty: nothing.
struct GenesisFault {
  std::string where;
  std::string what;
};
std::vector<GenesisFault> check_genesis(const Genesis& genesis);

Hash genesis_hash(const Genesis& genesis);
LedgerId ledger_id(const Genesis& genesis);

// The file's bytes. decode_genesis refuses what check_genesis faults (Error::config_invalid), and any other first line
// (Error::unknown_tag).
Bytes encode_genesis(const Genesis& genesis);
Result<Genesis> decode_genesis(ByteSpan file);

// The standings with which the state begins: provinces, agencies, the roster; sorted by key.
std::vector<std::pair<SubjectKey, Standing>> founding_state(const Genesis& genesis);
// Block 0. Its state root is the root over founding_state.
BlockHeader founding_block(const Genesis& genesis);

}  // namespace hufu
