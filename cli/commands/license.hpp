// hufu transfer out, hufu correct, hufu set-status: what happens to a license and has a value beside it.
#pragma once

#include <string>

#include "cli/submit.hpp"

namespace hufu::cli {

struct TransferOut {
  std::string id;
  std::string province;
  std::string agency;  // of this ledger; empty: it leaves for another ledger at once
  SubmitOptions submit;
};
int run(const TransferOut& options, const Session& session);

// The link from a license that ended by mistake to the one that stands for it.
struct CorrectLicense {
  std::string id;
  std::string replacement;
  SubmitOptions submit;
};
int run(const CorrectLicense& options, const Session& session);

// An office's own status code, by what the catalogue of its province says that it means for this type.
struct SetStatus {
  std::string id;
  std::string code;
  SubmitOptions submit;
};
int run(const SetStatus& options, const Session& session);

// What the code means. Error::field_invalid, naming the codes that the type has.
Try<LicenseAction> action_of_code(const CatalogueStanding& type, const std::string& code);

}  // namespace hufu::cli
