#include "cli/arguments/families.hpp"
#include "cli/arguments/submitting.hpp"
#include "cli/commands/change.hpp"
#include "cli/commands/license.hpp"
#include "cli/commands/succession.hpp"

namespace hufu::cli {
namespace {

void add_change(CommandLine group, const char* name, Said summary, LicenseAction action) {
  auto [line, options] = group.command<ChangeLicense>(name, summary, ChangeLicense{.action = action});
  line.option("ID", options.id, {"the license's identifier", "证照标识"}).required();
  submitting(line, options.submit);
}

void add_changes(CommandLine root) {
  add_change(root, "suspend", {"suspend a license", "暂扣证照"}, LicenseAction::suspend);
  add_change(root, "resume", {"put a suspended license back into force", "恢复证照"}, LicenseAction::resume);
  add_change(root, "revoke", {"revoke a license, for ever", "吊销证照"}, LicenseAction::revoke);
  add_change(root, "rescind", {"rescind a license, for ever", "撤销证照"}, LicenseAction::rescind);
  add_change(root, "cancel", {"cancel a license, for ever", "注销证照"}, LicenseAction::cancel);
  CommandLine dispute = root.group("dispute", {"an objection to a license", "证照异议"});
  add_change(dispute, "open", {"mark a license as disputed", "登记异议"}, LicenseAction::dispute_open);
  add_change(dispute, "close", {"the objection is settled", "异议办结"}, LicenseAction::dispute_close);
  auto [status, options] = root.command<SetStatus>(
      "set-status", {"an office's own status code, as the catalogue means it", "按目录解释本系统状态代码"});
  status.option("ID", options.id, {"the license's identifier", "证照标识"}).required();
  status.option("--code", options.code, {"the status code", "状态代码"}).value("CODE").required();
  submitting(status, options.submit);
}

void new_document(CommandLine& line, Succeed& options) {
  line.words("FIELDS", options.input,
             {"a JSON file with the new fields, or field=value words", "新的字段 JSON 文件或 字段=值"})
      .required();
  line.option("--document", options.document, {"where the holder's document goes", "持证人文件的位置"})
      .value("FILE");
  blinding(line, options.hidden, options.open);
  submitting(line, options.submit);
}

void add_versions(CommandLine root) {
  const auto version = [&](const char* name, Said summary, SuccessionKind kind) {
    auto [line, options] = root.command<Succeed>(name, summary, Succeed{.kind = kind});
    line.option("ID", options.old, {"the version that it follows", "原证照标识"}).required();
    new_document(line, options);
  };
  version("change", {"a new version with other content", "变更证照，签发新版本"}, SuccessionKind::change);
  version("renew", {"a new version with a new validity", "延续证照，签发新版本"}, SuccessionKind::renew);
  auto [correct, options] = root.command<CorrectLicense>(
      "correct", {"link a license that ended by mistake to the new one", "为误终止的证照登记更正"});
  correct.option("ID", options.id, {"the license that ended", "已终止的证照"}).required();
  correct.option("--with", options.replacement, {"the one that stands for it", "替代证照"})
      .value("ID")
      .required();
  submitting(correct, options.submit);
}

void add_transfers(CommandLine root) {
  CommandLine transfer = root.group("transfer", {"from one province to another", "证照跨省迁移"});
  auto [out, out_options] = transfer.command<TransferOut>("out", {"let a license go", "迁出证照"});
  out.option("ID", out_options.id, {"the license's identifier", "证照标识"}).required();
  out.option("--to", out_options.province, {"where it goes", "迁往省份"}).value("PROVINCE").required();
  out.option("--to-agency", out_options.agency,
             {"who may take it over on this ledger; without it, it leaves at once", "接收机构"})
      .value("CODE");
  submitting(out, out_options.submit);
  auto [in, in_options] = transfer.command<Succeed>("in", {"take a license over", "迁入证照"},
                                                    Succeed{.kind = SuccessionKind::transfer});
  in.option("--from", in_options.old, {"the license in the other province", "原省证照标识"})
      .value("ID")
      .required();
  new_document(in, in_options);
  add_change(transfer, "cancel", {"take the offer or the departure back", "撤销迁出"},
             LicenseAction::cancel_transfer);
}

}  // namespace

void add_licenses(CommandLine root) {
  add_changes(root);
  add_versions(root);
  add_transfers(root);
}

}  // namespace hufu::cli
