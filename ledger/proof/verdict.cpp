#include "ledger/proof/verdict.hpp"

#include <algorithm>
#include <array>

#include "ledger/base/check.hpp"

namespace hufu {
namespace {

constexpr CivilDay kSoon = 30;  // days before the end of validity from which on it is mentioned
constexpr std::uint64_t kClockSkewMs = 300'000;  // two honest clocks differ by less than five minutes

constexpr Verdict kRefuse = Verdict::refuse;
constexpr Verdict kOpen = Verdict::undetermined;
constexpr Verdict kInformation = Verdict::accept;

constexpr std::array kReasons = {
    ReasonInfo{Reason::not_found, "NOT_FOUND", kRefuse, "never notarised on this ledger", "本账本无此记录"},
    ReasonInfo{Reason::content_mismatch, "CONTENT_MISMATCH", kRefuse,
               "the presented document is not the one that was notarised", "文件内容与存证不一致"},
    ReasonInfo{Reason::id_malformed, "ID_MALFORMED", kRefuse, "not an identifier of any known kind",
               "标识格式不正确"},
    ReasonInfo{Reason::id_check_char, "ID_CHECK_CHAR", kRefuse, "the identifier's check character is wrong",
               "标识校验位不正确"},
    ReasonInfo{Reason::proof_invalid, "PROOF_INVALID", kRefuse, "the node's proof does not hold",
               "节点给出的证明无效"},
    ReasonInfo{Reason::signature_invalid, "SIGNATURE_INVALID", kRefuse,
               "the agency's signature does not verify", "机构签名无效"},
    ReasonInfo{Reason::issuer_unknown, "ISSUER_UNKNOWN", kRefuse,
               "the ledger does not know the issuing agency", "账本上没有该发证机关"},
    ReasonInfo{Reason::issuer_not_authorized, "ISSUER_NOT_AUTHORIZED", kRefuse,
               "the agency was not authorised for this", "发证机关无此授权"},
    ReasonInfo{Reason::key_revoked, "KEY_REVOKED", kRefuse, "the signing key was not in force",
               "签名密钥已失效"},
    ReasonInfo{Reason::not_yet_valid, "NOT_YET_VALID", kRefuse, "its validity has not begun", "尚未生效"},
    ReasonInfo{Reason::expired, "EXPIRED", kRefuse, "its validity has ended", "已过有效期"},
    ReasonInfo{Reason::suspended, "SUSPENDED", kRefuse, "suspended by the issuing agency",
               "已被发证机关暂扣"},
    ReasonInfo{Reason::rescinded, "RESCINDED", kRefuse, "rescinded by the issuing agency",
               "已被发证机关撤销"},
    ReasonInfo{Reason::revoked, "REVOKED", kRefuse, "revoked by the issuing agency", "已被发证机关吊销"},
    ReasonInfo{Reason::cancelled, "CANCELLED", kRefuse, "cancelled", "已注销"},
    ReasonInfo{Reason::ledger_stale, "LEDGER_STALE", kOpen, "the ledger's answer is too old to decide",
               "账本数据过旧"},
    ReasonInfo{Reason::ledger_unavailable, "LEDGER_UNAVAILABLE", kOpen, "no node could be reached",
               "无法连接任何节点"},
    ReasonInfo{Reason::inv_already_claimed, "INV_ALREADY_CLAIMED", kRefuse,
               "this invoice has been claimed already", "该发票已报销入账"},
    ReasonInfo{Reason::inv_red, "INV_RED", kInformation, "a red-letter invoice: it takes back another one",
               "该发票为红字发票"},
    ReasonInfo{Reason::expires_soon, "EXPIRES_SOON", kInformation, "its validity ends within 30 days",
               "将在30日内到期"},
    ReasonInfo{Reason::no_document, "NO_DOCUMENT", kInformation,
               "no document was presented: its content was not compared", "未提交文件，未比对内容"},
};

// What a failed check tells people.
Reason reason_for(Error error) {
  switch (error) {
    case Error::signature_invalid:
    case Error::foreign_origin:
      return Reason::signature_invalid;
    case Error::issuer_unknown:
      return Reason::issuer_unknown;
    case Error::issuer_not_authorized:
      return Reason::issuer_not_authorized;
    case Error::key_unknown:
    case Error::key_revoked:
      return Reason::key_revoked;
    case Error::content_mismatch:
    case Error::field_invalid:
      return Reason::content_mismatch;
    default:
      return Reason::proof_invalid;
  }
}

Check skip(std::string name, std::string why) {
  return {
      .name = std::move(name), .result = Check::Result::skip, .why = std::move(why), .error = std::nullopt};
}

Check passed(std::string name, std::string why) {
  return {
      .name = std::move(name), .result = Check::Result::pass, .why = std::move(why), .error = std::nullopt};
}

LicenseState state_after(LicenseAction action) {
  switch (action) {
    case LicenseAction::suspend:
      return LicenseState::suspended;
    case LicenseAction::revoke:
      return LicenseState::revoked;
    case LicenseAction::rescind:
      return LicenseState::rescinded;
    case LicenseAction::cancel:
      return LicenseState::cancelled;
    case LicenseAction::resume:
      break;
  }
  return LicenseState::valid;
}

// The state on a business day, from the complete history: what took effect later did not count then.
struct StateOn {
  LicenseState state = LicenseState::valid;
  CivilDay since = 0;
};
StateOn state_on(const Evidence& evidence, const LicenseStanding& license, CivilDay day) {
  StateOn on{.state = LicenseState::valid, .since = license.issued};
  for (const OperationEvidence& step : evidence.operations) {
    const auto* const change = std::get_if<LicenseChange>(&step.operation.payload);
    if (change == nullptr || step.operation.effective > day) continue;
    on = {.state = state_after(change->action), .since = step.operation.effective};
  }
  return on;
}

class Judge {
 public:
  Judge(const Genesis& genesis, const Question& question, const Evidence& evidence)
      : genesis_(genesis), question_(question), evidence_(evidence) {}

  Judgement judge() {
    const std::vector<Check> proven = check_evidence(genesis_, evidence_);
    add_document();
    for (const std::string_view name :
         {"issuer signature", "issuer authority", "inclusion", "ledger", "history"}) {
      const auto check =
          std::find_if(proven.begin(), proven.end(), [name](const Check& c) { return c.name == name; });
      HUFU_CHECK(check != proven.end());
      add(*check);
    }
    if (evidence_.subject.key != question_.subject) {
      fail("inclusion", Reason::proof_invalid, "the node answered for another subject");
    }
    add(skip("checkpoint quorum",
             "checkpoints are not cosigned yet: the log root is the word of the node asked"));
    add_status();
    add_freshness();
    add(skip("recognition",
             "agreements between provinces are not on this ledger yet: whether it counts here is for "
             "the province's rules"));
    return finish();
  }

 private:
  void add(Check check) {
    if (check.result == Check::Result::fail) reason(reason_for(check.error.value_or(Error::proof_invalid)));
    result_.checks.push_back(std::move(check));
  }
  void fail(std::string name, Reason why_code, std::string why) {
    reason(why_code);
    result_.checks.push_back({.name = std::move(name),
                              .result = Check::Result::fail,
                              .why = std::move(why),
                              .error = std::nullopt});
  }
  void reason(Reason reason) {
    auto& list = describe(reason).verdict == kInformation ? result_.notes : result_.reasons;
    if (std::find(list.begin(), list.end(), reason) == list.end()) list.push_back(reason);
  }

  void add_document() {
    if (question_.document == nullptr) {
      reason(Reason::no_document);
      return add(skip("document", "no document was presented"));
    }
    if (question_.document->subject != question_.subject) {
      return fail("document", Reason::content_mismatch, "the presented document is of another subject");
    }
    if (!evidence_.subject.standing) return add(skip("document", "there is no record to compare it with"));
    add(check_document(*evidence_.subject.standing, *question_.document));
  }

  void add_status() {
    if (!evidence_.subject.standing) {
      return fail("status", Reason::not_found, "the ledger proves that it holds no such record");
    }
    const Detail& detail = evidence_.subject.standing->detail;
    if (const auto* license = std::get_if<LicenseStanding>(&detail)) return add_license(*license);
    if (const auto* invoice = std::get_if<InvoiceStanding>(&detail)) return add_invoice(*invoice);
    fail("status", Reason::id_malformed, "neither a license nor an invoice: nothing to accept at a counter");
  }

  void add_license(const LicenseStanding& license) {
    const std::size_t before = result_.reasons.size();
    const StateOn on = state_on(evidence_, license, question_.day);
    if (question_.day < license.valid_from || question_.day < license.issued) reason(Reason::not_yet_valid);
    if (license.valid_to && question_.day > *license.valid_to) reason(Reason::expired);
    if (on.state == LicenseState::suspended) reason(Reason::suspended);
    if (on.state == LicenseState::rescinded) reason(Reason::rescinded);
    if (on.state == LicenseState::revoked) reason(Reason::revoked);
    if (on.state == LicenseState::cancelled) reason(Reason::cancelled);
    std::string why = std::string(name_of(on.state)) + " since " + format_civil_day(on.since) +
                      ", valid from " + format_civil_day(license.valid_from) +
                      (license.valid_to ? " to " + format_civil_day(*license.valid_to) : ", no end") +
                      "; asked for " + format_civil_day(question_.day);
    const bool good = result_.reasons.size() == before;
    result_.checks.push_back({.name = "status",
                              .result = good ? Check::Result::pass : Check::Result::fail,
                              .why = std::move(why),
                              .error = std::nullopt});
    if (good && license.valid_to && std::int64_t{*license.valid_to} - question_.day < kSoon)
      reason(Reason::expires_soon);
  }

  void add_invoice(const InvoiceStanding& invoice) {
    if (!invoice.blue) reason(Reason::inv_red);
    if (!invoice.claim)
      return add(passed("status", "issued " + format_civil_day(invoice.issued) + ", not claimed"));
    fail("status", Reason::inv_already_claimed,
         "issued " + format_civil_day(invoice.issued) + ", claimed " + format_civil_day(invoice.claim->day) +
             " for period " + std::to_string(invoice.claim->period));
  }

  void add_freshness() {
    const Freshness& freshness = question_.freshness;
    const std::uint64_t time = evidence_.head.time_ms;
    if (freshness.confirmed)
      return add(passed("freshness", "a majority of the nodes confirmed that nothing newer stands"));
    if (time > freshness.now_ms && time - freshness.now_ms > kClockSkewMs) {
      return fail("freshness", Reason::ledger_stale,
                  "the newest block seen is from the future: a clock is wrong");
    }
    if (freshness.now_ms > time && freshness.now_ms - time > freshness.max_age_ms) {
      return fail("freshness", Reason::ledger_stale,
                  "the newest block seen is older than allowed, and no majority confirmed it");
    }
    add(passed("freshness", "the newest block seen is recent enough"));
  }

  Judgement finish() {
    std::sort(result_.reasons.begin(), result_.reasons.end());
    std::sort(result_.notes.begin(), result_.notes.end());
    const auto leads_to = [this](Verdict verdict) {
      return std::any_of(result_.reasons.begin(), result_.reasons.end(),
                         [verdict](Reason r) { return describe(r).verdict == verdict; });
    };
    // V3: what a newer block may have ended is not held against the document when the answer is stale; what never changes
    // again (a forgery, a terminal state, the calendar) is.
    const bool stale = leads_to(kOpen);
    const bool for_good = std::any_of(result_.reasons.begin(), result_.reasons.end(), [](Reason r) {
      return describe(r).verdict == kRefuse && r != Reason::not_found && r != Reason::suspended &&
             r != Reason::inv_already_claimed;
    });
    if (for_good || (leads_to(kRefuse) && !stale)) {
      result_.verdict = kRefuse;
    } else {
      result_.verdict = stale ? kOpen : Verdict::accept;
    }
    return std::move(result_);
  }

  const Genesis& genesis_;
  const Question& question_;
  const Evidence& evidence_;
  Judgement result_;
};

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::accept:
      return "ACCEPT";
    case Verdict::authentic_not_recognized:
      return "AUTHENTIC_NOT_RECOGNIZED";
    case Verdict::refuse:
      return "REFUSE";
    case Verdict::undetermined:
      break;
  }
  return "UNDETERMINED";
}

int exit_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::accept:
      return 0;
    case Verdict::refuse:
      return 1;
    case Verdict::authentic_not_recognized:
      return 3;
    case Verdict::undetermined:
      break;
  }
  return 4;
}

const ReasonInfo& describe(Reason reason) {
  const auto found = std::find_if(kReasons.begin(), kReasons.end(),
                                  [reason](const ReasonInfo& r) { return r.reason == reason; });
  HUFU_CHECK(found != kReasons.end());
  return *found;
}

Judgement judge_evidence(const Genesis& genesis, const Question& question, const Evidence& evidence) {
  return Judge(genesis, question, evidence).judge();
}

Judgement judge_nothing(Reason reason) {
  Judgement judgement;
  judgement.verdict = describe(reason).verdict;
  judgement.reasons = {reason};
  const std::string why = "nothing was proved: " + std::string(describe(reason).en);
  for (const char* name : {"document", "issuer signature", "issuer authority", "inclusion", "ledger",
                           "history", "checkpoint quorum", "status", "freshness", "recognition"}) {
    judgement.checks.push_back(skip(name, why));
  }
  return judgement;
}

std::string_view status_on(const Standing& standing, CivilDay day) {
  if (const auto* license = std::get_if<LicenseStanding>(&standing.detail)) {
    if (is_terminal(license->state)) return name_of(license->state);
    if (license->valid_to && day > *license->valid_to) return "EXPIRED";
    if (license->state == LicenseState::valid && day < license->valid_from) return "NOT_YET_VALID";
    return name_of(license->state);
  }
  if (const auto* invoice = std::get_if<InvoiceStanding>(&standing.detail)) {
    return invoice->claim ? "CLAIMED" : "ISSUED";
  }
  return "REGISTERED";
}

std::string_view status_on(const Evidence& evidence, CivilDay day) {
  HUFU_CHECK(evidence.subject.standing.has_value());
  Standing then = *evidence.subject.standing;
  if (auto* const license = std::get_if<LicenseStanding>(&then.detail)) {
    license->state = state_on(evidence, *license, day).state;
    if (day < license->issued) return "NOT_YET_VALID";
  }
  return status_on(then, day);
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
      return chinese ? "核验通过：证照有效，内容自 " + time + " 存证后未改动（是否在本省认可，未核验）"
                     : "Valid, unchanged since " + time + " (whether it is recognised here was not checked)";
    case Verdict::authentic_not_recognized:
      return chinese ? "证照真实，但不在本省互认范围，请按本省规定办理"
                     : "Authentic, but not recognised here";
    case Verdict::refuse:
      return (chinese ? "核验不通过：" : "Do not accept: ") + reasons;
    case Verdict::undetermined:
      break;
  }
  return chinese ? "暂无法核验，请稍后重试或联系发证机关，不得据此认定证照无效（" + reasons + "）"
                 : "Cannot be decided now; this is not proof of a forgery (" + reasons + ")";
}

}  // namespace hufu
