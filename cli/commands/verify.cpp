#include "cli/commands/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/clock.hpp"
#include "cli/document_file.hpp"
#include "cli/files.hpp"
#include "cli/ledger_access.hpp"
#include "cli/text/suggest.hpp"
#include "cli/text/width.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

// "24h", "90m", "45s", "7d" in milliseconds.
Try<std::uint64_t> age_of(const std::string& text) {
  const Trouble bad{.error = Error::usage,
                    .what = fmt::format("--max-age {} is not understood", text::printable(text)),
                    .next = "write it as 24h, 90m, 45s or 7d"};
  if (text.size() < 2 || text.size() > 7) return bad;
  const std::string digits = text.substr(0, text.size() - 1);
  if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) return bad;
  const std::uint64_t number = std::stoull(digits);
  switch (text.back()) {
    case 's':
      return number * 1'000;
    case 'm':
      return number * 60'000;
    case 'h':
      return number * 3'600'000;
    case 'd':
      return number * 86'400'000;
    default:
      return bad;
  }
}

// Could a person have meant an identifier by this?
bool looks_like_identifier(const std::string& text) {
  return text.starts_with(kLicenseIdRoot.substr(0, 8)) || text.starts_with("license:") ||
         text.starts_with("invoice:") ||
         (text.size() >= 8 &&
          std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '-'; }));
}

// Subject and document from what was typed; a reason when it is an identifier that cannot exist.
struct Target {
  std::optional<SubjectKey> subject;
  std::optional<Document> document;
  std::optional<Reason> malformed;
};
Try<Target> target_of(const Verify& options) {
  Target target;
  if (!options.document.empty()) {
    Try<Document> document = read_document(options.document);
    if (!document) return document.error();
    target.document = std::move(*document);
  }
  Result<SubjectKey> subject =
      options.what == "-" ? Result<SubjectKey>(Error::usage) : parse_subject(options.what);
  if (subject) {
    target.subject = std::move(*subject);
    return target;
  }
  std::error_code ignored;
  if (options.what == "-" || std::filesystem::exists(options.what, ignored)) {
    Try<Document> document = read_document(options.what);
    if (!document) return document.error();
    target.subject = document->subject;
    target.document = std::move(*document);
    return target;
  }
  if (looks_like_identifier(options.what)) {
    target.malformed = subject.error() == Error::id_check_char ? Reason::id_check_char : Reason::id_malformed;
    return target;
  }
  Trouble trouble = file_trouble(Error::file_missing, options.what);
  trouble.why = "neither an identifier nor a file";
  return trouble;
}

// The names that a document shows, without whom it is about in full.
std::vector<std::pair<std::string, std::string>> masked_holder(const Document& document) {
  std::vector<std::pair<std::string, std::string>> shown;
  for (const char* name : {"holderName", "buyerName", "sellerName"}) {
    if (const Field* field = document.find(name)) {
      shown.emplace_back(name, text::masked_name(text::printable(field->value)));
    }
  }
  return shown;
}

std::string notarised_at(const Verification& verification) {
  if (!verification.evidence || verification.evidence->operations.empty()) return "…";
  return api::moment_text(verification.evidence->operations.front().block.time_ms);
}

std::string issuer_of(const Standing& standing) {
  if (const auto* license = std::get_if<LicenseStanding>(&standing.detail)) return license->issuer;
  if (const auto* invoice = std::get_if<InvoiceStanding>(&standing.detail)) return invoice->issuer;
  return {};
}

std::string agency_name_of(const Evidence& evidence) {
  if (!evidence.subject.standing) return {};
  const std::string issuer = issuer_of(*evidence.subject.standing);
  for (const StandingEvidence& agency : evidence.agencies) {
    if (agency.key.id != issuer || !agency.standing) continue;
    const auto* standing = std::get_if<AgencyStanding>(&agency.standing->detail);
    if (standing != nullptr) return standing->name + " (" + standing->province + ")";
  }
  return {};
}

std::string_view name_of(Check::Result result) {
  return result == Check::Result::pass ? "PASS" : result == Check::Result::fail ? "FAIL" : "SKIP";
}

Paint paint_of(Verdict verdict) {
  if (verdict == Verdict::accept) return Paint::good;
  return verdict == Verdict::refuse ? Paint::bad : Paint::doubtful;
}

std::string_view word_of(Verdict verdict, bool chinese) {
  if (!chinese) return name_of(verdict);
  switch (verdict) {
    case Verdict::accept:
      return "通过";
    case Verdict::refuse:
      return "不通过";
    case Verdict::authentic_not_recognized:
      return "真实但未互认";
    case Verdict::undetermined:
      break;
  }
  return "暂无法核验";
}

// Whether a majority confirms, after the question, that nothing newer than this stands.
bool confirmed_by_majority(Client& client, const Evidence& evidence) {
  const Reply<api::Head> head = client.head();
  return head && head->confirmed && head->header.height <= evidence.head.height;
}

int finish(const Verification& verification, const Session& session) {
  if (session.options().json) {
    session.print_json(to_json(verification));
  } else {
    session.print(counter_text(verification, session));
  }
  return exit_of(verification.judgement.verdict);
}

// The failures of asking that leave the question open; others are troubles.
bool leaves_open(Error error) {
  return error == Error::ledger_unavailable || error == Error::no_quorum || error == Error::timed_out ||
         error == Error::not_leader || error == Error::overloaded || error == Error::rate_limited ||
         error == Error::outcome_unknown || error == Error::tls_failed;
}

}  // namespace

json::object to_json(const Verification& verification) {
  const Judgement& judgement = verification.judgement;
  json::object out;
  out["verdict"] = name_of(judgement.verdict);
  json::array reasons;
  for (const Reason reason : judgement.reasons) reasons.push_back(json::value(code_of(reason)));
  out["reasons"] = std::move(reasons);
  json::array notes;
  for (const Reason note : judgement.notes) notes.push_back(json::value(code_of(note)));
  out["notes"] = std::move(notes);
  json::array checks;
  for (const Check& check : judgement.checks) {
    checks.push_back(
        json::object{{"name", check.name}, {"result", name_of(check.result)}, {"why", check.why}});
  }
  out["checks"] = std::move(checks);
  out["asked"] = verification.asked;
  out["subject"] = nullptr;
  if (verification.subject) out["subject"] = verification.subject->text();
  out["document"] = nullptr;
  if (verification.document) {
    out["document"] = json::object{{"subject", verification.document->subject.text()},
                                   {"commitment", to_hex(commitment(*verification.document).value())},
                                   {"fields", verification.document->fields.size()}};
  }
  out["day"] = format_civil_day(verification.day);
  out["height"] = nullptr;
  if (verification.evidence) {
    const Evidence& evidence = *verification.evidence;
    out["height"] = evidence.head.height;
    out["asOf"] = api::moment_text(evidence.head.time_ms);
    out["logRoot"] = to_hex(evidence.log_root);
    if (evidence.subject.standing) {
      out["status"] = status_on(evidence, verification.day);
      out["standing"] = api::to_json(*evidence.subject.standing);
      out["notarised"] = notarised_at(verification);
    }
  }
  out["ledger"] = verification.origin;
  out["node"] = verification.node;
  json::object sentence;
  sentence["en"] = verdict_sentence(judgement, notarised_at(verification), false);
  sentence["zh"] = verdict_sentence(judgement, notarised_at(verification), true);
  out["sentence"] = std::move(sentence);
  out["exit"] = exit_of(judgement.verdict);
  return out;
}

std::string counter_text(const Verification& verification, const Session& session) {
  const Judgement& judgement = verification.judgement;
  const bool chinese = session.chinese();
  std::string out = fmt::format(
      "{}  {}\n\n", session.paint(paint_of(judgement.verdict), word_of(judgement.verdict, chinese)),
      verdict_sentence(judgement, notarised_at(verification), chinese));
  text::Table table;
  const auto row = [&](std::string_view english, std::string_view chinese_label, std::string value) {
    if (!value.empty()) table.add({std::string(session.tr(english, chinese_label)), std::move(value)});
  };
  row("asked", "查询", text::printable(verification.asked));
  if (verification.subject) row("subject", "标识", verification.subject->text());
  if (verification.document) {
    for (const auto& [name, value] : masked_holder(*verification.document)) row(name, name, value);
  }
  if (verification.evidence && verification.evidence->subject.standing) {
    const Evidence& evidence = *verification.evidence;
    const Standing& standing = *evidence.subject.standing;
    row("issued by", "发证机关",
        fmt::format("{} {}", text::printable(issuer_of(standing)),
                    text::printable(verification.agency_name)));
    row("status", "状态",
        fmt::format("{} ({})", status_on(evidence, verification.day), format_civil_day(verification.day)));
    if (!evidence.operations.empty()) {
      row("notarised", "存证时间", notarised_at(verification));
      row("receipt", "回执", to_hex(submission_id(evidence.ledger, evidence.operations.front().header)));
    }
  }
  if (verification.evidence) {
    row("as of block", "截至区块",
        fmt::format("{}, {}", verification.evidence->head.height,
                    api::moment_text(verification.evidence->head.time_ms)));
  }
  out += table.str();
  text::Table checks;
  for (const Check& check : judgement.checks) {
    const Paint paint = check.result == Check::Result::pass   ? Paint::good
                        : check.result == Check::Result::fail ? Paint::bad
                                                              : Paint::faint;
    checks.add({session.paint(paint, name_of(check.result)), check.name, check.why});
  }
  out += "\n" + checks.str();
  for (const Reason note : judgement.notes) {
    out += fmt::format("\n{} {}", session.paint(Paint::doubtful, code_of(note)),
                       chinese ? describe(note).zh : describe(note).en);
  }
  if (!judgement.notes.empty()) out += '\n';
  return out;
}

Try<void> ask_and_judge(Client& client, const Genesis& genesis, std::uint64_t max_age_ms,
                        Verification& verification, const Session& session) {
  verification.origin = genesis.origin;
  Reply<Evidence> evidence = client.evidence(*verification.subject);
  if (!evidence) {
    const Trouble told =
        trouble_of(evidence.error(), session, fmt::format("cannot verify {}", verification.asked));
    if (!leaves_open(told.error)) return told;
    session.warn(told.why);
    verification.judgement = judge_nothing(Reason::ledger_unavailable);
    return {};
  }
  verification.node = client.last_url();
  verification.evidence = std::move(*evidence);
  verification.agency_name = agency_name_of(*verification.evidence);
  const Question question{.subject = *verification.subject,
                          .document = verification.document ? &*verification.document : nullptr,
                          .day = verification.day,
                          .freshness = {.confirmed = confirmed_by_majority(client, *verification.evidence),
                                        .now_ms = now_ms(),
                                        .max_age_ms = max_age_ms}};
  verification.judgement = judge_evidence(genesis, question, *verification.evidence);
  return {};
}

int run(const Verify& options, const Session& session) {
  const Try<std::uint64_t> max_age = age_of(options.max_age);
  if (!max_age) return session.fail(max_age.error());
  Verification verification;
  verification.asked = options.what;
  verification.day = china_today();
  if (!options.day.empty()) {
    const Result<CivilDay> day = parse_civil_day(options.day);
    if (!day)
      return session.fail({.error = Error::usage, .what = fmt::format("--at {} is not a day", options.day)});
    verification.day = *day;
  }
  Try<Target> target = target_of(options);
  if (!target) return session.fail(target.error());
  verification.subject = target->subject;
  verification.document = std::move(target->document);
  if (target->malformed) {
    verification.judgement = judge_nothing(*target->malformed);
    return finish(verification, session);
  }

  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return session.fail(genesis.error());
  const Try<std::unique_ptr<Client>> client = connect(session, *genesis);
  if (!client) return session.fail(client.error());
  const Try<void> judged = ask_and_judge(**client, *genesis, *max_age, verification, session);
  if (!judged) return session.fail(judged.error());
  return finish(verification, session);
}

}  // namespace hufu::cli
