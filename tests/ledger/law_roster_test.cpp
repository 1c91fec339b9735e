// Who decides about the nodes, and what one step may change.
#include <gtest/gtest.h>

#include "tests/ledger/law.hpp"

namespace hufu {
namespace {

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

// Nodes 1 to 4, of one province each way: 1, 2 and 3 of the east, 4 of the south.
Genesis two_provinces() {
  Genesis genesis = with_authorities();
  genesis.roster = roster_of({1, 2, 3, 4});
  genesis.roster.members[3].province = "330000";
  return genesis;
}

class RosterLaw : public ::testing::Test {
 protected:
  RosterLaw() : chain_(two_provinces()) {}

  const RosterStanding& roster() const {
    return std::get<RosterStanding>(chain_.state.at(roster_subject()).detail);
  }
  RosterStanding next() const {
    RosterStanding after = roster();
    ++after.epoch;
    return after;
  }
  static Member newcomer(std::uint64_t number) {
    Member member = testing::member(number);
    member.id = member_id(member.cosign_key);
    return member;
  }
  static void take_in(RosterStanding& roster, const Member& member) {
    roster.members.push_back(member);
    std::sort(roster.members.begin(), roster.members.end(),
              [](const Member& a, const Member& b) { return a.id < b.id; });
  }
  std::optional<Error> decide(RosterStanding after, std::optional<Recovery> recovery = {},
                              const std::vector<std::string>& by = {"310000", "330000"}) {
    return chain_.decree(roster_subject(), RosterEntry{.roster = std::move(after), .recovery = recovery}, by);
  }
  void expect_refused(const RosterStanding& after) {
    const RosterStanding before = roster();
    EXPECT_EQ(decide(after), Error::field_invalid);
    EXPECT_EQ(roster(), before);
  }

  LawChain chain_;
};

TEST_F(RosterLaw, ANodeComesAnotherGoesAThirdIsReplaced) {
  RosterStanding after = next();
  take_in(after, newcomer(5));
  ASSERT_EQ(decide(after), std::nullopt);
  EXPECT_EQ(roster(), after);
  after = next();
  after.members.erase(after.members.begin());
  ASSERT_EQ(decide(after), std::nullopt);
  after = next();
  Member replaced = newcomer(6);
  replaced.name = after.members[0].name;
  replaced.peer = after.members[0].peer;
  replaced.api = after.members[0].api;
  after.members.erase(after.members.begin());
  take_in(after, replaced);
  ASSERT_EQ(decide(after), std::nullopt);
  EXPECT_EQ(roster().epoch, 4u);
}

TEST_F(RosterLaw, ANodeMovesUnderItsKeys) {
  RosterStanding after = next();
  after.members[1].peer.port += 500;
  EXPECT_EQ(decide(after), std::nullopt);
}

// Two provinces run nodes: more than half of two is both.
TEST_F(RosterLaw, MoreThanHalfOfTheProvincesThatRunNodesDecide) {
  RosterStanding after = next();
  take_in(after, newcomer(5));
  EXPECT_EQ(decide(after, {}, {"310000"}), Error::issuer_not_authorized);
  EXPECT_EQ(roster().epoch, 1u);
  // Where all nodes are of one province, it decides alone, and no other has a say.
  Genesis genesis = with_authorities();
  genesis.roster = roster_of({1, 2, 3});
  LawChain alone(genesis);
  RosterStanding larger = genesis.roster;
  ++larger.epoch;
  take_in(larger, newcomer(5));
  EXPECT_EQ(alone.decree(roster_subject(), RosterEntry{.roster = larger, .recovery = {}}, {"330000"}),
            Error::issuer_not_authorized);
  EXPECT_EQ(alone.decree(roster_subject(), RosterEntry{.roster = larger, .recovery = {}}, {"310000"}),
            std::nullopt);
}

TEST_F(RosterLaw, OneStepAtATimeAndTheNextEpochOnly) {
  expect_refused(next());  // nothing changes
  RosterStanding after = next();
  take_in(after, newcomer(5));
  take_in(after, newcomer(6));
  expect_refused(after);
  after = next();
  after.members.erase(after.members.begin(), after.members.begin() + 2);
  expect_refused(after);
  after = next();
  take_in(after, newcomer(5));
  after.members[0].peer.port += 500;
  expect_refused(after);
  for (const std::uint64_t epoch : {0u, 1u, 3u}) {
    after = next();
    take_in(after, newcomer(5));
    after.epoch = epoch;
    expect_refused(after);
  }
  after = next();
  after.members.clear();
  expect_refused(after);
}

TEST_F(RosterLaw, AnIdIsItsKeysAndNobodyElses) {
  RosterStanding after = next();
  Member stranger = newcomer(5);
  stranger.id = 5;
  take_in(after, stranger);
  expect_refused(after);
  after = next();
  after.members[0].cosign_key = key_of("another").public_key();  // the same id under another key
  expect_refused(after);
  after = next();
  after.members[0].name = "node-9";
  expect_refused(after);
}

TEST_F(RosterLaw, ANewNodeIsWellFormed) {
  const auto refused = [&](const std::function<void(Member&)>& spoil) {
    RosterStanding after = next();
    Member member = newcomer(5);
    spoil(member);
    take_in(after, member);
    expect_refused(after);
  };
  refused([](Member& member) { member.province = "999999"; });
  refused([](Member& member) { member.tls_key = PublicKey{}; });
  refused([](Member& member) { member.peer.host = ""; });
  refused([](Member& member) { member.api.port = 0; });
  refused([](Member& member) { member.name = "Node 5"; });
  refused([](Member& member) { member.name = "node-1"; });
  refused([](Member& member) { member.peer = testing::member(1).api; });
  refused([](Member& member) { member.log_key = testing::member(1).tls_key; });
}

// A recovery may take away any number; it names the time of its block, which no leader's clock gives.
TEST_F(RosterLaw, ARecoveryIsBoundToItsTime) {
  RosterStanding after = next();
  after.members.erase(after.members.begin(), after.members.begin() + 3);
  Recovery recovery{.height = 7, .head = sha256(as_bytes("head")), .time_ms = 1};
  EXPECT_EQ(decide(after, recovery), Error::field_invalid);
  EXPECT_EQ(roster().epoch, 1u);
}

}  // namespace
}  // namespace hufu
