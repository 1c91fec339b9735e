#include "cli/offline/verify.hpp"

#include <algorithm>

#include "ledger/base/check.hpp"
#include "ledger/proof/finding.hpp"

namespace hufu::offline {
namespace {

bool is_of(const TrustedLedger& ledger, const Presented& presented) {
  const Hash genesis = genesis_hash(genesis_of(ledger));
  if (const auto* proof = std::get_if<Proof>(&presented)) return proof->evidence.ledger.genesis == genesis;
  const auto& start = std::get<CompactProof>(presented).ledger;
  return std::equal(start.begin(), start.end(), genesis.bytes.begin());
}

class Verification {
 public:
  Verification(TrustedLedger& ledger, const Question& question)
      : ledger_(ledger),
        genesis_(genesis_of(ledger)),
        anchor_{.genesis = &genesis_, .roster = ledger.roster},
        question_(question) {}

  Verified operator()(const Proof& proof) const {
    const ProofFinding finding = check_proof(anchor_, proof);
    Verified verified = judged(judge_proof(anchor_, question_, proof, finding));
    if (finding.time_s == 0 || !none_failed(finding.checks)) return verified;
    remember(verified, remember_proof(ledger_, proof, finding));
    return verified;
  }

  Verified operator()(const CompactProof& compact) const {
    const CompactFinding finding = check_compact(anchor_, compact);
    Verified verified = judged(judge_compact(anchor_, question_, compact));
    if (finding.time_s == 0 || !none_failed(finding.checks)) return verified;
    remember(verified, hufu::remember(ledger_, ledger_id(genesis_), finding.certified, {}));
    return verified;
  }

 private:
  Verified judged(Judgement judgement) const {
    return {.origin = genesis_.origin, .judgement = std::move(judgement), .remembered = std::nullopt};
  }
  // Its links were checked with the proof.
  static void remember(Verified& verified, Result<Remembered> remembered) {
    HUFU_CHECK(remembered.has_value());
    if (remembered->fork) verified.judgement = with_fork(std::move(verified.judgement));
    verified.remembered = std::move(*remembered);
  }

  TrustedLedger& ledger_;
  const Genesis genesis_;
  const Anchor anchor_;
  const Question& question_;
};

// Does the log that was shown continue what is remembered? A path may be missing offline; it is asked for by the next update,
// and nobody is told meanwhile that it was checked.
void add_consistency(Verified& verified) {
  Judgement& judgement = verified.judgement;
  switch (verified.remembered->memory) {
    case Memory::first:
      return judgement.checks.push_back(skipped("consistency", "the first checkpoint that is remembered"));
    case Memory::known:
    case Memory::linked:
      return judgement.checks.push_back(
          passed("consistency", "one log with the checkpoint that is remembered"));
    case Memory::superseded:
      return judgement.checks.push_back(skipped("consistency", "older than the roster that is trusted"));
    case Memory::unlinked:
      break;
  }
  judgement.checks.push_back(
      skipped("consistency",
              "of another size than the checkpoint that is remembered, and no path is at hand: "
              "hufu trust update links them"));
  if (judgement.scope) {
    judgement.scope->not_shown.push_back(
        {"that this log continues the one that is remembered", "该日志与此前记住的日志是否一致"});
  }
}

}  // namespace

Result<TrustSource> read_trust(ByteSpan file) {
  TrustSource source;
  Result<Trust> trust = decode_trust(file);
  if (trust) {
    if (trust->ledgers.empty()) return Error::config_invalid;
    source = {.trust = std::move(*trust), .remembers = true};
    return source;
  }
  if (trust.error() != Error::unknown_tag) return trust.error();
  const Result<void> trusted = trust_ledger(source.trust, file);
  if (!trusted) return trusted.error();
  return source;
}

TrustedLedger& ledger_of(TrustSource& source, const Presented& presented) {
  std::vector<TrustedLedger>& ledgers = source.trust.ledgers;
  const auto found = std::find_if(ledgers.begin(), ledgers.end(),
                                  [&](const TrustedLedger& ledger) { return is_of(ledger, presented); });
  return found == ledgers.end() ? ledgers.front() : *found;
}

Genesis genesis_of(const TrustedLedger& ledger) { return decode_genesis(ledger.genesis_file).value(); }

Verified verify(TrustSource& source, const Question& question, const Presented& presented) {
  Verified verified = std::visit(Verification(ledger_of(source, presented), question), presented);
  const bool compared = source.remembers && verified.remembered && !verified.remembered->fork;
  if (compared) add_consistency(verified);
  return verified;
}

}  // namespace hufu::offline
