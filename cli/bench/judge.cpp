#include "cli/bench/judge.hpp"

#include "ledger/checkpoint/checkpoint.hpp"
#include "ledger/proof/proof.hpp"
#include "ledger/proof/receipt.hpp"
#include "node/api/wire.hpp"

namespace hufu::cli::bench {
namespace {

// One answer in so many is kept to be checked whole, up to so many.
constexpr std::size_t kKeepEvery = 256;
constexpr std::size_t kKeepMost = 64;

void keep_some(std::size_t judged, ByteSpan body, std::vector<Bytes>& kept) {
  if (judged % kKeepEvery == 0 && kept.size() < kKeepMost) kept.push_back(to_bytes(body));
}

// What is not the answer.
Judgement refusal(const Answer& answer, std::string& why) {
  why = "HTTP status " + std::to_string(answer.status);
  if (answer.type != api::kBinaryType) return Judgement::failed;
  const Result<api::Problem> problem = decode<api::Problem>(answer.body);
  if (!problem) return Judgement::failed;
  why = std::string(code_of(problem->refusal.error)) + " " + problem->why;
  return api::is_outcome_unknown(problem->refusal.error) ? Judgement::failed : Judgement::refused;
}

}  // namespace

Judgement AppendJudge::judge(std::size_t request, const Answer& answer, std::string& why) {
  if (answer.status != 200 || answer.type != api::kBinaryType) return refusal(answer, why);
  const Result<api::Accepted> accepted = decode<api::Accepted>(answer.body);
  Reader reader(requests_[request].content());
  SubmissionHeader sent;
  reader& sent;
  if (!accepted || reader.error() || accepted->receipt.header != sent || accepted->repeated) {
    why = "a receipt is not of what was sent";
    return Judgement::failed;
  }
  if (certified_ && !accepted->certified) {
    why = "a receipt that was to be certified is not";
    return Judgement::failed;
  }
  keep_some(judged_++, answer.body, kept_);
  return Judgement::accepted;
}

Result<void> AppendJudge::check_kept() const {
  for (const Bytes& body : kept_) {
    const Result<api::Accepted> accepted = decode<api::Accepted>(body);
    if (!accepted) return accepted.error();
    const Receipt& receipt = accepted->receipt;
    if (const auto holds = check_receipt(ledger_id(genesis_), receipt); !holds) return holds.error();
    if (!certified_) continue;
    const auto quorum =
        check_certified(genesis_.origin, genesis_.roster,
                        CertifiedCheckpoint{{receipt.log_size, receipt.log_root}, accepted->cosignatures});
    if (!quorum) return quorum.error();
  }
  return {};
}

Judgement ProofJudge::judge(const Answer& answer, std::string& why) {
  if (answer.status != 200 || answer.type != api::kProofType) return refusal(answer, why);
  keep_some(judged_++, answer.body, kept_);
  return Judgement::accepted;
}

Result<void> ProofJudge::check_kept() const {
  for (const Bytes& body : kept_) {
    const Result<Proof> proof = decode_proof(body);
    if (!proof) return proof.error();
    const ProofFinding finding = check_proof(founding_anchor(genesis_), *proof);
    if (!none_failed(finding.checks)) return Error::proof_invalid;
    if (!proof->evidence.subject.standing) return Error::not_found;
  }
  return {};
}

}  // namespace hufu::cli::bench
