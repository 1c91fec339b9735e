// What people are told of a decision before they sign is what the ledger then does.
#include "cli/decisions.hpp"

#include <gtest/gtest.h>

#include "cli/decision_input.hpp"
#include "cli/decision_text.hpp"
#include "node/api/json.hpp"
#include "tests/ledger/law.hpp"

namespace hufu::cli {
namespace {

using testing::day;
using testing::key_of;
using testing::LawChain;

const std::string kEast = "310000";
const std::string kSouth = "330000";
const std::string kNewAgency = "11330105XT00001452";
const std::uint64_t kNow = 1'760'000'000'000;

// The east decides by two of three, the south by one of one.
Genesis with_authorities() {
  Genesis genesis = testing::make_genesis();
  for (const char* name : {"a", "b", "c"})
    genesis.provinces[0].standing.authority_keys.push_back(key_of(kEast + name).public_key());
  genesis.provinces[0].standing.threshold = 2;
  genesis.provinces[1].standing.authority_keys = {key_of(kSouth + "a").public_key()};
  genesis.provinces[1].standing.threshold = 1;
  return genesis;
}

class Decided : public ::testing::Test {
 protected:
  Decided() : chain_(with_authorities()) {}

  static SubjectKey agency(const std::string& code) { return {SubjectKind::agency, code}; }
  Decision decide(const SubjectKey& target, DecisionBody body, const char* on = "2025-01-01") const {
    const auto standing = chain_.find(target);
    return {.target = target,
            .previous = previous_of(standing ? &*standing : nullptr),
            .effective = day(on),
            .body = std::move(body)};
  }
  AgencyEntry new_agency(const std::string& province) const {
    return {.name = "新机关",
            .province = province,
            .grants = {{.type = testing::kType,
                        .actions = action::kIssue,
                        .from = day("2018-01-01"),
                        .to = std::nullopt}},
            .keys = {{.key = key_of(kNewAgency).public_key()}}};
  }
  AgreementText agreement() const {
    return {.text = {.name = "AGR",
                     .valid_from = day("2024-01-01"),
                     .valid_to = day("2030-01-01"),
                     .entries = {{.type = testing::kType, .local_name = "营业执照"}}}};
  }

  KnownSubjects known(const Decision& decision) const {
    KnownSubjects out;
    const auto target = chain_.find(decision.target);
    for (const SubjectKey& key : subjects_around(decision, target ? &*target : nullptr)) {
      if (const auto standing = chain_.find(key)) out.put(key, *standing);
    }
    return out;
  }
  std::vector<Consent> told(const Decision& decision) const { return consents(decision, known(decision)); }
  std::optional<Error> sign(const std::string& province, const std::string& who, Operation operation) {
    const Submission submission =
        sign_submission(chain_.ledger, province, key_of(province + who), testing::request(++requests_ + 1000),
                        {std::move(operation)});
    const Outcome outcome = chain_.extend({submission}).outcomes.front();
    return testing::applied(outcome) ? std::nullopt : std::optional(testing::error_of(outcome));
  }
  std::optional<Error> propose(const Decision& decision, const std::string& province, const char* who = "a") {
    return sign(province, who, propose_operation(decision, day("2025-01-01")));
  }
  std::optional<Error> approve(const Decision& decision, const std::string& province, const char* who) {
    const SubjectKey subject = decision_subject(decision);
    return sign(province, who, approve_operation(subject, chain_.state.at(subject), day("2025-01-01")));
  }
  std::optional<Error> enact(const Decision& decision, const std::string& province = kSouth) {
    return sign(province, "a", enact_operation(decision));
  }

  LawChain chain_;
  std::uint64_t requests_ = 0;
};

std::string text_of(const std::vector<Consent>& all) {
  std::string text;
  for (const Consent& each : all) {
    text += each.province + " " + std::to_string(each.have) + "/" + std::to_string(each.need) + ";";
  }
  return text;
}

TEST_F(Decided, AnAgencyIsTheBusinessOfItsOwnProvince) {
  const Decision decision = decide(agency(kNewAgency), new_agency(kEast));
  EXPECT_EQ(text_of(told(decision)), "310000 0/2;");
  ASSERT_EQ(propose(decision, kEast), std::nullopt);
  EXPECT_EQ(text_of(told(decision)), "310000 1/2;");
  EXPECT_FALSE(is_approved(decision, known(decision)));
  EXPECT_EQ(enact(decision), Error::issuer_not_authorized);
  ASSERT_EQ(approve(decision, kEast, "c"), std::nullopt);
  EXPECT_TRUE(is_approved(decision, known(decision)));
  EXPECT_EQ(enact(decision), std::nullopt);
}

TEST_F(Decided, OneKeyOfOneIsCompleteWithItsOwnProposal) {
  const Decision decision = decide(agency(testing::kIssuer), AgencyChange{.step = AgencyStep::suspend});
  const KnownSubjects after = with_approval(
      decision, {.province = kSouth, .key = key_of(kSouth + "a").public_key()}, known(decision));
  EXPECT_TRUE(is_approved(decision, after));
  EXPECT_EQ(propose(decision, kSouth), std::nullopt);
  EXPECT_EQ(enact(decision), std::nullopt);
}

TEST_F(Decided, ForAnAgreementBothAreAskedForItsEndOne) {
  const SubjectKey both{SubjectKind::agreement, kSouth + "/" + kEast};
  const Decision text = decide(both, agreement());
  EXPECT_EQ(text_of(told(text)), "310000 0/2;330000 0/1;");
  ASSERT_EQ(propose(text, kSouth), std::nullopt);
  ASSERT_EQ(approve(text, kEast, "a"), std::nullopt);
  EXPECT_EQ(text_of(told(text)), "310000 1/2;330000 1/1;");
  EXPECT_EQ(enact(text), Error::issuer_not_authorized);
  ASSERT_EQ(approve(text, kEast, "b"), std::nullopt);
  ASSERT_EQ(enact(text), std::nullopt);
  EXPECT_EQ(text_of(told(decide(both, AgreementEnd{.by = kSouth}))), "330000 0/1;");
  EXPECT_EQ(text_of(told(decide(both, AgreementEnd{.by = kEast}))), "310000 0/2;");
}

TEST_F(Decided, ForACatalogueAndAnAuthorityTheirProvinceIsAsked) {
  const Decision entry = decide({SubjectKind::catalogue, kSouth + "/" + testing::kType},
                                CatalogueEntry{.entry = {.name = "营业执照"}});
  EXPECT_EQ(text_of(told(entry)), "330000 0/1;");
  const Decision keys =
      decide({SubjectKind::province, kEast},
             ProvinceEntry{
                 .entry = {.name = "上海市", .authority_keys = {key_of("x").public_key()}, .threshold = 1}});
  EXPECT_EQ(text_of(told(keys)), "310000 0/2;");
}

TEST_F(Decided, NobodyIsAskedAboutAnAgencyThatIsNotThere) {
  const Decision decision = decide(agency("NOBODY"), AgencyChange{.step = AgencyStep::suspend});
  EXPECT_TRUE(told(decision).empty());
  EXPECT_FALSE(is_approved(decision, known(decision)));
}

TEST_F(Decided, AProvinceWithoutAnAuthorityNeverAgrees) {
  Genesis genesis = with_authorities();
  genesis.provinces[0].standing = {.name = "上海市", .authority_keys = {}, .threshold = 0};
  chain_ = LawChain(genesis);
  const Decision decision = decide(agency(kNewAgency), new_agency(kEast));
  EXPECT_EQ(text_of(told(decision)), "310000 0/0;");
  EXPECT_FALSE(is_approved(decision, known(decision)));
}

TEST_F(Decided, ApprovalsOfKeysThatWereTakenAwayDoNotCount) {
  const Decision decision = decide(agency(kNewAgency), new_agency(kEast));
  ASSERT_EQ(propose(decision, kEast), std::nullopt);
  ASSERT_EQ(approve(decision, kEast, "b"), std::nullopt);
  auto& authority = std::get<ProvinceStanding>(chain_.state.at({SubjectKind::province, kEast}).detail);
  authority.authority_keys.erase(authority.authority_keys.begin());
  EXPECT_EQ(text_of(told(decision)), "310000 1/2;");
}

TEST_F(Decided, WhatTheRulesWouldRefuseIsToldBeforeAnybodySigns) {
  const auto lawful = [&](const Decision& decision) {
    const Result<void> result = check_lawful(decision, known(decision), kNow);
    return result ? std::nullopt : std::optional(result.error());
  };
  EXPECT_EQ(lawful(decide(agency(kNewAgency), new_agency(kEast))), std::nullopt);
  AgencyEntry unnamed = new_agency(kEast);
  unnamed.name.clear();
  EXPECT_EQ(lawful(decide(agency(kNewAgency), unnamed)), Error::field_invalid);
  EXPECT_EQ(lawful(decide(agency(testing::kIssuer), AgencyChange{.step = AgencyStep::resume})),
            Error::field_invalid);
  EXPECT_EQ(lawful(decide(agency(testing::kIssuer), AgencySuccessor{.successor = "NOBODY"})),
            Error::issuer_unknown);
  EXPECT_EQ(lawful(decide(agency(testing::kIssuer), AgencySuccessor{.successor = testing::kOtherIssuer})),
            std::nullopt);
  // For a day to come, too; but on nothing else than what stands there.
  EXPECT_EQ(lawful(decide(agency(kNewAgency), new_agency(kEast), "2099-01-01")), std::nullopt);
  Decision stale = decide(agency(kNewAgency), new_agency(kEast));
  stale.previous = sha256(as_bytes("another"));
  EXPECT_EQ(lawful(stale), Error::previous_mismatch);
}

TEST_F(Decided, AProposalForADayToComeIsMadeToday) {
  const Decision decision = decide(agency(kNewAgency), new_agency(kEast), "2099-01-01");
  EXPECT_EQ(propose_operation(decision, day("2025-01-01")).effective, day("2025-01-01"));
  EXPECT_EQ(propose(decision, kEast), std::nullopt);
}

// ---- what people write ----

TEST(GrantOption, IsTypeActionsAndDays) {
  const Grant whole = grant_of("T:issue,change:2018-01-01:2030-12-31", 0).value();
  EXPECT_EQ(whole, (Grant{.type = "T",
                          .actions = action::kIssue | action::kChange,
                          .from = day("2018-01-01"),
                          .to = day("2030-12-31")}));
  EXPECT_EQ(grant_of("INVOICE:claim", 7).value(),
            (Grant{.type = "INVOICE", .actions = action::kClaim, .from = 7, .to = std::nullopt}));
  for (const char* bad : {"", "T", "T:", "T:fly", "T:issue,issue", "T:issue,", "T:issue:tomorrow",
                          "T:issue:2018-01-01:x", "T:issue:2018-01-01:2019-01-01:more"}) {
    const Try<Grant> grant = grant_of(bad, 0);
    EXPECT_FALSE(grant) << bad;
    if (!grant) {
      EXPECT_EQ(exit_of(grant.error()), kUsage) << bad;
    }
  }
}

TEST(MomentOption, IsAMomentOrTheBeginningOfADayInChina) {
  EXPECT_EQ(moment_of("2026-11-22T08:00:00.000Z").value(),
            api::parse_moment("2026-11-22T08:00:00.000Z").value());
  EXPECT_EQ(moment_of("2026-11-22").value(), api::parse_moment("2026-11-21T16:00:00.000Z").value());
  for (const char* bad : {"", "now", "1960-01-01", "2026-11-22T08:00:00"})
    EXPECT_FALSE(moment_of(bad)) << bad;
}

TEST(AgreementFile, NamesTwoProvincesAndIsStrict) {
  const std::string good =
      R"({"issuer":"330000","verifier":"310000","name":"AGR","validFrom":"2024-01-01","validTo":"2030-01-01",
          "minAssurance":"L2","contact":"处","entries":[{"type":"T","mapsTo":"U","localName":"本地",
          "scenarios":["招标投标"],"maxAgeHours":12}]})";
  const AgreementDraft draft = agreement_from_json(good, "a.json").value();
  EXPECT_EQ(draft.subject.text(), "agreement:330000/310000");
  EXPECT_EQ(draft.text.text.min_assurance, Assurance::l2);
  ASSERT_EQ(draft.text.text.entries.size(), 1U);
  EXPECT_EQ(draft.text.text.entries[0].max_age_hours, 12);
  EXPECT_EQ(draft.text.text.entries[0].scenarios[0].name, "招标投标");
  std::string bad = good;
  bad.replace(bad.find("localName"), 9, "locaLName");
  const Try<AgreementDraft> unknown = agreement_from_json(bad, "a.json");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().what, "a.json is not the text of an agreement");
  EXPECT_EQ(exit_of(unknown.error()), kUsage);
}

TEST(DecisionFile, ReadsWhatItWroteWithTheSameId) {
  const Decision decision{.target = {SubjectKind::agency, kNewAgency},
                          .previous = sha256(as_bytes("x")),
                          .effective = day("2025-01-01"),
                          .body = AgencySuccessor{.successor = testing::kIssuer}};
  const Try<Decision> read = parse_decision_file(decision_file_text(decision), "d.json");
  ASSERT_TRUE(read) << read.error().why;
  EXPECT_EQ(decision_subject(*read), decision_subject(decision));
  EXPECT_FALSE(parse_decision_file("{}", "d.json"));
}

TEST(DecisionId, IsSixtyFourDigitsWithOrWithoutItsKind) {
  const std::string id = to_hex(sha256(as_bytes("x")));
  EXPECT_EQ(decision_named(id).value(), (SubjectKey{SubjectKind::decision, id}));
  EXPECT_EQ(decision_named("decision:" + id).value().id, id);
  for (const std::string& bad : std::vector<std::string>{"", id.substr(1), "decision:", id + "0"})
    EXPECT_FALSE(decision_named(bad)) << bad;
}

// Whoever signs sees every value that will be in force.
TEST(DecisionText, SaysWhatAKeyEndAndNewGrantsMean) {
  const auto text = [](const Decision& decision, const Standing* target) {
    GlobalOptions options;
    options.language = "en";
    std::string all;
    for (const auto& [label, value] : decision_facts(decision, target, Session(options)))
      all += label + "=" + value + "\n";
    return all;
  };
  const PublicKey key = key_of("x").public_key();
  const Decision end{.target = {SubjectKind::agency, kNewAgency},
                     .previous = std::nullopt,
                     .effective = day("2025-01-01"),
                     .body = KeyEnd{.key = key, .compromised_ms = 1'700'000'000'000}};
  const std::string said = text(end, nullptr);
  EXPECT_NE(said.find("revoke a compromised key of agency " + kNewAgency), std::string::npos) << said;
  EXPECT_NE(said.find(to_hex(key)), std::string::npos);
  EXPECT_NE(said.find("suspect from=2023-11-14T22:13:20.000Z"), std::string::npos) << said;

  Standing before{.count = 1, .last = {}, .detail = AgencyStanding{.name = "旧", .province = kEast}};
  std::get<AgencyStanding>(before.detail).grants = {
      {.type = "OLD", .actions = action::kIssue, .from = day("2018-01-01"), .to = std::nullopt}};
  const Decision regrant{
      .target = {SubjectKind::agency, kNewAgency},
      .previous = std::nullopt,
      .effective = day("2025-01-01"),
      .body = AgencyEntry{.name = "新\x1b[2J", .province = kEast, .grants = {}, .keys = {}}};
  const std::string both = text(regrant, &before);
  EXPECT_NE(both.find("may=nothing"), std::string::npos) << both;
  EXPECT_NE(both.find("until now=OLD: issue, 2018-01-01 – …"), std::string::npos) << both;
  EXPECT_EQ(both.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace hufu::cli
