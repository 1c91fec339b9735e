// Events read, made into operations, played and sent.
#include <gtest/gtest.h>

#include "cli/commands/verify_batch.hpp"
#include "cli/play/arrange.hpp"
#include "cli/play/sender.hpp"
#include "tests/ledger/law.hpp"

namespace hufu::cli::play {
namespace {

using hufu::testing::kBuyer;
using hufu::testing::kInvoice;
using hufu::testing::kIssuer;
using hufu::testing::kLicense;
using hufu::testing::kPlatform;
using hufu::testing::seed_of;

std::string license_line(const std::string& event, const std::string& more = "") {
  return R"({"event":")" + event + R"(","at":"2024-01-02","agency":")" + kIssuer + R"(","certIdentifier":")" +
         kLicense + "\"" + more + "}";
}
std::string invoice_line(const std::string& event, const std::string& at, const std::string& more = "") {
  return R"({"event":")" + event + R"(","at":")" + at + R"(","invoiceNumber":")" + kInvoice + "\"" + more +
         "}";
}
Error fault_of(std::string_view line) { return read_event(line).error().error; }

// ---- reading ----

TEST(ReadEvent, ALineNamesWhatWhomAndWhen) {
  const Event event =
      read_event(license_line("CHANGE", R"(,"prev":"1.2.3","seq":7,"faceDigest":"ab")")).value();
  EXPECT_EQ(event.kind, EventKind::change);
  EXPECT_EQ(event.subject, (SubjectKey{SubjectKind::license, kLicense}));
  EXPECT_EQ(event.other, (SubjectKey{SubjectKind::license, "1.2.3"}));
  EXPECT_EQ(event.agency, kIssuer);
  EXPECT_EQ(format_civil_day(*event.day), "2024-01-02");
}

TEST(ReadEvent, AMomentBeginsWithItsDay) {
  const Event event = read_event(invoice_line("INV_ISSUE", "2024-05-12T23:59:59+08:00")).value();
  EXPECT_EQ(format_civil_day(*event.day), "2024-05-12");
}

TEST(ReadEvent, ARequestInStateOneNeedsNobodysWord) {
  const auto needs = [](const char* state) {
    return read_event(
               invoice_line("RED_REQUEST", "2024-05-12",
                            std::string(R"(,"confirmNo":"12","reason":"03","state":")") + state + "\""))
        ->needs_confirmation;
  };
  EXPECT_FALSE(needs("01"));
  EXPECT_TRUE(needs("02"));
}

TEST(ReadEvent, WhatIsNoEventIsToldWithItsError) {
  EXPECT_EQ(fault_of("nonsense"), Error::json_malformed);
  EXPECT_EQ(fault_of("[1]"), Error::json_malformed);
  EXPECT_EQ(fault_of("{}"), Error::field_missing);
  EXPECT_EQ(fault_of(R"({"event":"FLY"})"), Error::unknown_tag);
  EXPECT_EQ(fault_of(R"({"event":"ISSUE","agency":"A"})"), Error::field_missing);
  EXPECT_EQ(fault_of(license_line("RENEW")), Error::field_missing);  // of what?
  EXPECT_EQ(fault_of(R"({"event":"ISSUE","agency":"a/b","certIdentifier":"1"})"), Error::field_invalid);
  EXPECT_EQ(fault_of(R"({"event":"ISSUE","agency":"A","certIdentifier":")" + std::string(141, '1') + "\"}"),
            Error::too_long);
  EXPECT_EQ(fault_of(R"({"event":"INV_CLAIM","invoiceNumber":"12"})"), Error::id_malformed);
  EXPECT_EQ(fault_of(invoice_line("INV_CLAIM", "2024-13-01")), Error::day_malformed);
  EXPECT_EQ(fault_of(invoice_line("RED_CONFIRM", "2024-05-12")), Error::field_missing);
  EXPECT_EQ(fault_of(invoice_line("RED_REQUEST", "2024-05-12", R"(,"confirmNo":"1","reason":"x")")),
            Error::field_invalid);
}

TEST(Period, IsTheVouchersMonthElseTheDays) {
  const CivilDay day = hufu::testing::day("2024-12-31");
  EXPECT_EQ(period_of("记-202401-5154", day), 202401U);
  EXPECT_EQ(period_of("202402", day), 202402U);
  EXPECT_EQ(period_of("记-202499-1", day), 202412U);    // no month
  EXPECT_EQ(period_of("记-20240101-1", day), 202412U);  // a day, no month
  EXPECT_EQ(period_of("", day), 202412U);
}

// ---- the counter's cases ----

TEST(ReadCase, TellsVerifierDayAndWhatIsPresented) {
  const Case asked = read_case(R"({"certIdentifier":"1.2","verifier":"330000","at":"2024-05-04",)"
                               R"("presentedFaceDigest":"ab","verdict":"ACCEPT"})")
                         .value();
  EXPECT_EQ(asked.asked, "1.2");
  EXPECT_EQ(asked.verifier, "330000");
  EXPECT_EQ(asked.face_digest, "ab");
  EXPECT_EQ(read_case("{").error().error, Error::json_malformed);
  EXPECT_EQ(read_case("{}").error().error, Error::field_missing);
  EXPECT_EQ(read_case(R"({"certIdentifier":"1","verifier":"x"})").error().error, Error::field_invalid);
  EXPECT_EQ(read_case(R"({"certIdentifier":"1","at":"x"})").error().error, Error::day_malformed);
}

TEST(ReadCase, TheDocumentIsPresentedWithTheCasesDigest) {
  const Document issued = make_document({SubjectKind::license, kLicense},
                                        {{"faceDigest", "ab"}, {"holderName", "某公司"}}, seed_of(kIssuer))
                              .value();
  EXPECT_EQ(presented(issued, {.asked = kLicense, .face_digest = "ab"}), issued);
  const Document altered = presented(issued, {.asked = kLicense, .face_digest = "cd"});
  EXPECT_EQ(altered.find("faceDigest")->value, "cd");
  EXPECT_NE(commitment(altered).value(), commitment(issued).value());
  const Document bare =
      make_document({SubjectKind::license, kLicense}, {{"holderName", "某公司"}}, seed_of(kIssuer)).value();
  EXPECT_NE(commitment(presented(bare, {.asked = kLicense, .face_digest = "cd"})).value(),
            commitment(bare).value());
}

// ---- playing ----

class World final : public Surroundings {
 public:
  World() : mirror(hufu::testing::make_genesis(), 1'790'000'000'000) {}
  const Standing* standing(const SubjectKey& subject) const override { return mirror.standing(subject); }
  std::optional<Document> document(const SubjectKey&, const std::string&) const override {
    return std::nullopt;
  }
  std::string platform_of(const std::string& province) const override {
    return province == "330000" ? kPlatform : "";
  }
  const Seed* salts_of(const std::string& agency) const override {
    return agency == kIssuer || agency == kPlatform ? &salts_ : nullptr;
  }

  void play(const std::string& line) { player.play(read_event(line).value(), "file", ++lines_); }
  std::string refused() const {
    std::string text;
    for (const RefusedEvent& event : player.refused()) {
      text += std::to_string(event.line) + ":" + std::string(code_of(event.error)) + " ";
    }
    return text;
  }

  Mirror mirror;
  std::vector<Act> acts;
  Player player{mirror, *this, [this](Act act) { acts.push_back(std::move(act)); }};

 private:
  Seed salts_ = seed_of("salts");
  std::size_t lines_ = 0;
};

const std::string kBuy = R"(,"by":")" + kBuyer + "\"";
const std::string kSold =
    R"(,"total":"106.00","amount":"100.00","tax":"6.00","buyerTaxId":")" + kBuyer + "\"";
const std::string kSheet = R"(,"confirmNo":"33","reason":"01","state":"02")";

TEST(Player, AnEventThatTheLawRefusesIsToldAndKeepsNoOtherOut) {
  World world;
  world.play(license_line("SUSPEND"));
  world.play(license_line("ISSUE"));
  world.play(license_line("RESUME"));
  world.play(license_line("REVOKE"));
  EXPECT_EQ(world.refused(), "1:NOT_FOUND 3:LIC_BAD_TRANSITION ");
  EXPECT_EQ(world.acts.size(), 2U);
  EXPECT_EQ(world.player.licenses().accepted, 2U);
}

TEST(Player, WhatRanOutIsDerivedAndOnlyOnceItHas) {
  World world;
  world.play(license_line("ISSUE", R"(,"validTo":"2024-01-31")"));
  world.play(license_line("EXPIRE"));  // on 2024-01-02
  std::string later = license_line("EXPIRE");
  later.replace(later.find("2024-01-02"), 10, "2024-02-01");
  world.play(later);
  EXPECT_EQ(world.refused(), "2:LIC_BAD_TRANSITION ");
  EXPECT_EQ(world.player.licenses().derived, 1U);
  EXPECT_EQ(world.acts.size(), 1U);
}

TEST(Player, AChangeIsOneActOldHalfFirst) {
  World world;
  world.play(license_line("ISSUE"));
  const std::string next = hufu::testing::license_id("002");
  world.play(R"({"event":"CHANGE","at":"2024-03-01","agency":")" + kIssuer + R"(","certIdentifier":")" +
             next + R"(","prev":")" + kLicense + "\"}");
  EXPECT_EQ(world.refused(), "");
  ASSERT_EQ(world.acts.back().operations.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<LicenseLapse>(world.acts.back().operations[0].payload));
  EXPECT_TRUE(std::holds_alternative<LicenseIssue>(world.acts.back().operations[1].payload));
}

TEST(Player, AClaimThatMeetsALockWaitsForItsEndAndWhatFollowsWaitsToo) {
  World world;
  world.play(invoice_line("INV_ISSUE", "2024-05-12", kSold));
  world.play(invoice_line("RED_REQUEST", "2024-05-20", kSheet));
  world.play(invoice_line("INV_CLAIM", "2024-05-21", kBuy));
  world.play(invoice_line("INV_ARCHIVE", "2024-05-21", kBuy));
  EXPECT_EQ(world.acts.size(), 2U);
  world.play(invoice_line("RED_EXPIRE", "2024-05-23", R"(,"confirmNo":"33","by":"91330105XT0029853W")"));
  EXPECT_EQ(world.refused(), "");
  ASSERT_EQ(world.acts.size(), 5U);
  EXPECT_EQ(world.player.invoices().deferred, 2U);
  EXPECT_EQ(format_civil_day(world.acts[3].operations[0].effective), "2024-05-23");
}

TEST(Player, ALockThatNoEventEndsEndsByTheCalendar) {
  World world;
  world.play(invoice_line("INV_ISSUE", "2024-05-12", kSold));
  world.play(invoice_line("RED_REQUEST", "2024-05-20", kSheet));
  world.play(invoice_line("INV_CLAIM", "2024-05-21", kBuy));
  world.player.finish();
  EXPECT_EQ(world.refused(), "");
  EXPECT_EQ(format_civil_day(world.acts.back().operations[0].effective), "2024-05-23");
}

TEST(Player, AClaimThatNeverMayIsToldInTheEnd) {
  World world;
  world.play(invoice_line("INV_ISSUE", "2024-05-12", kSold));
  world.play(invoice_line("RED_REQUEST", "2024-05-20", kSheet));
  world.play(invoice_line("RED_CONFIRM", "2024-05-20", R"(,"confirmNo":"33","by":"91330105XT0029853W")"));
  world.play(invoice_line("INV_CLAIM", "2024-05-21", kBuy));
  world.player.finish();
  EXPECT_EQ(world.refused(), "4:INV_RED_LOCKED ");
  EXPECT_EQ(world.player.invoices().total, 4U);
  EXPECT_EQ(world.player.invoices().accepted, 3U);
}

TEST(DayOf, AnEventWithoutADayFollowsAtOnceOnTheLastOne) {
  World world;
  world.play(license_line("ISSUE"));
  Event event = read_event(license_line("SUSPEND")).value();
  const CivilDay today = hufu::testing::day("2026-01-01");
  const CivilDay named = hufu::testing::day("2025-01-01");
  event.day.reset();
  EXPECT_EQ(format_civil_day(day_of(event, std::nullopt, world, today)), "2024-01-02");
  EXPECT_EQ(day_of(event, named, world, today), named);
  event.subject.id = hufu::testing::license_id("002");
  EXPECT_EQ(day_of(event, std::nullopt, world, today), today);
}

// ---- what the files tell late ----

std::vector<LineEvent> events_of(const std::vector<std::string>& lines) {
  std::vector<LineEvent> events;
  for (const std::string& line : lines)
    events.push_back({.line = events.size() + 1, .event = read_event(line).value()});
  return events;
}
std::size_t refused_alone(const std::vector<const Event*>& life) {
  World world;
  for (const Event* const event : life) world.player.play(*event, "file", 1);
  world.player.finish();
  return world.player.refused().size();
}
std::string order_of(const std::vector<LineEvent>& events) {
  std::string order;
  for (const LineEvent& each : events) order += std::to_string(each.line) + " ";
  return order;
}
std::string red_line(const std::string& at, const std::string& total) {
  return R"({"event":"RED_ISSUE","at":")" + at + R"(","invoiceNumber":"24332000000306111420","of":")" +
         kInvoice + R"(","amount":")" + total + R"(","tax":"-6.00","total":"-1.00"})";
}

TEST(Arrange, AClaimToldAfterAFullRedLetterThatBothConfirmedIsPlayedBeforeItsRequest) {
  auto events =
      events_of({invoice_line("INV_ISSUE", "2024-05-12", kSold), license_line("ISSUE"),
                 invoice_line("RED_REQUEST", "2024-05-20", kSheet),
                 invoice_line("RED_CONFIRM", "2024-05-20", R"(,"confirmNo":"33","by":"91330105XT0029853W")"),
                 red_line("2024-05-20", "-100.00"), invoice_line("INV_CLAIM", "2024-06-01", kBuy)});
  EXPECT_EQ(arrange(events, refused_alone), 1U);
  EXPECT_EQ(order_of(events), "1 2 6 3 4 5 ");
  EXPECT_EQ(format_civil_day(*events[2].event.day), "2024-06-01");  // its own day stays
}

TEST(Arrange, WithoutTheBuyersWordTheClaimComesForwardWithItsReversal) {
  const std::string alone = R"(,"confirmNo":"33","reason":"01","state":"01")";
  auto events = events_of({invoice_line("INV_ISSUE", "2024-05-12", kSold),
                           invoice_line("RED_REQUEST", "2024-05-20", alone),
                           red_line("2024-05-20", "-100.00"), invoice_line("INV_CLAIM", "2024-06-01", kBuy),
                           invoice_line("INV_UNCLAIM", "2024-06-02", kBuy)});
  EXPECT_EQ(arrange(events, refused_alone), 2U);
  EXPECT_EQ(order_of(events), "1 4 5 2 3 ");
}

TEST(Arrange, NothingIsMovedThatTheLawAcceptsAsItStandsOrDoesNotAcceptOtherwise) {
  const std::vector<std::string> partial = {
      invoice_line("INV_ISSUE", "2024-05-12", kSold), invoice_line("RED_REQUEST", "2024-05-20", kSheet),
      invoice_line("RED_CONFIRM", "2024-05-20", R"(,"confirmNo":"33","by":"91330105XT0029853W")"),
      red_line("2024-05-20", "-50.00"), invoice_line("INV_CLAIM", "2024-06-01", kBuy)};
  auto events = events_of(partial);
  EXPECT_EQ(arrange(events, refused_alone), 0U);
  EXPECT_EQ(order_of(events), "1 2 3 4 5 ");
  // Another's claim is refused wherever it stands.
  std::vector<std::string> foreign = partial;
  foreign[3] = red_line("2024-05-20", "-100.00");
  foreign[4] = invoice_line("INV_CLAIM", "2024-06-01", R"(,"by":"91310115XT00284637")");
  events = events_of(foreign);
  EXPECT_EQ(arrange(events, refused_alone), 0U);
  EXPECT_EQ(order_of(events), "1 2 3 4 5 ");
}

// ---- sending ----

// Answers in an order that a seed chooses; remembers in which order operations arrived.
class Wire final : public Carrier {
 public:
  explicit Wire(std::uint64_t seed) : chance_(seed) {}
  bool full() const override { return waiting_.size() >= 4; }
  void push(std::uint64_t tag, const std::string&, std::vector<Operation> operations) override {
    waiting_.emplace_back(tag, std::move(operations));
  }
  Answer next() override {
    chance_ = chance_ * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    const auto at = waiting_.begin() + static_cast<std::ptrdiff_t>((chance_ >> 33) % waiting_.size());
    const Answer answer{.tag = at->first, .height = ++height_, .trouble = std::nullopt};
    for (const Operation& operation : at->second) arrived[operation.subject].push_back(operation.effective);
    waiting_.erase(at);
    return answer;
  }
  std::map<SubjectKey, std::vector<CivilDay>> arrived;

 private:
  std::vector<std::pair<std::uint64_t, std::vector<Operation>>> waiting_;
  std::uint64_t chance_;
  std::uint64_t height_ = 0;
};

TEST(Sender, T1OperationsOfOneLifeArriveInOrderWhoeverSignsAndHoweverTheyAreAnswered) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Wire wire(seed);
    Sender sender(wire, [](const Document&, std::uint64_t) { return Try<void>(); });
    std::map<SubjectKey, std::vector<CivilDay>> given;
    std::uint64_t chance = seed;
    for (CivilDay step = 0; step < 4'000; ++step) {
      chance = chance * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
      const SubjectKey subject{SubjectKind::decision, std::to_string((chance >> 33) % 40)};
      Act act{.agency = "A" + std::to_string((chance >> 45) % 5), .operations = {}, .document = {}};
      act.operations.push_back(
          {.subject = subject, .previous = std::nullopt, .effective = step, .payload = Approve{}});
      given[subject].push_back(step);
      sender.add(std::move(act));
    }
    sender.finish();
    EXPECT_EQ(wire.arrived, given) << "seed " << seed;
  }
}

TEST(Sender, T4AfterATroubleNothingMoreIsSent) {
  class Refusing final : public Carrier {
   public:
    bool full() const override { return false; }
    void push(std::uint64_t tag, const std::string&, std::vector<Operation>) override { tags.push_back(tag); }
    Answer next() override {
      const std::uint64_t tag = tags.back();
      tags.pop_back();
      return {.tag = tag, .height = 0, .trouble = Trouble{.error = Error::no_quorum, .what = "no"}};
    }
    std::vector<std::uint64_t> tags;
  } refusing;
  std::size_t documents = 0;
  Sender sender(refusing, [&](const Document&, std::uint64_t) {
    ++documents;
    return Try<void>();
  });
  const auto issue_by = [](const char* agency) {
    Act act{.agency = agency, .operations = {}, .document = hufu::testing::license_document()};
    act.operations.push_back(hufu::testing::issue_license());
    return act;
  };
  sender.add(issue_by("A"));
  sender.add(issue_by("B"));  // the same life: A's answer is waited for
  sender.add(issue_by("C"));
  sender.finish();
  ASSERT_TRUE(sender.stopped());
  EXPECT_EQ(sender.submissions(), 1U);
  EXPECT_EQ(documents, 0U);
}

}  // namespace
}  // namespace hufu::cli::play
