#include "cli/arguments/families.hpp"
#include "cli/arguments/submitting.hpp"
#include "cli/commands/import.hpp"
#include "cli/commands/issue.hpp"
#include "cli/commands/privacy.hpp"
#include "cli/commands/submit_batch.hpp"

namespace hufu::cli {
namespace {

void add_issue(CommandLine root) {
  CommandLine issue = root.group("issue", {"notarise one record", "签发并存证一条记录"});
  const auto kind = [&](const char* name, Said summary, bool license) {
    auto [line, options] = issue.command<Issue>(name, summary, Issue{.license = license});
    line.words("FIELDS", options.input,
               {"a JSON file with the fields, or field=value words", "字段 JSON 文件或 字段=值"})
        .required();
    line.option("--document", options.document, {"where the holder's document goes", "持证人文件的位置"})
        .value("FILE");
    if (license) blinding(line, options.hidden, options.open);
    submitting(line, options.submit);
  };
  kind("license", {"issue a license", "签发证照"}, true);
  kind("invoice", {"issue an invoice", "开具发票"}, false);
}

void add_import(CommandLine root) {
  auto [line, options] =
      root.command<Import>("import", {"notarise what an office exports", "导入台账并存证"});
  line.words("PATH", options.paths, {"files or folders: CSV, TXT, JSON lines, XML", "文件或文件夹"})
      .required();
  line.flag("--dry-run", options.dry_run, {"read and judge only; nothing is sent", "只检查，不发送"});
  line.option("--report", options.report, {"every row's verdict and outcome, .jsonl or .csv", "逐行报告"})
      .value("FILE");
  line.option("--mapping", options.mapping, {"which column is which field", "列映射文件"}).value("FILE");
  line.option("--save-mapping", options.save_mapping,
              {"write the mapping that was guessed", "保存推测的映射"})
      .value("FILE");
  line.option("--documents", options.documents, {"folder for the holders' documents", "持证人文件夹"})
      .value("DIR");
  blinding(line, options.hidden, options.open);
  line.list("--key", options.keys,
            {"an agency's key file or a folder of them, may be repeated", "机构密钥文件或文件夹，可重复"})
      .value("PATH");
  line.option("--agency", options.agency, {"the agency, when the genesis does not tell", "机构代码"})
      .value("CODE");
  line.passphrase(options.passphrase);
  waiting(line, options.wait);
}

void add_privacy(CommandLine root) {
  auto [disclose, options] =
      root.command<Disclose>("disclose", {"show a part of a document", "出示文件的一部分"});
  disclose.option("FILE", options.path, {"a document file, or a part of one", "持证人文件或其部分"})
      .required();
  disclose.option("--fields", options.fields, {"the fields to show, with commas", "要出示的字段，以逗号分隔"})
      .value("NAMES")
      .required();
  disclose.option("--out", options.out, {"the file to write; else beside FILE", "输出文件"}).value("FILE");
  auto [blind, blind_options] =
      root.command<Blind>("blind", {"find a private license again", "查询私密证照的链上标识"});
  blind.option("ID", blind_options.id, {"its real identifier", "真实标识"}).required();
  blind.option("--key", blind_options.key, {"the agency's key file", "机构密钥文件"}).value("FILE");
  blind.passphrase(blind_options.passphrase);
}

void add_submit(CommandLine root) {
  auto [line, options] = root.command<SubmitBatch>(
      "submit", {"play events of many lives, one answer a line", "批量提交事件，逐行应答"});
  line.option("--batch", options.batch,
              {"the events, one JSON object a line, or - for standard input", "事件文件，每行一个 JSON"})
      .value("FILE")
      .required();
  line.list("--keys", options.keys,
            {"an agency's key file or a folder of them, may be repeated", "机构密钥文件或文件夹，可重复"})
      .value("PATH");
  line.passphrase(options.passphrase);
  line.option("--documents", options.documents, {"folder for the holders' documents", "持证人文件夹"})
      .value("DIR");
  line.option("--day", options.day,
              {"when an event without a day takes effect; else with the last record of its life",
               "未注明日期的事件的生效日期，默认同其上一条记录"})
      .value("YYYY-MM-DD");
  waiting(line, options.wait);
}

}  // namespace

void add_records(CommandLine root) {
  add_issue(root);
  add_import(root);
  add_submit(root);
  add_privacy(root);
}

}  // namespace hufu::cli
