#include "cli/doctor/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

// When the last key ends that has not ended or been revoked; nothing: there is none.
std::optional<std::uint64_t> last_end(const AgencyStanding& agency, std::uint64_t now_ms) {
  std::optional<std::uint64_t> latest;
  for (const AgencyKey& key : agency.keys) {
    if (key.compromised_ms) continue;
    const std::uint64_t end = key.to_ms.value_or(kNever);
    if (end > now_ms) latest = std::max(latest.value_or(0), end);
  }
  return latest;
}

std::string next_for(const std::string& agency) {
  return fmt::format("hufu agency key-add for {}: docs/operations.md, \"A key ends\"", agency);
}

}  // namespace

Symptoms examine_keys(const std::map<std::string, AgencyStanding>& agencies, std::uint64_t now_ms) {
  Symptoms symptoms;
  for (const auto& [code, agency] : agencies) {
    if (agency.suspended || agency.withdrawn) continue;
    const std::string what = "key of " + code;
    const auto end = last_end(agency, now_ms);
    if (!end) {
      symptoms.push_back({Health::fail, what, "no key with which it could sign", next_for(code)});
    } else if (*end != kNever && *end - now_ms < kKeyWarnMs) {
      symptoms.push_back(
          {Health::warn, what, "its last good key ends " + api::moment_text(*end), next_for(code)});
    }
  }
  if (symptoms.empty()) {
    symptoms.push_back({Health::ok, "agency keys",
                        fmt::format("{} agencies, none ends within 30 days", agencies.size()), ""});
  }
  return symptoms;
}

}  // namespace hufu::cli
