// hufu doctor: looks at everything that commonly stands in the way, and says for each what to do next.
//
// Ends with kLocal when anything fails, else with kOk; warnings alone are no failure.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace hufu::cli {

struct Doctor {
  std::string directory;  // a node's folder, or its data folder, to look at too
};
int run(const Doctor& options, const Session& session);

}  // namespace hufu::cli
