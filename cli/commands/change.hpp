// hufu suspend|resume|revoke|rescind|cancel, transfer cancel, dispute open|close; hufu claim|unclaim
#pragma once

#include <string>

#include "cli/submit.hpp"

namespace hufu::cli {

struct ChangeLicense {
  LicenseAction action = LicenseAction::suspend;
  std::string id;
  SubmitOptions submit;
};
int run(const ChangeLicense& options, const Session& session);

}  // namespace hufu::cli
