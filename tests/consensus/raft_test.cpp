// What the node relies on: outcomes, reads, snapshots held back, bounds, hostile frames, failing disks.
#include <gtest/gtest.h>

#include "tests/consensus/puppet.hpp"

namespace hufu::consensus {
namespace {

Bytes bytes(std::string_view text) { return to_bytes(as_bytes(text)); }

// A leader of term 2 whose barrier (index 2) is committed.
void lead(Puppet& puppet) {
  puppet.start();
  puppet.win_election();
  puppet.finish_disk();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 2});
  ASSERT_TRUE(puppet.raft->is_ready_leader());
  puppet.sent.clear();
}

TEST(Raft, AProposalIsCommittedWhenAMajorityStoresIt) {
  Puppet puppet;
  lead(puppet);
  std::vector<Outcome> outcomes;
  puppet.raft->propose(bytes("a"), [&](Outcome outcome) { outcomes.push_back(outcome); });
  puppet.finish_disk();
  EXPECT_TRUE(outcomes.empty()) << "stored here alone";
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 3});
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes[0].kind, Outcome::Kind::committed);
  EXPECT_EQ(outcomes[0].index, 3U);
  EXPECT_EQ(puppet.applied.back(), std::pair(std::uint64_t{3}, std::string("a")));
}

TEST(Raft, WhatWaitsTravelsTogether) {
  Puppet puppet;
  lead(puppet);
  int committed = 0;
  for (int i = 0; i < 10; ++i) puppet.raft->propose(bytes("x"), [&](Outcome) { ++committed; });
  EXPECT_EQ(puppet.raft->status().flying_entries, 1U);
  EXPECT_EQ(puppet.raft->status().waiting_entries, 9U);
  puppet.finish_disk();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 3});
  EXPECT_EQ(committed, 1);
  EXPECT_EQ(puppet.raft->status().flying_entries, 9U);
  puppet.finish_disk();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 12});
  EXPECT_EQ(committed, 10);
}

TEST(Raft, LostLeadershipLeavesFlyingUnknownAndWaitingNotProposed) {
  Puppet puppet;
  lead(puppet);
  std::vector<Outcome::Kind> kinds;
  for (int i = 0; i < 2; ++i)
    puppet.raft->propose(bytes("x"), [&](Outcome outcome) { kinds.push_back(outcome.kind); });
  puppet.finish_disk();
  puppet.append(3, 9, 1, 1, {});
  EXPECT_EQ(kinds, (std::vector{Outcome::Kind::unknown, Outcome::Kind::not_leader}));
  EXPECT_EQ(puppet.raft->leader_hint(), 3U);
}

TEST(Raft, AFollowerTakesNoProposalAndGrantsNoRead) {
  Puppet puppet;
  puppet.start();
  Outcome::Kind kind = Outcome::Kind::committed;
  bool granted = true;
  puppet.raft->propose(bytes("x"), [&](Outcome outcome) { kind = outcome.kind; });
  puppet.raft->read_barrier([&](bool answer) { granted = answer; });
  EXPECT_EQ(kind, Outcome::Kind::not_leader);
  EXPECT_FALSE(granted);
}

TEST(Raft, OversizeAndOverflowAreRefused) {
  RaftOptions options;
  options.max_waiting_entries = 2;
  Puppet puppet(options);
  lead(puppet);
  std::vector<Outcome::Kind> kinds;
  const auto note = [&](Outcome outcome) { kinds.push_back(outcome.kind); };
  puppet.raft->propose(Bytes(kMaxEntryBytes + 1), note);
  EXPECT_EQ(kinds, std::vector{Outcome::Kind::refused});
  for (int i = 0; i < 4; ++i) puppet.raft->propose(bytes("x"), note);  // one flies, two wait
  EXPECT_EQ(kinds, (std::vector{Outcome::Kind::refused, Outcome::Kind::refused}));
  puppet.raft->stop();
}

TEST(Raft, WhatIsCommittedIsToldAtOnceToWhoHasIt) {
  Puppet puppet;
  lead(puppet);
  puppet.raft->propose(bytes("a"), [](Outcome) {});
  puppet.finish_disk();
  puppet.sent.clear();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 3});
  const auto told = puppet.sent_of<wire::Append>();
  ASSERT_EQ(told.size(), 1U) << "the other one has not stored it yet";
  EXPECT_EQ(told[0].first, 2U);
  EXPECT_TRUE(told[0].second.entries.empty());
  EXPECT_EQ(told[0].second.prev_index, 3U);
  EXPECT_EQ(told[0].second.prev_term, puppet.raft->term());
  EXPECT_EQ(told[0].second.commit, 3U);
  puppet.sent.clear();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 3});
  EXPECT_TRUE(puppet.sent_of<wire::Append>().empty()) << "once is enough";
  puppet.feed(3, wire::AppendResult{puppet.raft->term(), 0, 3});
  ASSERT_EQ(puppet.sent_of<wire::Append>().size(), 1U);
  EXPECT_EQ(puppet.sent_of<wire::Append>()[0].first, 3U);
}

// All nodes apply at the same time: who has acknowledged need not wait for the leader to apply first, nor for the next entries.
TEST(Raft, WhatIsCommittedIsToldBeforeTheLeaderAppliesIt) {
  Puppet puppet;
  lead(puppet);
  puppet.raft->propose(bytes("a"), [](Outcome) {});
  puppet.raft->propose(bytes("b"), [](Outcome) {});
  puppet.finish_disk();
  puppet.sent.clear();
  std::size_t told_before = 0;
  puppet.on_apply = [&] { told_before = puppet.sent_of<wire::Append>().size(); };
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 3});
  ASSERT_EQ(told_before, 1U) << "the other one has not stored it yet";
  const auto told = puppet.sent_of<wire::Append>();
  EXPECT_EQ(told[0].first, 2U);
  EXPECT_TRUE(told[0].second.entries.empty());
  EXPECT_EQ(told[0].second.commit, 3U);
  for (std::size_t i = 1; i < told.size(); ++i) EXPECT_FALSE(told[i].second.entries.empty());
}

TEST(Raft, ReadsAreBatchedBehindOneEntry) {
  Puppet puppet;
  lead(puppet);
  int granted = 0;
  for (int i = 0; i < 5; ++i) puppet.raft->read_barrier([&](bool answer) { granted += answer ? 1 : 0; });
  puppet.finish_disk();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 3});
  EXPECT_EQ(granted, 1) << "the first left at once";
  puppet.finish_disk();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 4});
  EXPECT_EQ(granted, 5);
  EXPECT_EQ(puppet.raft->status().last_index, 4U);
}

TEST(Raft, AReadRidesOnProposals) {
  Puppet puppet;
  lead(puppet);
  bool granted = false;
  puppet.raft->propose(bytes("first"), [](Outcome) {});
  puppet.raft->propose(bytes("second"), [](Outcome) {});
  puppet.raft->read_barrier([&](bool answer) { granted = answer; });
  puppet.finish_disk();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 3});
  EXPECT_FALSE(granted) << "the first entry was under way before the read was asked for";
  puppet.finish_disk();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 4});
  EXPECT_TRUE(granted);
  EXPECT_EQ(puppet.raft->status().last_index, 4U) << "no entry of its own";
}

TEST(Raft, StoppingAnswersEverybodyOnce) {
  Puppet puppet;
  lead(puppet);
  std::vector<Outcome::Kind> kinds;
  int reads = 0;
  for (int i = 0; i < 2; ++i)
    puppet.raft->propose(bytes("x"), [&](Outcome outcome) { kinds.push_back(outcome.kind); });
  puppet.raft->read_barrier([&](bool granted) { reads += granted ? 100 : 1; });
  puppet.raft->stop();
  EXPECT_EQ(kinds, (std::vector{Outcome::Kind::unknown, Outcome::Kind::not_leader}));
  EXPECT_EQ(reads, 1);
  puppet.finish_disk();  // the step under way ends after the stop
  EXPECT_EQ(kinds.size(), 2U);
  EXPECT_EQ(puppet.raft->status().role, Role::stopped);
}

TEST(Raft, ACallbackMayStopTheMember) {
  Puppet puppet;
  lead(puppet);
  puppet.raft->propose(bytes("x"), [&](Outcome) { puppet.raft->stop(); });
  puppet.finish_disk();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 3});
  EXPECT_EQ(puppet.raft->status().role, Role::stopped);
}

TEST(Raft, ASnapshotIsHeldUntilTheBulkIsHere) {
  Puppet puppet;
  puppet.bulk_here = false;
  puppet.start();
  const wire::Install install{2, {50, 2, 1, puppet.members(), bytes("at 50")}};
  puppet.feed(2, install);
  puppet.finish_disk();
  EXPECT_EQ(puppet.raft->status().snapshot_index, 0U);
  EXPECT_TRUE(puppet.restored.empty());
  puppet.raft->bulk_ready();
  EXPECT_EQ(puppet.asked_ready, 2);
  puppet.bulk_here = true;
  puppet.raft->bulk_ready();
  puppet.finish_disk();
  EXPECT_EQ(puppet.restored, std::vector<std::string>{"at 50"});
  EXPECT_EQ(puppet.raft->status().snapshot_index, 50U);
  EXPECT_EQ(puppet.raft->applied_index(), 50U);
  puppet.restart();
  EXPECT_EQ(puppet.restored.size(), 2U);
  EXPECT_EQ(puppet.raft->status().last_index, 50U);
}

TEST(Raft, TheVoteOutlivesARestart) {
  Puppet puppet;
  puppet.start();
  puppet.pass(150);
  puppet.feed(2, wire::VoteRequest{2, 1, 1, false});
  ASSERT_EQ(puppet.sent_of<wire::Vote>().size(), 1U);
  EXPECT_TRUE(puppet.sent_of<wire::Vote>()[0].second.granted);
  puppet.restart();
  puppet.pass(150);
  puppet.sent.clear();
  puppet.feed(3, wire::VoteRequest{2, 1, 1, false});
  ASSERT_EQ(puppet.sent_of<wire::Vote>().size(), 1U);
  EXPECT_FALSE(puppet.sent_of<wire::Vote>()[0].second.granted);
}

TEST(Raft, ForeignAndMalformedFramesAreDropped) {
  Puppet puppet;
  puppet.start();
  const wire::Message vote = wire::VoteRequest{9, 1, 1, false};
  puppet.raft->deliver(2, bytes("garbage"));
  puppet.raft->deliver(2, wire::encode({Puppet::kGroup + 1, 2, 1, vote}));
  puppet.raft->deliver(3, wire::encode({Puppet::kGroup, 2, 1, vote}));
  puppet.raft->deliver(2, wire::encode({Puppet::kGroup, 2, 3, vote}));
  puppet.raft->deliver(9, wire::encode({Puppet::kGroup, 9, 1, vote}));
  EXPECT_EQ(puppet.raft->status().frames_refused, 5U);
  EXPECT_EQ(puppet.raft->term(), 1U);
}

TEST(Raft, MembershipCannotBeChangedFromOutside) {
  Puppet puppet;
  puppet.start();
  puppet.append(2, 2, 1, 1, {{2, EntryKind::configuration, bytes("others")}});
  std::vector<Member> others = puppet.members();
  others.push_back({9, "n9"});
  puppet.feed(2, wire::Install{2, {50, 2, 1, others, bytes("at 50")}});
  EXPECT_EQ(puppet.raft->status().frames_refused, 2U);
  EXPECT_EQ(puppet.raft->status().last_index, 1U);
}

TEST(Raft, TheInboxIsBoundedWhileTheDiskIsBusy) {
  RaftOptions options;
  options.max_inbox_frames = 3;
  Puppet puppet(options);
  puppet.start();
  puppet.append(2, 2, 1, 1, {command(2, "a")});
  for (int i = 0; i < 5; ++i) puppet.append(2, 2, 2, 2, {});
  EXPECT_EQ(puppet.raft->status().frames_refused, 2U);
  puppet.finish_disk();
  EXPECT_EQ(puppet.raft->status().last_index, 2U);
}

// A store that fails from a given call on.
class FailingStore final : public LogStore {
 public:
  Checked<Loaded> load() override { return platter_.load(); }
  Checked<void> set_hard_state(const HardState& hard) override {
    if (fail_hard) return Fault{Error::file_unwritable, "hard: no space"};
    return platter_.set_hard_state(hard);
  }
  Checked<void> commit(const LogStep& step) override {
    if (fail_commit) return Fault{Error::file_unwritable, "log: no space"};
    return platter_.commit(step);
  }
  bool fail_hard = false;
  bool fail_commit = false;

 private:
  sim::Platter platter_;
};

TEST(Raft, AFailedDiskStepStopsEverythingWithoutAnAcknowledgement) {
  Puppet puppet;
  FailingStore store;
  Raft raft(1, {.group = Puppet::kGroup}, puppet, store, puppet,
            [&](std::string_view what) { puppet.fatal = what; });
  ASSERT_TRUE(raft.start(puppet.members()));
  store.fail_commit = true;
  wire::Append append{2, 1, 1, 0, {}};
  const Bytes data = bytes("a");
  append.entries.push_back({2, EntryKind::command, data});
  raft.deliver(2, wire::encode({Puppet::kGroup, 2, 1, append}));
  puppet.finish_disk();
  EXPECT_EQ(puppet.fatal, "log: no space");
  EXPECT_TRUE(puppet.sent.empty());
  raft.deliver(2, wire::encode({Puppet::kGroup, 2, 1, append}));
  raft.tick();
  EXPECT_TRUE(puppet.disk_steps.empty());
}

TEST(Raft, AFailedHardStateStopsWithoutAVote) {
  Puppet puppet;
  FailingStore store;
  Raft raft(1, {.group = Puppet::kGroup}, puppet, store, puppet,
            [&](std::string_view what) { puppet.fatal = what; });
  ASSERT_TRUE(raft.start(puppet.members()));
  store.fail_hard = true;
  puppet.now += 5000;
  raft.deliver(2, wire::encode({Puppet::kGroup, 2, 1, wire::VoteRequest{2, 1, 1, false}}));
  EXPECT_EQ(puppet.fatal, "hard: no space");
  EXPECT_TRUE(puppet.sent.empty());
}

TEST(Raft, OtherMembersThanStoredAreRefused) {
  Puppet puppet;
  puppet.start();
  puppet.raft.reset();
  Raft raft(1, {.group = Puppet::kGroup}, puppet, puppet.platter, puppet, [](std::string_view) {});
  const auto started = raft.start(std::vector<Member>{{1, "n1"}, {2, "n2"}});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().error, Error::config_invalid);
}

TEST(Raft, RoleChangesAreTold) {
  int told = 0;
  RaftOptions options;
  options.on_role_change = [&] { ++told; };
  Puppet puppet(options);
  lead(puppet);
  const int until_ready = told;
  EXPECT_GE(until_ready, 2);
  puppet.append(3, 9, 1, 1, {});
  EXPECT_GT(told, until_ready);
}

// ---- a disk that does not answer ----

RaftOptions stalls_after(unsigned ms) {
  RaftOptions options;
  options.disk_stall_ms = ms;
  return options;
}

TEST(StalledDisk, ALeaderAnswersWhatItWasAskedForAndTakesNothingMore) {
  Puppet puppet(stalls_after(300));
  lead(puppet);
  std::vector<Outcome::Kind> kinds;
  const auto note = [&](Outcome outcome) { kinds.push_back(outcome.kind); };
  int reads = 0;
  puppet.raft->propose(bytes("flies"), note);
  puppet.raft->propose(bytes("waits"), note);
  puppet.raft->read_barrier([&](bool granted) { reads += granted ? 100 : 1; });
  puppet.pass(295);
  EXPECT_TRUE(kinds.empty()) << "a slow disk is no stalled one";
  EXPECT_TRUE(puppet.raft->is_ready_leader());
  puppet.pass(5);
  EXPECT_EQ(kinds, (std::vector{Outcome::Kind::unknown, Outcome::Kind::not_leader}));
  EXPECT_EQ(reads, 1);
  puppet.raft->propose(bytes("late"), note);
  EXPECT_EQ(kinds.back(), Outcome::Kind::not_leader);
  puppet.raft->read_barrier([&](bool granted) { reads += granted ? 100 : 1; });
  EXPECT_EQ(reads, 2);
  EXPECT_FALSE(puppet.raft->is_leader());
  EXPECT_EQ(puppet.raft->leader_hint(), 0U);
  EXPECT_EQ(puppet.raft->status().disk_stalls, 1U);
}

// The others hear nothing from it, with the guard that keeps ticks from a busy engine and without.
TEST(StalledDisk, NoHeartbeatLeavesALeaderThatStalls) {
  for (const bool serial : {true, false}) {
    RaftOptions options = stalls_after(60);
    options.guards.serial = serial;
    Puppet puppet(options);
    lead(puppet);
    puppet.raft->propose(bytes("flies"), [](Outcome) {});
    puppet.pass(60);
    puppet.sent.clear();
    puppet.pass(35);  // more than a heartbeat, less than what makes a leader without answers step down
    EXPECT_TRUE(puppet.sent_of<wire::Append>().empty()) << serial;
  }
}

TEST(StalledDisk, WhenTheStepEndsAndNobodyElseWasElectedItLeadsOn) {
  Puppet puppet(stalls_after(60));
  lead(puppet);
  std::vector<Outcome::Kind> kinds;
  puppet.raft->propose(bytes("a"), [&](Outcome outcome) { kinds.push_back(outcome.kind); });
  puppet.pass(80);
  ASSERT_EQ(kinds, std::vector{Outcome::Kind::unknown});
  puppet.finish_disk();
  EXPECT_TRUE(puppet.raft->is_ready_leader());
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 3});
  EXPECT_EQ(puppet.applied.back().second, "a") << "unknown, and then committed";
  EXPECT_EQ(kinds.size(), 1U) << "answered once";
  puppet.raft->propose(bytes("b"), [&](Outcome outcome) { kinds.push_back(outcome.kind); });
  puppet.finish_disk();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 4});
  EXPECT_EQ(kinds.back(), Outcome::Kind::committed);
}

TEST(StalledDisk, WhenTheStepEndsAndAnotherWasElectedItFollows) {
  Puppet puppet(stalls_after(60));
  lead(puppet);
  puppet.raft->propose(bytes("a"), [](Outcome) {});
  puppet.pass(80);
  const std::uint64_t later = puppet.raft->term() + 1;
  puppet.append(3, later, 2, puppet.raft->term(), {});
  EXPECT_EQ(puppet.raft->leader_hint(), 0U) << "it cannot know while the disk hangs";
  puppet.finish_disk();
  EXPECT_EQ(puppet.raft->leader_hint(), 3U);
  EXPECT_FALSE(puppet.raft->is_leader());
}

}  // namespace
}  // namespace hufu::consensus
