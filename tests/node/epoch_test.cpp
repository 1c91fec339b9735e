// Rosters that change under running nodes: one comes, one goes, one sleeps through it; and what it proves afterwards.
#include "ledger/proof/verdict.hpp"
#include "node/recover.hpp"
#include "tests/node/cluster.hpp"

namespace hufu::node {
namespace {

using testing::key_of;

constexpr const char* kProvince = "310000";

struct Head {
  std::uint64_t height = 0;
  Hash hash;
  std::uint64_t time_ms = 0;
};

class EpochTest : public ClusterTest {
 protected:
  void found(std::size_t size) {
    genesis = testing::cluster_genesis(size + 1);
    spare_ = genesis.roster.members.back();  // its ports are free, its keys those of the next number
    genesis.roster.members.pop_back();
    spare_.id = member_id(spare_.cosign_key);
    for (FoundingProvince& province : genesis.provinces) {
      province.standing.authority_keys = {key_of(province.code + "a").public_key()};
      province.standing.threshold = 1;
    }
    ledger = ledger_id(genesis);
    nodes.resize(size + 1);
    for (std::size_t number = 1; number <= size; ++number) start(number);
  }
  void start_spare(std::size_t number) {
    testing::TestOptions options;
    options.joining = spare_;
    start(number, options);
  }
  RosterStanding roster(std::size_t number) {
    return at(number).on_loop([&] { return at(number).service().roster(); });
  }
  Hash last_of_roster(std::size_t number) { return standing(number).last; }
  Standing standing(std::size_t number) {
    const auto answer =
        at(number).ask<api::StandingAnswer>([](Service& service, Done<api::StandingAnswer> done) {
          service.standing(roster_subject(), Read::local, std::move(done));
        });
    return *answer.value().standing;
  }
  // Proposes (with the first approval, which is enough), and enacts.
  void decide(std::size_t through, const RosterStanding& after) {
    const Decision decision = propose(through, after);
    enact(through, decision);
  }
  Decision propose(std::size_t through, const RosterStanding& after) {
    const Standing before = standing(through);
    const Decision decision{.target = roster_subject(),
                            .previous = before.count == 0 ? std::nullopt : std::optional(before.last),
                            .effective = china_day_at(static_cast<std::int64_t>(genesis.time_ms)),
                            .body = RosterEntry{.roster = after, .recovery = std::nullopt}};
    send(through, {.subject = decision_subject(decision),
                   .previous = std::nullopt,
                   .effective = decision.effective,
                   .payload = Propose{.decision = decision}});
    return decision;
  }
  void enact(std::size_t through, const Decision& decision) {
    send(through, {.subject = decision.target,
                   .previous = decision.previous,
                   .effective = decision.effective,
                   .payload = Enact{.decision = decision}});
  }
  void send(std::size_t through, const Operation& operation) {
    const Submission submission = sign_submission(ledger, kProvince, key_of(std::string(kProvince) + "a"),
                                                  testing::request(++requests_), {operation});
    accepted(at(through).submit(submission), submission);
  }
  void issue_some(std::size_t through, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const Submission submission = issue(++issued_);
      accepted(at(through).submit(submission), submission);
    }
  }
  bool in_epoch(std::size_t number, std::uint64_t epoch) {
    const auto status = at(number).status();
    return status.epoch == epoch && status.leader != 0;
  }
  void expect_epoch(const std::vector<std::size_t>& numbers, std::uint64_t epoch) {
    for (const std::size_t number : numbers) {
      EXPECT_TRUE(eventually([&] { return in_epoch(number, epoch); })) << "node " << number;
    }
  }
  RosterStanding with_spare(RosterStanding roster) const {
    ++roster.epoch;
    roster.members.push_back(spare_);  // its id is larger than those of the founding
    return roster;
  }
  static RosterStanding without(RosterStanding roster, std::uint64_t id) {
    ++roster.epoch;
    std::erase_if(roster.members, [id](const Member& member) { return member.id == id; });
    return roster;
  }
  // A proof of the newest invoice, checked with the genesis alone.
  void expect_provable(std::size_t through, std::uint64_t epoch) {
    const SubjectKey key{SubjectKind::invoice, invoice(issued_)};
    const auto proof = at(through).ask<Proof>(
        [&](Service& service, Done<Proof> done) { service.proof(key, Read::settled, {}, std::move(done)); });
    ASSERT_TRUE(proof.has_value()) << code_of(proof.error());
    const ProofFinding finding = check_proof(founding_anchor(genesis), *proof);
    // The verifier trusts the founding roster: a proof of a later one leads there by its handovers.
    EXPECT_EQ(proof->handovers.size(), epoch - 1);
    for (const Check& check : finding.checks) {
      EXPECT_NE(check.result, Check::Result::fail) << check.name << ": " << check.why;
    }
    EXPECT_EQ(finding.roster.epoch, epoch);
  }

  Member spare_;
  std::uint64_t requests_ = 5'000'000;
  std::uint64_t issued_ = 0;
};

TEST_F(EpochTest, ANodeComesAfterItHasFetchedTheLedger) {
  found(3);
  issue_some(leader(), 20);
  const Decision decision = propose(leader(), with_spare(roster(1)));
  start_spare(4);
  EXPECT_TRUE(eventually([&] { return at(4).status().head.height >= at(1).status().head.height; }));
  EXPECT_EQ(at(4).status().role, api::Role::outside);
  enact(leader(), decision);
  expect_epoch({1, 2, 3, 4}, 2);
  issue_some(leader(), 5);
  expect_same_heads();
  expect_provable(leader(), 2);
}

TEST_F(EpochTest, ANodeGoesAndFollowsFromOutside) {
  found(4);
  issue_some(leader(), 3);
  const std::size_t gone = follower();
  decide(leader(), without(roster(1), gone));
  std::vector<std::size_t> rest;
  for (std::size_t number = 1; number <= 4; ++number) {
    if (number != gone) rest.push_back(number);
  }
  expect_epoch(rest, 2);
  EXPECT_TRUE(eventually([&] { return at(gone).status().role == api::Role::outside; }));
  issue_some(rest[0], 5);
  expect_same_heads();
  expect_provable(rest[0], 2);
}

TEST_F(EpochTest, TheLeaderItselfIsRemoved) {
  found(4);
  issue_some(leader(), 3);
  const std::size_t gone = leader();
  decide(gone, without(roster(1), gone));
  const std::size_t other = gone == 1 ? 2 : 1;
  expect_epoch({other}, 2);
  EXPECT_TRUE(eventually([&] { return at(gone).status().role == api::Role::outside; }));
  issue_some(other, 5);
  expect_same_heads();
}

TEST_F(EpochTest, AMemberSleepsThroughTwoEpochs) {
  found(4);
  issue_some(leader(), 3);
  const std::size_t asleep = follower();
  stop(asleep);
  std::uint64_t removed = 0;
  for (std::uint64_t id = 1; id <= 4 && removed == 0; ++id) {
    if (id != asleep && id != leader()) removed = id;
  }
  const std::size_t leads = leader();
  decide(leads, without(roster(leads), removed));
  expect_epoch({leads}, 2);
  issue_some(leads, 3);
  start_spare(5);
  const Decision decision = propose(leader(), with_spare(roster(leads)));
  EXPECT_TRUE(eventually([&] { return at(5).status().head.height >= at(leads).status().head.height; }));
  enact(leader(), decision);
  expect_epoch({leads, 5}, 3);
  stop(removed);  // a node that left two epochs ago is told nothing any more
  issue_some(leads, 3);
  start(asleep);
  expect_epoch({asleep}, 3);
  issue_some(asleep, 2);
  expect_same_heads();
  expect_provable(asleep, 3);
}

TEST_F(EpochTest, EveryNodeRestartsIntoTheNewEpoch) {
  found(4);
  issue_some(leader(), 3);
  decide(leader(), without(roster(1), 4));
  expect_epoch({1, 2, 3}, 2);
  for (std::size_t number = 1; number <= 4; ++number) stop(number);
  for (std::size_t number = 1; number <= 4; ++number) start(number);
  expect_epoch({1, 2, 3}, 2);
  issue_some(leader(), 3);
  expect_same_heads();
  expect_provable(leader(), 2);
  // E3: the votes of this epoch are not to be forgotten, nor those of a later one.
  stop(1);
  std::filesystem::rename(directory(1) / "raft", directory(1) / "raft.lost");
  EXPECT_EQ(testing::TestNode::fault(genesis, 1, directory(1)).error, Error::storage_rolled_back);
  std::filesystem::remove_all(directory(1) / "raft");
  std::filesystem::rename(directory(1) / "raft.lost", directory(1) / "raft");
  std::filesystem::rename(directory(1) / "ledger", directory(1) / "ledger.lost");
  EXPECT_EQ(testing::TestNode::fault(genesis, 1, directory(1)).error, Error::storage_rolled_back);
}

// Submissions go on through the change; the pause is what a client sees.
TEST_F(EpochTest, ThePauseIsAnElectionAtMost) {
  found(4);
  issue_some(leader(), 3);
  const std::size_t through = follower() == 4 ? (leader() == 1 ? 2 : 1) : follower();
  const Decision decision = propose(through, without(roster(1), 4));
  enact(through, decision);
  const auto begun = std::chrono::steady_clock::now();
  issue_some(through, 1);
  const auto pause = std::chrono::steady_clock::now() - begun;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(pause).count();
  std::printf("pause at a change of the roster: %lld ms (election timeout 500 ms)\n",
              static_cast<long long>(ms));
  RecordProperty("pause_ms", static_cast<int>(ms));
  EXPECT_LT(ms, 10'000);
}

// What the authorities signed for the survivor of this head.
Proposal recovery_of(const LedgerId& ledger, const Head& head, const Standing& roster, std::uint64_t survivor,
                     bool enacts = true) {
  RosterStanding after = std::get<RosterStanding>(roster.detail);
  ++after.epoch;
  std::erase_if(after.members, [&](const Member& member) { return member.id != survivor; });
  const std::uint64_t time_ms = head.time_ms + 1;
  const Decision decision{
      .target = roster_subject(),
      .previous = roster.count == 0 ? std::nullopt : std::optional(roster.last),
      .effective = china_day_at(static_cast<std::int64_t>(time_ms)),
      .body =
          RosterEntry{.roster = after,
                      .recovery = Recovery{.height = head.height, .head = head.hash, .time_ms = time_ms}}};
  std::vector<Operation> operations = {{.subject = decision_subject(decision),
                                        .previous = std::nullopt,
                                        .effective = decision.effective,
                                        .payload = Propose{.decision = decision}}};
  if (enacts) {
    operations.push_back({.subject = decision.target,
                          .previous = decision.previous,
                          .effective = decision.effective,
                          .payload = Enact{.decision = decision}});
  }
  return {.height = head.height + 1,
          .parent = head.hash,
          .time_ms = time_ms,
          .submissions = {sign_submission(ledger, kProvince, key_of(std::string(kProvince) + "a"),
                                          testing::request(77), std::move(operations))}};
}

TEST_F(EpochTest, TheAuthoritiesGoOnWithoutTheLostQuorum) {
  found(3);
  issue_some(leader(), 5);
  EXPECT_TRUE(eventually([&] { return at(1).status().head.height >= at(leader()).status().head.height; }));
  const Standing before = standing(1);
  const auto status = at(1).status();
  const Head head{.height = status.head.height, .hash = status.head_hash, .time_ms = status.head.time_ms};
  for (std::size_t number = 1; number <= 3; ++number) stop(number);
  const Config config{.node = "node-1", .data = directory(1), .log_level = LogLevel::error};

  // Nothing is changed by a file that is unfinished, changed, or for another head.
  Head elsewhere = head;
  elsewhere.hash.bytes[0] ^= 1;
  Proposal forged = recovery_of(ledger, head, before, 1);
  forged.submissions[0].signature.bytes[0] ^= 1;
  for (const auto& [file, error] :
       {std::pair(recovery_of(ledger, head, before, 1, false), Error::content_mismatch),
        std::pair(recovery_of(ledger, elsewhere, before, 1), Error::previous_mismatch),
        std::pair(forged, Error::signature_invalid)}) {
    EXPECT_EQ(recover(config, genesis, encode_recovery(file)).error().error, error);
  }

  const auto recovered = recover(config, genesis, encode_recovery(recovery_of(ledger, head, before, 1)));
  ASSERT_TRUE(recovered.has_value()) << recovered.error().detail;
  EXPECT_EQ(recovered->roster.epoch, 2u);
  EXPECT_EQ(recovered->block.height, head.height + 1);
  EXPECT_EQ(recover(config, genesis, encode_recovery(recovery_of(ledger, head, before, 1))).error().error,
            Error::previous_mismatch);
  start(1);
  expect_epoch({1}, 2);
  issue_some(1, 3);

  // Who trusts the founding roster alone is not convinced; who takes the new one on trust is.
  const SubjectKey key{SubjectKind::invoice, invoice(issued_)};
  const auto proof = at(1).ask<Proof>(
      [&](Service& service, Done<Proof> done) { service.proof(key, Read::settled, {}, std::move(done)); });
  ASSERT_TRUE(proof.has_value()) << code_of(proof.error());
  EXPECT_FALSE(none_failed(check_proof(founding_anchor(genesis), *proof).checks));
  const Anchor trusting{.genesis = &genesis, .roster = roster(1)};
  EXPECT_TRUE(none_failed(check_proof(trusting, *proof).checks));
}

}  // namespace
}  // namespace hufu::node
