// Secrets on their way into the process: random seeds and passphrases.
//
// A passphrase comes from a terminal (without echo), a descriptor or a file that only its owner can read; never from the
// environment or the command line, where others can see it.
#pragma once

#include <string>

#include "cli/session.hpp"
#include "ledger/base/ed25519.hpp"
#include "ledger/base/key_file.hpp"
#include "ledger/record/submission.hpp"

namespace hufu::cli {

Seed random_seed();
RequestId random_request_id();
// 160 random bits, as 32 letters and digits that are hard to confuse.
std::string random_passphrase();

struct PassphraseSource {
  int descriptor = -1;
  std::string file;
};

// A passphrase that opens something. Asks on the terminal when no source is named; without a terminal that is a trouble
// which says what to pass. The final line feed is not part of it.
Try<std::string> passphrase(const PassphraseSource& source, const std::string& purpose,
                            const Session& session);
// For a new key: asked twice on a terminal, and never empty.
Try<std::string> new_passphrase(const PassphraseSource& source, const Session& session);

// Opens a key file, with the trouble told in full.
Try<KeyFile> open_key(const std::string& path, const PassphraseSource& source, const Session& session);

}  // namespace hufu::cli
