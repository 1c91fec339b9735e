// hufu doctor: looks at everything that commonly stands in the way, and says for each what to do next.
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"

namespace hufu::cli {

struct Doctor {
  std::string directory;  // a node's folder to look at too
};
int run(const Doctor& options, const Session& session);

enum class Health { ok, warn, fail };
struct Symptom {
  Health health = Health::ok;
  std::string what;
  std::string found;
  std::string next;  // empty with ok
};
std::string_view name_of(Health health);

}  // namespace hufu::cli
