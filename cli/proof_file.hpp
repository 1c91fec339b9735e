// Proofs at the command line: asked from a node and checked, read from a file, told to people and programs.
#pragma once

#include <string>

#include "cli/client/client.hpp"
#include "cli/offline/presented.hpp"
#include "cli/session.hpp"

namespace hufu::cli {

// Why a file could not be read as a proof.
Trouble proof_trouble(Error error, const std::string& path);
// A proof in any of its forms. "-" reads standard input.
Try<offline::Presented> read_proof(const std::string& path);

// What a node gives, checked from the anchor on.
struct CheckedProof {
  Proof proof;
  ProofFinding finding;
};
Try<CheckedProof> fetch_proof(Client& client, const Anchor& anchor, const SubjectKey& subject,
                              const api::ProofWish& wish, const Session& session);

// What it holds, as it says itself: nothing is checked. Members are named after `roster`, where it is given.
std::string people_text(const offline::Presented& presented, const RosterStanding* roster,
                        const Session& session);
json::object to_json(const offline::Presented& presented);

}  // namespace hufu::cli
