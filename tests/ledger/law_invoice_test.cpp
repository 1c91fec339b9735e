// The four axes of an invoice.
#include <gtest/gtest.h>

#include "ledger/proof/status.hpp"
#include "ledger/proof/verdict.hpp"
#include "tests/ledger/law.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

const SubjectKey kBlue{SubjectKind::invoice, kInvoice};
const SubjectKey kRed{SubjectKind::invoice, "24332000000306111420"};
const SubjectKey kRed2{SubjectKind::invoice, "24332000000306111421"};

class InvoiceLife : public ::testing::Test {
 protected:
  InvoiceLife() { EXPECT_EQ(act({issue_invoice()}), std::nullopt); }

  std::optional<Error> act(std::vector<Operation> operations) {
    return chain_.act(kPlatform, std::move(operations));
  }
  std::optional<Error> blue(Payload payload, std::string_view on) {
    return act({chain_.on(kBlue, std::move(payload), on)});
  }
  std::optional<Error> claim(std::string_view on = "2024-06-01", std::string_view by = kBuyer) {
    return blue(InvoiceClaim{.entity = buyer_of(invoice_document(), by), .period = 202406, .voucher = {}},
                on);
  }
  std::vector<Operation> red(const SubjectKey& number, std::int64_t amount, std::int64_t tax,
                             std::string_view on = "2024-06-10") const {
    InvoiceIssue issue;
    issue.blue = false;
    issue.amount_fen = amount;
    issue.tax_fen = tax;
    issue.original = kBlue;
    return {{.subject = number, .previous = std::nullopt, .effective = day(on), .payload = issue},
            chain_.on(kBlue, InvoiceRed{.red = number, .amount_fen = amount, .tax_fen = tax}, on)};
  }
  // By the seller, unless a buyer is named.
  std::optional<Error> request(std::string_view on, bool needs_confirmation = true,
                               std::optional<Hash> buyer = {}) {
    return blue(RedRequest{.buyer = std::move(buyer),
                           .number = "32058324011599940360",
                           .reason = 1,
                           .needs_confirmation = needs_confirmation},
                on);
  }
  std::optional<Error> reply(RedAnswer answer, std::string_view on, std::optional<Hash> buyer = {}) {
    return blue(RedReply{.buyer = std::move(buyer), .number = "32058324011599940360", .answer = answer}, on);
  }
  static Hash buyer(std::string_view code = kBuyer) { return buyer_of(invoice_document(), code); }
  const InvoiceStanding& standing() const { return std::get<InvoiceStanding>(chain_.state.at(kBlue).detail); }

  LawChain chain_;
};

TEST_F(InvoiceLife, RedSumsNeverExceedTheBlueOnes) {
  ASSERT_EQ(act(red(kRed, -600'000, -37'091)), std::nullopt);
  EXPECT_EQ(redness(standing()), Redness::partial);
  EXPECT_EQ(act(red(kRed2, -18'178, 0)), Error::red_exceeds_remaining);
  EXPECT_EQ(act(red(kRed2, -1, -1)), Error::red_exceeds_remaining);
  ASSERT_EQ(act(red(kRed2, -18'177, 0)), std::nullopt);
  EXPECT_EQ(redness(standing()), Redness::full);
  EXPECT_EQ(claim(), Error::inv_fully_red);
}

TEST_F(InvoiceLife, ARedInvoiceAndItsEntryStandTogether) {
  auto both = red(kRed, -100, -6);
  EXPECT_EQ(act({both[0]}), Error::inv_bad_transition);
  EXPECT_EQ(act({both[1]}), Error::inv_bad_transition);
  std::get<InvoiceRed>(both[1].payload).amount_fen = -99;
  EXPECT_EQ(act(both), Error::inv_bad_transition);
  EXPECT_FALSE(chain_.find(kRed));
}

TEST_F(InvoiceLife, ARedInvoiceIsNeitherClaimedNorTakenBack) {
  ASSERT_EQ(act(red(kRed, -100, -6)), std::nullopt);
  const InvoiceClaim claim{.entity = buyer_of(invoice_document()), .period = 202406, .voucher = {}};
  EXPECT_EQ(act({chain_.on(kRed, claim, "2024-06-11")}), Error::inv_red_not_claimable);
  const RedRequest request{.buyer = std::nullopt, .number = "1", .reason = 1, .needs_confirmation = true};
  EXPECT_EQ(act({chain_.on(kRed, request, "2024-06-11")}), Error::inv_bad_transition);
}

TEST_F(InvoiceLife, AWaitingRequestLocksClaimsForThreeDays) {
  ASSERT_EQ(request("2024-06-01"), std::nullopt);
  EXPECT_EQ(claim("2024-06-01"), Error::inv_red_locked);
  EXPECT_EQ(claim("2024-06-03"), Error::inv_red_locked);
  EXPECT_EQ(reply(RedAnswer::lapse, "2024-06-03"), Error::inv_bad_transition);
  EXPECT_EQ(reply(RedAnswer::confirm, "2024-06-04", buyer()), Error::inv_bad_transition);
  EXPECT_EQ(claim("2024-06-04"), std::nullopt);
}

TEST_F(InvoiceLife, ALapseIsRecordedOnceTheTimeIsOver) {
  ASSERT_EQ(request("2024-06-01"), std::nullopt);
  ASSERT_EQ(reply(RedAnswer::lapse, "2024-06-04"), std::nullopt);
  EXPECT_FALSE(standing().request);
  EXPECT_EQ(reply(RedAnswer::confirm, "2024-06-04", buyer()), Error::inv_bad_transition);
}

TEST_F(InvoiceLife, OnAClaimedInvoiceBothSidesConfirm) {
  ASSERT_EQ(claim(), std::nullopt);
  EXPECT_EQ(act(red(kRed, -100, -6)), Error::inv_bad_transition);
  EXPECT_EQ(request("2024-06-10", false), Error::inv_bad_transition);
  ASSERT_EQ(request("2024-06-10"), std::nullopt);
  EXPECT_EQ(act(red(kRed, -100, -6)), Error::inv_red_locked);
  ASSERT_EQ(reply(RedAnswer::confirm, "2024-06-12", buyer()), std::nullopt);
  ASSERT_EQ(act(red(kRed, -618'177, -37'091, "2024-06-12")), std::nullopt);
  EXPECT_TRUE(reversal_due(standing()));
  EXPECT_TRUE(standing().claim);
  EXPECT_FALSE(standing().request);
}

TEST_F(InvoiceLife, WhoAskedDoesNotConfirmAndOnlyWhoAskedWithdraws) {
  ASSERT_EQ(request("2024-06-01"), std::nullopt);
  EXPECT_EQ(reply(RedAnswer::confirm, "2024-06-01"), Error::inv_bad_transition);
  EXPECT_EQ(reply(RedAnswer::withdraw, "2024-06-01", buyer()), Error::inv_bad_transition);
  ASSERT_EQ(reply(RedAnswer::withdraw, "2024-06-01"), std::nullopt);
  ASSERT_EQ(request("2024-06-01", true, buyer()), std::nullopt);
  EXPECT_EQ(reply(RedAnswer::confirm, "2024-06-01", buyer()), Error::inv_bad_transition);
  EXPECT_EQ(reply(RedAnswer::withdraw, "2024-06-01"), Error::inv_bad_transition);
  EXPECT_EQ(reply(RedAnswer::confirm, "2024-06-02"), std::nullopt);
  EXPECT_TRUE(standing().request->confirmed);
}

// Whatever day is written into the answer.
TEST_F(InvoiceLife, AClaimTakesAwayARequestWhoseTimeIsOver) {
  ASSERT_EQ(request("2024-06-01", true, buyer()), std::nullopt);
  ASSERT_EQ(claim("2024-06-05"), std::nullopt);
  EXPECT_EQ(reply(RedAnswer::confirm, "2024-06-02"), Error::inv_bad_transition);
  EXPECT_EQ(act(red(kRed, -100, -6)), Error::inv_bad_transition);
  EXPECT_FALSE(standing().request);
}

TEST_F(InvoiceLife, WhatWhoBookedAskedForGoesWithTheBooking) {
  const SubjectKey open{SubjectKind::invoice, "24332000000306111429"};
  Operation issue = issue_invoice(open.id);
  std::get<InvoiceIssue>(issue.payload).buyer.reset();
  ASSERT_EQ(act({issue}), std::nullopt);
  const Hash who = sha256(as_bytes("whoever books it"));
  const auto on = [&](Payload payload, std::string_view when) {
    return act({chain_.on(open, std::move(payload), when)});
  };
  const RedRequest request{.buyer = who, .number = "1", .reason = 1, .needs_confirmation = true};
  EXPECT_EQ(on(request, "2024-06-02"), Error::inv_not_buyer);
  // What the seller asks for anybody confirms whom a platform has authenticated: a person without a code.
  const RedRequest sellers{.buyer = std::nullopt, .number = "2", .reason = 1, .needs_confirmation = true};
  ASSERT_EQ(on(sellers, "2024-05-20"), std::nullopt);
  ASSERT_EQ(on(RedReply{.buyer = who, .number = "2", .answer = RedAnswer::confirm}, "2024-05-20"),
            std::nullopt);
  ASSERT_EQ(on(RedReply{.buyer = std::nullopt, .number = "2", .answer = RedAnswer::withdraw}, "2024-05-20"),
            std::nullopt);
  ASSERT_EQ(on(InvoiceClaim{.entity = who, .period = 202406, .voucher = {}}, "2024-06-01"), std::nullopt);
  ASSERT_EQ(on(request, "2024-06-02"), std::nullopt);
  EXPECT_EQ(on(InvoiceUnclaim{.entity = who}, "2024-05-31"), Error::inv_bad_transition);
  ASSERT_EQ(on(InvoiceUnclaim{.entity = who}, "2024-06-03"), std::nullopt);
  EXPECT_FALSE(std::get<InvoiceStanding>(chain_.state.at(open).detail).request);
}

TEST_F(InvoiceLife, NoStrangerLocksAnInvoice) {
  const Hash stranger = buyer("91310115XT00284637");
  EXPECT_EQ(request("2024-06-01", true, stranger), Error::inv_not_buyer);
  EXPECT_EQ(request("2024-06-01", false, buyer()), Error::inv_bad_transition);
  ASSERT_EQ(request("2024-06-01"), std::nullopt);
  EXPECT_EQ(reply(RedAnswer::confirm, "2024-06-01", stranger), Error::inv_not_buyer);
  EXPECT_FALSE(standing().request->confirmed);
}

TEST_F(InvoiceLife, OnAnUnclaimedInvoiceTheSellerAlone) {
  ASSERT_EQ(request("2024-06-10", false), std::nullopt);
  EXPECT_EQ(claim("2024-06-30"), Error::inv_red_locked);
  ASSERT_EQ(act(red(kRed, -100, -6)), std::nullopt);
  EXPECT_EQ(claim("2024-06-30"), std::nullopt);
}

TEST_F(InvoiceLife, TheBuyerIsAskedBeforeTheClaim) {
  ASSERT_EQ(claim(), std::nullopt);
  EXPECT_EQ(claim("2024-06-02", "91310115XT00284637"), Error::inv_not_buyer);
  EXPECT_EQ(claim("2024-06-02"), Error::inv_already_claimed);
}

TEST_F(InvoiceLife, ArchivedOnlyAfterAClaimAndThenKept) {
  const auto archive = [&] { return blue(InvoiceChange{.action = InvoiceAction::archive}, "2024-07-01"); };
  EXPECT_EQ(archive(), Error::inv_not_claimed);
  ASSERT_EQ(claim(), std::nullopt);
  ASSERT_EQ(archive(), std::nullopt);
  EXPECT_EQ(archive(), Error::inv_bad_transition);
  EXPECT_EQ(blue(InvoiceUnclaim{.entity = buyer_of(invoice_document())}, "2024-07-02"),
            Error::inv_bad_transition);
}

TEST_F(InvoiceLife, OnlyLegacyKindsAreVoided) {
  EXPECT_EQ(blue(InvoiceChange{.action = InvoiceAction::annul}, "2024-07-01"), Error::inv_bad_transition);
  const SubjectKey paper{SubjectKind::invoice, "3300194130-00012345"};
  Operation issue = issue_invoice();
  issue.subject = paper;
  ASSERT_EQ(act({issue}), std::nullopt);
  ASSERT_EQ(act({chain_.on(paper, InvoiceChange{.action = InvoiceAction::annul}, "2024-07-01")}),
            std::nullopt);
  const InvoiceClaim claim{.entity = buyer_of(invoice_document()), .period = 202406, .voucher = {}};
  EXPECT_EQ(act({chain_.on(paper, claim, "2024-07-02")}), Error::inv_bad_transition);
}

TEST_F(InvoiceLife, ADayGoneByIsAskedAsItWasThen) {
  ASSERT_EQ(claim("2024-06-01"), std::nullopt);
  ASSERT_EQ(request("2024-06-10"), std::nullopt);
  ASSERT_EQ(reply(RedAnswer::confirm, "2024-06-11", buyer()), std::nullopt);
  ASSERT_EQ(act(red(kRed, -618'177, -37'091, "2024-06-12")), std::nullopt);
  const Evidence evidence = chain_.evidence(kBlue);
  const auto on = [&](std::string_view when) {
    const Question question{
        .subject = kBlue, .document = nullptr, .day = day(when), .freshness = {.confirmed = true}};
    const Judgement judgement = judge_evidence(chain_.genesis, question, evidence);
    std::string found(name_of(judgement.verdict));
    for (const Reason reason : judgement.reasons) found += " " + std::string(code_of(reason));
    return found;
  };
  EXPECT_EQ(on("2024-05-11"), "REFUSE NOT_FOUND");
  EXPECT_EQ(on("2024-05-31"), "ACCEPT");
  EXPECT_EQ(on("2024-06-01"), "REFUSE INV_ALREADY_CLAIMED");
  EXPECT_EQ(on("2024-06-11"), "REFUSE INV_ALREADY_CLAIMED");
  EXPECT_EQ(on("2024-06-12"), "REFUSE INV_ALREADY_CLAIMED INV_FULLY_RED");
}

// The history of the state on a day is its own fold; on the last day it is what the rules made.
TEST_F(InvoiceLife, TheLastDayOfTheHistoryIsTheStanding) {
  ASSERT_EQ(blue(InvoiceChange{.action = InvoiceAction::deliver}, "2024-05-12"), std::nullopt);
  ASSERT_EQ(request("2024-05-20"), std::nullopt);
  ASSERT_EQ(reply(RedAnswer::withdraw, "2024-05-20"), std::nullopt);
  ASSERT_EQ(act(red(kRed, -100, -6, "2024-05-21")), std::nullopt);
  ASSERT_EQ(claim("2024-06-01"), std::nullopt);
  ASSERT_EQ(blue(InvoiceChange{.action = InvoiceAction::archive}, "2024-07-01"), std::nullopt);
  ASSERT_EQ(request("2024-07-02", true, buyer()), std::nullopt);
  const Evidence evidence = chain_.evidence(kBlue);
  EXPECT_EQ(invoice_on(evidence, standing(), day("2024-07-02")), standing());
  EXPECT_NE(invoice_on(evidence, standing(), day("2024-07-01")), standing());
}

TEST_F(InvoiceLife, DeliveredOnce) {
  ASSERT_EQ(blue(InvoiceChange{.action = InvoiceAction::deliver}, "2024-05-12"), std::nullopt);
  EXPECT_EQ(blue(InvoiceChange{.action = InvoiceAction::deliver}, "2024-05-13"), Error::inv_bad_transition);
}

}  // namespace
}  // namespace hufu
