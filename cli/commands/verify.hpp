// hufu verify: is this document good? The node gives evidence, everything is checked here.
#pragma once

#include <string>

#include "cli/client/client.hpp"
#include "cli/session.hpp"
#include "ledger/proof/verdict.hpp"

namespace hufu::cli {

struct Verify {
  std::string what;      // an identifier, a document file, or - for a document on standard input
  std::string document;  // a document file besides the identifier
  std::string day;       // YYYY-MM-DD; else today in China
  std::string max_age = "24h";
};
int run(const Verify& options, const Session& session);

// What was asked, and what came of it.
struct Verification {
  std::string asked;
  std::optional<SubjectKey> subject;
  std::optional<Document> document;
  std::optional<Evidence> evidence;
  CivilDay day = 0;
  Judgement judgement;
  std::string node;
  std::string origin;
  std::string agency_name;  // of the issuing agency, by the ledger
};
// Fetches the evidence for `verification.subject`, checks it and judges. A trouble only where the question itself failed;
// nodes that cannot be reached leave it undetermined.
Try<void> ask_and_judge(Client& client, const Genesis& genesis, std::uint64_t max_age_ms,
                        Verification& verification, const Session& session);
json::object to_json(const Verification& verification);
// What is shown at the counter. Names of holders are masked.
std::string counter_text(const Verification& verification, const Session& session);

}  // namespace hufu::cli
