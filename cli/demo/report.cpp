#include "cli/demo/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/clock.hpp"
#include "ledger/proof/status.hpp"

namespace hufu::cli::demo {
namespace {

// A license that is in force today, so that there is something to suspend; nullptr if the last few hundred have all ended.
const Acknowledged* license_in_force(Stage& stage) {
  constexpr std::size_t kLookedAt = 300;
  std::size_t looked_at = 0;
  const auto& records = stage.acknowledged();
  for (auto record = records.rbegin(); record != records.rend() && looked_at < kLookedAt; ++record) {
    if (record->subject.kind != SubjectKind::license) continue;
    ++looked_at;
    const Reply<api::StandingAnswer> answer = stage.client().standing(record->subject, api::ReadWish::local);
    if (answer && answer->standing && status_on(*answer->standing, china_today()) == "VALID") return &*record;
  }
  return nullptr;
}

json::object counts_json(const play::PlayCounts& counts) {
  return {{"total", counts.total},       {"accepted", counts.accepted}, {"derived", counts.derived},
          {"deferred", counts.deferred}, {"advanced", counts.advanced}, {"refused", counts.refused}};
}

json::object events_json(const Played& played) {
  json::array refused;
  for (const play::RefusedEvent& event : played.refused) {
    refused.push_back(json::object{{"file", event.file},
                                   {"line", event.line},
                                   {"event", event.event},
                                   {"id", event.subject.id},
                                   {"reason", code_of(event.error)},
                                   {"why", event.why}});
  }
  return {{"licenses", counts_json(played.licenses)},
          {"invoices", counts_json(played.invoices)},
          {"refused", std::move(refused)},
          {"decisions", played.decisions},
          {"submissions", played.submissions},
          {"seconds", played.seconds}};
}

}  // namespace

Tries tries_for(const Founded& founded, Stage& stage, const Session& session) {
  const std::string hufu = fmt::format("{} --config {}", own_program(), founded.settings_file());
  Tries tries;
  const auto add = [&](std::string_view english, std::string_view chinese, std::string command) {
    tries.commands.emplace_back(std::string(session.tr(english, chinese)), hufu + " " + std::move(command));
  };
  const Acknowledged* const license = license_in_force(stage);
  if (license != nullptr) {
    const Result<LicenseId> id = parse_license_id(license->subject.id);
    add("check a holder's document", "核验持证人文件", "verify " + license->document);
    const std::string proof = founded.directory + "/license.hufu";
    add("take its proof along", "取得证明文件",
        fmt::format("proof get {} --out {}", license->subject.id, proof));
    add("check it where no node can be reached", "离线核验",
        fmt::format("verify {} --proof {} --offline --trust {}", license->document, proof,
                    founded.genesis_file()));
    if (id) {
      add("suspend that license, then check it again", "暂扣该证照，再核验一次",
          fmt::format("suspend {} --key {}", license->subject.id, founded.key_file(std::string(id->issuer))));
    }
  } else {
    add("who leads, how far each node is", "查看集群状态", "cluster status");
  }
  add("replay a node's whole ledger", "重放并检查整个账本",
      fmt::format("audit ledger {}/data", founded.nodes.front().folder));
  return tries;
}

json::object report_json(const Founded& founded, const Stage& stage, const Processes& processes,
                         const Tries& tries) {
  json::array nodes;
  for (std::size_t i = 0; i < founded.nodes.size(); ++i) {
    const DemoNode& node = founded.nodes[i];
    nodes.push_back(json::object{{"name", node.name},
                                 {"api", node.api},
                                 {"pid", processes.pid(i)},
                                 {"folder", node.folder},
                                 {"config", node.folder + "/node.toml"},
                                 {"data", node.folder + "/data"},
                                 {"log", node.log()}});
  }
  json::array agencies;
  for (const FoundingAgency& agency : founded.genesis.agencies) {
    agencies.push_back(json::object{{"code", agency.code},
                                    {"name", agency.standing.name},
                                    {"province", agency.standing.province},
                                    {"key", founded.key_file(agency.code)}});
  }
  json::array commands;
  for (const auto& [what, command] : tries.commands) commands.push_back(json::value(command));
  return {{"directory", founded.directory},
          {"genesis", founded.genesis_file()},
          {"settings", founded.settings_file()},
          {"passphraseFile", founded.passphrase_file()},
          {"keys", founded.keys_folder()},
          {"documents", founded.documents()},
          {"nodes", std::move(nodes)},
          {"agencies", std::move(agencies)},
          {"import", to_json(stage.imported())},
          {"events", events_json(stage.played())},
          {"acknowledged", stage.acknowledged().size()},
          {"try", std::move(commands)}};
}

void say_imported(const ImportResult& imported, const Session& session) {
  const ImportTotals& totals = imported.totals;
  session.say(fmt::format(
      fmt::runtime(session.tr(
          "imported an office's exports: {} rows read, {} on the ledger, {} left for a person, {} left out",
          "已导入台账：读取 {} 行，存证 {} 行，待人工 {} 行，其余 {} 行")),
      totals.total, totals.of(RowOutcome::appended), totals.of(importer::Verdict::review),
      totals.total - totals.of(RowOutcome::appended) - totals.of(importer::Verdict::review)));
}

void say_played(const Played& played, const Session& session) {
  session.say(fmt::format(fmt::runtime(session.tr("decided on the ledger: {} decisions of the provinces",
                                                  "账本上的省级决定：{} 项")),
                          played.decisions));
  if (played.licenses.total + played.invoices.total == 0) return;
  const auto line = [&](std::string_view english, std::string_view chinese, const play::PlayCounts& counts) {
    session.say(fmt::format(fmt::runtime(session.tr("played {} {} events: {} accepted, {} refused",
                                                    "{1} {0} 条：接受 {2} 条，拒绝 {3} 条")),
                            counts.total, session.tr(english, chinese), counts.accepted, counts.refused));
    const auto of_these = [&](std::uint64_t count, std::string_view en, std::string_view zh) {
      if (count > 0) session.say(fmt::format("  {} {}", count, session.tr(en, zh)));
    };
    of_these(counts.derived, "told by the calendar: nothing is appended", "条由日历推定，无需存证");
    of_these(counts.deferred, "played after a lock had ended", "条待红冲锁定解除后受理");
    of_these(counts.advanced, "played before the red-letter invoice that the file tells first",
             "条先于文件中在前的红字发票受理");
  };
  line("license", "证照事件", played.licenses);
  line("invoice", "发票事件", played.invoices);
  session.say(fmt::format(fmt::runtime(session.tr("in {} submissions, {:.1f} s", "共 {} 次提交，{:.1f} 秒")),
                          played.submissions, played.seconds));
  constexpr std::size_t kTold = 20;
  for (std::size_t i = 0; i < std::min(kTold, played.refused.size()); ++i) {
    const play::RefusedEvent& event = played.refused[i];
    session.warn(fmt::format("{}:{}: {} {}: {} {}", event.file, event.line, event.event, event.subject.id,
                             code_of(event.error), event.why));
  }
  if (played.refused.size() > kTold) {
    session.warn(
        fmt::format(fmt::runtime(session.tr("… and {} more; --json tells all", "……另有 {} 条，见 --json")),
                    played.refused.size() - kTold));
  }
}

}  // namespace hufu::cli::demo
