#include "ledger/proof/reason.hpp"

#include <algorithm>
#include <array>

#include "ledger/base/check.hpp"

namespace hufu {
namespace {

constexpr Verdict kRefuse = Verdict::refuse;
constexpr Verdict kOpen = Verdict::undetermined;
constexpr Verdict kInformation = Verdict::accept;
constexpr Verdict kElsewhere = Verdict::authentic_not_recognized;

constexpr std::array kReasons = {
    ReasonInfo{Reason::not_found, "NOT_FOUND", kRefuse, "never notarised on this ledger", "本账本无此记录"},
    ReasonInfo{Reason::content_mismatch, "CONTENT_MISMATCH", kRefuse,
               "the presented document is not the one that was notarised", "文件内容与存证不一致"},
    ReasonInfo{Reason::id_malformed, "ID_MALFORMED", kRefuse, "not an identifier of any known kind",
               "标识格式不正确"},
    ReasonInfo{Reason::id_check_char, "ID_CHECK_CHAR", kRefuse, "the identifier's check character is wrong",
               "标识校验位不正确"},
    ReasonInfo{Reason::proof_invalid, "PROOF_INVALID", kRefuse, "the proof does not hold", "证明无效"},
    ReasonInfo{Reason::signature_invalid, "SIGNATURE_INVALID", kRefuse,
               "the agency's signature does not verify", "机构签名无效"},
    ReasonInfo{Reason::issuer_unknown, "ISSUER_UNKNOWN", kRefuse,
               "the ledger does not know the issuing agency", "账本上没有该发证机关"},
    ReasonInfo{Reason::issuer_not_authorized, "ISSUER_NOT_AUTHORIZED", kRefuse,
               "the agency was not authorised for this", "发证机关无此授权"},
    ReasonInfo{Reason::key_revoked, "KEY_REVOKED", kRefuse, "the signing key was not in force",
               "签名密钥已失效"},
    ReasonInfo{Reason::not_yet_valid, "NOT_YET_VALID", kRefuse, "its validity has not begun", "尚未生效"},
    ReasonInfo{Reason::expired, "EXPIRED", kRefuse, "its validity has ended", "已过有效期"},
    ReasonInfo{Reason::suspended, "SUSPENDED", kRefuse, "suspended by the issuing agency",
               "已被发证机关暂扣"},
    ReasonInfo{Reason::rescinded, "RESCINDED", kRefuse, "rescinded by the issuing agency",
               "已被发证机关撤销"},
    ReasonInfo{Reason::revoked, "REVOKED", kRefuse, "revoked by the issuing agency", "已被发证机关吊销"},
    ReasonInfo{Reason::cancelled, "CANCELLED", kRefuse, "cancelled", "已注销"},
    ReasonInfo{Reason::superseded, "SUPERSEDED", kRefuse, "a newer version took its place", "已被新版本取代"},
    ReasonInfo{Reason::transferred, "TRANSFERRED", kRefuse, "it was transferred to another province",
               "已转往其他省份"},
    ReasonInfo{Reason::no_agreement, "NO_AGREEMENT", kElsewhere,
               "the two provinces have no agreement in force on that day", "两省之间无生效的互认协议"},
    ReasonInfo{Reason::agreement_expired, "AGREEMENT_EXPIRED", kElsewhere, "the agreement has ended",
               "互认协议已到期"},
    ReasonInfo{Reason::type_not_recognized, "TYPE_NOT_RECOGNIZED", kElsewhere,
               "the agreement does not cover this type", "互认协议不含该证照类型"},
    ReasonInfo{Reason::scenario_not_covered, "SCENARIO_NOT_COVERED", kElsewhere,
               "the agreement does not cover this use", "互认协议不含该使用场景"},
    ReasonInfo{Reason::assurance_too_low, "ASSURANCE_TOO_LOW", kElsewhere,
               "the agreement demands a higher level of assurance", "保证等级低于互认协议要求"},
    ReasonInfo{Reason::ledger_stale, "LEDGER_STALE", kOpen, "the ledger's answer is too old to decide",
               "账本数据过旧"},
    ReasonInfo{Reason::ledger_unavailable, "LEDGER_UNAVAILABLE", kOpen, "no node could be reached",
               "无法连接任何节点"},
    ReasonInfo{Reason::not_certified, "NOT_CERTIFIED", kOpen,
               "no checkpoint of the quorum covers it yet: it is the word of one node",
               "尚无法定多数节点签署，仅为单节点所述"},
    ReasonInfo{Reason::fork_detected, "FORK_DETECTED", kRefuse,
               "the ledger shows two histories: its nodes cannot be believed", "账本出现两份相互矛盾的历史"},
    ReasonInfo{Reason::history_not_shown, "HISTORY_NOT_SHOWN", kOpen,
               "only the present state is shown, not that of an earlier day",
               "只证明当前状态，未证明所问日期的状态"},
    ReasonInfo{Reason::agreement_not_shown, "AGREEMENT_NOT_SHOWN", kOpen,
               "the proof does not hold the agreement with this province", "证明中不含与本省的互认协议"},
    ReasonInfo{Reason::inv_already_claimed, "INV_ALREADY_CLAIMED", kRefuse,
               "this invoice has been claimed already", "该发票已报销入账"},
    ReasonInfo{Reason::inv_fully_red, "INV_FULLY_RED", kRefuse,
               "red-letter invoices have taken back all of it", "该发票已全额红冲"},
    ReasonInfo{Reason::inv_red_locked, "INV_RED_LOCKED", kRefuse,
               "a request for a red-letter invoice is open: it cannot be claimed now",
               "红字信息确认单处理中，暂不可入账"},
    ReasonInfo{Reason::inv_voided, "INV_VOIDED", kRefuse, "voided by its issuer", "该发票已作废"},
    ReasonInfo{Reason::inv_red, "INV_RED", kInformation, "a red-letter invoice: it takes back another one",
               "该发票为红字发票"},
    ReasonInfo{Reason::inv_partly_red, "INV_PARTLY_RED", kInformation,
               "a red-letter invoice has taken back a part of it", "该发票已部分红冲"},
    ReasonInfo{Reason::disputed, "DISPUTED", kInformation, "an objection is open", "存在未结异议"},
    ReasonInfo{Reason::expires_soon, "EXPIRES_SOON", kInformation, "its validity ends within 30 days",
               "将在30日内到期"},
    ReasonInfo{Reason::no_document, "NO_DOCUMENT", kInformation,
               "no document was presented: its content was not compared", "未提交文件，未比对内容"},
};

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::accept:
      return "ACCEPT";
    case Verdict::authentic_not_recognized:
      return "AUTHENTIC_NOT_RECOGNIZED";
    case Verdict::refuse:
      return "REFUSE";
    case Verdict::undetermined:
      break;
  }
  return "UNDETERMINED";
}

int exit_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::accept:
      return 0;
    case Verdict::refuse:
      return 1;
    case Verdict::authentic_not_recognized:
      return 3;
    case Verdict::undetermined:
      break;
  }
  return 4;
}

const ReasonInfo& describe(Reason reason) {
  const auto found = std::find_if(kReasons.begin(), kReasons.end(),
                                  [reason](const ReasonInfo& r) { return r.reason == reason; });
  HUFU_CHECK(found != kReasons.end());
  return *found;
}

}  // namespace hufu
