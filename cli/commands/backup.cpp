#include "cli/commands/backup.hpp"

#include <fmt/format.h>

#include "cli/audited_ledger.hpp"
#include "cli/backup_file.hpp"
#include "cli/commands/audit.hpp"
#include "cli/text/width.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

// How many blocks the quorum vouches for; 0: none.
std::uint64_t certified_blocks(const AuditedLedger& ledger) {
  return ledger.checkpoint != nullptr && ledger.checkpoint->certified() ? ledger.checkpoint->certified()->size
                                                                        : 0;
}

json::object backup_json(const AuditedLedger& ledger, const std::string& path) {
  const AuditReport& report = ledger.report;
  return {{"backup", path},
          {"origin", ledger.genesis.origin},
          {"genesis", to_hex(genesis_hash(ledger.genesis))},
          {"blocks", report.blocks},
          {"submissions", report.submissions},
          {"certifiedBlocks", certified_blocks(ledger)},
          {"height", report.head.height},
          {"headHash", to_hex(report.head_hash)},
          {"headTime", api::moment_text(report.head.time_ms)},
          {"stateRoot", to_hex(report.head.state_root)}};
}

void print_contents(text::Table& table, const AuditedLedger& ledger, const Session& session) {
  const AuditReport& report = ledger.report;
  const auto row = [&](std::string_view english, std::string_view chinese, std::string value) {
    table.add({std::string(session.tr(english, chinese)), std::move(value)});
  };
  row("ledger", "账本", ledger.genesis.origin);
  row("blocks", "区块", text::grouped(report.blocks));
  row("submissions", "提交", text::grouped(report.submissions));
  row("head", "最新区块",
      fmt::format("{}, {}, {}", report.head.height, api::moment_text(report.head.time_ms),
                  to_hex(report.head_hash)));
  row("certified", "已联署", fmt::format("{} blocks", text::grouped(certified_blocks(ledger))));
}

void warn_of_the_uncertified(const AuditedLedger& ledger, const Session& session) {
  const std::uint64_t certified = certified_blocks(ledger);
  if (certified == ledger.report.blocks) return;
  session.warn(fmt::format(
      fmt::runtime(session.tr(
          "no quorum's checkpoint in it covers the last {} blocks: restoring it needs --uncertified",
          "最后 {} 个区块未经联署：恢复时需 --uncertified")),
      ledger.report.blocks - certified));
}

int tell_written(const AuditedLedger& ledger, const WrittenBackup& written, const Session& session) {
  warn_of_the_uncertified(ledger, session);
  if (session.options().json) {
    json::object document = backup_json(ledger, written.path);
    document["from"] = ledger.where;
    document["bytes"] = written.bytes;
    document["seal"] = to_hex(written.seal);
    document["exit"] = kOk;
    session.print_json(document);
    return kOk;
  }
  text::Table table;
  table.add({std::string(session.tr("backup", "备份")),
             fmt::format("{}, {}", written.path, text::bytes_size(written.bytes))});
  table.add({std::string(session.tr("from", "来源")), ledger.where});
  print_contents(table, ledger, session);
  table.add({std::string(session.tr("seal", "封印")), to_hex(written.seal)});
  session.print(table.str());
  return kOk;
}

int tell_checked(const AuditedLedger& ledger, const Session& session) {
  if (ledger.report.fault) return session.fail(unsound(ledger));
  warn_of_the_uncertified(ledger, session);
  if (session.options().json) {
    json::object document = backup_json(ledger, ledger.where);
    document["clean"] = true;
    document["exit"] = kOk;
    session.print_json(document);
    return kOk;
  }
  text::Table table;
  table.add({std::string(session.tr("backup", "备份")), ledger.where});
  print_contents(table, ledger, session);
  table.add(
      {std::string(session.tr("result", "结果")), session.paint(Paint::good, session.tr("CLEAN", "无误"))});
  session.print(table.str());
  return kOk;
}

}  // namespace

int run(const Backup& options, const Session& session) {
  if (options.out.empty()) {
    return session.fail({.error = Error::usage,
                         .what = std::string(session.tr("where to, is not said", "未指定输出")),
                         .next = "pass --out FILE or a folder"});
  }
  std::unique_ptr<BackupFile> file;
  AuditOrder order{.directory = options.from, .watch = [&](const Block& block) { file->block(block); }};
  order.certified_only = options.from.empty();
  order.checkpoint = options.checkpoint;
  order.begin = [&](const Genesis& genesis, const StatedCheckpoint* checkpoint) -> Try<void> {
    const std::string note = checkpoint != nullptr && checkpoint->note() ? *checkpoint->note() : "";
    Try<std::unique_ptr<BackupFile>> created = BackupFile::create(options.out, genesis, note);
    if (!created) return created.error();
    file = std::move(*created);
    return {};
  };
  return audit_ledger(
      order,
      [&](const AuditedLedger& ledger) {
        if (ledger.report.fault) return session.fail(unsound(ledger));
        if (ledger.checkpoint != nullptr && !ledger.checkpoint->certified()) {
          return session.fail({.error = ledger.checkpoint->certified().error(),
                               .what = "the checkpoint is not one that the quorum certified",
                               .next = "ask another node with --node"});
        }
        const Try<WrittenBackup> written = file->finish();
        if (!written) return session.fail(written.error());
        return tell_written(ledger, *written, session);
      },
      session);
}

int run(const BackupCheck& options, const Session& session) {
  AuditOrder order{.directory = ""};
  order.backup = options.file;
  return audit_ledger(
      order, [&](const AuditedLedger& ledger) { return tell_checked(ledger, session); }, session);
}

}  // namespace hufu::cli
