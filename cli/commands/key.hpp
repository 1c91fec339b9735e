// hufu key new|show
#pragma once

#include "cli/secrets.hpp"

namespace hufu::cli {

// A fresh random key, sealed with a passphrase.
struct KeyNew {
  std::string path;
  std::string label;
  PassphraseSource passphrase;
};
int run(const KeyNew& options, const Session& session);

// The public part: what goes into a genesis document. The secret is never shown.
struct KeyShow {
  std::string path;
  PassphraseSource passphrase;
};
int run(const KeyShow& options, const Session& session);

}  // namespace hufu::cli
