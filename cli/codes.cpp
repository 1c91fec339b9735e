#include "cli/codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/exit.hpp"

namespace hufu::cli {
namespace {

constexpr std::array kAdvice = {
    Advice{Reason::not_found, "compare the identifier with the document, then ask the issuing agency",
           "与证照逐位核对标识，再询问发证机关"},
    Advice{Reason::content_mismatch, "do not accept it; ask the holder for the original file",
           "不予采信，请持有人提供原件"},
    Advice{Reason::id_malformed, "compare the identifier with the document, digit by digit",
           "与证照逐位核对标识"},
    Advice{Reason::id_check_char, "a character is mistyped: compare it with the document",
           "有字符录入错误，请与证照核对"},
    Advice{Reason::proof_invalid, "do not accept it; ask a node instead, and report the proof's source",
           "不予采信，改向节点核验，并报告证明的来源"},
    Advice{Reason::signature_invalid, "do not accept it, and report it to the issuing agency",
           "不予采信，并报告发证机关"},
    Advice{Reason::issuer_unknown, "do not accept it; ask the province which agency issues this type",
           "不予采信，向所在省查询有权签发的机关"},
    Advice{Reason::issuer_not_authorized,
           "do not accept it; see what the agency may issue with hufu agency list",
           "不予采信，用 hufu agency list 查看该机关的授权"},
    Advice{Reason::key_revoked, "ask the issuing agency to confirm the document", "请发证机关确认该文件"},
    Advice{Reason::not_yet_valid, "accept it from its first day on", "自生效日起方可采信"},
    Advice{Reason::expired, "ask the holder for the renewed document", "请持有人提供延续后的证照"},
    Advice{Reason::suspended, "ask the issuing agency whether it is to be resumed", "向发证机关询问是否恢复"},
    Advice{Reason::rescinded, "do not accept it; the issuing agency tells why",
           "不予采信，原因可询问发证机关"},
    Advice{Reason::revoked, "do not accept it; the issuing agency tells why", "不予采信，原因可询问发证机关"},
    Advice{Reason::cancelled, "do not accept it; ask the holder for a document in force",
           "不予采信，请持有人提供有效证照"},
    Advice{Reason::superseded, "ask the holder for the newer version, which hufu show names",
           "请持有人提供新版本，hufu show 可查其标识"},
    Advice{Reason::transferred, "ask the holder for the document of the province it went to",
           "请持有人提供转入省签发的证照"},
    Advice{Reason::no_agreement, "proceed by your own province's rules for documents from elsewhere",
           "按本省对外省证照的规定办理"},
    Advice{Reason::agreement_expired, "proceed by your own province's rules; see hufu recognition list",
           "按本省规定办理，互认协议见 hufu recognition list"},
    Advice{Reason::type_not_recognized, "proceed by your own province's rules; see hufu recognition list",
           "按本省规定办理，互认范围见 hufu recognition list"},
    Advice{Reason::scenario_not_covered, "proceed by your own province's rules for this use",
           "按本省对该场景的规定办理"},
    Advice{Reason::assurance_too_low,
           "ask the holder for a document of a higher level, or check it in person",
           "请持有人提供更高等级的证照，或当面核验"},
    Advice{Reason::ledger_stale, "get a newer answer: ask a node, or fetch the proof again",
           "取得更新的答复：询问节点或重新取得证明"},
    Advice{Reason::ledger_unavailable, "try again later, or use a proof file; this is no sign of a forgery",
           "稍后重试或使用证明文件，不得据此认定证照无效"},
    Advice{Reason::not_certified, "try again in a moment, when the other nodes have signed",
           "稍候待其他节点签署后重试"},
    Advice{Reason::fork_detected, "stop, keep both files, and call the operators of the ledger",
           "停止使用，保留两份文件，联系账本运营方"},
    Advice{Reason::history_not_shown,
           "use the proof file or ask a node: the small form shows the present only",
           "使用证明文件或询问节点，二维码只证明当前状态"},
    Advice{Reason::agreement_not_shown, "fetch the proof again for your province, or ask a node",
           "为本省重新取得证明，或询问节点"},
    Advice{Reason::inv_already_claimed, "do not book it; see by whom and when with hufu show NUMBER",
           "不得再次入账，用 hufu show NUMBER 查看何人何时入账"},
    Advice{Reason::inv_fully_red, "do not book it; ask the seller for a new invoice",
           "不得入账，请销售方重新开具"},
    Advice{Reason::inv_red_locked, "wait until the request is answered or has lapsed",
           "待红冲申请确认或失效后再办"},
    Advice{Reason::inv_voided, "do not book it; ask the seller for a new invoice",
           "不得入账，请销售方重新开具"},
    Advice{Reason::inv_red, "book it against the invoice that it takes back", "对应其蓝字发票冲减入账"},
    Advice{Reason::inv_partly_red, "book what remains; hufu show NUMBER tells it",
           "按余额入账，用 hufu show NUMBER 查看"},
    Advice{Reason::expires_soon, "tell the holder to renew it in time", "提醒持有人及时延续"},
    Advice{Reason::disputed, "ask the issuing agency how the objection stands", "向发证机关了解异议进展"},
    Advice{Reason::no_document, "present the document too: what stands on paper was not compared",
           "请同时出示文件，以便比对内容"},
};

constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::no_document) + 1;
static_assert(kAdvice.size() == kReasons, "a next step for every reason");

using Row = importer::Verdict;
constexpr std::array kRowAdvice = {
    RowAdvice{Row::accept, "nothing is to be done: the row is appended", "无须处理，该行予以登记"},
    RowAdvice{Row::repair, "the row is appended as repaired: the report shows both readings",
              "该行修正后登记，报告中列出修正前后"},
    RowAdvice{Row::warn, "the row is appended as it stands: look at it when there is time",
              "该行按原样登记，请择时核对"},
    RowAdvice{Row::review, "not appended: correct the row in the office's system and import again",
              "未登记：请在原系统更正后重新导入"},
    RowAdvice{Row::reject, "not appended: the row cannot be a record; correct it and import again",
              "未登记：该行无法成为记录，请更正后重新导入"},
    RowAdvice{Row::skip, "left out: no record, or one that was read already", "跳过：非记录或已读取"},
};
static_assert(kRowAdvice.size() == importer::kVerdicts, "advice for every class of rows");

constexpr std::array kExits = {
    ExitInfo{kOk, "accepted, or done", "核验通过或操作完成"},
    ExitInfo{kRefused, "refused: forged, altered, not in force, booked already",
             "核验不通过：伪造、篡改、失效或已入账"},
    ExitInfo{kUsage, "the command or its input was not understood", "命令或输入有误"},
    ExitInfo{kNotRecognised, "authentic, but not recognised here", "证照真实，但本省不予互认"},
    ExitInfo{kUndetermined, "cannot be decided now: stale, unreachable, no quorum",
             "暂无法判定：数据过旧、无法连接或不足法定数"},
    ExitInfo{kRules, "the ledger's rules refuse the submission", "账本规则拒绝该提交"},
    ExitInfo{kOutcomeUnknown, "sent, not answered: repeat with the same request id",
             "已发送未获答复：用同一请求编号重发"},
    ExitInfo{kLocal, "a local problem: file, key, configuration", "本机问题：文件、密钥或配置"},
    ExitInfo{kIntegrityAlarm, "integrity alarm: fork, rewritten history, damaged storage",
             "完整性告警：分叉、历史被改写或存储损坏"},
    ExitInfo{kBug, "a bug in hufu", "程序缺陷"},
};

class Markdown {
 public:
  void line(std::string_view text) { out_ += fmt::format("{}\n", text); }
  void head(const std::vector<std::string_view>& names) {
    row({names.begin(), names.end()});
    row(std::vector<std::string>(names.size(), "---"));
  }
  void row(const std::vector<std::string>& cells) {
    for (const std::string& cell : cells) {
      out_ += "| ";
      for (const char c : cell) out_ += c == '|' ? std::string("\\|") : std::string(1, c);
      out_ += ' ';
    }
    out_ += "|\n";
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

void add_exits(Markdown& page) {
  page.line("\n## Exit codes 退出码\n");
  page.head({"exit", "meaning", "含义"});
  for (const ExitInfo& info : kExits)
    page.row({std::to_string(info.exit), std::string(info.en), std::string(info.zh)});
}

void add_reasons(Markdown& page) {
  page.line("\n## Reasons of a verdict 核验结论的原因\n");
  page.line(
      "A verification tells one reason of the state, one of recognition, and all others that apply. The exit "
      "code is that of this reason alone; a remark changes no verdict.\n");
  page.head({"code", "verdict", "exit", "meaning", "含义", "next step", "下一步"});
  for (const Reason reason : all_reasons()) {
    const ReasonInfo& info = describe(reason);
    const Advice& advice = advice_for(reason);
    const bool remark = info.verdict == Verdict::accept;
    page.row({fmt::format("`{}`", info.code), remark ? "remark" : std::string(name_of(info.verdict)),
              std::to_string(exit_of(reason)), std::string(info.en), std::string(info.zh),
              std::string(advice.en), std::string(advice.zh)});
  }
}

void add_errors(Markdown& page) {
  page.line("\n## Errors 错误\n");
  page.line("Numbers and codes are stable for ever.\n");
  page.head({"code", "number", "exit", "HTTP", "meaning", "含义", "next step", "下一步"});
  for (const ErrorInfo& info : all_errors()) {
    page.row({fmt::format("`{}`", info.code), std::to_string(static_cast<int>(info.error)),
              std::to_string(info.exit), std::to_string(info.http), std::string(info.en),
              std::string(info.zh), std::string(info.next), std::string(info.next_zh)});
  }
}

void add_notes(Markdown& page) {
  page.line("\n## Notes of an import 导入说明\n");
  page.line("The gravest note of a row makes its class.\n");
  page.head({"code", "class", "meaning", "含义", "next step", "下一步"});
  for (const importer::NoteInfo& info : importer::all_notes()) {
    const RowAdvice& advice = advice_for(info.verdict);
    page.row({fmt::format("`{}`", info.code), std::string(importer::name_of(info.verdict)),
              std::string(info.en), std::string(info.zh), std::string(advice.en), std::string(advice.zh)});
  }
}

}  // namespace

const importer::NoteInfo* note_named(std::string_view code) {
  const auto notes = importer::all_notes();
  const auto found = std::find_if(notes.begin(), notes.end(),
                                  [code](const importer::NoteInfo& info) { return info.code == code; });
  return found == notes.end() ? nullptr : &*found;
}

const RowAdvice& advice_for(importer::Verdict verdict) {
  const auto found = std::find_if(kRowAdvice.begin(), kRowAdvice.end(),
                                  [verdict](const RowAdvice& a) { return a.verdict == verdict; });
  HUFU_CHECK(found != kRowAdvice.end());
  return *found;
}

const Advice& advice_for(Reason reason) {
  const auto found =
      std::find_if(kAdvice.begin(), kAdvice.end(), [reason](const Advice& a) { return a.reason == reason; });
  HUFU_CHECK(found != kAdvice.end());
  return *found;
}

std::vector<Reason> all_reasons() {
  std::vector<Reason> reasons;
  for (std::size_t i = 0; i < kReasons; ++i) reasons.push_back(static_cast<Reason>(i));
  return reasons;
}

std::optional<Reason> reason_named(std::string_view code) {
  for (const Reason reason : all_reasons()) {
    if (code_of(reason) == code) return reason;
  }
  return std::nullopt;
}

int exit_of(Reason reason) {
  return hufu::exit_of(Judgement{.verdict = describe(reason).verdict, .reasons = {reason}});
}

std::span<const ExitInfo> all_exits() { return kExits; }

std::string codes_markdown() {
  Markdown page;
  page.line("# Codes 代码\n");
  page.line(
      "Every code that Hufu says. Made by `hufu explain --markdown`; a test holds this file to the program.");
  add_exits(page);
  add_reasons(page);
  add_errors(page);
  add_notes(page);
  return page.take();
}

}  // namespace hufu::cli
