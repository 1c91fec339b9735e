// Founding documents as JSON: what is written reads back; drafts may be shorter; every fault has its place.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "node/api/json.hpp"
#include "tests/ledger/world.hpp"

namespace hufu::api {
namespace {

using hufu::testing::make_genesis;

JsonFault fault_of(const json::object& draft) {
  const auto read = genesis_from_json(json::serialize(draft));
  EXPECT_FALSE(read);
  return read ? JsonFault{} : read.error();
}

TEST(GenesisJson, J3ReadsBackAsItWas) {
  Genesis genesis = make_genesis();
  genesis.provinces[0].standing.authority_keys = {hufu::testing::key_of("a").public_key()};
  genesis.provinces[0].standing.threshold = 1;
  genesis.agencies[0].standing.keys[0].to_ms = 1'800'000'000'000;
  genesis.agencies[0].standing.grants[0].to = hufu::testing::day("2030-12-31");
  genesis.agencies[0].standing.keys[0].compromised_ms = 1'790'000'000'000;
  genesis.agencies[0].standing.keys[0].scope = {
      {.type = hufu::testing::kType, .actions = action::kIssue, .from = hufu::testing::day("2020-01-01")}};
  genesis.agencies[1].standing.suspended = true;
  genesis.agencies[1].standing.withdrawn = hufu::testing::day("2029-12-31");
  genesis.agencies[1].standing.successor = genesis.agencies[0].code;
  genesis.roster.epoch = 7;
  const auto read = genesis_from_json(pretty(to_json(genesis)));
  ASSERT_TRUE(read) << text_of(read.error());
  EXPECT_EQ(*read, genesis);
}

TEST(GenesisJson, ADraftMayBeShorterAndInAnyOrder) {
  const Genesis genesis = make_genesis();
  json::object draft = to_json(genesis);
  draft.erase("hash");
  std::reverse(draft["provinces"].as_array().begin(), draft["provinces"].as_array().end());
  std::reverse(draft["agencies"].as_array().begin(), draft["agencies"].as_array().end());
  draft["roster"].as_object().erase("epoch");
  for (json::value& province : draft["provinces"].as_array()) {
    province.as_object().erase("authorityKeys");
    province.as_object().erase("threshold");
  }
  for (json::value& agency : draft["agencies"].as_array()) {
    agency.at("keys").at(0).as_object().erase("from");
    agency.at("grants").at(0).as_object().erase("to");
  }
  const auto read = genesis_from_json(json::serialize(draft));
  ASSERT_TRUE(read) << text_of(read.error());
  EXPECT_EQ(*read, genesis);
  EXPECT_TRUE(check_genesis(*read).empty());
}

TEST(GenesisJson, AChangedDocumentNoLongerHasItsHash) {
  json::object draft = to_json(make_genesis());
  draft["origin"] = "hufu.test/west";
  const JsonFault fault = fault_of(draft);
  EXPECT_EQ(fault.error, Error::genesis_mismatch);
  EXPECT_EQ(fault.pointer, "/hash");
}

TEST(GenesisJson, FaultsHaveTheirPlace) {
  const auto broken = [](auto change) {
    json::object draft = to_json(make_genesis());
    change(draft);
    return fault_of(draft);
  };
  EXPECT_EQ(broken([](json::object& d) { d.erase("origin"); }).pointer, "/origin");
  EXPECT_EQ(broken([](json::object& d) { d["time"] = "yesterday"; }).pointer, "/time");
  EXPECT_EQ(broken([](json::object& d) { d["motto"] = ""; }).error, Error::field_unknown);
  EXPECT_EQ(broken([](json::object& d) { d.erase("roster"); }).pointer, "/roster");
  EXPECT_EQ(
      broken([](json::object& d) { d["agencies"].at(1).at("keys").at(0).as_object()["key"] = "00"; }).pointer,
      "/agencies/1/keys/0/key");
  EXPECT_EQ(broken([](json::object& d) {
              d["agencies"].at(0).at("grants").at(0).as_object()["actions"] = json::array{"fly"};
            }).pointer,
            "/agencies/0/grants/0/actions/0");
  EXPECT_EQ(broken([](json::object& d) {
              d["agencies"].at(0).at("grants").at(0).as_object()["actions"] = json::array{"issue", "issue"};
            }).pointer,
            "/agencies/0/grants/0/actions");
  EXPECT_EQ(
      broken([](json::object& d) { d["roster"].at("members").at(0).as_object()["api"] = "nowhere"; }).pointer,
      "/roster/members/0/api");
  EXPECT_EQ(broken([](json::object& d) { d["provinces"].at(0).as_object()["threshold"] = 256; }).pointer,
            "/provinces/0/threshold");
  EXPECT_EQ(broken([](json::object& d) {
              d["provinces"].at(0).as_object()["authorityKeys"] = json::array{1};
            }).pointer,
            "/provinces/0/authorityKeys/0");
}

}  // namespace
}  // namespace hufu::api
