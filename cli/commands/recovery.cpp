#include "cli/commands/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/clock.hpp"
#include "cli/confirm.hpp"
#include "cli/decision_input.hpp"
#include "cli/decision_text.hpp"
#include "cli/decisions.hpp"
#include "cli/files.hpp"
#include "cli/stored_ledger.hpp"
#include "cli/submit.hpp"
#include "cli/text/width.hpp"
#include "ledger/chain/recovery.hpp"

namespace hufu::cli {
namespace {

Try<RosterStanding> surviving(const RosterStanding& before, const std::vector<std::string>& keep) {
  RosterStanding after{.epoch = before.epoch + 1, .members = {}};
  for (const std::string& name : keep) {
    const auto found = std::find_if(before.members.begin(), before.members.end(),
                                    [&](const Member& member) { return member.name == name; });
    if (found == before.members.end()) {
      return Trouble{.error = Error::not_found,
                     .what = fmt::format("the ledger has no node {}", text::printable(name))};
    }
    after.members.push_back(*found);
  }
  std::sort(after.members.begin(), after.members.end(),
            [](const Member& a, const Member& b) { return a.id < b.id; });
  return after;
}

Try<Decision> draft_on(const store::LedgerStore& store, const std::vector<std::string>& keep) {
  const auto record = store.record(roster_subject());
  if (!record || !*record)
    return Trouble{.error = Error::storage_corrupt, .what = "the ledger has no roster of nodes"};
  const Standing& standing = (*record)->standing;
  Try<RosterStanding> after = surviving(std::get<RosterStanding>(standing.detail), keep);
  if (!after) return after.error();
  const std::uint64_t time_ms = std::max(now_ms(), store.head().time_ms + 1);
  return Decision{
      .target = roster_subject(),
      .previous = previous_of(&standing),
      .effective = china_day_at(static_cast<std::int64_t>(time_ms)),
      .body = RosterEntry{.roster = std::move(*after),
                          .recovery = Recovery{
                              .height = store.head().height, .head = store.head_hash(), .time_ms = time_ms}}};
}

// The file so far: nobody has signed a draft yet.
Try<Proposal> signed_so_far(const std::string& file, std::optional<Decision>& decision) {
  const Try<Bytes> content = read_file(file, kRecoveryBytes);
  if (!content) return content.error();
  if (const auto recovery = decode_recovery(*content)) {
    decision = decision_in(*recovery).value();
    return *recovery;
  }
  Try<Decision> draft = parse_decision_file(as_text(*content), file);
  if (!draft) return draft.error();
  const auto* entry = std::get_if<RosterEntry>(&draft->body);
  if (entry == nullptr || !entry->recovery) {
    return Trouble{.error = Error::usage,
                   .what = fmt::format("{} is no recovery", file),
                   .next = "hufu recovery draft makes one"};
  }
  decision = std::move(*draft);
  return Proposal{.version = Proposal::kVersion,
                  .height = entry->recovery->height + 1,
                  .parent = entry->recovery->head,
                  .time_ms = entry->recovery->time_ms,
                  .submissions = {}};
}

// What this authority adds: the proposal, or its approval of it; and, as the last, the enactment.
std::vector<Operation> next_operations(const Proposal& so_far, const Decision& decision, bool enact) {
  std::vector<Operation> operations;
  const SubjectKey subject = decision_subject(decision);
  if (so_far.submissions.empty()) {
    operations.push_back(propose_operation(decision, decision.effective));
  } else {
    const Operation& last = so_far.submissions.back().operations.back();
    operations.push_back(
        {.subject = subject, .previous = last.hash(), .effective = decision.effective, .payload = Approve{}});
  }
  if (enact) operations.push_back(enact_operation(decision));
  return operations;
}

Try<bool> asked(const Decision& decision, bool yes, const Session& session) {
  if (yes) return true;
  text::Table table;
  for (auto& [label, value] : decision_facts(decision, nullptr, session)) table.add({label, value});
  return confirmed(
      table.str() + std::string(session.tr("what only the lost nodes had acknowledged stays lost; sign?",
                                           "仅由失去的节点确认的记录将永久丢失；是否签名？")),
      session);
}

}  // namespace

int run(const RecoveryDraft& options, const Session& session) {
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return session.fail(genesis.error());
  const std::string folder = store_directory(options.directory);
  const auto store = store::LedgerStore::open(folder, *genesis, store::Mode::read_only);
  if (!store)
    return session.fail(
        {.error = store.error().error, .what = "cannot read the ledger", .why = store.error().detail});
  const Try<Decision> decision = draft_on(**store, options.keep);
  if (!decision) return session.fail(decision.error());
  const Try<void> written = write_new_file(options.out, as_bytes(decision_file_text(*decision)), 0644);
  if (!written) return session.fail(written.error());
  text::Table table;
  for (auto& [label, value] : decision_facts(*decision, nullptr, session)) table.add({label, value});
  session.print(table.str());
  session.say(fmt::format(
      fmt::runtime(session.tr(
          "choose the survivor with the newest block; then each authority: hufu recovery sign {} --out FILE",
          "请选用区块最新的幸存节点；随后各管理机构：hufu recovery sign {} --out 文件")),
      options.out));
  return kOk;
}

int run(const RecoverySign& options, const Session& session) {
  std::optional<Decision> decision;
  Try<Proposal> recovery = signed_so_far(options.file, decision);
  if (!recovery) return session.fail(recovery.error());
  if (enacted_in(*recovery))
    return session.fail({.error = Error::already_exists, .what = "this recovery is complete already"});
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return session.fail(genesis.error());
  const Try<Signatory> signatory = load_signatory(options.key, *genesis, session);
  if (!signatory) return session.fail(signatory.error());
  const Try<bool> yes = asked(*decision, options.yes, session);
  if (!yes) return session.fail(yes.error());
  if (!*yes) return kRefused;
  recovery->submissions.push_back(sign_submission(ledger_id(*genesis), signatory->agency, signatory->key,
                                                  random_request_id(),
                                                  next_operations(*recovery, *decision, options.enact)));
  const Try<void> written = write_new_file(options.out, encode_recovery(*recovery), 0644);
  if (!written) return session.fail(written.error());
  session.say(options.enact ? session.tr("complete: on every survivor, hufu node recover DIR --with FILE",
                                         "已完成：在每个幸存节点执行 hufu node recover 目录 --with 文件")
                            : session.tr("signed; the last authority adds --enact",
                                         "已签名；最后一个管理机构加 --enact"));
  return kOk;
}

}  // namespace hufu::cli
