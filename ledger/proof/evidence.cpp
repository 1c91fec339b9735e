#include "ledger/proof/evidence.hpp"

#include <algorithm>

#include "ledger/proof/replay.hpp"

namespace hufu {
namespace {

// E1.
Check check_ledger(const LedgerId& expected, const Evidence& evidence) {
  Finding finding("ledger");
  finding.expect(evidence.ledger == expected, Error::foreign_origin, "the evidence is of another ledger");
  finding.expect(evidence.log_size != 0 && evidence.head.height == evidence.log_size - 1,
                 Error::proof_invalid, "the head is not the newest block of the log");
  if (!finding.failed()) {
    finding.expect(verify_inclusion(leaf_hash(encode(evidence.head)), evidence.head.height, evidence.log_size,
                                    evidence.head_path, evidence.log_root),
                   "the head does not lead to the root of the log");
  }
  return finding.take("block " + std::to_string(evidence.head.height) + " heads the log of " +
                      expected.origin);
}

// E3 for one operation.
void check_way_up(const OperationEvidence& operation, const Evidence& evidence, Finding& finding) {
  finding.expect(verify_inclusion(operation.operation.hash(), operation.index, operation.header.count,
                                  operation.submission_path, operation.header.root),
                 "an operation does not lead to its submission's root");
  finding.expect(verify_inclusion(leaf_hash(leaf_bytes(operation.header, operation.signature)),
                                  operation.place.submission, operation.block.count, operation.block_path,
                                  operation.block.submissions_root),
                 "a submission does not lead to its block's root");
  finding.expect(operation.place.height == operation.block.height, Error::proof_invalid,
                 "a place names another block");
  finding.expect(verify_inclusion(leaf_hash(encode(operation.block)), operation.block.height,
                                  evidence.log_size, operation.log_path, evidence.log_root),
                 "a block does not lead to the root of the log");
}

// E2, E3.
Check check_inclusion(const Evidence& evidence) {
  Finding finding("inclusion");
  std::size_t operations = 0;
  for (const LifeView& life : lives_of(evidence)) {
    finding.expect(check_standing(*life.standing, evidence.head.state_root),
                   "a standing does not lead to the state root of the newest block");
    for (const OperationEvidence& operation : *life.operations) {
      if (!finding.failed()) check_way_up(operation, evidence, finding);
    }
    operations += life.operations->size();
  }
  const SubjectKey* last = nullptr;
  for (const Life& life : evidence.support) {
    finding.expect((last == nullptr || *last < life.key()) && life.key() != evidence.subject.key,
                   Error::not_canonical, "the support is not sorted by subject, each once");
    last = &life.key();
  }
  if (!evidence.subject.standing) return finding.take("proved absent from the state of the newest block");
  return finding.take(std::to_string(operations) + " operation(s) and " +
                      std::to_string(evidence.support.size() + 1) + " standing(s) lead to the log root");
}

// E4, the signatures. Operations of one submission share one.
Check check_signatures(const LedgerId& ledger, const Evidence& evidence) {
  Finding finding("issuer signature");
  std::set<Hash> seen;
  for (const LifeView& life : lives_of(evidence)) {
    for (const OperationEvidence& operation : *life.operations) {
      if (finding.failed()) break;
      if (!seen.insert(leaf_hash(leaf_bytes(operation.header, operation.signature))).second) continue;
      finding.expect(is_agency_code(operation.header.agency), Error::text_malformed,
                     "a signer's code is none");
      finding.expect(operation.header.genesis == ledger.genesis, Error::foreign_origin,
                     "a submission was signed for another ledger");
      finding.expect(
          verify(operation.header.key, signed_bytes(ledger, operation.header), operation.signature),
          Error::signature_invalid, "a signature does not verify");
    }
  }
  if (evidence.operations.empty() && !finding.failed()) {
    return skipped("issuer signature", "there is no operation, so nothing was signed");
  }
  return finding.take(std::to_string(seen.size()) + " signature(s) verify");
}

// E5: what no operation is ever made on stands as it was derived from a submission.
bool is_derived(const LifeView& life) {
  const SubjectKind kind = life.key().kind;
  if (kind != SubjectKind::request && kind != SubjectKind::lineage) return false;
  const auto& standing = life.standing->standing;
  return standing && standing->count == 0 && standing->last == kZeroHash && life.operations->empty();
}

std::optional<Standing> standing_in(const std::map<SubjectKey, Standing>& standings, const SubjectKey& key) {
  const auto found = standings.find(key);
  return found == standings.end() ? std::nullopt : std::optional(found->second);
}

// E5: a life's operations are of its subject, and in order.
void check_order(const LifeView& life, Finding& finding) {
  const OperationEvidence* last = nullptr;
  for (const OperationEvidence& step : *life.operations) {
    finding.expect(step.operation.subject == life.key(), Error::proof_invalid,
                   "an operation is of another subject");
    finding.expect(last == nullptr || std::tie(last->place, last->index) < std::tie(step.place, step.index),
                   Error::proof_invalid, "the operations are out of order");
    last = &step;
  }
}

// E4 (the keys), E5 and E6 in one walk, as the lines "issuer authority" and "history".
std::pair<Check, Check> check_lives(const Genesis& genesis, const Evidence& evidence) {
  Finding authority("issuer authority");
  Finding history("history");
  for (const LifeView& life : lives_of(evidence)) check_order(life, history);
  Replay replay(genesis, evidence);
  if (!history.failed()) {
    if (const auto fault = replay.run(limits::kTimeMs)) {
      (fault->what == Replay::Fault::What::signer ? authority : history)
          .expect(false, fault->error, fault->why);
    }
  }
  for (const LifeView& life : lives_of(evidence)) {
    if (authority.failed() || is_derived(life)) continue;
    history.expect(standing_in(replay.standings(), life.key()) == life.standing->standing,
                   Error::proof_invalid,
                   "the operations shown are not the complete history of " + life.key().text());
  }
  const auto& standing = evidence.subject.standing;
  Check first = evidence.operations.empty() && !authority.failed()
                    ? skipped("issuer authority", "there is no operation, so nobody signed")
                    : authority.take("every signer was entitled to when the record was made");
  if (authority.failed() && !history.failed())
    return {std::move(first), skipped("history", "who signed had no authority to")};
  return {std::move(first), history.take(standing ? "complete: " + std::to_string(standing->count) +
                                                        " operation(s), replayed by the rules"
                                                  : "no operation was ever accepted for it")};
}

}  // namespace

const StandingEvidence* Evidence::find(const SubjectKey& key) const {
  if (subject.key == key) return &subject;
  const auto at =
      std::lower_bound(support.begin(), support.end(), key,
                       [](const Life& life, const SubjectKey& wanted) { return life.key() < wanted; });
  return at != support.end() && at->key() == key ? &at->standing : nullptr;
}

bool is_of_kind(const Standing& standing, SubjectKind kind) {
  return std::visit([](const auto& detail) { return detail.kTag; }, standing.detail) ==
         static_cast<std::uint8_t>(kind);
}

Result<void> check_standing(const StandingEvidence& evidence, const Hash& state_root) {
  if (evidence.standing && !is_of_kind(*evidence.standing, evidence.key.kind)) return Error::proof_invalid;
  const Hash path = evidence.key.path();
  if (!evidence.standing) return verify_absence(state_root, path, evidence.proof);
  return verify_presence(state_root, path, evidence.standing->value_hash(), evidence.proof);
}

std::vector<Check> check_evidence(const Genesis& genesis, const Evidence& evidence) {
  const LedgerId expected = ledger_id(genesis);
  std::vector<Check> checks;
  checks.push_back(check_ledger(expected, evidence));
  checks.push_back(check_inclusion(evidence));
  checks.push_back(check_signatures(expected, evidence));
  auto [authority, history] = check_lives(genesis, evidence);
  checks.push_back(std::move(authority));
  checks.push_back(std::move(history));
  return checks;
}

Check check_document(const Standing& standing, const Document& presented) {
  Finding finding("document");
  const Hash* recorded = nullptr;
  if (const auto* license = std::get_if<LicenseStanding>(&standing.detail)) recorded = &license->commitment;
  if (const auto* invoice = std::get_if<InvoiceStanding>(&standing.detail)) recorded = &invoice->commitment;
  finding.expect(recorded != nullptr, Error::field_invalid, "the subject is not a document");
  const Result<Hash> computed = commitment(presented);
  finding.expect(computed.has_value(), computed ? Error::usage : computed.error(),
                 "the presented document is malformed");
  if (!finding.failed()) {
    finding.expect(*recorded == *computed, Error::content_mismatch,
                   "the presented document differs from the one that was notarised");
  }
  if (!presented.hidden) return finding.take("the presented document is the one that was notarised");
  return finding.take(
      "what is shown of the document was notarised: " + std::to_string(presented.fields.size()) + " of " +
      std::to_string(presented.count()) + " fields shown");
}

}  // namespace hufu
