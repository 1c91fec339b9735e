#include "cli/changes.hpp"

#include <gtest/gtest.h>

#include "cli/commands/license.hpp"
#include "tests/ledger/law.hpp"

namespace hufu::cli {
namespace {

using testing::license_id;
using testing::license_key;

TEST(NextVersion, CountsOnAndComputesTheCheckCharacter) {
  EXPECT_EQ(next_version(license_id("001")).value(), license_id("002"));
  EXPECT_EQ(next_version(license_id("009")).value(), license_id("010"));
  EXPECT_EQ(next_version(license_id("998")).value(), license_id("999"));
  EXPECT_EQ(next_version(license_id("999")).error(), Error::id_malformed);
  EXPECT_EQ(next_version("24332000000306111419").error(), Error::id_malformed);
  std::string wrong = license_id("001");
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(next_version(wrong).error(), Error::id_check_char);
}

// What the commands build is what the rules ask for.
TEST(Succession, ARenewalIsAcceptedByTheRules) {
  testing::LawChain chain;
  const std::string old = license_id("001");
  const std::string next = next_version(old).value();
  ASSERT_FALSE(chain.act(testing::kIssuer, {chain.license(old, "2019-01-02")}));
  const Hash last = chain.state.at(license_key(old)).last;
  const std::vector<Operation> both =
      succession(SuccessionKind::renew, license_key(old), last, chain.license(next, "2020-01-02"));
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].effective, both[1].effective);
  EXPECT_FALSE(chain.act(testing::kIssuer, both));
  EXPECT_EQ(chain.state_of(old), LicenseState::lapsed);
  EXPECT_EQ(chain.state_of(next), LicenseState::valid);
  EXPECT_EQ(chain.license_standing(next).predecessor->other, license_key(old));
}

TEST(Succession, FromAnotherLedgerTheIssueStandsAlone) {
  testing::LawChain chain;
  const std::string old = license_id("001", "7", testing::kOtherIssuer);
  const std::vector<Operation> alone = succession(SuccessionKind::transfer, license_key(old), std::nullopt,
                                                  chain.license(license_id("001"), "2020-01-02"));
  ASSERT_EQ(alone.size(), 1U);
  EXPECT_FALSE(chain.act(testing::kIssuer, alone));
}

TEST(RedLetter, BothHalvesNameEachOther) {
  const SubjectKey blue{SubjectKind::invoice, testing::kInvoice};
  const SubjectKey red{SubjectKind::invoice, "24332000000306111420"};
  Operation issue{.subject = red,
                  .previous = std::nullopt,
                  .effective = 19000,
                  .payload = InvoiceIssue{.blue = false, .amount_fen = -100, .tax_fen = -6}};
  const Hash last = sha256(as_bytes("last"));
  const std::vector<Operation> both = red_letter(blue, last, issue);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(std::get<InvoiceIssue>(both[1].payload).original, blue);
  EXPECT_EQ(both[0].subject, blue);
  EXPECT_EQ(both[0].previous, last);
  EXPECT_EQ(std::get<InvoiceRed>(both[0].payload),
            (InvoiceRed{.red = red, .amount_fen = -100, .tax_fen = -6}));
}

TEST(StatusCode, MeansWhatTheTypesCatalogueSays) {
  const CatalogueStanding type{
      .name = "营业执照",
      .private_keys = false,
      .status_codes = {{"02", LicenseAction::suspend}, {"03", LicenseAction::revoke}}};
  EXPECT_EQ(action_of_code(type, "03").value(), LicenseAction::revoke);
  const Try<LicenseAction> unknown = action_of_code(type, "04");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().why, "the catalogue lists 02 (suspend), 03 (revoke)");
  EXPECT_EQ(exit_of(unknown.error()), kRules);
  EXPECT_EQ(action_of_code({.name = "x", .private_keys = false, .status_codes = {}}, "02").error().why,
            "the catalogue lists none");
}

}  // namespace
}  // namespace hufu::cli
