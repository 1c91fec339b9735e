// What was asked in a verification, what was found, and how people and programs are told.
#pragma once

#include <optional>
#include <string>

#include "cli/offline/verify.hpp"
#include "cli/session.hpp"

namespace hufu::cli {

// What the proof says of the subject, as of one block.
struct Found {
  std::uint64_t height = 0;
  std::uint64_t time_ms = 0;
  std::optional<Hash> log_root;  // a compact proof does not name it
  std::optional<Standing> standing;
  std::string status;          // on the day that was asked for
  std::string issuer_name;     // as the ledger has it; empty: the proof does not show it
  std::uint64_t since_ms = 0;  // when it was notarised; 0: the proof does not show it
  std::optional<Hash> receipt;
};
Found found_in(const Evidence& evidence, CivilDay day);
Found found_in(const offline::Presented& presented, CivilDay day);

struct Verification {
  std::string asked;
  std::optional<SubjectKey> subject;
  std::optional<Document> document;
  CivilDay day = 0;
  std::string verifier;  // province of --for; empty: recognition is not asked
  std::string scenario;
  std::optional<std::uint64_t> known_at_ms;
  std::optional<Found> found;
  Judgement judgement;
  std::string node;  // that was asked; empty: none
  std::string origin;
};
// Every code is a province's. Error::usage.
Try<void> check_provinces(const std::vector<std::string>& codes);
json::object to_json(const Verification& verification);
// What is shown at the counter. Names of holders are masked.
std::string counter_text(const Verification& verification, const Session& session);
// Prints it; the exit code.
int show(const Verification& verification, const Session& session);

}  // namespace hufu::cli
