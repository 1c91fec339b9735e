#include "cli/arguments/families.hpp"
#include "cli/commands/audit.hpp"
#include "cli/commands/backup.hpp"
#include "cli/commands/doctor.hpp"
#include "cli/commands/evidence.hpp"
#include "cli/commands/supervise.hpp"

namespace hufu::cli {

namespace {

void add_backups(CommandLine root) {
  CommandLine backup = root.group("backup", {"a whole ledger in one file", "备份账本"});
  const auto options = std::make_shared<Backup>();
  backup.option("--out", options->out, {"a new file, or a folder", "输出文件或目录"}).value("FILE");
  backup
      .option("--from", options->from,
              {"a node's data folder or a copy of it; else a node is asked", "节点数据目录；缺省询问节点"})
      .value("DIR");
  backup
      .option("--checkpoint", options->checkpoint,
              {"with --from: the signed note that its blocks must come to", "与 --from 同用：检查点"})
      .value("FILE");
  backup.otherwise([options](const Session& session) { return run(*options, session); });
  auto [check, check_options] =
      backup.command<BackupCheck>("check", {"replay a backup, believing only the genesis", "校验备份"});
  check.option("FILE", check_options.file, {"the backup", "备份文件"}).required();
  auto [restore, restore_options] = root.command<Restore>(
      "restore", {"check a backup and make it the ledger in a node's folder", "恢复账本"});
  restore.option("FILE", restore_options.file, {"the backup", "备份文件"}).required();
  restore.option("--to", restore_options.to, {"a node's data folder", "节点数据目录"})
      .value("DIR")
      .required();
  restore.flag("--replace", restore_options.replace,
               {"what is there is kept aside under another name", "原目录改名保留"});
  restore.flag("--uncertified", restore_options.uncertified,
               {"also blocks that no checkpoint of a quorum covers", "允许未联署的区块"});
  restore.flag("--dry-run", restore_options.dry_run, {"check everything, write nothing", "仅校验"});
}

}  // namespace

void add_audits(CommandLine root) {
  add_backups(root);
  CommandLine audit = root.group("audit", {"believe nobody", "审计"});
  auto [ledger, options] = audit.command<AuditLedger>(
      "ledger", {"replay a whole ledger, from a disk or from a node", "重放并检查整个账本"});
  ledger.option(
      "DIR", options.directory,
      {"a node's data folder or a copy of it; else a node is asked", "节点数据目录或其副本；缺省询问节点"});
  ledger
      .option("--level", options.level,
              {"0 framing, 1 hash chain, 2 roots, 3 signatures, 4 full replay", "检查深度 0 至 4"})
      .value("0-4")
      .between(0, 4);
  auto [evidence, evidence_options] =
      audit.command<AuditEvidence>("evidence", {"who signed two histories", "查看双签证据"});
  evidence.option("FILE", evidence_options.path, {"the evidence file", "证据文件"}).required();
  evidence
      .option("--trust", evidence_options.trust,
              {"a trust file or a founding document; else the settings'", "信任文件或创世文件"})
      .value("FILE");
  auto [traces, traces_options] = audit.command<AuditTraces>(
      "traces", {"who verified what and why, as the nodes wrote it down", "导出使用留痕"});
  traces.option("FILE", traces_options.file,
                {"a copy of a node's access.log; else all nodes are asked", "访问日志副本"});
  traces.option("--out", traces_options.out, {"the file to write", "输出文件"}).value("FILE");
  traces.flag("--csv", traces_options.csv, {"as CSV; else as JSON", "CSV 格式"});
  auto [tables, tables_options] =
      audit.command<AuditExport>("export", {"the figures of supervision", "导出电子监督统计"});
  tables.option("DIR", tables_options.directory,
                {"a node's data folder or a copy of it; else a node is asked", "节点数据目录；缺省询问节点"});
  tables.option("--out", tables_options.out, {"a folder for the tables", "输出目录"}).value("DIR");
  tables.flag("--csv", tables_options.csv, {"one CSV a table; else one JSON document", "CSV 格式"});
  tables
      .option("--mass", tables_options.mass,
              {"more revocations than this, by one agency on one day, are listed", "批量吊销阈值"})
      .value("N");
  auto [doctor, doctor_options] =
      root.command<Doctor>("doctor", {"what stands in the way, and what to do next", "诊断"});
  doctor.option("DIR", doctor_options.directory, {"a node's folder to look at too", "节点目录"});
}

}  // namespace hufu::cli
