// An export's rows find their other halves.
#include "cli/import_pairs.hpp"

#include <gtest/gtest.h>

#include "tests/ledger/law.hpp"

namespace hufu::cli {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

class Pairs : public ::testing::Test {
 protected:
  ImportPairs pairs() {
    return {kIssuer, [this](const SubjectKey& subject) { return chain_.find(subject); }};
  }
  Operation version(const std::string& which, const std::string& on, std::optional<std::string> to) const {
    Operation issue = issue_license(license_id(which), on);
    auto& license = std::get<LicenseIssue>(issue.payload);
    license.from.reset();
    if (to) license.valid_to = day(*to);
    return issue;
  }
  LawChain chain_;
};

TEST_F(Pairs, ALaterVersionLapsesTheOneBeforeItInTheSameBatch) {
  ImportPairs batch = pairs();
  std::vector<Operation> first{version("001", "2022-10-10", "2025-10-09")};
  // As an export's row of a revoked license: its issue, and the revocation that names it.
  std::vector<Operation> second{version("002", "2023-01-08", "2026-01-07")};
  second.push_back({.subject = second.front().subject,
                    .previous = second.front().hash(),
                    .effective = day("2024-01-01"),
                    .payload = LicenseChange{.action = LicenseAction::revoke}});
  batch.complete(first);
  batch.complete(second);
  ASSERT_EQ(first.size(), 1U);
  ASSERT_EQ(second.size(), 3U);
  EXPECT_EQ(std::get<LicenseLapse>(second[0].payload).to.kind, SuccessionKind::renew);
  std::vector<Operation> all = first;
  all.insert(all.end(), second.begin(), second.end());
  EXPECT_EQ(chain_.act(kIssuer, all), std::nullopt);
  EXPECT_EQ(chain_.state_of(license_id("001")), LicenseState::lapsed);
  EXPECT_EQ(chain_.state_of(license_id("002")), LicenseState::revoked);
}

TEST_F(Pairs, TheOneBeforeMayStandOnTheLedger) {
  ASSERT_EQ(chain_.act(kIssuer, {version("001", "2022-10-10", std::nullopt)}), std::nullopt);
  std::vector<Operation> next{version("002", "2023-01-08", std::nullopt)};
  ImportPairs batch = pairs();
  batch.complete(next);
  const std::vector<Operation> once = next;
  batch = pairs();
  batch.complete(next);  // sent again
  EXPECT_EQ(next, once);
  EXPECT_EQ(std::get<LicenseLapse>(next[0].payload).to.kind, SuccessionKind::change);
  EXPECT_EQ(chain_.act(kIssuer, next), std::nullopt);
}

TEST_F(Pairs, WhatHasEndedOrWasNeverThereNeedsNoLapse) {
  std::vector<Operation> alone{version("002", "2023-01-08", std::nullopt)};
  pairs().complete(alone);
  EXPECT_EQ(alone.size(), 1U);
  ASSERT_EQ(chain_.act(kIssuer, {version("001", "2020-10-10", "2022-12-31")}), std::nullopt);
  pairs().complete(alone);
  EXPECT_EQ(alone.size(), 1U);
  EXPECT_EQ(chain_.act(kIssuer, alone), std::nullopt);
}

TEST_F(Pairs, ARedLetterInvoiceTravelsWithItsEntry) {
  Operation red = issue_invoice("24332000000306111420");
  auto& invoice = std::get<InvoiceIssue>(red.payload);
  invoice.blue = false;
  invoice.amount_fen = -100;
  invoice.tax_fen = -6;
  invoice.original = SubjectKey{SubjectKind::invoice, kInvoice};
  std::vector<Operation> operations{red};
  ImportPairs batch(kPlatform, [this](const SubjectKey& subject) { return chain_.find(subject); });
  batch.complete(operations);
  EXPECT_EQ(operations.size(), 1U);
  std::vector<Operation> blue{issue_invoice()};
  batch.complete(blue);
  batch.complete(operations);
  ASSERT_EQ(operations.size(), 2U);
  EXPECT_EQ(chain_.act(kPlatform, {blue[0], operations[0], operations[1]}), std::nullopt);
}

}  // namespace
}  // namespace hufu::cli
