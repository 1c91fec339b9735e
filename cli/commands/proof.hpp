// hufu proof: take the evidence along. get asks a node for it and checks it, inspect shows what a file holds, qr makes the small
// form of it.
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"
#include "ledger/base/bytes.hpp"

namespace hufu::cli {

// A proof may take the place of an older one, and of nothing else.
Try<void> write_proof(const std::string& path, ByteSpan content);

struct ProofGet {
  std::string id;
  std::string out;                     // else the identifier with .hufu
  std::string since;                   // with a link to the log of that size, for who remembers it
  std::vector<std::string> verifiers;  // provinces with whose agreements it is to show recognition
};
int run(const ProofGet& options, const Session& session);

struct ProofInspect {
  std::string path;
};
int run(const ProofInspect& options, const Session& session);

struct ProofQr {
  std::string what;  // an identifier, or a proof in any form
  std::string svg;
  std::string png;
  bool text = false;
};
int run(const ProofQr& options, const Session& session);

}  // namespace hufu::cli
