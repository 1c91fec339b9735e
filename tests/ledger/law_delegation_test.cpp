// Delegation never widens: genesis to province, province to agency, agency to key, key to the key that it hands on, key to what
// it signs. Random acts are tried; whatever the executor applies is held against an oracle that compares point by point what
// giver and taker may do, and knows nothing of how the rules compare.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "tests/ledger/dice.hpp"
#include "tests/ledger/law.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

const std::string kProvince = "330000";
const std::vector<std::string> kTypes = {kType, "11100000000013338W009", "11100000000013338W011"};
const std::vector<std::string> kDays = {"2018-06-01", "2020-06-01", "2022-06-01", "2024-06-01"};

bool allows(const std::vector<Grant>& grants, std::string_view type, std::uint32_t bit, CivilDay on) {
  for (const Grant& grant : grants) {
    if (grant.type == type && (grant.actions & bit) != 0 && grant.from <= on &&
        (!grant.to || on <= *grant.to))
      return true;
  }
  return false;
}
bool covers(const std::vector<Grant>& wide, const std::vector<Grant>& narrow) {
  for (const std::string& type : kTypes) {
    for (const std::uint32_t bit : {action::kIssue, action::kChange, action::kClaim}) {
      for (CivilDay on = day("2017-01-01"); on <= day("2026-01-01"); on += 7) {
        if (allows(narrow, type, bit, on) && !allows(wide, type, bit, on)) return false;
      }
    }
  }
  return true;
}

Genesis with_limits() {
  Genesis genesis = with_authorities();
  for (FoundingProvince& province : genesis.provinces) {
    if (province.code != kProvince) continue;
    const auto until = [](std::string_view type) {
      return type == kType ? std::optional<CivilDay>() : std::optional(day("2024-12-31"));
    };
    for (const std::string& type : kTypes) {
      province.standing.grants.push_back({.type = type,
                                          .actions = action::kIssue | action::kChange,
                                          .from = day("2018-01-01"),
                                          .to = until(type)});
    }
    province.standing.grants.push_back({.type = std::string(kInvoiceType),
                                        .actions = action::kAll,
                                        .from = day("2018-01-01"),
                                        .to = std::nullopt});
  }
  EXPECT_TRUE(check_genesis(genesis).empty());
  return genesis;
}

// Where an empty list means everything: of a province, and of a key's scope.
bool limits(const std::vector<Grant>& wide, const std::vector<Grant>& narrow) {
  return wide.empty() || (!narrow.empty() && covers(wide, narrow));
}

class Delegation {
 public:
  explicit Delegation(std::uint64_t seed) : dice_(seed), chain_(with_limits()) {}

  void step() {
    ++tried_;
    switch (dice_.below(5)) {
      case 0:
        return narrow_province();
      case 1:
        return enter_agency();
      case 2:
        return enter_key();
      case 3:
        return rotate();
      default:
        return issue();
    }
  }
  std::size_t tried() const { return tried_; }
  const std::map<std::string, std::size_t>& done() const { return done_; }

 private:
  Grant any_grant() {
    const std::size_t from = dice_.below(kDays.size());
    Grant grant{.type = dice_.of(kTypes),
                .actions = static_cast<std::uint32_t>(1 + dice_.below(7)),
                .from = day(kDays[from]),
                .to = std::nullopt};
    if (dice_.often()) grant.to = day(kDays[from + dice_.below(kDays.size() - from)]);
    return grant;
  }
  // Most of the time a part of what the giver has.
  std::vector<Grant> any_grants(const std::vector<Grant>& giver, std::size_t least) {
    std::vector<Grant> grants;
    for (std::size_t i = least + dice_.below(3); i > 0; --i) {
      Grant grant = any_grant();
      if (!giver.empty() && dice_.below(8) != 0) {
        grant = dice_.of(giver);
        if (dice_.below(3) == 0) grant.from = std::max(grant.from, day(dice_.of(kDays)));
        if (dice_.below(3) == 0) grant.to = day("2024-06-01");
      }
      grants.push_back(std::move(grant));
    }
    return grants;
  }
  std::string any_code() { return "11330105XT0000" + std::to_string(1000 + dice_.below(4)); }
  std::string new_key() { return "key " + std::to_string(++keys_); }
  AgencyKey key_with(const std::string& name, std::vector<Grant> scope) {
    names_.emplace(key_of(name).public_key(), name);
    return {.key = key_of(name).public_key(), .scope = std::move(scope)};
  }
  const AgencyStanding* agency_standing(const std::string& code) const {
    const auto found = chain_.state.find({SubjectKind::agency, code});
    return found == chain_.state.end() ? nullptr : &std::get<AgencyStanding>(found->second.detail);
  }
  ProvinceStanding province() const {
    return std::get<ProvinceStanding>(chain_.state.at({SubjectKind::province, kProvince}).detail);
  }
  void count(const char* what) { ++done_[what]; }

  void narrow_province() {
    const ProvinceStanding before = province();
    ProvinceStanding entry = before;
    if (dice_.often()) {  // hardly narrower, or nothing would be left to grant
      Grant& some = entry.grants[dice_.below(entry.grants.size())];
      if (some.type == kType || some.type == kInvoiceType) return;
      some.from += 30;
    } else {
      entry.grants = any_grants(before.grants, 0);
      entry.grants.push_back(any_grant());
    }
    if (chain_.decree({SubjectKind::province, kProvince}, ProvinceEntry{.entry = entry}, {kProvince})) return;
    count("province");
    EXPECT_TRUE(limits(before.grants, entry.grants));
  }
  void enter_agency() {
    const std::string code = any_code();
    AgencyEntry entry{.name = "某机关", .province = kProvince, .grants = {}, .keys = {}};
    const ProvinceStanding giver = province();
    entry.grants = any_grants(giver.grants, 1);
    if (agency_standing(code) == nullptr) entry.keys = {key_with(new_key(), any_grants(entry.grants, 0))};
    if (chain_.decree({SubjectKind::agency, code}, entry, {kProvince})) return;
    count("agency");
    EXPECT_TRUE(giver.grants.empty() || covers(giver.grants, entry.grants));
    for (const AgencyKey& key : entry.keys) EXPECT_TRUE(covers(entry.grants, key.scope));
  }
  void enter_key() {
    const std::string code = any_code();
    const AgencyStanding* const before = agency_standing(code);
    if (before == nullptr) return;
    const std::vector<Grant> giver = before->grants;
    const KeyEntry entry{.key = key_with(new_key(), any_grants(giver, 0))};
    if (chain_.decree({SubjectKind::agency, code}, entry, {kProvince})) return;
    count("key");
    EXPECT_TRUE(covers(giver, entry.key.scope));
  }
  void rotate() {
    const std::string code = any_code();
    const AgencyStanding* const before = agency_standing(code);
    if (before == nullptr) return;
    const AgencyKey signer = before->keys[dice_.below(before->keys.size())];
    const std::vector<Grant> giver = before->grants;
    const KeyRotation rotation{
        .next = key_with(new_key(), dice_.often() ? signer.scope : any_grants(giver, 0)),
        .ends_signer = !dice_.often()};
    const SubjectKey subject{SubjectKind::agency, code};
    if (chain_.act_by(code, names_.at(signer.key), {chain_.on(subject, rotation, "2025-01-01")})) return;
    count("rotation");
    EXPECT_TRUE(covers(giver, rotation.next.scope));
    EXPECT_TRUE(limits(signer.scope, rotation.next.scope));
  }
  void issue() {
    const std::string code = any_code();
    const AgencyStanding* const agency = agency_standing(code);
    if (agency == nullptr) return;
    const std::vector<Grant> grants = agency->grants;
    const AgencyKey signer = agency->keys[dice_.below(agency->keys.size())];
    std::string type = dice_.of(kTypes);
    std::string on = dice_.of(kDays);
    if (dice_.often() && !grants.empty()) {
      const Grant& some = dice_.of(grants);
      type = some.type;
      on = format_civil_day(some.from);
    }
    const std::string serial = std::to_string(++serials_);
    LicenseId id{.type = type, .issuer = code, .serial = serial, .version = "001", .check = '0'};
    id.check = license_check_char(id).value();
    if (chain_.act_by(code, names_.at(signer.key), {chain_.license(id.text(), on)})) return;
    count("license");
    EXPECT_TRUE(allows(grants, type, action::kIssue, day(on)));
    EXPECT_TRUE(signer.scope.empty() || allows(signer.scope, type, action::kIssue, day(on)));
  }

  Dice dice_;
  LawChain chain_;
  std::map<PublicKey, std::string> names_;
  std::map<std::string, std::size_t> done_;
  std::size_t keys_ = 0;
  std::size_t serials_ = 0;
  std::size_t tried_ = 0;
};

TEST(LawProperty, DelegationNeverWidens) {
  std::map<std::string, std::size_t> done;
  std::size_t tried = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Delegation play(seed);
    for (int i = 0; i < 250; ++i) {
      play.step();
      if (::testing::Test::HasFailure()) FAIL() << "seed " << seed << ", step " << i;
    }
    for (const auto& [what, count] : play.done()) done[what] += count;
    tried += play.tried();
  }
  std::printf("10 seeds: of %zu acts", tried);
  for (const auto& [what, count] : done) std::printf(" %zu %s", count, what.c_str());
  std::printf(" applied\n");
  for (const char* what : {"province", "agency", "key", "rotation", "license"})
    EXPECT_GE(done[what], 10U) << what << ": a play in which hardly anything happens shows nothing";
}

TEST(LawProperty, AProvinceGrantsNoMoreThanTheGenesisGaveIt) {
  LawChain chain(with_limits());
  const auto register_with = [&](const std::string& type, const std::string& code) {
    AgencyEntry entry{.name = "某机关", .province = kProvince, .grants = {}, .keys = {}};
    entry.grants = {
        {.type = type, .actions = action::kIssue, .from = day("2020-01-01"), .to = day("2022-01-01")}};
    entry.keys = {{.key = key_of(code).public_key()}};
    return chain.decree({SubjectKind::agency, code}, entry, {kProvince});
  };
  EXPECT_EQ(register_with("11100000000013338W032", "11330105XT00001452"), Error::field_invalid);
  EXPECT_EQ(register_with(kTypes[1], "11330105XT00001452"), std::nullopt);
  // And frees itself of no limit.
  ProvinceStanding entry =
      std::get<ProvinceStanding>(chain.state.at({SubjectKind::province, kProvince}).detail);
  entry.grants.clear();
  EXPECT_EQ(chain.decree({SubjectKind::province, kProvince}, ProvinceEntry{.entry = entry}, {kProvince}),
            Error::field_invalid);
}

TEST(LawProperty, AGenesisDelegatesNoMoreThanItsLevelsHold) {
  Genesis genesis = with_limits();
  genesis.agencies.front().standing.keys.front().scope = {
      {.type = kTypes[1], .actions = action::kIssue, .from = day("2020-01-01"), .to = {}}};
  ASSERT_EQ(check_genesis(genesis).size(), 1U);
  EXPECT_NE(check_genesis(genesis).front().where.find("scope"), std::string::npos);
  genesis = with_limits();
  for (FoundingProvince& province : genesis.provinces) {
    if (province.code == kProvince) province.standing.grants.resize(1);
  }
  ASSERT_FALSE(check_genesis(genesis).empty());
  EXPECT_NE(check_genesis(genesis).front().where.find("grants"), std::string::npos);
}

}  // namespace
}  // namespace hufu
