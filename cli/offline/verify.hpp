// Verification with neither network nor database: from what is presented and from whom is trusted to a judgement, and what
// it teaches the trust file.
#pragma once

#include "cli/offline/presented.hpp"
#include "ledger/proof/trust.hpp"
#include "ledger/proof/verdict.hpp"

namespace hufu::offline {

// Whom a verification trusts. A founding document alone remembers nothing from one time to the next.
struct TrustSource {
  Trust trust;
  bool remembers = false;  // it came from a trust file
};
// A founding document or a trust file. Errors of decode_genesis and decode_trust; Error::config_invalid for a trust file
// that trusts no ledger.
Result<TrustSource> read_trust(ByteSpan file);

// The ledger that what is presented claims to be of; one that is not trusted is judged against the first, and fails.
TrustedLedger& ledger_of(TrustSource& source, const Presented& presented);
Genesis genesis_of(const TrustedLedger& ledger);

struct Verified {
  std::string origin;
  Judgement judgement;
  std::optional<Remembered> remembered;  // nothing: no quorum certified what was presented
};
// Whatever proves a checkpoint of the quorum is remembered in `source`, whatever the verdict: two histories are caught also by
// the proof of a license that was suspended.
Verified verify(TrustSource& source, const Question& question, const Presented& presented);

}  // namespace hufu::offline
