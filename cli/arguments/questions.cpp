#include "cli/arguments/families.hpp"
#include "cli/commands/proof.hpp"
#include "cli/commands/show.hpp"
#include "cli/commands/trust.hpp"
#include "cli/commands/verify.hpp"

namespace hufu::cli {
namespace {

const Said kIdentifier{"a license, an invoice, or kind:id", "标识"};

void add_verify(CommandLine root) {
  auto [verify, options] =
      root.command<Verify>("verify", {"check a document, an identifier or a proof", "核验文件、标识或证明"});
  verify.option("WHAT", options.what,
                {"an identifier, a document, a proof or a photo of its code, or - for standard input",
                 "标识、文件、证明或二维码照片，或 - 表示标准输入"});
  verify.option("--document", options.document, {"compare this document file too", "同时比对此文件"})
      .value("FILE");
  verify.option("--proof", options.proof, {"judge by this proof; no node is asked", "依据此证明，不询问节点"})
      .value("FILE");
  verify.flag("--offline", options.offline, {"ask no node", "不询问节点"});
  verify
      .option("--trust", options.trust,
              {"a trust file or a founding document; else the settings'", "信任文件或创世文件"})
      .value("FILE");
  verify.option("--at", options.day, {"the day that is asked for; else today", "核验日期，默认今天"})
      .value("YYYY-MM-DD");
  verify
      .option("--known-at", options.known_at,
              {"only what the ledger knew then: a day or a moment", "仅依据账本在该时刻已知的内容"})
      .value("TIME");
  verify
      .option("--for", options.verifier,
              {"the province in which it is to count, such as 330000", "认可方省份代码，如 330000"})
      .value("PROVINCE");
  verify.option("--scenario", options.scenario, {"for what it is to count there", "使用场景"}).value("TEXT");
  verify
      .option("--max-age", options.max_age,
              {"how old a proof may be; else 10m from a node, 24h from a file",
               "证明的最长时效，默认在线 10m、文件 24h"})
      .value("AGE");
  verify
      .option("--batch", options.batch,
              {"many cases instead, one JSON object a line", "批量核验，每行一个 JSON"})
      .value("FILE");
  verify
      .option("--documents", options.documents,
              {"the holders' documents for --batch; else the settings'", "批量核验所用的持证人文件夹"})
      .value("DIR");
  verify
      .option("--trace", options.trace.reason,
              {"have the node write down that it was verified, and why", "使用留痕：由节点记录核验事由"})
      .value("REASON");
  verify.option("--key", options.trace.key.key, {"of the agency that verifies", "核验机构密钥"})
      .value("FILE");
  verify
      .option("--agency", options.trace.key.agency,
              {"the agency that verifies, when the genesis does not tell", "核验机构代码"})
      .value("CODE");
  verify.passphrase(options.trace.key.passphrase);
}

void add_proof(CommandLine root) {
  CommandLine proof = root.group("proof", {"take the evidence along", "证明文件"});
  auto [get, get_options] =
      proof.command<ProofGet>("get", {"ask for a proof that needs no server", "取得可离线核验的证明"});
  get.option("ID", get_options.id, kIdentifier).required();
  get.option("--out", get_options.out, {"the file to write; else ID.hufu", "输出文件，默认 ID.hufu"})
      .value("FILE");
  get.option("--since", get_options.since,
             {"with a link from the log of this size", "附带自此规模日志的一致性证明"})
      .value("SIZE");
  get.list("--for", get_options.verifiers,
           {"so that it shows recognition in this province, too; may be repeated",
            "附带与该省的互认协议，可重复"})
      .value("PROVINCE");
  auto [inspect, inspect_options] =
      proof.command<ProofInspect>("inspect", {"show what a proof holds", "查看证明内容"});
  inspect.option("FILE", inspect_options.path, {"a proof in any form", "任一形式的证明"}).required();
  auto [qr, qr_options] =
      proof.command<ProofQr>("qr", {"the small form, as a QR code", "生成二维码形式的证明"});
  qr.option("WHAT", qr_options.what, {"an identifier or a proof file", "标识或证明文件"}).required();
  qr.option("--png", qr_options.png, {"write a picture", "输出 PNG 图片"}).value("FILE");
  qr.option("--svg", qr_options.svg, {"write a drawing", "输出 SVG 图形"}).value("FILE");
  qr.flag("--text", qr_options.text, {"print its text instead", "输出文本"});
}

void add_trust(CommandLine root) {
  const Said file{"the trust file", "信任文件"};
  CommandLine trust = root.group("trust", {"what a verifier remembers of ledgers", "信任文件"});
  auto [show, show_options] = trust.command<TrustShow>("show", {"show it", "查看"});
  show.option("FILE", show_options.path, file).required();
  auto [pin, pin_options] = trust.command<TrustPin>("pin", {"begin to trust a ledger", "开始信任一个账本"});
  pin.option("FILE", pin_options.path, file).required();
  pin.option("FOUNDING", pin_options.genesis, {"the founding document; else the settings'", "创世文件"});
  auto [update, update_options] = trust.command<TrustUpdate>(
      "update", {"follow the ledgers; two histories are caught", "更新并检查一致性"});
  update.option("FILE", update_options.path, file).required();
  auto [recover, recover_options] = trust.command<TrustRecover>(
      "recover", {"take the nodes of a recovery on trust: nobody could hand over", "信任恢复后的节点"});
  recover.option("FILE", recover_options.path, file).required();
  recover.option("--with", recover_options.recovery, {"the signed recovery", "已签名的恢复文件"})
      .required()
      .value("RECOVERY");
  recover.flag("--unknown-keys", recover_options.unknown_keys,
               {"although too few signed with keys of the founding document", "接受创世文件未载的密钥"});
  recover.flag("--yes", recover_options.yes, {"do not ask", "不再询问"});
}

}  // namespace

void add_questions(CommandLine root) {
  auto [show, show_options] =
      root.command<Show>("show", {"what the ledger says of one subject", "查询主体现状"});
  show.option("ID", show_options.id, kIdentifier).required();
  auto [history, history_options] =
      root.command<History>("history", {"the whole life of one subject", "查询全部历史"});
  history.option("ID", history_options.id, kIdentifier).required();
  add_verify(root);
  add_proof(root);
  add_trust(root);
}

}  // namespace hufu::cli
