// hufu verify --batch: many cases of the counter, one a line, answered one a line in their order.
//
//   case    {"certIdentifier" | "invoiceNumber"[, "verifier", "scenario", "at", "presentedFaceDigest"]}
//   answer  {"certIdentifier" | "invoiceNumber", "verifier", "at", "verdict", "reasons": [code…], "mapsTo": type | null}
//
// The document presented is the holder's of --documents, with its field faceDigest as the case presents it; where there is no
// such document the identifier alone is asked. `mapsTo` is the verifier's own type, where the agreement names another than the
// license's. A line that is no case is answered with {"line", "error", "why"}, and the run goes on.
#pragma once

#include "cli/commands/verify.hpp"
#include "cli/records.hpp"

namespace hufu::cli {

// 0: every case has its answer, whatever the verdicts. 2: some lines are no cases. Else why it stopped.
int run_batch(const Verify& options, const Session& session);

struct Case {
  std::string asked;
  bool invoice = false;
  std::string verifier;
  std::string scenario;
  std::optional<CivilDay> day;
  std::optional<std::string> face_digest;
};
// Errors: json_malformed, field_missing, field_invalid, day_malformed. Other members are left alone.
Preparing<Case> read_case(std::string_view line);
// The document as the case presents it.
Document presented(Document document, const Case& asked);
json::object answer_of(const Case& asked, CivilDay day, const Judgement& judgement);

}  // namespace hufu::cli
