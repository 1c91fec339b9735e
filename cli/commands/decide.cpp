#include "cli/commands/decide.hpp"

#include <fmt/format.h>

#include "cli/clock.hpp"
#include "cli/confirm.hpp"
#include "cli/decision_case.hpp"
#include "cli/decision_input.hpp"
#include "cli/decision_text.hpp"
#include "cli/files.hpp"
#include "cli/roster_step.hpp"
#include "cli/text/width.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

Try<Desk> open_authority_desk(const SubmitOptions& options, const Session& session) {
  Try<Desk> desk = open_desk(options, session);
  if (!desk || is_province_code(desk->signatory.agency)) return desk;
  return Trouble{.error = Error::issuer_not_authorized,
                 .what = fmt::format("{} is not a province's authority", desk->signatory.agency),
                 .next = "sign with one of the province's authority keys, --key FILE --agency PROVINCE"};
}

json::array consents_json(const std::vector<Consent>& all) {
  json::array out;
  for (const Consent& each : all) {
    out.push_back(json::object{{"province", each.province}, {"approvals", each.have}, {"needed", each.need}});
  }
  return out;
}

void add_facts(text::Table& table, const DecisionCase& opened, const Session& session) {
  for (auto& [label, value] : decision_facts(opened.decision, opened.target(), session)) {
    table.add({label, value});
  }
}

void print_outcome(const api::Accepted& accepted, const Desk& desk, const DecisionCase& after, bool enacted,
                   const std::string& what, const Session& session) {
  const std::vector<Consent> all = consents(after.decision, after.known);
  const SubjectKey subject = after.subject();
  print_receipt(accepted, desk, enacted ? after.decision.target : subject, what,
                {{"decision", subject.id}, {"enacted", enacted}, {"consents", consents_json(all)}}, session);
  if (session.options().json) return;
  text::Table table;
  table.add({std::string(session.tr("decision", "决定")), subject.id});
  table.add({std::string(session.tr("approvals", "同意")), consents_text(all, session)});
  table.add({std::string(session.tr("in force", "生效")),
             std::string(enacted ? session.tr("yes, enacted", "已生效") : session.tr("not yet", "尚未"))});
  session.print(table.str());
  if (enacted) return;
  const std::string_view next =
      is_approved(after.decision, after.known)
          ? session.tr("to put it into force: hufu enact {}", "使其生效：hufu enact {}")
          : session.tr("the others: hufu approve {}", "其他方：hufu approve {}");
  session.say(fmt::format(fmt::runtime(next), subject.id));
}

// ---- acting ----

// With the last approval, but for the roster's: there the nodes are looked at first (hufu enact).
bool enacts_itself(const DecisionCase& opened, CivilDay today) {
  return is_approved(opened.decision, opened.known) && opened.decision.effective <= today &&
         !std::holds_alternative<RosterEntry>(opened.decision.body);
}

Approval own_approval(const Desk& desk) {
  return {.province = desk.signatory.agency, .key = desk.signatory.key.public_key()};
}

// Proposes, and enacts at once when that is enough.
int propose_case(Desk& desk, const DecisionCase& opened, const std::string& out, const Session& session) {
  if (opened.standing() != nullptr) {
    return session.fail({.error = Error::already_exists,
                         .what = "this very decision is proposed already",
                         .next = fmt::format("hufu approve {}", opened.subject().id),
                         .exit = kRules});
  }
  for (const Try<void>& good : {check_open(opened), check_signer(opened, own_approval(desk))}) {
    if (!good) return session.fail(good.error());
  }
  if (!out.empty()) {
    const Try<void> written = write_new_file(out, as_bytes(decision_file_text(opened.decision)), 0644);
    if (!written) return session.fail(written.error());
  }
  const DecisionCase after{.decision = opened.decision,
                           .known = with_approval(opened.decision, own_approval(desk), opened.known)};
  const CivilDay today = china_today();
  const bool enacts = enacts_itself(after, today);
  std::vector<Operation> operations = {propose_operation(opened.decision, today)};
  if (enacts) operations.push_back(enact_operation(opened.decision));
  const std::string title = decision_title(opened.decision, session);
  const Try<api::Accepted> accepted = submit(desk, std::move(operations), "propose: " + title, session);
  if (!accepted) return session.fail(accepted.error());
  print_outcome(*accepted, desk, after, enacts, "propose", session);
  return kOk;
}

Try<bool> asked(const DecisionCase& opened, const ApproveDecision& options, const Session& session) {
  if (options.yes) return true;
  text::Table table;
  add_facts(table, opened, session);
  return confirmed(table.str() + std::string(session.tr("put your key under this?", "是否签名同意？")),
                   session);
}

}  // namespace

int propose(const SubjectKey& target, const MakeBody& make, const ProposeOptions& options,
            const Session& session) {
  Try<Desk> desk = open_authority_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  const Try<std::optional<Standing>> found = find_standing(*desk->client, target, session);
  if (!found) return session.fail(found.error());
  const Standing* const present = *found ? &**found : nullptr;
  Try<DecisionBody> body = make(present, desk->day, desk->signatory.agency);
  if (!body) return session.fail(body.error());
  const Try<DecisionCase> opened = open_case(
      *desk->client,
      {.target = target, .previous = previous_of(present), .effective = desk->day, .body = std::move(*body)},
      session);
  if (!opened) return session.fail(opened.error());
  return propose_case(*desk, *opened, options.out, session);
}

int run(const ProposeFile& options, const Session& session) {
  const Try<Bytes> content = read_file(options.file, limits::kDocumentBytes);
  if (!content) return session.fail(content.error());
  Try<Decision> decision = parse_decision_file(as_text(*content), options.file);
  if (!decision) return session.fail(decision.error());
  Try<Desk> desk = open_authority_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  const Try<DecisionCase> opened = open_case(*desk->client, std::move(*decision), session);
  if (!opened) return session.fail(opened.error());
  return propose_case(*desk, *opened, "", session);
}

int run(const ApproveDecision& options, const Session& session) {
  Try<Desk> desk = open_authority_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  Try<Decision> decision = decision_of(*desk->client, options.decision, session);
  if (!decision) return session.fail(decision.error());
  const Try<DecisionCase> opened = open_case(*desk->client, std::move(*decision), session);
  if (!opened) return session.fail(opened.error());
  if (const Try<void> good = check_approvable(*opened, own_approval(*desk)); !good)
    return session.fail(good.error());
  const Try<bool> yes = asked(*opened, options, session);
  if (!yes) return session.fail(yes.error());
  if (!*yes) {
    session.say(session.tr("nothing was signed", "未签名"));
    return kRefused;
  }
  const DecisionCase after{.decision = opened->decision,
                           .known = with_approval(opened->decision, own_approval(*desk), opened->known)};
  const bool enacts = !options.no_enact && enacts_itself(after, china_today());
  std::vector<Operation> operations = {approve_operation(opened->subject(), *opened->standing(), desk->day)};
  if (enacts) operations.push_back(enact_operation(opened->decision));
  const Try<api::Accepted> accepted =
      submit(*desk, std::move(operations), "approve: " + decision_title(opened->decision, session), session);
  if (!accepted) return session.fail(accepted.error());
  print_outcome(*accepted, *desk, after, enacts, "approve", session);
  return kOk;
}

int run(const EnactDecision& options, const Session& session) {
  Try<Desk> desk = open_authority_desk(options.submit, session);
  if (!desk) return session.fail(desk.error());
  Try<Decision> decision = decision_of(*desk->client, options.decision, session);
  if (!decision) return session.fail(decision.error());
  const Try<DecisionCase> opened = open_case(*desk->client, std::move(*decision), session);
  if (!opened) return session.fail(opened.error());
  if (const Try<void> good = check_open(*opened); !good) return session.fail(good.error());
  const std::vector<Consent> all = consents(opened->decision, opened->known);
  if (!is_approved(opened->decision, opened->known)) {
    return session.fail({.error = Error::issuer_not_authorized,
                         .what = "this decision lacks approvals",
                         .why = consents_text(all, session),
                         .next = fmt::format("hufu approve {}", opened->subject().id)});
  }
  if (const auto* roster = std::get_if<RosterEntry>(&opened->decision.body)) {
    const auto& before = std::get<RosterStanding>(opened->target()->detail);
    if (const Try<void> safe = check_step(*desk->client, before, roster->roster, Step::enact, session); !safe)
      return session.fail(safe.error());
  }
  const Try<api::Accepted> accepted = submit(*desk, {enact_operation(opened->decision)},
                                             "enact: " + decision_title(opened->decision, session), session);
  if (!accepted) return session.fail(accepted.error());
  print_outcome(*accepted, *desk, *opened, true, "enact", session);
  return kOk;
}

int run(const DecisionShow& options, const Session& session) {
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return session.fail(genesis.error());
  const Try<std::unique_ptr<Client>> client = connect(session, *genesis);
  if (!client) return session.fail(client.error());
  Try<Decision> decision = decision_of(**client, options.decision, session);
  if (!decision) return session.fail(decision.error());
  const Try<DecisionCase> opened = open_case(**client, std::move(*decision), session);
  if (!opened) return session.fail(opened.error());
  const Try<std::optional<api::HistoryEntry>> enacted = enactment_of(**client, *opened, session);
  if (!enacted) return session.fail(enacted.error());
  const std::string_view state = state_of(*opened, enacted->has_value());
  const std::vector<Consent> all = consents(opened->decision, opened->known);
  if (session.options().json) {
    json::object document{{"id", opened->subject().id}, {"decision", api::to_json(opened->decision)}};
    document["proposed"] = opened->standing() != nullptr;
    document["state"] = state;
    document["consents"] = consents_json(all);
    document["exit"] = kOk;
    session.print_json(document);
    return kOk;
  }
  text::Table table;
  table.add({std::string(session.tr("id", "编号")), opened->subject().id});
  add_facts(table, *opened, session);
  table.add({std::string(session.tr("approvals", "同意")), consents_text(all, session)});
  table.add(
      {std::string(session.tr("state", "状态")),
       *enacted ? fmt::format("{} {}", state, api::moment_text((*enacted)->time_ms)) : std::string(state)});
  session.print(table.str());
  return kOk;
}

}  // namespace hufu::cli
