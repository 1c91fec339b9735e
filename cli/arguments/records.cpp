#include "cli/arguments/families.hpp"
#include "cli/commands/change.hpp"
#include "cli/commands/import.hpp"
#include "cli/commands/issue.hpp"
#include "cli/commands/privacy.hpp"

namespace hufu::cli {
namespace {

void waiting(CommandLine line, std::string& wait) {
  line.option("--wait", wait,
              {"until a quorum of nodes has cosigned it, or only stored it", "等待多数节点共签，或仅提交"})
      .one_of({kWaits.begin(), kWaits.end()});
}

void submitting(CommandLine& line, SubmitOptions& options) {
  line.option("--key", options.key.key, {"the agency's key file", "机构密钥文件"}).value("FILE");
  line.option("--agency", options.key.agency, {"the agency, when the genesis does not tell", "机构代码"})
      .value("CODE");
  line.passphrase(options.key.passphrase);
  line.option("--day", options.day, {"when it takes effect; else today", "生效日期，默认今天"})
      .value("YYYY-MM-DD");
  line.option("--request-id", options.request_id,
              {"repeat a request whose outcome is unknown", "重发结果未知的请求"})
      .value("HEX");
  waiting(line, options.wait);
}

void blinding(CommandLine& line, bool& hidden, bool& open) {
  line.flag("--private", hidden,
            {"under a blinded identifier, whatever the catalogue says", "以盲化标识存证"});
  line.flag("--public", open, {"under the real identifier, whatever the catalogue says", "以真实标识存证"});
}

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

void add_changes(CommandLine root) {
  const auto change = [&](const char* name, Said summary, LicenseAction action) {
    auto [line, options] = root.command<ChangeLicense>(name, summary, ChangeLicense{.action = action});
    line.option("ID", options.id, {"the license's identifier", "证照标识"}).required();
    submitting(line, options.submit);
  };
  change("suspend", {"suspend a license", "暂扣证照"}, LicenseAction::suspend);
  change("resume", {"put a suspended license back into force", "恢复证照"}, LicenseAction::resume);
  change("revoke", {"revoke a license, for ever", "吊销证照"}, LicenseAction::revoke);
  change("rescind", {"rescind a license, for ever", "撤销证照"}, LicenseAction::rescind);
  change("cancel", {"cancel a license, for ever", "注销证照"}, LicenseAction::cancel);
}

void add_claims(CommandLine root) {
  auto [claim, claim_options] =
      root.command<ClaimInvoice>("claim", {"book an invoice, once", "发票报销入账"});
  claim.option("NUMBER", claim_options.number, {"the invoice number", "发票号码"}).required();
  claim.option("--document", claim_options.document, {"the invoice's document file", "发票文件"})
      .value("FILE")
      .required();
  claim.option("--by", claim_options.by, {"USCC of the accounting entity", "入账单位统一社会信用代码"})
      .value("USCC")
      .required();
  claim.option("--period", claim_options.period, {"accounting period", "会计期间"})
      .value("YYYYMM")
      .required();
  claim.option("--voucher", claim_options.voucher, {"voucher number", "凭证号"}).value("TEXT").required();
  submitting(claim, claim_options.submit);
  auto [unclaim, unclaim_options] =
      root.command<UnclaimInvoice>("unclaim", {"take a booking back", "撤销发票入账"});
  unclaim.option("NUMBER", unclaim_options.number, {"the invoice number", "发票号码"}).required();
  unclaim.option("--document", unclaim_options.document, {"the invoice's document file", "发票文件"})
      .value("FILE")
      .required();
  unclaim.option("--by", unclaim_options.by, {"the entity that booked it", "入账单位"})
      .value("USCC")
      .required();
  submitting(unclaim, unclaim_options.submit);
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

}  // namespace

void add_records(CommandLine root) {
  add_issue(root);
  add_changes(root);
  add_claims(root);
  add_import(root);
  add_privacy(root);
}

}  // namespace hufu::cli
