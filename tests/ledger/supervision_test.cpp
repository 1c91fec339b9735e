#include "ledger/chain/supervision.hpp"

#include <gtest/gtest.h>

namespace hufu {
namespace {

const std::string kType = "11100000MB0143028R001";
const std::string kLicense = "1.2.156.3005.2.11100000MB0143028R001.11330302XT00001376.2019000001.001.5";
const std::string kInvoice = "24332000000306111419";
constexpr std::uint64_t kDayMs = 86'400'000;

Operation operation(const std::string& id, CivilDay day, Payload payload) {
  const auto kind = id.find('.') == std::string::npos ? SubjectKind::invoice : SubjectKind::license;
  return {.subject = {kind, id}, .previous = std::nullopt, .effective = day, .payload = std::move(payload)};
}
Operation change(CivilDay day, LicenseAction action, const std::string& id = kLicense) {
  return operation(id, day, LicenseChange{.action = action});
}

Block block(const std::string& agency, std::vector<Operation> operations,
            std::uint64_t time_ms = 20'000 * kDayMs) {
  Block made;
  made.header.time_ms = time_ms;
  made.submissions.emplace_back();
  made.submissions.back().header.agency = agency;
  made.submissions.back().operations = std::move(operations);
  return made;
}

TEST(Supervision, CountsByAgencyTypeAndKind) {
  Supervision supervision;
  supervision.see(block("A", {operation(kLicense, 1, LicenseIssue{}), change(2, LicenseAction::suspend),
                              change(3, LicenseAction::resume), change(4, LicenseAction::revoke)}));
  supervision.see(block("B", {operation(kInvoice, 1, InvoiceIssue{}), operation(kInvoice, 2, InvoiceClaim{}),
                              operation(kInvoice, 3, InvoiceUnclaim{})}));
  ASSERT_EQ(supervision.activities().size(), 2U);
  const Activity& licenses = supervision.activities().at({"A", kType});
  EXPECT_EQ(licenses.issued, 1U);
  EXPECT_EQ(licenses.changed, 2U);
  EXPECT_EQ(licenses.ended, 1U);
  EXPECT_EQ(licenses.operations.at("LICENSE_REVOKE"), 1U);
  const Activity& invoices = supervision.activities().at({"B", "INVOICE"});
  EXPECT_EQ(invoices.issued, 1U);
  EXPECT_EQ(invoices.claimed, 1U);
  EXPECT_EQ(invoices.changed, 1U);
}

TEST(Supervision, SpansAreInBusinessDays) {
  Supervision supervision;
  supervision.see(
      block("A", {operation(kLicense, 100, LicenseIssue{}), change(110, LicenseAction::suspend)}));
  supervision.see(block("A", {change(117, LicenseAction::resume), change(120, LicenseAction::suspend),
                              change(119, LicenseAction::resume),  // entered out of order
                              change(400, LicenseAction::rescind)}));
  const Activity& activity = supervision.activities().at({"A", kType});
  const Durations& suspended = activity.spans.at(Span::suspended);
  EXPECT_EQ(suspended.count(), 2U);
  EXPECT_EQ(suspended.least(), 0);
  EXPECT_EQ(suspended.most(), 7);
  EXPECT_EQ(activity.spans.at(Span::until_revoked).most(), 300);
  EXPECT_FALSE(activity.spans.contains(Span::until_ended));
}

TEST(Supervision, ObjectionsAndOtherEndsHaveTheirTimes) {
  Supervision supervision;
  supervision.see(
      block("A", {operation(kLicense, 100, LicenseIssue{}), change(110, LicenseAction::dispute_open),
                  change(125, LicenseAction::dispute_close), change(465, LicenseAction::cancel)}));
  const Activity& activity = supervision.activities().at({"A", kType});
  EXPECT_EQ(activity.spans.at(Span::disputed).most(), 15);
  EXPECT_EQ(activity.spans.at(Span::until_ended).most(), 365);
  EXPECT_FALSE(activity.spans.contains(Span::until_revoked));
}

TEST(Supervision, AShareOfDurationsLiesWithin) {
  Durations durations;
  for (CivilDay days = 1; days <= 100; ++days) durations.add(days);
  EXPECT_EQ(durations.within(0.5), 50);
  EXPECT_EQ(durations.within(0.9), 90);
  EXPECT_EQ(durations.within(1), 100);
  EXPECT_EQ(durations.within(0), 1);
}

TEST(Supervision, RevocationsCountOnTheDayOnWhichTheyWereDone) {
  Supervision supervision;
  // Written into the past; 23:30 in China is 15:30 UTC.
  const std::uint64_t late = 20'000 * kDayMs + 15 * 3'600'000 + 1'800'000;
  supervision.see(block("A", {change(1, LicenseAction::revoke), change(2, LicenseAction::rescind)}, late));
  supervision.see(block("A", {change(3, LicenseAction::revoke)}, late + 3'600'000));
  supervision.see(block("A", {change(3, LicenseAction::cancel)}, late));
  EXPECT_EQ(supervision.revocations().size(), 2U);
  EXPECT_EQ(supervision.revocations().at({"A", 20'000}), 2U);
  EXPECT_EQ(supervision.revocations().at({"A", 20'001}), 1U);
}

TEST(Supervision, WhatLiesOpenIsReadFromTheStandings) {
  Supervision supervision;
  supervision.see(block("A", {operation(kLicense, 1, LicenseIssue{})}));
  LicenseStanding license{.issuer = "A", .disputed = 5};
  license.offer = TransferOffer{};
  supervision.see(SubjectKey{SubjectKind::license, kLicense}.path(), {.count = 2, .detail = license});
  InvoiceStanding invoice{.issuer = "B", .amount_fen = 100, .red_amount_fen = -100};
  invoice.claim = Claim{};
  invoice.request = OpenRedRequest{};
  supervision.see(SubjectKey{SubjectKind::invoice, kInvoice}.path(), {.count = 2, .detail = invoice});
  const Activity& licenses = supervision.activities().at({"A", kType});
  EXPECT_EQ(licenses.in_force, 1U);
  EXPECT_EQ(licenses.disputed, 1U);
  EXPECT_EQ(licenses.offered, 1U);
  const Activity& invoices = supervision.activities().at({"B", "INVOICE"});
  EXPECT_EQ(invoices.reversals_due, 1U);
  EXPECT_EQ(invoices.red_requests, 1U);
}

}  // namespace
}  // namespace hufu
