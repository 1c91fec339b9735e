#include "ledger/proof/judge.hpp"

#include <algorithm>

#include "ledger/base/check.hpp"

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
    add_document();
    for (const std::string_view name :
         {"issuer signature", "issuer authority", "inclusion", "ledger", "history", "checkpoint quorum"}) {
      add(case_.check(name));
    }
    add_status();
    add_freshness();
    add(skipped("recognition",
                "agreements between provinces are not on this ledger yet: whether it counts here is for "
                "the province's rules"));
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
    if (case_.standing == nullptr) return add(skipped("document", "there is no record to compare it with"));
    add(check_document(*case_.standing, *question_.document));
  }

  void add_status() {
    if (!holds_) return add(skipped("status", std::string(kNothing)));
    if (case_.standing == nullptr) {
      return fail("status", Reason::not_found, "the ledger proves that it holds no such record");
    }
    const Detail& detail = case_.standing->detail;
    if (const auto* license = std::get_if<LicenseStanding>(&detail)) return add_license(*license);
    if (const auto* invoice = std::get_if<InvoiceStanding>(&detail)) return add_invoice(*invoice);
    fail("status", Reason::id_malformed, "neither a license nor an invoice: nothing to accept at a counter");
  }

  // V6: without the history only the present state, and that there was none before the issue. Nothing: not known.
  std::optional<StateOn> state_of(const LicenseStanding& license) const {
    if (case_.history != nullptr) return state_on(*case_.history, license, question_.day);
    if (question_.day >= license.since) return StateOn{.state = license.state, .since = license.since};
    if (question_.day < license.issued) return StateOn{.state = LicenseState::valid, .since = license.issued};
    return std::nullopt;
  }

  void add_license(const LicenseStanding& license) {
    const std::size_t before = result_.reasons.size();
    const std::optional<StateOn> on = state_of(license);
    if (question_.day < license.valid_from || question_.day < license.issued) reason(Reason::not_yet_valid);
    if (license.valid_to && question_.day > *license.valid_to) reason(Reason::expired);
    if (!on) reason(Reason::history_not_shown);
    if (on && on->state == LicenseState::suspended) reason(Reason::suspended);
    if (on && on->state == LicenseState::rescinded) reason(Reason::rescinded);
    if (on && on->state == LicenseState::revoked) reason(Reason::revoked);
    if (on && on->state == LicenseState::cancelled) reason(Reason::cancelled);
    const std::string state = on ? std::string(name_of(on->state)) + " since " + format_civil_day(on->since)
                                 : "not shown before " + format_civil_day(license.since);
    std::string why = state + ", valid from " + format_civil_day(license.valid_from) +
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
    if (freshness.now_ms > case_.time_ms && freshness.now_ms - case_.time_ms > freshness.max_age_ms) {
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
             r != Reason::inv_already_claimed;
    });
    if (for_good || (leads_to(Verdict::refuse) && !stale)) {
      result_.verdict = Verdict::refuse;
    } else {
      result_.verdict = stale ? Verdict::undetermined : Verdict::accept;
    }
    return std::move(result_);
  }

  const Question& question_;
  Case case_;
  bool holds_ = false;  // V5: only then anything is read from it
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
