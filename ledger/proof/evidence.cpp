#include "ledger/proof/evidence.hpp"

#include <algorithm>

#include "ledger/rules/rules.hpp"

namespace hufu {
namespace {

const AgencyStanding* agency_of(const Evidence& evidence, std::string_view code) {
  for (const StandingEvidence& agency : evidence.agencies) {
    if (agency.key.kind != SubjectKind::agency || agency.key.id != code || !agency.standing) continue;
    return std::get_if<AgencyStanding>(&agency.standing->detail);
  }
  return nullptr;
}

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

// E2 for the subject, E3.
Check check_inclusion(const Evidence& evidence) {
  Finding finding("inclusion");
  finding.expect(check_standing(evidence.subject, evidence.head.state_root),
                 "the standing does not lead to the state root of the newest block");
  for (const OperationEvidence& operation : evidence.operations) {
    if (!finding.failed()) check_way_up(operation, evidence, finding);
  }
  if (!evidence.subject.standing) return finding.take("proved absent from the state of the newest block");
  return finding.take(std::to_string(evidence.operations.size()) +
                      " operation(s) and the standing lead to the log root");
}

// E4, the signatures.
Check check_signatures(const LedgerId& ledger, const Evidence& evidence) {
  Finding finding("issuer signature");
  for (const OperationEvidence& operation : evidence.operations) {
    if (finding.failed()) break;
    finding.expect(is_agency_code(operation.header.agency), Error::text_malformed, "a signer's code is none");
    finding.expect(operation.header.genesis == ledger.genesis, Error::foreign_origin,
                   "a submission was signed for another ledger");
    finding.expect(verify(operation.header.key, signed_bytes(ledger, operation.header), operation.signature),
                   Error::signature_invalid, "a signature does not verify");
  }
  if (evidence.operations.empty() && !finding.failed()) {
    return skipped("issuer signature", "there is no operation, so nothing was signed");
  }
  return finding.take(std::to_string(evidence.operations.size()) + " signature(s) verify");
}

// E4: what the genesis says of an agency; nullptr: nothing.
const AgencyStanding* founded_agency(const Genesis& genesis, std::string_view code) {
  const auto& agencies = genesis.agencies;
  const auto at = std::lower_bound(
      agencies.begin(), agencies.end(), code,
      [](const FoundingAgency& agency, std::string_view wanted) { return agency.code < wanted; });
  return at != agencies.end() && at->code == code ? &at->standing : nullptr;
}

// E2 for the agencies, E4, the keys.
Check check_authority(const Genesis& genesis, const Evidence& evidence) {
  Finding finding("issuer authority");
  for (const StandingEvidence& agency : evidence.agencies) {
    finding.expect(check_standing(agency, evidence.head.state_root),
                   "an agency's standing does not lead to the state root of the newest block");
    const AgencyStanding* founded = founded_agency(genesis, agency.key.id);
    const AgencyStanding* shown = agency_of(evidence, agency.key.id);
    finding.expect(founded != nullptr && shown != nullptr && *founded == *shown, Error::issuer_unknown,
                   "an agency's standing is not the one that the genesis file founds");
  }
  for (const OperationEvidence& operation : evidence.operations) {
    if (finding.failed()) break;
    const AgencyStanding* agency = agency_of(evidence, operation.header.agency);
    finding.expect(agency != nullptr, Error::issuer_unknown,
                   "the ledger does not know agency " + operation.header.agency);
    if (agency == nullptr) break;
    finding.expect(rules::check_key(*agency, operation.header.key, operation.block.time_ms),
                   "agency " + operation.header.agency + " did not hold the key at the time of the record");
  }
  if (evidence.operations.empty() && !finding.failed()) {
    return skipped("issuer authority", "there is no operation, so nobody signed");
  }
  return finding.take("every signing key was held by its agency when the record was made");
}

// E5: agencies, provinces and the roster come from the genesis, a request from the submission that it remembers.
bool is_founded(const Evidence& evidence) {
  const SubjectKind kind = evidence.subject.key.kind;
  if (kind == SubjectKind::license || kind == SubjectKind::invoice) return false;
  const auto& standing = evidence.subject.standing;
  return standing && standing->count == 0 && standing->last == kZeroHash && evidence.operations.empty();
}

// E5 and E6 in one walk: each operation must follow on the standing that the ones before it made.
Check check_history(const Evidence& evidence) {
  Finding finding("history");
  std::optional<Standing> standing;
  std::optional<Place> last_place;
  for (const OperationEvidence& step : evidence.operations) {
    finding.expect(step.operation.subject == evidence.subject.key, Error::proof_invalid,
                   "an operation is of another subject");
    finding.expect(!last_place || *last_place <= step.place, Error::proof_invalid,
                   "the operations are out of order");
    const AgencyStanding* agency = agency_of(evidence, step.header.agency);
    finding.expect(agency != nullptr, Error::issuer_unknown,
                   "the ledger does not know agency " + step.header.agency);
    if (finding.failed()) break;
    Result<Standing> after = rules::apply({step.header.agency, *agency, step.block.time_ms}, step.operation,
                                          standing ? &*standing : nullptr);
    finding.expect(after.has_value(), after ? Error::usage : after.error(), "an operation breaks the rules");
    if (!after) break;
    standing = std::move(*after);
    last_place = step.place;
  }
  if (!finding.failed() && !is_founded(evidence)) {
    finding.expect(standing == evidence.subject.standing, Error::proof_invalid,
                   "the operations shown are not the complete history of the standing");
  }
  if (!evidence.subject.standing) return finding.take("no operation was ever accepted for it");
  return finding.take("complete: " + std::to_string(evidence.subject.standing->count) +
                      " operation(s), replayed by the rules");
}

}  // namespace

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
  checks.push_back(check_authority(genesis, evidence));
  checks.push_back(check_history(evidence));
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
  return finding.take("the presented document is the one that was notarised");
}

}  // namespace hufu
