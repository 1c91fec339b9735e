#include "cli/commands/audit.hpp"

#include <fmt/format.h>

#include "cli/audited_ledger.hpp"
#include "cli/text/width.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

void print_people(const AuditedLedger& ledger, const Session& session) {
  const AuditReport& report = ledger.report;
  const AuditLevel level = ledger.audit.level();
  text::Table table;
  const auto row = [&](std::string_view english, std::string_view chinese, std::string value) {
    table.add({std::string(session.tr(english, chinese)), std::move(value)});
  };
  row("ledger", "账本", ledger.where);
  row("checked", "检查深度", fmt::format("{} ({})", static_cast<int>(level), name_of(level)));
  row("blocks", "区块", text::grouped(report.blocks));
  row("submissions", "提交", text::grouped(report.submissions));
  row("operations", "操作", text::grouped(report.operations));
  if (level == AuditLevel::full) row("subjects", "主体", text::grouped(report.subjects));
  if (report.blocks > 0) {
    row("head", "最新区块", fmt::format("{}, {}", report.head.height, api::moment_text(report.head.time_ms)));
    row("head hash", "区块哈希", to_hex(report.head_hash));
    row("log root", "日志根", to_hex(report.log_root));
    row("state root", "状态根", to_hex(report.head.state_root));
  }
  if (ledger.checkpoint != nullptr) {
    const Result<Checkpoint>& certified = ledger.checkpoint->certified();
    row("certified", "已联署",
        certified ? fmt::format("{} blocks", text::grouped(certified->size))
                  : fmt::format("nothing ({})", code_of(certified.error())));
  }
  row("result", "结果",
      report.fault ? session.paint(Paint::bad, session.tr("FAULT", "发现问题"))
                   : session.paint(Paint::good, session.tr("CLEAN", "无误")));
  session.print(table.str());
}

// The exit code, when everything has been said.
int tell(const AuditedLedger& ledger, const Session& session) {
  const AuditReport& report = ledger.report;
  if (session.options().json) {
    json::object document = to_json(report, ledger.audit.level());
    document[ledger.kind] = ledger.where;
    if (ledger.checkpoint != nullptr) {
      const Result<Checkpoint>& certified = ledger.checkpoint->certified();
      document["certifiedBlocks"] = certified ? json::value(certified->size) : json::value();
    }
    document["exit"] = report.fault ? kIntegrityAlarm : kOk;
    session.print_json(document);
    return report.fault ? kIntegrityAlarm : kOk;
  }
  print_people(ledger, session);
  return report.fault ? session.fail(unsound(ledger)) : kOk;
}

}  // namespace

json::object to_json(const AuditReport& report, AuditLevel level) {
  json::object out{{"clean", !report.fault.has_value()},
                   {"level", static_cast<int>(level)},
                   {"levelName", name_of(level)},
                   {"blocks", report.blocks},
                   {"submissions", report.submissions},
                   {"operations", report.operations},
                   {"subjects", report.subjects},
                   {"height", report.head.height},
                   {"headHash", to_hex(report.head_hash)},
                   {"logRoot", to_hex(report.log_root)},
                   {"stateRoot", to_hex(report.head.state_root)},
                   {"fault", nullptr}};
  if (report.fault) {
    json::object fault{{"height", report.fault->height},
                       {"level", static_cast<int>(report.fault->level)},
                       {"code", code_of(report.fault->error)},
                       {"what", report.fault->what},
                       {"submission", nullptr}};
    if (report.fault->submission) fault["submission"] = *report.fault->submission;
    out["fault"] = std::move(fault);
  }
  return out;
}

int run(const AuditLedger& options, const Session& session) {
  return audit_ledger(
      {.directory = options.directory, .level = static_cast<AuditLevel>(options.level), .watch = {}},
      [&](const AuditedLedger& ledger) { return tell(ledger, session); }, session);
}

}  // namespace hufu::cli
