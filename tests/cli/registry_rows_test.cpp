// Who may do what, as rows for people and spreadsheets.
#include "cli/registry_rows.hpp"

#include <gtest/gtest.h>

#include "cli/text/csv.hpp"
#include "tests/ledger/world.hpp"

namespace hufu::cli {
namespace {

using testing::day;
using Rows = std::vector<std::vector<std::string>>;

constexpr CivilDay kRegistryDay = 20'000;  // 2024-10-04

std::string cell(SubjectKind kind, const std::vector<std::string>& row, std::string_view name) {
  const auto columns = registry_columns(kind);
  EXPECT_EQ(row.size(), columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return row.at(i);
  }
  ADD_FAILURE() << "no column " << name;
  return {};
}

AgencyStanding agency() {
  return {.name = "某局",
          .province = "330000",
          .grants = {
              {.type = "T1", .actions = action::kIssue | action::kChange, .from = day("2019-01-01")},
              {.type = "T2", .actions = action::kClaim, .from = day("2020-01-01"), .to = day("2021-12-31")}}};
}
Rows rows_of(const AgencyStanding& standing) {
  return registry_rows({SubjectKind::agency, "A"}, Standing{.detail = standing}, kRegistryDay);
}
std::string status_of(const AgencyStanding& standing) {
  return cell(SubjectKind::agency, rows_of(standing).at(0), "status");
}

TEST(RegistryRows, AnAgencyHasARowForEachGrant) {
  EXPECT_EQ(rows_of(agency()),
            (Rows{{"A", "某局", "330000", "T1", "issue change", "2019-01-01", "", "ACTIVE", "", ""},
                  {"A", "某局", "330000", "T2", "claim", "2020-01-01", "2021-12-31", "ACTIVE", "", ""}}));
  AgencyStanding nothing = agency();
  nothing.grants.clear();
  EXPECT_EQ(rows_of(nothing).size(), 1u) << "an agency that may do nothing is seen all the same";
}

TEST(RegistryRows, AnAgencysStatusIsThatOfTheDay) {
  AgencyStanding standing = agency();
  standing.suspended = true;
  EXPECT_EQ(status_of(standing), "SUSPENDED");
  standing.withdrawn = kRegistryDay;
  EXPECT_EQ(status_of(standing), "SUSPENDED") << "its last day";
  standing.withdrawn = kRegistryDay - 1;
  standing.successor = "B";
  EXPECT_EQ(status_of(standing), "WITHDRAWN");
  EXPECT_EQ(cell(SubjectKind::agency, rows_of(standing).at(0), "successor"), "B");
  EXPECT_EQ(cell(SubjectKind::agency, rows_of(standing).at(0), "withdrawn"), "2024-10-03");
}

TEST(RegistryRows, AnAgreementSaysWhatCountsAsWhatAndSinceWhen) {
  AgreementStanding agreement{
      .name = "AGR-31-33",
      .valid_from = kRegistryDay,
      .valid_to = kRegistryDay + 1,
      .min_assurance = Assurance::l2,
      .contact = "某办",
      .entries = {{.type = "T1", .scenarios = {{"招标投标"}, {"行政许可"}}, .max_age_hours = 12},
                  {.type = "T2", .maps_to = "L2", .local_name = "本地证"}}};
  const auto rows = [&](CivilDay on) {
    return registry_rows({SubjectKind::agreement, "310000/330000"}, Standing{.detail = agreement}, on);
  };
  const auto status = [&](CivilDay on) { return cell(SubjectKind::agreement, rows(on).at(1), "status"); };
  EXPECT_EQ(rows(kRegistryDay).at(0),
            (std::vector<std::string>{"AGR-31-33", "310000", "330000", "T1", "T1", "", "招标投标、行政许可",
                                      "L2", "12", "2024-10-04", "2024-10-05", "IN_FORCE", "某办"}));
  EXPECT_EQ(cell(SubjectKind::agreement, rows(kRegistryDay).at(1), "mapsTo"), "L2");
  EXPECT_EQ(status(kRegistryDay - 1), "NOT_YET_VALID");
  EXPECT_EQ(status(kRegistryDay + 1), "IN_FORCE");
  EXPECT_EQ(status(kRegistryDay + 2), "EXPIRED");
  agreement.ended = kRegistryDay;
  EXPECT_EQ(status(kRegistryDay), "IN_FORCE");
  EXPECT_EQ(status(kRegistryDay + 1), "ENDED");
  EXPECT_EQ(cell(SubjectKind::agreement, rows(kRegistryDay).at(0), "to"), "2024-10-04");
}

TEST(RegistryRows, ATypeOfTheCatalogueMapsTheOfficesOwnCodes) {
  const CatalogueStanding entry{
      .name = "营业执照",
      .private_keys = true,
      .status_codes = {{"03", LicenseAction::revoke}, {"04", LicenseAction::cancel}}};
  EXPECT_EQ(registry_rows({SubjectKind::catalogue, "330000/T"}, Standing{.detail = entry}, kRegistryDay),
            (Rows{{"330000", "T", "营业执照", "yes", "03=LICENSE_REVOKE 04=LICENSE_CANCEL"}}));
}

TEST(RegistryRows, WhatStrangersWroteNeitherMovesTheCursorNorLeavesTheFolder) {
  AgencyStanding hostile = agency();
  hostile.name = "\x1b[2Jx\n";
  EXPECT_EQ(cell(SubjectKind::agency, rows_of(hostile).at(0), "name").find_first_of("\x1b\n"),
            std::string::npos);
  EXPECT_EQ(proof_file_name({SubjectKind::agreement, "310000/330000"}), "agreement-310000%2F330000.hufu");
  EXPECT_EQ(proof_file_name({SubjectKind::agency, "../../x"}), "agency-..%2F..%2Fx.hufu");
  EXPECT_EQ(proof_file_name({SubjectKind::agency, std::string("a\0%", 3)}), "agency-a%00%25.hufu");
  EXPECT_LE(proof_file_name({SubjectKind::agency, std::string(limits::kAgencyCode, '/')}).size(), 255u);
}

TEST(Csv, QuotesAndTakesTheEdgeOffFormulas) {
  EXPECT_EQ(text::csv_line({"a", "b,c", "d\"e", "", "-1.50"}), "a,\"b,c\",\"d\"\"e\",,-1.50\r\n");
  EXPECT_EQ(text::csv_cell("=1+1"), "'=1+1");
  EXPECT_EQ(text::csv_cell("@SUM(A1,A2)"), "\"'@SUM(A1,A2)\"");
  EXPECT_EQ(text::csv_cell("-2+3"), "'-2+3");
  EXPECT_EQ(text::csv_cell("-"), "'-");
  EXPECT_EQ(text::csv_line({}), "\r\n");
}

}  // namespace
}  // namespace hufu::cli
