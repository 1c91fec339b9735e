#include <gtest/gtest.h>

#include "cli/commands/genesis.hpp"
#include "cli/commands/node.hpp"

namespace hufu::cli {
namespace {

std::string key(std::uint8_t number) {
  return to_hex(SigningKey(Seed(std::array<std::uint8_t, 32>{number})).public_key());
}

GenesisNew flags() {
  GenesisNew options;
  options.origin = "ledger.example";
  options.provinces = {"310000=上海市"};
  options.agencies = {"code=LOCAL,name=Office,province=310000,key=" + key(1) +
                      ",types=11100000MB0143028R001+INVOICE"};
  options.nodes = {"id=1,name=node-1,province=310000,log=" + key(2) + ",cosign=" + key(3) + ",tls=" + key(4) +
                   ",peer=127.0.0.1:7001,api=127.0.0.1:8001"};
  return options;
}

Try<Genesis> made(const GenesisNew& options, const std::string& draft = "") {
  const Try<std::string> text = draft_with_flags(options, draft, 1'760'000'000'000);
  if (!text) return text.error();
  GlobalOptions quiet;
  quiet.quiet = true;
  return checked_genesis(*text, "test", Session(quiet));
}

TEST(GenesisDraft, FlagsAloneFoundALedger) {
  const Try<Genesis> genesis = made(flags());
  ASSERT_TRUE(genesis) << genesis.error().why;
  EXPECT_EQ(genesis->origin, "ledger.example");
  ASSERT_EQ(genesis->agencies.size(), 1U);
  ASSERT_EQ(genesis->agencies[0].standing.grants.size(), 2U);
  for (const Grant& grant : genesis->agencies[0].standing.grants) {
    EXPECT_EQ(grant.actions, grant.type == kInvoiceType ? action::kIssue | action::kClaim
                                                        : action::kIssue | action::kChange);
  }
  EXPECT_EQ(genesis->roster.members[0].api.port, 8001);
}

TEST(GenesisDraft, FlagsAddToADraft) {
  GenesisNew more;
  more.provinces = {"330000=浙江省"};
  const std::string draft = draft_with_flags(flags(), "", 1'760'000'000'000).value();
  const Try<Genesis> genesis = made(more, draft);
  ASSERT_TRUE(genesis) << genesis.error().why;
  EXPECT_EQ(genesis->provinces.size(), 2U);
}

TEST(GenesisDraft, TwoOfThreeDecideForAProvince) {
  GenesisNew options = flags();
  options.authorities = {"code=310000,keys=" + key(5) + "+" + key(6) + "+" + key(7) + ",threshold=2"};
  const Try<Genesis> genesis = made(options);
  ASSERT_TRUE(genesis) << genesis.error().why;
  EXPECT_EQ(genesis->provinces[0].standing.authority_keys.size(), 3U);
  EXPECT_EQ(genesis->provinces[0].standing.threshold, 2);

  options.authorities = {"code=310000,keys=" + key(5) + ",threshold=2"};
  EXPECT_EQ(made(options).error().error, Error::config_invalid);  // more than there are
  options.authorities = {"code=330000,keys=" + key(5) + ",threshold=1"};
  EXPECT_EQ(made(options).error().why, "no --province has this code");
  options.authorities = {"code=310000,keys=" + key(5) + ",threshold=x"};
  EXPECT_EQ(made(options).error().why, "threshold is not a number");
}

TEST(GenesisDraft, FaultyFlagsAreNamed) {
  const auto why = [](const char* agency) {
    GenesisNew options = flags();
    options.agencies = {agency};
    const Try<Genesis> genesis = made(options);
    return genesis ? std::string("accepted") : genesis.error().why;
  };
  EXPECT_EQ(why("code=A"), "name= is missing");
  EXPECT_EQ(why("code=A,code=B"), "code stands twice");
  EXPECT_EQ(why("kode=A"), "\"kode=A\" is not one of its parts");
}

TEST(GenesisDraft, TheWholeIsCheckedAndFaultsAreCounted) {
  GenesisNew options = flags();
  options.provinces = {
      "990000=Nowhere"};  // no such province; and the agency's and node's province is missing
  const Try<Genesis> genesis = made(options);
  ASSERT_FALSE(genesis);
  EXPECT_EQ(genesis.error().error, Error::config_invalid);
  EXPECT_NE(genesis.error().why.find("3 fault(s)"), std::string::npos) << genesis.error().why;
}

TEST(GenesisDraft, ADraftThatIsNoJsonIsSaidSo) {
  EXPECT_EQ(made(flags(), "{").error().error, Error::json_malformed);
  EXPECT_EQ(made(flags(), "[]").error().error, Error::json_malformed);
  EXPECT_EQ(made(flags(), "{\"roster\":1}").error().error, Error::field_invalid);
}

}  // namespace
}  // namespace hufu::cli
