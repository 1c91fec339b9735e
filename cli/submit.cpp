#include "cli/submit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/clock.hpp"
#include "cli/text/width.hpp"
#include "ledger/proof/receipt.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

Try<RequestId> request_id_of(const std::string& text) {
  if (text.empty()) return random_request_id();
  const Result<Bytes> bytes = from_hex(text);
  RequestId id{};
  if (!bytes || bytes->size() != id.size()) {
    return Trouble{.error = Error::usage, .what = "--request-id is not 32 hexadecimal digits"};
  }
  std::copy(bytes->begin(), bytes->end(), id.begin());
  return id;
}

Try<CivilDay> day_of(const std::string& text) {
  if (text.empty()) return china_today();
  const Result<CivilDay> day = parse_civil_day(text);
  if (!day)
    return Trouble{.error = day.error(), .what = fmt::format("--day {} is not a day", text), .exit = kUsage};
  return *day;
}

// What stands in the way of each operation, for people.
std::string faults_text(const api::Refusal& refusal, const std::vector<Operation>& operations,
                        const Session& session) {
  std::string text;
  for (const api::OperationFault& fault : refusal.faults) {
    const ErrorInfo& info = describe(fault.error);
    const std::string subject = fault.operation < operations.size() ? operations[fault.operation].subject.id
                                                                    : std::to_string(fault.operation);
    if (!text.empty()) text += "; ";
    text += fmt::format("{}: {}", subject, session.tr(info.en, info.zh));
    if (fault.place)
      text += fmt::format(" (block {}, submission {})", fault.place->height, fault.place->submission);
  }
  return text;
}

// Was this request answered before, and did it do what is asked now? A repeated change no longer follows on what it followed on
// then, so it is another submission, which the ledger refuses; the first one counts.
std::optional<api::Accepted> done_before(Desk& desk, const std::vector<Operation>& operations) {
  Reply<api::ReceiptAnswer> answer = desk.client->receipt(desk.signatory.agency, desk.request_id);
  if (!answer || !answer->receipt || !check_receipt(desk.ledger, *answer->receipt)) return std::nullopt;
  const SubmissionHeader& header = answer->receipt->header;
  const bool same_request = header.agency == desk.signatory.agency && header.request_id == desk.request_id &&
                            header.count == operations.size();
  if (!same_request) return std::nullopt;
  for (const Operation& wanted : operations) {
    const Reply<api::HistoryAnswer> history = desk.client->history(wanted.subject);
    if (!history) return std::nullopt;
    const bool done =
        std::any_of(history->entries.begin(), history->entries.end(), [&](const api::HistoryEntry& entry) {
          return entry.submission == answer->receipt->id() && entry.operation.subject == wanted.subject &&
                 entry.operation.payload == wanted.payload;
        });
    if (!done) return std::nullopt;
  }
  return api::Accepted{.receipt = std::move(*answer->receipt), .repeated = true};
}

}  // namespace

Try<Desk> open_desk(const SubmitOptions& options, const Session& session) {
  const Try<CivilDay> day = day_of(options.day);
  if (!day) return day.error();
  const Try<RequestId> request_id = request_id_of(options.request_id);
  if (!request_id) return request_id.error();
  Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return genesis.error();
  Try<Signatory> signatory = load_signatory(options.key, *genesis, session);
  if (!signatory) return signatory.error();
  Try<std::unique_ptr<Client>> client = connect(session, *genesis);
  if (!client) return client.error();
  const LedgerId ledger = ledger_id(*genesis);
  return Desk{.genesis = std::move(*genesis),
              .ledger = ledger,
              .signatory = std::move(*signatory),
              .client = std::move(*client),
              .request_id = *request_id,
              .day = *day,
              .wait = wait_of(options.wait)};
}

Try<Standing> current_standing(Desk& desk, const SubjectKey& subject, const Session& session) {
  Try<std::optional<Standing>> standing = find_standing(*desk.client, subject, session);
  if (!standing) return standing.error();
  if (!*standing) {
    return Trouble{.error = Error::not_found, .what = fmt::format("{} is not on the ledger", subject.id)};
  }
  return **std::move(standing);
}

int submit_act(Desk& desk, const SubjectKey& subject, const Standing& standing, Payload payload,
               const std::string& what, const Session& session) {
  const Try<api::Accepted> accepted = submit(
      desk,
      {{.subject = subject, .previous = standing.last, .effective = desk.day, .payload = std::move(payload)}},
      fmt::format("{} {}", what, subject.id), session);
  if (!accepted) return session.fail(accepted.error());
  print_receipt(*accepted, desk, subject, what, {}, session);
  return kOk;
}

int submit_act(Desk& desk, const SubjectKey& subject, Payload payload, const std::string& what,
               const Session& session) {
  const Try<Standing> standing = current_standing(desk, subject, session);
  if (!standing) return session.fail(standing.error());
  return submit_act(desk, subject, *standing, std::move(payload), what, session);
}

namespace {

// The client has looked at what came, and nobody refused anything (client.hpp N3).
bool is_false_receipt(const Failure& failure) {
  return failure.problem.refusal.error == Error::proof_invalid && failure.url.empty();
}

Trouble false_receipt(const Failure& failure, const Desk& desk) {
  return {.error = Error::proof_invalid,
          .what = fmt::format("the receipt of {} does not hold", desk.client->last_url()),
          .why = failure.problem.why,
          .next = fmt::format(
              "repeat at another node with --request-id {}: it counts once; report this one to its operator",
              to_hex(desk.request_id)),
          .exit = kIntegrityAlarm};
}

}  // namespace

Try<api::Accepted> submit(Desk& desk, std::vector<Operation> operations, const std::string& what,
                          const Session& session) {
  const Submission submission = sign_submission(desk.ledger, desk.signatory.agency, desk.signatory.key,
                                                desk.request_id, std::move(operations));
  const Reply<api::Accepted> reply = desk.client->submit(encode(submission), desk.wait);
  if (!reply) {
    const api::Refusal& refusal = reply.error().problem.refusal;
    if (refusal.error == Error::request_id_reused) {
      if (std::optional<api::Accepted> before = done_before(desk, submission.operations))
        return std::move(*before);
    }
    if (is_false_receipt(reply.error())) return false_receipt(reply.error(), desk);
    Trouble trouble = trouble_of(reply.error(), session, fmt::format("cannot {}", what));
    const std::string faults = faults_text(refusal, submission.operations, session);
    if (!faults.empty()) trouble.why = faults;
    if (api::is_outcome_unknown(refusal.error)) {
      trouble.error = Error::outcome_unknown;
      trouble.next = fmt::format("repeat with --request-id {}: it counts once", to_hex(desk.request_id));
    } else if (exit_of(trouble) == kRefused) {
      trouble.exit = kRules;  // exit 1 is for verdicts
    }
    return trouble;
  }
  return *reply;
}

json::object receipt_json(const api::Accepted& accepted) { return api::to_json(accepted); }

std::string certification_text(const api::Accepted& accepted, const std::string& origin,
                               const RosterStanding& roster, const Session& session) {
  if (accepted.cosignatures.empty()) return std::string(session.tr("committed", "已提交"));
  const Checkpoint checkpoint{.size = accepted.receipt.log_size, .root = accepted.receipt.log_root};
  std::size_t cosigned = 0;
  for (const Cosignature& each : accepted.cosignatures) {
    const Member* const member = find_member(roster, each.member);
    if (member && check_cosignature(origin, checkpoint, member->cosign_key, each)) ++cosigned;
  }
  const std::size_t nodes = roster.members.size();
  if (accepted.certified) {
    return fmt::format(fmt::runtime(session.tr("certified by {} of {} nodes", "已由 {}/{} 个节点共签")),
                       cosigned, nodes);
  }
  return fmt::format(fmt::runtime(session.tr("committed; not certified yet: {} of {} nodes cosigned",
                                             "已提交；尚未共签认证：{}/{} 个节点已签")),
                     cosigned, nodes);
}

void print_receipt(const api::Accepted& accepted, const Desk& desk, const SubjectKey& subject,
                   const std::string& what, json::object extra, const Session& session) {
  if (desk.client->recovered()) {
    session.warn(session.tr(
        "this ledger lost its quorum once and went on by its authorities' decision: hufu history roster:",
        "本账本曾丧失法定人数，后由管理机构决定继续运行：hufu history roster:"));
  }
  const Receipt& receipt = accepted.receipt;
  if (session.options().json) {
    extra["subject"] = subject.text();
    extra["action"] = what;
    extra["height"] = receipt.place.height;
    extra["repeated"] = accepted.repeated;
    extra["receipt"] = receipt_json(accepted);
    extra["exit"] = kOk;
    return session.print_json(extra);
  }
  text::Table table;
  table.add({session.paint(Paint::good, accepted.repeated ? session.tr("already done", "此前已完成")
                                                          : session.tr("done", "完成")),
             fmt::format("{} {}", what, subject.id.empty() ? subject.text() : subject.id)});
  table.add({std::string(session.tr("receipt", "回执")), to_hex(receipt.id())});
  table.add({std::string(session.tr("block", "区块")),
             fmt::format("{}, {}", receipt.place.height, api::moment_text(receipt.block.time_ms))});
  table.add({std::string(session.tr("signed by", "签名机构")), receipt.header.agency});
  table.add({std::string(session.tr("nodes", "节点")),
             certification_text(accepted, desk.genesis.origin, desk.client->roster(), session)});
  session.print(table.str());
}

}  // namespace hufu::cli
