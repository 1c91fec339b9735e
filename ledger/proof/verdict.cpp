#include "ledger/proof/verdict.hpp"

#include <algorithm>
#include <array>

#include "ledger/base/check.hpp"
#include "ledger/proof/judge.hpp"

namespace hufu {
namespace {

constexpr int kAlarm = 9;

// Quorum times beyond the calendar are as good as any in the future.
std::uint64_t to_ms(std::uint64_t time_s) { return std::min(time_s, limits::kTimeMs / 1000 + 1) * 1000; }

// The standings shown, or those of an earlier moment. Evidence that does not hold shows nothing.
std::map<SubjectKey, Standing> known_in(const Genesis& genesis, const Question& question,
                                        const Evidence& evidence, const std::vector<Check>& checks) {
  std::map<SubjectKey, Standing> known;
  if (!none_failed(checks)) return known;
  if (question.known_at_ms && *question.known_at_ms < evidence.head.time_ms)
    return standings_known(genesis, evidence, *question.known_at_ms);
  if (evidence.subject.standing) known.emplace(evidence.subject.key, *evidence.subject.standing);
  for (const Life& life : evidence.support) {
    if (life.standing.standing) known.emplace(life.key(), *life.standing.standing);
  }
  return known;
}

Case case_of(const Genesis& genesis, const Question& question, const Evidence& evidence,
             std::vector<Check> checks) {
  auto known = known_in(genesis, question, evidence, checks);
  return {.subject = evidence.subject.key,
          .known = std::move(known),
          .history = &evidence,
          .checks = std::move(checks),
          .time_ms = evidence.head.time_ms,
          .time_of = "the newest block seen",
          .superseded = false,
          .scope = std::nullopt};
}

// A compact proof shows one moment: what the ledger knew before it stays open.
Judgement not_known_then(Judgement judgement) {
  if (!judgement.scope) return judgement;  // it does not hold at any time
  judgement.verdict = Verdict::undetermined;
  judgement.reasons.push_back(Reason::history_not_shown);
  std::sort(judgement.reasons.begin(), judgement.reasons.end());
  judgement.reasons.erase(std::unique(judgement.reasons.begin(), judgement.reasons.end()),
                          judgement.reasons.end());
  return judgement;
}

constexpr std::string_view kQuorumTime = "the time at which the quorum cosigned";

}  // namespace

int exit_of(const Judgement& judgement) {
  const auto& reasons = judgement.reasons;
  const bool fork = std::find(reasons.begin(), reasons.end(), Reason::fork_detected) != reasons.end();
  return fork ? kAlarm : exit_of(judgement.verdict);
}

Judgement judge_evidence(const Genesis& genesis, const Question& question, const Evidence& evidence) {
  Case shown = case_of(genesis, question, evidence, check_evidence(genesis, evidence));
  shown.checks.push_back(skipped("checkpoint quorum", "the log root is the word of the node asked"));
  return judge(question, std::move(shown));
}

Judgement judge_proof(const Anchor& anchor, const Question& question, const Proof& proof) {
  return judge_proof(anchor, question, proof, check_proof(anchor, proof));
}

Judgement judge_proof(const Anchor& anchor, const Question& question, const Proof& proof,
                      const ProofFinding& finding) {
  Case shown = case_of(*anchor.genesis, question, proof.evidence, finding.checks);
  shown.time_ms = to_ms(finding.time_s);
  shown.time_of = kQuorumTime;
  shown.superseded = finding.superseded;
  if (none_failed(shown.checks)) {
    Scope& scope = shown.scope.emplace();
    scope.as_of_ms = shown.time_ms;
    scope.height = proof.evidence.head.height;
    if (!proof.evidence.subject.standing) {
      scope.shown = {{"this ledger had never recorded anything under this identifier",
                      "本账本从未以此标识登记任何记录"}};
    } else {
      scope.shown = {{"the state of the subject at that time", "该标识当时的状态"},
                     {"its complete history up to then, and so its state on any earlier day",
                      "截至当时的完整历史及此前任一日的状态"},
                     {"every operation was signed by its agency with a key in force",
                      "每项操作均由有权机关以有效密钥签署"}};
    }
  }
  return judge(question, std::move(shown));
}

Judgement judge_compact(const Anchor& anchor, const Question& question, const CompactProof& compact) {
  CompactFinding finding = check_compact(anchor, compact);
  const bool known = !question.known_at_ms || *question.known_at_ms >= compact.time_ms;
  Case shown{.subject = compact.subject,
             .known = {{compact.subject, compact.standing}},
             .history = nullptr,
             .checks = std::move(finding.checks),
             .time_ms = to_ms(finding.time_s),
             .time_of = kQuorumTime,
             .superseded = false,
             .scope = std::nullopt};
  if (none_failed(shown.checks)) {
    shown.scope =
        Scope{.as_of_ms = shown.time_ms,
              .height = compact.height,
              .shown = {{"the state of the subject at that time", "该标识当时的状态"}},
              .not_shown = {{"the operations, the agency's signatures and authority, and the history: "
                             "the quorum vouches for them",
                             "各项操作、机关签名与授权及历史：由法定多数节点担保"},
                            {"whether a key that signed was reported stolen afterwards: the proof file tells",
                             "签名密钥事后是否被报泄露：以证明文件为准"}}};
  }
  Judgement judgement = judge(question, std::move(shown));
  return known ? std::move(judgement) : not_known_then(std::move(judgement));
}

Judgement judge_nothing(Reason reason) {
  Judgement judgement;
  judgement.verdict = describe(reason).verdict;
  judgement.reasons = {reason};
  const std::string why = "nothing was proved: " + std::string(describe(reason).en);
  for (const char* name : {"document", "issuer signature", "issuer authority", "inclusion", "ledger",
                           "history", "checkpoint quorum", "status", "freshness", "recognition"}) {
    judgement.checks.push_back(skipped(name, why));
  }
  return judgement;
}

Judgement with_fork(Judgement judgement) {
  judgement.reasons.push_back(Reason::fork_detected);
  std::sort(judgement.reasons.begin(), judgement.reasons.end());
  judgement.verdict = Verdict::refuse;
  judgement.scope.reset();
  const auto ledger = std::find_if(judgement.checks.begin(), judgement.checks.end(),
                                   [](const Check& check) { return check.name == "ledger"; });
  HUFU_CHECK(ledger != judgement.checks.end());
  *ledger = {.name = "ledger",
             .result = Check::Result::fail,
             .why = "it contradicts a checkpoint that is remembered: one of the two histories is false",
             .error = Error::fork_detected};
  return judgement;
}

std::string verdict_sentence(const Judgement& judgement, std::string_view since, bool chinese) {
  std::string reasons;
  for (const Reason reason : judgement.reasons) {
    const ReasonInfo& info = describe(reason);
    if (!reasons.empty()) reasons += chinese ? "；" : "; ";
    reasons += chinese ? info.zh : info.en;
  }
  const std::string time(since);
  switch (judgement.verdict) {
    case Verdict::accept:
      if (judgement.recognition) {
        return chinese ? "核验通过：证照有效，内容自 " + time + " 存证后未改动，本省认可"
                       : "Valid, unchanged since " + time + ", recognised here";
      }
      return chinese ? "核验通过：证照有效，内容自 " + time + " 存证后未改动（是否在本省认可，未核验）"
                     : "Valid, unchanged since " + time + " (whether it is recognised here was not checked)";
    case Verdict::authentic_not_recognized:
      return chinese ? "证照真实，但不在本省互认范围，请按本省规定办理（" + reasons + "）"
                     : "Authentic, but not recognised here: " + reasons;
    case Verdict::refuse:
      return (chinese ? "核验不通过：" : "Do not accept: ") + reasons;
    case Verdict::undetermined:
      break;
  }
  return chinese ? "暂无法核验，请稍后重试或联系发证机关，不得据此认定证照无效（" + reasons + "）"
                 : "Cannot be decided now; this is not proof of a forgery (" + reasons + ")";
}

}  // namespace hufu
