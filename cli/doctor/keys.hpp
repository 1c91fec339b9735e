// Keys and grants that end soon, before they have. Pure.
//
// Nodes' keys and certificates, and the keys of authorities, have no end of their own: they count until a decision takes them away.
#pragma once

#include <map>
#include <string>

#include "cli/doctor/symptom.hpp"
#include "ledger/genesis/genesis.hpp"

namespace hufu::cli {

inline constexpr std::uint64_t kKeyWarnMs = 30ULL * 24 * 3600 * 1000;

// Of every agency that can still sign, or could until a moment ago: when its last good key ends. One symptom an agency at fault;
// one that is ok when there is none.
Symptoms examine_keys(const std::map<std::string, AgencyStanding>& agencies, std::uint64_t now_ms);

}  // namespace hufu::cli
