// hufu verify: is this document good? From a node's proof or a proof that was presented; everything is checked here.
#pragma once

#include <string>

#include "cli/client/client.hpp"
#include "cli/trace.hpp"
#include "cli/verification.hpp"

namespace hufu::cli {

struct Verify {
  std::string
      what;  // an identifier, a document file, a proof in any form, or - for one of these on standard input
  std::string document;   // a document file besides
  std::string proof;      // a proof in any form besides
  bool offline = false;   // from what is presented alone
  std::string trust;      // trust file or founding document; else the founding document of the settings
  std::string day;        // YYYY-MM-DD; else today in China
  std::string known_at;   // a moment, or a day (its end in China); else all that the ledger knows
  std::string verifier;   // the province in which it is to count; else recognition is not asked
  std::string scenario;   // for what
  std::string max_age;    // else 10 minutes for a node's proof, a day for what is presented or not confirmed
  std::string batch;      // a file of cases instead of WHAT (verify_batch.hpp)
  std::string documents;  // folder of the holders' documents, for these
  TraceWish trace;        // written down by the node; empty reason: not
};
int run(const Verify& options, const Session& session);

// Asks for a proof of `verification.subject` at a checkpoint of the quorum, and judges it. A trouble only where the question
// itself failed; nodes that cannot be reached leave it undetermined, and so does a node whose word no quorum certified.
Try<offline::Verified> ask_and_judge(Client& client, const Genesis& genesis, offline::TrustSource& trust,
                                     std::optional<std::uint64_t> max_age_ms, Verification& verification,
                                     const Session& session);

}  // namespace hufu::cli
