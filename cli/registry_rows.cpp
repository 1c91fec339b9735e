#include "cli/registry_rows.hpp"

#include <fmt/format.h>

#include <array>

#include "cli/text/width.hpp"
#include "ledger/base/check.hpp"
#include "node/api/json_authority.hpp"

namespace hufu::cli {
namespace {

using Row = std::vector<std::string>;

constexpr std::array kAgency = {
    Column{"agency", "AGENCY", "机构"},
    Column{"name", "NAME", "名称"},
    Column{"province", "PROVINCE", "省份"},
    Column{"type", "TYPE", "类型"},
    Column{"actions", "MAY", "权限"},
    Column{"from", "FROM", "自"},
    Column{"to", "TO", "至"},
    Column{"status", "STATUS", "状态"},
    Column{"withdrawn", "WITHDRAWN", "撤销日"},
    Column{"successor", "SUCCESSOR", "承继机构"},
};
constexpr std::array kCatalogue = {
    Column{"province", "PROVINCE", "省份"},
    Column{"type", "TYPE", "类型"},
    Column{"name", "NAME", "名称"},
    Column{"private", "PRIVATE", "标识遮蔽"},
    Column{"statusCodes", "STATUS CODES", "状态代码"},
};
constexpr std::array kAgreement = {
    Column{"agreement", "AGREEMENT", "协议"},
    Column{"issuing", "ISSUED IN", "签发省"},
    Column{"verifying", "VERIFIED IN", "核验省"},
    Column{"type", "TYPE", "类型"},
    Column{"mapsTo", "MAPS TO", "对应类型"},
    Column{"localName", "LOCAL NAME", "本地名称"},
    Column{"scenarios", "SCENARIOS", "场景"},
    Column{"minAssurance", "ASSURANCE", "可信等级"},
    Column{"maxAgeHours", "HOURS", "时效"},
    Column{"from", "FROM", "自"},
    Column{"to", "TO", "至"},
    Column{"status", "STATUS", "状态"},
    Column{"contact", "OBJECTIONS", "异议联系"},
};

std::string day_text(const std::optional<CivilDay>& day) { return day ? format_civil_day(*day) : ""; }

// "310000/T" as "310000" and "T".
std::pair<std::string, std::string> halves_of(const std::string& id) {
  const std::size_t slash = id.find('/');
  if (slash == std::string::npos) return {id, ""};
  return {id.substr(0, slash), id.substr(slash + 1)};
}

template <class List, class Text>
std::string joined(const List& list, std::string_view separator, Text text) {
  std::string out;
  for (const auto& each : list) {
    if (!out.empty()) out += separator;
    out += text(each);
  }
  return out;
}

std::string actions_text(std::uint32_t actions) {
  std::vector<std::string_view> names;
  for (const auto& [bit, name] : api::kActionNames) {
    if ((actions & bit) != 0) names.push_back(name);
  }
  return joined(names, " ", [](std::string_view name) { return std::string(name); });
}

std::string_view status_of(const AgencyStanding& agency, CivilDay today) {
  if (agency.withdrawn && *agency.withdrawn < today) return "WITHDRAWN";
  return agency.suspended ? "SUSPENDED" : "ACTIVE";
}

std::string_view status_of(const AgreementStanding& agreement, CivilDay today) {
  if (agreement.ended && *agreement.ended < today) return "ENDED";
  if (agreement.valid_to < today) return "EXPIRED";
  return today < agreement.valid_from ? "NOT_YET_VALID" : "IN_FORCE";
}

struct Rows {
  const std::string& id;
  CivilDay today;

  std::vector<Row> operator()(const AgencyStanding& agency) const {
    const auto row = [&](const Grant* grant) {
      Row cells{id, agency.name, agency.province};
      cells.push_back(grant != nullptr ? grant->type : "");
      cells.push_back(grant != nullptr ? actions_text(grant->actions) : "");
      cells.push_back(grant != nullptr ? format_civil_day(grant->from) : "");
      cells.push_back(grant != nullptr ? day_text(grant->to) : "");
      cells.emplace_back(status_of(agency, today));
      cells.push_back(day_text(agency.withdrawn));
      cells.push_back(agency.successor);
      return cells;
    };
    std::vector<Row> rows;
    for (const Grant& grant : agency.grants) rows.push_back(row(&grant));
    if (rows.empty()) rows.push_back(row(nullptr));
    return rows;
  }
  std::vector<Row> operator()(const CatalogueStanding& entry) const {
    const auto [province, type] = halves_of(id);
    return {{province, type, entry.name, entry.private_keys ? "yes" : "no",
             joined(entry.status_codes, " ", [](const StatusCode& status) {
               return fmt::format("{}={}", status.code, name_of(status.action));
             })}};
  }
  std::vector<Row> operator()(const AgreementStanding& agreement) const {
    const auto [issuing, verifying] = halves_of(id);
    std::vector<Row> rows;
    for (const AgreementEntry& entry : agreement.entries) {
      rows.push_back({agreement.name, issuing, verifying, entry.type,
                      entry.maps_to.empty() ? entry.type : entry.maps_to, entry.local_name,
                      joined(entry.scenarios, "、", [](const Scenario& s) { return s.name; }),
                      fmt::format("L{}", static_cast<unsigned>(agreement.min_assurance)),
                      std::to_string(entry.max_age_hours), format_civil_day(agreement.valid_from),
                      day_text(agreement.ended ? agreement.ended : agreement.valid_to),
                      std::string(status_of(agreement, today)), agreement.contact});
    }
    return rows;
  }
  template <class Other>
  std::vector<Row> operator()(const Other&) const {
    return {};
  }
};

}  // namespace

std::span<const Column> registry_columns(SubjectKind kind) {
  if (kind == SubjectKind::agency) return kAgency;
  if (kind == SubjectKind::catalogue) return kCatalogue;
  HUFU_CHECK(kind == SubjectKind::agreement);
  return kAgreement;
}

std::vector<Row> registry_rows(const SubjectKey& key, const Standing& standing, CivilDay today) {
  std::vector<Row> rows = std::visit(Rows{key.id, today}, standing.detail);
  for (Row& row : rows) {
    for (std::string& cell : row) cell = text::printable(cell);
  }
  return rows;
}

std::string proof_file_name(const SubjectKey& key) {
  std::string name = std::string(name_of(key.kind)) + "-";
  for (const char c : key.id) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '.' || c == '-' || c == '_';
    name += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return name + ".hufu";
}

}  // namespace hufu::cli
