#include "cli/decision_text.hpp"

#include <fmt/format.h>

#include "cli/changes.hpp"
#include "cli/text/width.hpp"
#include "node/api/json.hpp"
#include "node/api/json_authority.hpp"

namespace hufu::cli {
namespace {

std::string days(CivilDay from, const std::optional<CivilDay>& to) {
  return fmt::format("{} – {}", format_civil_day(from), to ? format_civil_day(*to) : std::string("…"));
}

std::string grant_text(const Grant& grant) {
  std::string actions;
  for (const auto& [bit, name] : api::kActionNames) {
    if ((grant.actions & bit) != 0) actions += fmt::format("{}{}", actions.empty() ? "" : ", ", name);
  }
  return fmt::format("{}: {}, {}", text::printable(grant.type), actions, days(grant.from, grant.to));
}

struct Title {
  const SubjectKey& target;
  const Session& session;

  std::string said(std::string_view english, std::string_view chinese, std::string_view id) const {
    return fmt::format("{} {}", session.tr(english, chinese), text::printable(id));
  }
  std::string operator()(const AgencyEntry& entry) const {
    return entry.keys.empty() ? said("new name and grants of agency", "更改机构名称与授权", target.id)
                              : said("register agency", "登记机构", target.id);
  }
  std::string operator()(const AgencyChange& change) const {
    switch (change.step) {
      case AgencyStep::suspend:
        return said("suspend agency", "暂停机构", target.id);
      case AgencyStep::resume:
        return said("resume agency", "恢复机构", target.id);
      case AgencyStep::withdraw:
        break;
    }
    return said("withdraw the authority of agency", "撤回机构授权", target.id);
  }
  std::string operator()(const AgencySuccessor&) const {
    return said("name a successor of agency", "指定承接机构：", target.id);
  }
  std::string operator()(const KeyEntry&) const {
    return said("a new key for agency", "新增机构密钥", target.id);
  }
  std::string operator()(const KeyEnd& end) const {
    return end.compromised_ms ? said("revoke a compromised key of agency", "吊销已泄露的机构密钥", target.id)
                              : said("end a key of agency", "停用机构密钥", target.id);
  }
  std::string operator()(const AgreementText&) const {
    return said("mutual recognition (issuer/verifier)", "互认协议（签发/核验）", target.id);
  }
  std::string operator()(const AgreementEnd&) const {
    return said("end the recognition (issuer/verifier)", "终止互认（签发/核验）", target.id);
  }
  std::string operator()(const CatalogueEntry&) const {
    return said("catalogue entry", "目录条目", target.id);
  }
  std::string operator()(const ProvinceEntry&) const {
    return said("authority of province", "省级管理机构", target.id);
  }
  std::string operator()(const RosterEntry& entry) const {
    const std::string epoch = std::to_string(entry.roster.epoch);
    return entry.recovery ? said("go on without the lost quorum, as epoch", "法定人数丧失后恢复，纪元", epoch)
                          : said("nodes of epoch", "节点名册，纪元", epoch);
  }
};

struct Said {
  const Standing* target;
  const Session& session;
  Facts& facts;

  void add(std::string_view english, std::string_view chinese, std::string value) const {
    facts.emplace_back(session.tr(english, chinese), text::printable(value));
  }
  template <class T>
  const T* present() const {
    return target == nullptr ? nullptr : std::get_if<T>(&target->detail);
  }
  void key(const AgencyKey& held) const {
    add("key", "密钥", to_hex(held.key));
    if (held.from_ms != 0) add("  from", "  起", api::moment_text(held.from_ms));
    if (held.to_ms) add("  to", "  止", api::moment_text(*held.to_ms));
    for (const Grant& grant : held.scope) add("  only", "  限", grant_text(grant));
  }

  void operator()(const AgencyEntry& entry) const {
    add("name", "名称", entry.name);
    add("province", "省份", entry.province);
    for (const Grant& grant : entry.grants) add("may", "授权", grant_text(grant));
    if (entry.grants.empty()) add("may", "授权", std::string(session.tr("nothing", "无")));
    for (const AgencyKey& held : entry.keys) key(held);
    if (const auto* agency = present<AgencyStanding>()) {
      for (const Grant& grant : agency->grants) add("until now", "此前", grant_text(grant));
    }
  }
  void operator()(const AgencyChange&) const { agency_name(); }
  void operator()(const AgencySuccessor& successor) const {
    agency_name();
    add("successor", "承接机构", successor.successor);
  }
  void operator()(const KeyEntry& entry) const {
    agency_name();
    key(entry.key);
  }
  void operator()(const KeyEnd& end) const {
    agency_name();
    add("key", "密钥", to_hex(end.key));
    if (end.compromised_ms) add("suspect from", "自此可疑", api::moment_text(*end.compromised_ms));
  }
  void operator()(const AgreementText& agreement) const {
    const AgreementStanding& text = agreement.text;
    add("name", "名称", text.name);
    add("valid", "有效期", days(text.valid_from, text.valid_to));
    add("assurance", "可信等级", fmt::format("L{}+", static_cast<unsigned>(text.min_assurance)));
    if (!text.contact.empty()) add("objections", "异议受理", text.contact);
    for (const AgreementEntry& entry : text.entries) add("type", "类型", entry_text(entry));
  }
  void operator()(const AgreementEnd& end) const {
    if (const auto* agreement = present<AgreementStanding>()) add("name", "名称", agreement->name);
    add("ended by", "终止方", end.by);
  }
  void operator()(const CatalogueEntry& catalogue) const {
    add("name", "名称", catalogue.entry.name);
    if (catalogue.entry.private_keys)
      add("identifiers", "标识", std::string(session.tr("blinded on the ledger", "账本上隐匿")));
    for (const StatusCode& code : catalogue.entry.status_codes)
      add("code", "状态代码", fmt::format("{} = {}", code.code, verb_of(code.action)));
  }
  void operator()(const ProvinceEntry& province) const {
    add("name", "名称", province.entry.name);
    for (const PublicKey& held : province.entry.authority_keys) add("authority", "管理密钥", to_hex(held));
    add("must agree", "须同意",
        fmt::format("{} / {}", province.entry.threshold, province.entry.authority_keys.size()));
    for (const Grant& grant : province.entry.grants) add("may grant", "可授权", grant_text(grant));
    if (province.entry.grants.empty())
      add("may grant", "可授权", std::string(session.tr("everything", "不限")));
    if (const auto* before = present<ProvinceStanding>()) {
      for (const Grant& grant : before->grants) add("until now", "此前", grant_text(grant));
      for (const PublicKey& held : before->authority_keys) add("until now", "此前", to_hex(held));
      add("until now", "此前", fmt::format("{} / {}", before->threshold, before->authority_keys.size()));
    }
  }
  void operator()(const RosterEntry& entry) const {
    for (const Member& member : entry.roster.members) {
      add("node", "节点",
          fmt::format("{} ({}, {}), {}", member.name, member.id, member.province,
                      api::endpoint_text(member.peer)));
    }
    add("quorum", "法定人数", fmt::format("{} / {}", entry.roster.quorum(), entry.roster.members.size()));
    if (!entry.recovery) return;
    add("goes on behind", "接续区块",
        fmt::format("{} {}", entry.recovery->height, short_hex(entry.recovery->head)));
  }
  void agency_name() const {
    if (const auto* agency = present<AgencyStanding>()) add("name", "名称", agency->name);
  }
  static std::string entry_text(const AgreementEntry& entry) {
    std::string scenarios;
    for (const Scenario& scenario : entry.scenarios)
      scenarios += fmt::format("{}{}", scenarios.empty() ? "" : ", ", scenario.name);
    return fmt::format("{} = {} {}{}, {} h", entry.type, entry.maps_to.empty() ? entry.type : entry.maps_to,
                       entry.local_name, scenarios.empty() ? "" : " (" + scenarios + ")",
                       entry.max_age_hours);
  }
};

}  // namespace

std::string decision_title(const Decision& decision, const Session& session) {
  return std::visit(Title{decision.target, session}, decision.body);
}

Facts decision_facts(const Decision& decision, const Standing* target, const Session& session) {
  Facts facts;
  facts.emplace_back(session.tr("decision", "决定"), decision_title(decision, session));
  std::visit(Said{target, session, facts}, decision.body);
  const bool ends = std::holds_alternative<AgreementEnd>(decision.body);
  const auto* change = std::get_if<AgencyChange>(&decision.body);
  const bool last_day = ends || (change != nullptr && change->step == AgencyStep::withdraw);
  facts.emplace_back(last_day ? session.tr("last day", "最后一日") : session.tr("effective", "生效"),
                     format_civil_day(decision.effective));
  return facts;
}

}  // namespace hufu::cli
