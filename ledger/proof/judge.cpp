#include "ledger/proof/judge.hpp"

#include <algorithm>

#include "ledger/base/check.hpp"
#include "ledger/proof/recognition.hpp"

namespace hufu {
namespace {

constexpr CivilDay kSoon = 30;  // days before the end of validity from which on it is mentioned
constexpr std::uint64_t kClockSkewMs = 300'000;  // two honest clocks differ by less than five minutes

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
    case Error::ledger_stale:
      return Reason::ledger_stale;
    default:
      return Reason::proof_invalid;
  }
}

constexpr std::string_view kNothing = "nothing is read from what does not hold";

class Judge {
 public:
  Judge(const Question& question, Case shown) : question_(question), case_(std::move(shown)) {}

  Judgement judge() {
    if (case_.subject != question_.subject) {  // V4
      case_.check("inclusion") = {.name = "inclusion",
                                  .result = Check::Result::fail,
                                  .why = "the answer is about another subject",
                                  .error = Error::proof_invalid};
    }
    holds_ = none_failed(case_.checks);
    find_standing();
    if (holds_) check_issuer();
    add_document();
    for (const std::string_view name :
         {"issuer signature", "issuer authority", "inclusion", "ledger", "history", "checkpoint quorum"}) {
      add(case_.check(name));
    }
    add_status();
    Check recognition = judge_recognition();
    add_freshness();
    result_.checks.push_back(std::move(recognition));  // its reason is its own
    if (holds_) add_scope();
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
    auto& list = describe(reason).verdict == Verdict::accept ? result_.notes : result_.reasons;
    if (std::find(list.begin(), list.end(), reason) == list.end()) list.push_back(reason);
  }

  void add_document() {
    if (question_.document == nullptr) {
      reason(Reason::no_document);
      return add(skipped("document", "no document was presented"));
    }
    if (!holds_) return add(skipped("document", std::string(kNothing)));
    if (question_.document->subject != question_.subject) {
      return fail("document", Reason::content_mismatch, "the presented document is of another subject");
    }
    if (standing_ == nullptr) return add(skipped("document", "there is no record to compare it with"));
    add(check_document(*standing_, *question_.document));
  }

  // What stood on the day asked for, as known then. V9: before it was issued there was nothing.
  void find_standing() {
    const auto found = case_.known.find(case_.subject);
    if (!holds_ || found == case_.known.end()) return;
    license_ = std::get_if<LicenseStanding>(&found->second.detail);
    invoice_ = std::get_if<InvoiceStanding>(&found->second.detail);
    const CivilDay issued = license_ != nullptr   ? license_->issued
                            : invoice_ != nullptr ? invoice_->issued
                                                  : kMinCivilDay;
    if (question_.day < issued) {
      license_ = nullptr;
      invoice_ = nullptr;
      return;
    }
    standing_ = &found->second;
  }

  std::uint64_t known_until() const { return question_.known_at_ms.value_or(limits::kTimeMs); }

  void overrule(std::string_view name, Error error, std::string why) {
    Check& line = case_.check(name);
    if (line.result == Check::Result::fail) return;
    line = {.name = std::string(name), .result = Check::Result::fail, .why = std::move(why), .error = error};
  }

  // Since when the agency's keys are not to be trusted: those of a compromise, and those that such a key brought in afterwards.
  std::map<PublicKey, std::uint64_t> tainted_keys(const SubjectKey& key, const AgencyStanding& agency) const {
    std::map<PublicKey, std::uint64_t> tainted;
    for (const AgencyKey& each : agency.keys) {
      if (each.compromised_ms) tainted.emplace(each.key, *each.compromised_ms);
    }
    for (const Life& life : case_.history->support) {
      if (life.key() != key) continue;
      for (const OperationEvidence& step : life.operations) {
        const auto* rotation = std::get_if<KeyRotation>(&step.operation.payload);
        const auto by = tainted.find(step.header.key);
        if (rotation == nullptr || by == tainted.end() || step.block.time_ms < by->second) continue;
        tainted.emplace(rotation->next.key, step.block.time_ms);
      }
    }
    return tainted;
  }

  // What has come out about those who signed since they did.
  void check_issuer() {
    if (case_.history == nullptr || standing_ == nullptr) return;
    std::map<SubjectKey, std::map<PublicKey, std::uint64_t>> tainted_of;  // each agency's is found once
    for (const OperationEvidence& step : case_.history->operations) {
      if (step.block.time_ms > known_until()) continue;
      const SubjectKey signer{SubjectKind::agency, step.header.agency};
      const auto* agency = case_.find<AgencyStanding>(signer);
      if (agency == nullptr) continue;
      const auto [known, fresh] = tainted_of.try_emplace(signer);
      if (fresh) known->second = tainted_keys(signer, *agency);
      const auto& tainted = known->second;
      const auto at = tainted.find(step.header.key);
      if (at == tainted.end() || step.block.time_ms < at->second) continue;
      overrule("issuer signature", Error::key_revoked,
               "a key of agency " + step.header.agency + " was compromised before it signed this");
    }
    if (license_ == nullptr) return;
    const auto* issuer = case_.find<AgencyStanding>({SubjectKind::agency, license_->issuer});
    if (issuer != nullptr && issuer->withdrawn && license_->issued > *issuer->withdrawn) {
      overrule("issuer authority", Error::issuer_not_authorized,
               "the agency's authority had ended on " + format_civil_day(*issuer->withdrawn));
    }
  }

  void add_status() {
    if (!holds_) return add(skipped("status", std::string(kNothing)));
    if (standing_ == nullptr) {
      return fail("status", Reason::not_found,
                  case_.known.count(case_.subject) != 0 || question_.known_at_ms
                      ? "the ledger proves that there was no such record at the time asked for"
                      : "the ledger proves that it holds no such record");
    }
    if (license_ != nullptr) return add_license(*license_);
    if (invoice_ != nullptr) return add_invoice();
    fail("status", Reason::id_malformed, "neither a license nor an invoice: nothing to accept at a counter");
  }

  // V7: without the history only the present state. Nothing: not known.
  std::optional<StateOn> state_of(const LicenseStanding& license) const {
    if (case_.history != nullptr) return state_on(*case_.history, license, question_.day, known_until());
    if (question_.day >= license.since)
      return StateOn{.state = license.state, .since = license.since, .disputed = license.disputed};
    return std::nullopt;
  }

  void add_license(const LicenseStanding& license) {
    const std::optional<StateOn> on = state_of(license);
    const std::optional<Reason> objection =
        on ? objection_to(license, on->state, question_.day) : Reason::history_not_shown;
    if (objection) reason(*objection);
    const std::string state = on ? std::string(name_of(on->state)) + " since " + format_civil_day(on->since)
                                 : "not shown before " + format_civil_day(license.since);
    std::string why = state + ", valid from " + format_civil_day(license.valid_from) +
                      (license.valid_to ? " to " + format_civil_day(*license.valid_to) : ", no end") +
                      "; asked for " + format_civil_day(question_.day);
    result_.checks.push_back({.name = "status",
                              .result = objection ? Check::Result::fail : Check::Result::pass,
                              .why = std::move(why),
                              .error = std::nullopt});
    if (on && on->disputed && *on->disputed <= question_.day) reason(Reason::disputed);
    if (!objection && license.valid_to && std::int64_t{*license.valid_to} - question_.day < kSoon)
      reason(Reason::expires_soon);
  }

  void add_invoice() {
    if (case_.history != nullptr)
      return add_invoice(invoice_on(*case_.history, *invoice_, question_.day, known_until()));
    // V7: of an invoice to which something has happened, only what stood when the quorum cosigned.
    const auto moment = static_cast<std::int64_t>(std::min(case_.time_ms, limits::kTimeMs));
    if (standing_->count > 1 && question_.day < china_day_at(moment))
      return fail("status", Reason::history_not_shown, "not shown before the time of the code");
    add_invoice(*invoice_);
  }
  void add_invoice(const InvoiceStanding& invoice) {
    if (!invoice.blue) reason(Reason::inv_red);
    const Redness red = redness(invoice);
    if (red == Redness::partial) reason(Reason::inv_partly_red);
    const std::string issued = "issued " + format_civil_day(invoice.issued);
    if (invoice.annulled)
      return fail("status", Reason::inv_voided, issued + ", voided " + format_civil_day(*invoice.annulled));
    if (red == Redness::full) reason(Reason::inv_fully_red);
    if (invoice.claim) {
      return fail("status", Reason::inv_already_claimed,
                  issued + ", claimed " + format_civil_day(invoice.claim->day) + " for period " +
                      std::to_string(invoice.claim->period));
    }
    if (red == Redness::full) return fail("status", Reason::inv_fully_red, issued + ", taken back whole");
    if (red_locked(invoice, question_.day)) {
      return fail("status", Reason::inv_red_locked,
                  issued + ", a request for a red-letter invoice is open since " +
                      format_civil_day(invoice.request->day));
    }
    add(passed("status", issued + ", not claimed"));
  }

  // Of the texts on which the two provinces agreed one after the other, the newest that covers the day; else the newest.
  const AgreementStanding* agreement_on(const SubjectKey& key) {
    const auto* newest = case_.find<AgreementStanding>(key);
    if (newest == nullptr || case_.history == nullptr) return newest;
    agreement_ = text_on(*case_.history, key, question_.day, known_until());
    return agreement_ ? &*agreement_ : newest;
  }

  // V8.
  Check judge_recognition() {
    const std::string& verifier = question_.verifier;
    if (verifier.empty()) return skipped("recognition", "it was not asked in which province it is to count");
    if (!holds_) return skipped("recognition", std::string(kNothing));
    if (standing_ == nullptr) return skipped("recognition", "there is no record to recognise");
    if (license_ == nullptr) return skipped("recognition", "agreements are about licenses only");
    const auto* issuer = case_.find<AgencyStanding>({SubjectKind::agency, license_->issuer});
    const SubjectKey key = issuer == nullptr ? SubjectKey{} : agreement_key(issuer->province, verifier);
    const bool home = issuer != nullptr && issuer->province == verifier;
    const bool shown = case_.history != nullptr && case_.history->find(key) != nullptr;
    if (issuer == nullptr || (!home && !shown)) {
      reason(Reason::agreement_not_shown);
      return skipped("recognition",
                     "the proof does not hold the agreement of " + verifier + " with the issuer's province");
    }
    RecognitionFinding finding = recognize({.type = std::string(split_license_id(case_.subject.id)->type),
                                            .assurance = license_->assurance,
                                            .issuing = issuer->province,
                                            .verifying = verifier,
                                            .scenario = question_.scenario,
                                            .day = question_.day},
                                           home ? nullptr : agreement_on(key));
    if (finding.max_age_ms) max_age_ms_ = std::min(max_age_ms_, *finding.max_age_ms);
    if (finding.reason) {
      reason(*finding.reason);
      return {.name = "recognition",
              .result = Check::Result::fail,
              .why = std::move(finding.why),
              .error = std::nullopt};
    }
    result_.recognition = std::move(finding.recognition);
    return passed("recognition", std::move(finding.why));
  }

  void add_freshness() {
    if (!holds_) return add(skipped("freshness", std::string(kNothing)));
    const Freshness& freshness = question_.freshness;
    const std::string time_of(case_.time_of);
    if (case_.superseded) {
      return fail("freshness", Reason::ledger_stale,
                  "the nodes that cosigned have been replaced since: ask for a newer proof");
    }
    if (freshness.confirmed)
      return add(passed("freshness", "a majority of the nodes confirmed that nothing newer stands"));
    if (case_.time_ms > freshness.now_ms && case_.time_ms - freshness.now_ms > kClockSkewMs) {
      return fail("freshness", Reason::ledger_stale, time_of + " is from the future: a clock is wrong");
    }
    if (freshness.now_ms > case_.time_ms && freshness.now_ms - case_.time_ms > max_age_ms_) {
      return fail("freshness", Reason::ledger_stale,
                  time_of + " is older than allowed, and no majority confirmed it");
    }
    add(passed("freshness", time_of + " is recent enough"));
  }

  // What the question adds to the scope of a proof that holds.
  void add_scope() {
    if (!case_.scope) return;
    Scope& scope = *case_.scope;
    if (result_.checks.front().result == Check::Result::pass) {
      scope.shown.push_back(
          {"the presented document is the one that was notarised", "所提交文件即为存证文件"});
    } else {
      scope.not_shown.push_back(
          {"that the paper at hand is the one that was notarised", "手中纸件与存证内容一致"});
    }
    scope.not_shown.push_back({"what has happened since then", "此后发生的变更"});
    scope.not_shown.push_back(
        {"that what the document says was true when it was notarised", "文件内容在存证之时属实"});
    if (!result_.recognition)
      scope.not_shown.push_back({"whether another province recognises it", "其他省份是否认可"});
    result_.scope = std::move(case_.scope);
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
    const bool stale = leads_to(Verdict::undetermined);
    const bool for_good = std::any_of(result_.reasons.begin(), result_.reasons.end(), [](Reason r) {
      return describe(r).verdict == Verdict::refuse && r != Reason::not_found && r != Reason::suspended &&
             r != Reason::inv_already_claimed && r != Reason::inv_red_locked && r != Reason::transferred;
    });
    if (for_good || (leads_to(Verdict::refuse) && !stale)) {
      result_.verdict = Verdict::refuse;
    } else {
      const bool elsewhere = leads_to(Verdict::authentic_not_recognized);
      result_.verdict = stale       ? Verdict::undetermined
                        : elsewhere ? Verdict::authentic_not_recognized
                                    : Verdict::accept;
    }
    return std::move(result_);
  }

  const Question& question_;
  Case case_;
  bool holds_ = false;  // V5: only then anything is read from it
  const Standing* standing_ = nullptr;
  const LicenseStanding* license_ = nullptr;
  std::optional<AgreementStanding> agreement_;
  const InvoiceStanding* invoice_ = nullptr;
  std::uint64_t max_age_ms_ = question_.freshness.max_age_ms;
  Judgement result_;
};

}  // namespace

Check& Case::check(std::string_view name) {
  const auto found =
      std::find_if(checks.begin(), checks.end(), [name](const Check& c) { return c.name == name; });
  HUFU_CHECK(found != checks.end());
  return *found;
}

Judgement judge(const Question& question, Case shown) { return Judge(question, std::move(shown)).judge(); }

}  // namespace hufu
