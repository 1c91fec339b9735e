#include "cli/commands/show.hpp"

#include <fmt/format.h>

#include "cli/clock.hpp"
#include "cli/ledger_access.hpp"
#include "cli/text/width.hpp"
#include "ledger/proof/verdict.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

std::string yuan(std::int64_t fen) { return format_yuan(fen) + " CNY"; }

struct Rows {
  text::Table& table;
  const Session& session;

  void add(std::string_view english, std::string_view chinese, std::string value) const {
    table.add({std::string(session.tr(english, chinese)), std::move(value)});
  }

  void operator()(const LicenseStanding& license) const {
    add("issued by", "发证机关", license.issuer);
    add("issued", "发证日期", format_civil_day(license.issued));
    add("valid", "有效期",
        format_civil_day(license.valid_from) + " – " +
            (license.valid_to ? format_civil_day(*license.valid_to)
                              : std::string(session.tr("no end", "长期"))));
    add("assurance", "可信等级", fmt::format("L{}", static_cast<unsigned>(license.assurance)));
    add("content", "内容承诺", to_hex(license.commitment));
  }
  void operator()(const InvoiceStanding& invoice) const {
    add("issued by", "开票平台", invoice.issuer);
    add("issued", "开票日期", format_civil_day(invoice.issued));
    add("kind", "票种",
        std::string(invoice.blue ? session.tr("blue", "蓝字") : session.tr("red-letter", "红字")));
    add("amount", "金额", yuan(invoice.amount_fen));
    add("tax", "税额", yuan(invoice.tax_fen));
    if (invoice.original) add("takes back", "原发票", invoice.original->id);
    if (invoice.claim) {
      add("claimed", "入账",
          fmt::format("{}, {}", format_civil_day(invoice.claim->day), invoice.claim->period));
    }
    add("content", "内容承诺", to_hex(invoice.commitment));
  }
  void operator()(const AgencyStanding& agency) const {
    add("name", "名称", text::printable(agency.name));
    add("province", "省份", agency.province);
    for (const AgencyKey& key : agency.keys) add("key", "密钥", to_hex(key.key));
    for (const Grant& grant : agency.grants) {
      add("may", "授权",
          fmt::format("{} {} {} – {}", grant.type, grant.actions, format_civil_day(grant.from),
                      grant.to ? format_civil_day(*grant.to) : std::string("…")));
    }
  }
  void operator()(const ProvinceStanding& province) const {
    add("name", "名称", text::printable(province.name));
    add("authority keys", "管理密钥", std::to_string(province.authority_keys.size()));
  }
  void operator()(const RosterStanding& roster) const {
    for (const Member& member : roster.members) {
      add("node", "节点", fmt::format("{} {} {}", member.id, member.name, api::endpoint_text(member.api)));
    }
  }
  void operator()(const RequestStanding& request) const {
    add("submission", "提交", to_hex(request.submission));
  }
  void operator()(const LineageStanding& lineage) const { add("newest version", "最新版本", lineage.newest); }
  void operator()(const DecisionStanding& decision) const {
    add("about", "事项", decision.target.text());
    for (const Approval& approval : decision.approvals) {
      add("approved by", "批准", fmt::format("{} {}", approval.province, to_hex(approval.key)));
    }
  }
  void operator()(const AgreementStanding& agreement) const {
    add("name", "名称", text::printable(agreement.name));
    add("valid", "有效期",
        format_civil_day(agreement.valid_from) + " – " + format_civil_day(agreement.valid_to));
    if (agreement.ended) add("ended", "终止日", format_civil_day(*agreement.ended));
    add("assurance", "可信等级", fmt::format("L{}", static_cast<unsigned>(agreement.min_assurance)));
    add("objections", "异议联系", text::printable(agreement.contact));
    for (const AgreementEntry& entry : agreement.entries) {
      add("recognises", "互认",
          fmt::format("{} → {} {}", entry.type, entry.maps_to.empty() ? entry.type : entry.maps_to,
                      text::printable(entry.local_name)));
    }
  }
  void operator()(const CatalogueStanding& entry) const {
    add("name", "名称", text::printable(entry.name));
    add("private", "标识遮蔽",
        std::string(entry.private_keys ? session.tr("yes", "是") : session.tr("no", "否")));
    for (const StatusCode& status : entry.status_codes) {
      add("status code", "状态代码", fmt::format("{} {}", status.code, name_of(status.action)));
    }
  }
};

Trouble not_found(const SubjectKey& key, const api::AsOf& as_of) {
  return {.error = Error::not_found,
          .what = fmt::format("{} is not on the ledger", key.id),
          .why = fmt::format("as of block {}, {}", as_of.height, api::moment_text(as_of.time_ms))};
}

std::string as_of_text(const api::AsOf& as_of, const Session& session) {
  return fmt::format("{}, {}{}", as_of.height, api::moment_text(as_of.time_ms),
                     as_of.confirmed ? session.tr(" (confirmed by a majority)", "（多数节点确认）")
                                     : session.tr(" (this node's word)", "（单节点所述）"));
}

}  // namespace

int run(const Show& options, const Session& session) {
  const Try<SubjectKey> key = subject_of(options.id);
  if (!key) return session.fail(key.error());
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return session.fail(genesis.error());
  const Try<std::unique_ptr<Client>> client = connect(session, *genesis);
  if (!client) return session.fail(client.error());
  const Reply<api::StandingAnswer> answer = (*client)->standing(*key);
  if (!answer)
    return session.fail(trouble_of(answer.error(), session, fmt::format("cannot show {}", key->id)));
  if (!answer->standing) return session.fail(not_found(*key, answer->as_of));
  const std::string_view status = status_on(*answer->standing, china_today());
  if (session.options().json) {
    json::object document = api::to_json(*answer);
    document["status"] = status;
    document["exit"] = kOk;
    session.print_json(document);
    return kOk;
  }
  text::Table table;
  const Rows rows{table, session};
  rows.add("subject", "主体", key->text());
  rows.add("status", "状态",
           session.paint(status == "VALID" || status == "ISSUED" ? Paint::good : Paint::doubtful, status));
  std::visit(rows, answer->standing->detail);
  rows.add("operations", "操作数", std::to_string(answer->standing->count));
  rows.add("as of block", "截至区块", as_of_text(answer->as_of, session));
  session.print(table.str());
  return kOk;
}

int run(const History& options, const Session& session) {
  const Try<SubjectKey> key = subject_of(options.id);
  if (!key) return session.fail(key.error());
  const Try<Genesis> genesis = load_genesis(session);
  if (!genesis) return session.fail(genesis.error());
  const Try<std::unique_ptr<Client>> client = connect(session, *genesis);
  if (!client) return session.fail(client.error());
  const Reply<api::HistoryAnswer> answer = (*client)->history(*key);
  if (!answer)
    return session.fail(trouble_of(answer.error(), session, fmt::format("cannot show {}", key->id)));
  if (answer->entries.empty()) return session.fail(not_found(*key, answer->as_of));
  if (session.options().json) {
    json::object document = api::to_json(*answer);
    document["exit"] = kOk;
    session.print_json(document);
    return kOk;
  }
  text::Table table({std::string(session.tr("EFFECTIVE", "生效日")),
                     std::string(session.tr("OPERATION", "操作")), std::string(session.tr("BY", "签名机构")),
                     std::string(session.tr("NOTARISED", "存证时间")),
                     std::string(session.tr("BLOCK", "区块"))});
  for (const api::HistoryEntry& entry : answer->entries) {
    table.add({format_civil_day(entry.operation.effective), std::string(name_of(entry.operation.payload)),
               entry.agency, api::moment_text(entry.time_ms), std::to_string(entry.place.height)});
  }
  session.print(table.str());
  if (answer->total > answer->entries.size()) {
    session.say(fmt::format("{} / {}", answer->entries.size(), answer->total));
  }
  return kOk;
}

}  // namespace hufu::cli
