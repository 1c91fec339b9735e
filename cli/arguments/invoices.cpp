#include "cli/arguments/families.hpp"
#include "cli/arguments/submitting.hpp"
#include "cli/commands/invoice.hpp"
#include "cli/commands/succession.hpp"

namespace hufu::cli {
namespace {

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

// The buyer speaks by name; without it the seller does.
void siding(CommandLine line, RedSide& side) {
  line.option("--by", side.by,
              {"the buyer speaks: its USCC; else the seller", "由购买方发起或确认：其统一社会信用代码"})
      .value("USCC");
  line.option("--document", side.document,
              {"with --by: the invoice's document file", "与 --by 同用：发票文件"})
      .value("FILE");
}

void add_red_letter(CommandLine root) {
  CommandLine red = root.group("red-letter", {"take an invoice back, in part or whole", "红字发票"});
  auto [issue, options] = red.command<IssueRed>("issue", {"issue a red-letter invoice", "开具红字发票"});
  issue.option("BLUE", options.blue, {"the invoice that it takes back", "蓝字发票号码"}).required();
  issue
      .words("FIELDS", options.input,
             {"a JSON file with the fields, or field=value words", "字段 JSON 文件或 字段=值"})
      .required();
  issue.option("--document", options.document, {"where the document goes", "发票文件的位置"}).value("FILE");
  submitting(issue, options.submit);
  auto [request, request_options] =
      red.command<RequestRed>("request", {"ask for one: locks new claims", "发起红字信息确认单"});
  request.option("NUMBER", request_options.number, {"the invoice to take back", "蓝字发票号码"}).required();
  request.option("--sheet", request_options.sheet, {"number of the confirmation sheet", "确认单编号"})
      .value("DIGITS")
      .required();
  request.option("--reason", request_options.reason, {"as the tax platform codes it", "冲红原因代码"})
      .value("N")
      .between(0, 255);
  request.flag("--alone", request_options.alone,
               {"the seller's own, of an invoice nobody has booked", "未入账，无需对方确认"});
  siding(request, request_options.side);
  submitting(request, request_options.submit);
  const auto reply = [&](const char* name, Said summary, RedAnswer answer) {
    auto [line, reply_options] = red.command<ReplyRed>(name, summary, ReplyRed{.answer = answer});
    line.option("NUMBER", reply_options.number, {"the invoice to take back", "蓝字发票号码"}).required();
    line.option("--sheet", reply_options.sheet, {"the sheet; else the one that is open", "确认单编号"})
        .value("DIGITS");
    siding(line, reply_options.side);
    submitting(line, reply_options.submit);
  };
  reply("confirm", {"the other side agrees, within 72 hours", "对方确认，72 小时内"}, RedAnswer::confirm);
  reply("lapse", {"nobody agreed in time", "逾期未确认作废"}, RedAnswer::lapse);
  reply("withdraw", {"take the request back", "撤回"}, RedAnswer::withdraw);
}

void add_steps(CommandLine root) {
  const auto step = [&](const char* name, Said summary, InvoiceAction action) {
    auto [line, options] = root.command<ChangeInvoice>(name, summary, ChangeInvoice{.action = action});
    line.option("NUMBER", options.number, {"the invoice number", "发票号码"}).required();
    submitting(line, options.submit);
  };
  step("deliver", {"an invoice has been handed over", "发票已交付"}, InvoiceAction::deliver);
  step("archive", {"a booked invoice goes to the archive", "发票归档"}, InvoiceAction::archive);
  step("void", {"void an invoice of an older kind", "作废旧版发票"}, InvoiceAction::annul);
}

}  // namespace

void add_invoices(CommandLine root) {
  add_claims(root);
  add_red_letter(root);
  add_steps(root);
}

}  // namespace hufu::cli
