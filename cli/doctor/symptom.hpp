// What `hufu doctor` finds, and what to do next.
#pragma once

#include <string>
#include <vector>

namespace hufu::cli {

enum class Health { ok, warn, fail };
constexpr const char* name_of(Health health) {
  return health == Health::ok ? "ok" : health == Health::warn ? "warn" : "fail";
}

struct Symptom {
  Health health = Health::ok;
  std::string what;
  std::string found;
  std::string next;  // empty with ok

  bool operator==(const Symptom&) const = default;
};
using Symptoms = std::vector<Symptom>;

}  // namespace hufu::cli
