#include "cli/verification.hpp"

#include <fmt/format.h>

#include "cli/text/width.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

std::string issuer_of(const Standing& standing) {
  if (const auto* license = std::get_if<LicenseStanding>(&standing.detail)) return license->issuer;
  if (const auto* invoice = std::get_if<InvoiceStanding>(&standing.detail)) return invoice->issuer;
  return {};
}

std::string issuer_name_in(const Evidence& evidence) {
  if (!evidence.subject.standing) return {};
  const std::string issuer = issuer_of(*evidence.subject.standing);
  const StandingEvidence* const agency = evidence.find({SubjectKind::agency, issuer});
  if (agency == nullptr || !agency->standing) return {};
  const auto* standing = std::get_if<AgencyStanding>(&agency->standing->detail);
  return standing == nullptr ? std::string() : standing->name + " (" + standing->province + ")";
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
  if (!verification.found || verification.found->since_ms == 0) return {};
  return api::moment_text(verification.found->since_ms);
}

// In a sentence something must stand there.
std::string sentence(const Verification& verification, bool chinese) {
  const std::string since = notarised_at(verification);
  return verdict_sentence(verification.judgement, since.empty() ? "…" : since, chinese);
}

std::string_view name_of(Check::Result result) {
  return result == Check::Result::pass ? "PASS" : result == Check::Result::fail ? "FAIL" : "SKIP";
}

Paint paint_of(Verdict verdict) {
  if (verdict == Verdict::accept) return Paint::good;
  return verdict == Verdict::refuse ? Paint::bad : Paint::doubtful;
}

std::string_view word_of(Verdict verdict, bool chinese) {
  if (!chinese) return hufu::name_of(verdict);
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

text::Table facts(const Verification& verification, const Session& session) {
  text::Table table;
  const auto row = [&](std::string_view english, std::string_view chinese, std::string value) {
    if (!value.empty()) table.add({std::string(session.tr(english, chinese)), std::move(value)});
  };
  row("asked", "查询", text::printable(verification.asked));
  if (verification.subject) row("subject", "标识", verification.subject->text());
  if (verification.document) {
    for (const auto& [name, value] : masked_holder(*verification.document)) row(name, name, value);
  }
  if (!verification.found) return table;
  const Found& found = *verification.found;
  if (found.standing) {
    row("issued by", "发证机关",
        fmt::format("{} {}", text::printable(issuer_of(*found.standing)),
                    text::printable(found.issuer_name)));
    row("status", "状态", fmt::format("{} ({})", found.status, format_civil_day(verification.day)));
  }
  if (verification.judgement.recognition) {
    const Recognition& as = *verification.judgement.recognition;
    row("recognised as", "本省对应证照", fmt::format("{} {}", text::printable(as.local_name), as.maps_to));
    row("agreement", "互认协议", text::printable(as.agreement));
    row("objections to", "异议联系", text::printable(as.contact));
  }
  row("notarised", "存证时间", notarised_at(verification));
  if (found.receipt) row("receipt", "回执", to_hex(*found.receipt));
  row("as of block", "截至区块", fmt::format("{}, {}", found.height, api::moment_text(found.time_ms)));
  return table;
}

// What it proves, as of when, and what not.
std::string scope_text(const Scope& scope, const Session& session) {
  const auto list = [&](const std::vector<Sentence>& sentences) {
    std::string out;
    for (const Sentence& one : sentences) out += fmt::format("  {}\n", session.tr(one.en, one.zh));
    return out;
  };
  return fmt::format(fmt::runtime(session.tr("\nproved as of {}, block {}\n{}not proved\n{}",
                                             "\n已证明（截至 {}，区块 {}）\n{}未证明\n{}")),
                     api::moment_text(scope.as_of_ms), scope.height, list(scope.shown),
                     list(scope.not_shown));
}

json::value scope_json(const std::optional<Scope>& scope) {
  if (!scope) return nullptr;
  const auto list = [](const std::vector<Sentence>& sentences) {
    json::array out;
    for (const Sentence& one : sentences) out.push_back(json::value(one.en));
    return out;
  };
  return json::object{{"asOf", api::moment_text(scope->as_of_ms)},
                      {"height", api::number_json(scope->height)},
                      {"shown", list(scope->shown)},
                      {"notShown", list(scope->not_shown)}};
}

json::value recognition_json(const std::optional<Recognition>& recognition) {
  if (!recognition) return nullptr;
  return json::object{{"type", recognition->type},
                      {"mapsTo", recognition->maps_to},
                      {"localName", recognition->local_name},
                      {"agreement", recognition->agreement},
                      {"contact", recognition->contact}};
}

json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

json::array codes(const std::vector<Reason>& reasons) {
  json::array out;
  for (const Reason reason : reasons) out.push_back(json::value(code_of(reason)));
  return out;
}

void add_found(json::object& out, const Verification& verification) {
  out["height"] = nullptr;
  if (!verification.found) return;
  const Found& found = *verification.found;
  out["height"] = found.height;
  out["asOf"] = api::moment_text(found.time_ms);
  if (found.log_root) out["logRoot"] = to_hex(*found.log_root);
  if (!found.standing) return;
  out["status"] = found.status;
  out["standing"] = api::to_json(*found.standing);
  out["notarised"] = nullptr;
  if (found.since_ms != 0) out["notarised"] = notarised_at(verification);
}

}  // namespace

Try<void> check_provinces(const std::vector<std::string>& codes) {
  for (const std::string& code : codes) {
    if (is_province_code(code)) continue;
    return Trouble{.error = Error::usage,
                   .what = fmt::format("{} is no province", text::printable(code)),
                   .next = "write its six digits: 310000 is Shanghai, 330000 Zhejiang"};
  }
  return {};
}

Found found_in(const Evidence& evidence, CivilDay day) {
  Found found{
      .height = evidence.head.height, .time_ms = evidence.head.time_ms, .log_root = evidence.log_root};
  found.standing = evidence.subject.standing;
  if (!found.standing) return found;
  found.status = status_on(evidence, day);
  found.issuer_name = issuer_name_in(evidence);
  if (evidence.operations.empty()) return found;
  const OperationEvidence& first = evidence.operations.front();
  found.since_ms = first.block.time_ms;
  found.receipt = submission_id(evidence.ledger, first.header);
  return found;
}

Found found_in(const offline::Presented& presented, CivilDay day) {
  if (const auto* proof = std::get_if<Proof>(&presented)) return found_in(proof->evidence, day);
  const auto& compact = std::get<CompactProof>(presented);
  Found found{.height = compact.height, .time_ms = compact.time_ms, .log_root = std::nullopt};
  found.standing = compact.standing;
  found.status = status_on(compact.standing, day);
  return found;
}

json::object to_json(const Verification& verification) {
  const Judgement& judgement = verification.judgement;
  json::object out;
  out["verdict"] = hufu::name_of(judgement.verdict);
  out["reasons"] = codes(judgement.reasons);
  out["notes"] = codes(judgement.notes);
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
  out["verifier"] = text_or_null(verification.verifier);
  out["scenario"] = text_or_null(verification.scenario);
  out["knownAt"] = nullptr;
  if (verification.known_at_ms) out["knownAt"] = api::moment_text(*verification.known_at_ms);
  out["recognition"] = recognition_json(judgement.recognition);
  out["proved"] = scope_json(judgement.scope);
  add_found(out, verification);
  out["ledger"] = verification.origin;
  out["node"] = nullptr;
  if (!verification.node.empty()) out["node"] = verification.node;
  out["sentence"] = json::object{{"en", sentence(verification, false)}, {"zh", sentence(verification, true)}};
  out["exit"] = exit_of(judgement);
  return out;
}

std::string counter_text(const Verification& verification, const Session& session) {
  const Judgement& judgement = verification.judgement;
  const bool chinese = session.chinese();
  std::string out = fmt::format(
      "{}  {}\n\n", session.paint(paint_of(judgement.verdict), word_of(judgement.verdict, chinese)),
      sentence(verification, chinese));
  out += facts(verification, session).str();
  text::Table checks;
  for (const Check& check : judgement.checks) {
    const Paint paint = check.result == Check::Result::pass   ? Paint::good
                        : check.result == Check::Result::fail ? Paint::bad
                                                              : Paint::faint;
    checks.add({session.paint(paint, name_of(check.result)), check.name, check.why});
  }
  out += "\n" + checks.str();
  if (judgement.scope) out += scope_text(*judgement.scope, session);
  for (const Reason note : judgement.notes) {
    out += fmt::format("\n{} {}", session.paint(Paint::doubtful, code_of(note)),
                       chinese ? describe(note).zh : describe(note).en);
  }
  if (!judgement.notes.empty()) out += '\n';
  return out;
}

int show(const Verification& verification, const Session& session) {
  if (session.options().json) {
    session.print_json(to_json(verification));
  } else {
    session.print(counter_text(verification, session));
  }
  return exit_of(verification.judgement);
}

}  // namespace hufu::cli
