// Each guard in the situation it is there for: with it the member behaves as the Raft paper says; without it libraft's bug
// shows. The second half of each test is the positive control: should it fail one day, a newer libraft no longer needs that
// guard.
#include <gtest/gtest.h>

#include "consensus/guards/barrier.hpp"
#include "consensus/guards/clamp.hpp"
#include "consensus/guards/prevote.hpp"
#include "consensus/guards/stale.hpp"
#include "tests/consensus/puppet.hpp"

namespace hufu::consensus {
namespace {

RaftOptions without(bool Guards::*guard) {
  RaftOptions options;
  options.guards.*guard = false;
  return options;
}

// Six entries of node 2, leader of term 2, are stored; then node 3, leader of term 3, sends a heartbeat that proves only
// the first.
std::uint64_t acknowledged_to_new_leader(const RaftOptions& options) {
  Puppet puppet(options);
  puppet.start();
  puppet.append(2, 2, 1, 1,
                {command(2, "a"), command(2, "b"), command(2, "c"), command(2, "d"), command(2, "e")});
  puppet.finish_disk();
  puppet.sent.clear();
  puppet.append(3, 3, 1, 1, {});
  const auto results = puppet.sent_of<wire::AppendResult>();
  EXPECT_EQ(results.size(), 1U);
  EXPECT_EQ(results.at(0).first, 3U);
  EXPECT_EQ(results.at(0).second.rejected, 0U);
  return results.at(0).second.last_index;
}

TEST(GuardClamp, AnUnverifiedSuffixIsNotAcknowledged) {
  EXPECT_EQ(acknowledged_to_new_leader({}), 1U);
  EXPECT_EQ(acknowledged_to_new_leader(without(&Guards::clamp)), 6U);
}

TEST(GuardClamp, WhatTheSameLeaderSentStaysAcknowledged) {
  Puppet puppet;
  puppet.start();
  puppet.append(2, 2, 1, 1, {command(2, "a"), command(2, "b")});
  puppet.finish_disk();
  puppet.append(2, 2, 1, 1, {});
  EXPECT_EQ(puppet.sent_of<wire::AppendResult>().back().second.last_index, 3U);
}

TEST(GuardClamp, ANewTermForgets) {
  ClampGuard guard(true);
  guard.verified(2, 9);
  EXPECT_EQ(guard.cap(2, 12), 9U);
  EXPECT_EQ(guard.cap(3, 12), 0U);
  guard.verified(3, 4);
  EXPECT_EQ(guard.cap(3, 12), 4U);
  EXPECT_EQ(guard.cap(3, 2), 2U);
}

// Figure 8 of the paper: an entry of term 2 is on this member and, so far, nowhere else. Elected in term 3, it hears that
// node 2 now stores it. That alone commits nothing.
std::size_t applied_by_counting(const RaftOptions& options) {
  Puppet puppet(options);
  puppet.start();
  puppet.append(2, 2, 1, 1, {command(2, "old")});
  puppet.finish_disk();
  puppet.win_election();
  puppet.finish_disk();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 2});
  puppet.finish_disk();
  return puppet.applied.size();
}

TEST(GuardBarrier, EntriesOfOlderTermsAreNotCommittedByCounting) {
  EXPECT_EQ(applied_by_counting({}), 0U);
  EXPECT_EQ(applied_by_counting(without(&Guards::barrier)), 1U);
}

TEST(GuardBarrier, TheBarrierCommitsWhatStandsBeforeIt) {
  Puppet puppet;
  puppet.start();
  puppet.append(2, 2, 1, 1, {command(2, "old")});
  puppet.finish_disk();
  puppet.win_election();
  EXPECT_FALSE(puppet.raft->is_ready_leader());
  puppet.finish_disk();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 3});
  EXPECT_TRUE(puppet.raft->is_ready_leader());
  ASSERT_EQ(puppet.applied.size(), 1U);
  EXPECT_EQ(puppet.applied[0].first, 2U);
}

TEST(GuardBarrier, ResultsAreHeldUntilTheBarrierIsStored) {
  BarrierGuard guard(true);
  EXPECT_TRUE(guard.on_turn(true, 5, 10));
  EXPECT_FALSE(guard.on_turn(true, 5, 11));
  EXPECT_TRUE(guard.hold_result(5, 10));
  EXPECT_FALSE(guard.hold_result(4, 10));
  EXPECT_FALSE(guard.hold_result(5, 11));
  EXPECT_FALSE(guard.ready(10));
  EXPECT_TRUE(guard.ready(11));
  EXPECT_FALSE(guard.on_turn(false, 6, 11));
  EXPECT_FALSE(guard.ready(11));
}

// A client that never pauses: each time node 2 acknowledges, the leader has stored one entry more.
std::size_t answered_under_open_load(const RaftOptions& options) {
  std::size_t answered = 0;  // outlives the puppet, whose end answers what is still under way
  Puppet puppet(options);
  puppet.start();
  puppet.win_election();
  puppet.finish_disk();
  puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, 2});
  for (int i = 0; i < 50; ++i) {
    puppet.raft->propose(to_bytes(as_bytes("x")), [&](Outcome outcome) {
      answered += outcome.kind == Outcome::Kind::committed ? 1 : 0;
    });
    puppet.finish_disk();
    const std::uint64_t last = puppet.raft->status().last_index;
    if (i % 2 == 1)
      puppet.feed(2, wire::AppendResult{puppet.raft->term(), 0, last - (options.guards.round ? 0 : 1)});
  }
  return answered;
}

TEST(GuardRound, OpenLoadDoesNotStarveCommits) {
  EXPECT_GE(answered_under_open_load({}), 48U);
  EXPECT_EQ(answered_under_open_load(without(&Guards::round)), 0U);
}

// Node 2, leader of term 2, sends an entry; while it is being written, node 3 turns up as leader of term 3, without it.
// Who is told that the entry is stored?
NodeId told_that_it_is_stored(const RaftOptions& options) {
  Puppet puppet(options);
  puppet.start();
  puppet.append(2, 2, 1, 1, {command(2, "a")});
  puppet.append(3, 3, 1, 1, {});
  puppet.finish_disk();
  for (const auto& [to, result] : puppet.sent_of<wire::AppendResult>()) {
    if (result.rejected == 0 && result.last_index == 2) return to;
  }
  return 0;
}

TEST(GuardSerial, TheLeaderWhoSentAnEntryHearsThatItIsStored) {
  EXPECT_EQ(told_that_it_is_stored({}), 2U);
  EXPECT_NE(told_that_it_is_stored(without(&Guards::serial)), 2U);
}

// A member whose log begins behind index 1: thirty entries applied, a snapshot taken, few kept.
void fill_and_compact(Puppet& puppet) {
  puppet.start();
  for (std::uint64_t i = 0; i < 30; ++i) {
    puppet.append(2, 2, 1 + i, i == 0 ? 1 : 2, {command(2, "e" + std::to_string(i))}, 1 + i);
    puppet.finish_disk();
  }
  puppet.append(2, 2, 31, 2, {}, 31);
  puppet.finish_disk();
  ASSERT_GT(puppet.raft->status().first_index, 10U);
  puppet.sent.clear();
}
RaftOptions compacting(RaftOptions options) {
  options.snapshot_threshold = 10;
  options.snapshot_trailing = 2;
  return options;
}

// The leader repeats what was compacted away here long ago.
bool accepts_old_append(const RaftOptions& options) {
  Puppet puppet(compacting(options));
  fill_and_compact(puppet);
  puppet.append(2, 2, 4, 2, {command(2, "e3"), command(2, "e4")}, 31);
  puppet.finish_disk();
  const auto results = puppet.sent_of<wire::AppendResult>();
  return !results.empty() && results.back().second.rejected == 0;
}

TEST(GuardStale, AnAppendBelowTheCompactionPointIsAccepted) {
  EXPECT_TRUE(accepts_old_append({}));
  EXPECT_FALSE(accepts_old_append(without(&Guards::stale)));
}

// A snapshot of the leader's comes late: by now everything it stands for, and more, is in the own log.
TEST(GuardStale, ALateSnapshotDoesNotDeleteWhatWasAcknowledged) {
  Puppet puppet;
  puppet.bulk_here = false;
  puppet.start();
  puppet.append(2, 2, 1, 1, {command(2, "a"), command(2, "b"), command(2, "c")}, 1);
  puppet.finish_disk();
  puppet.sent.clear();
  puppet.feed(2, wire::Install{2, {3, 2, 1, puppet.members(), to_bytes(as_bytes("pointer"))}});
  puppet.finish_disk();
  EXPECT_EQ(puppet.raft->status().last_index, 4U);
  EXPECT_EQ(puppet.asked_ready, 0) << "nothing has to be fetched";
  ASSERT_EQ(puppet.sent_of<wire::AppendResult>().size(), 1U);
  EXPECT_EQ(puppet.sent_of<wire::AppendResult>()[0].second.rejected, 0U);
}

// The own entry at the snapshot's index is of a newer term: the two do not agree, and silence is the only safe answer.
std::size_t answers_to_outdated_snapshot(const RaftOptions& options) {
  Puppet puppet(options);
  puppet.start();
  puppet.append(2, 3, 1, 1, {command(3, "a"), command(3, "b")}, 1);
  puppet.finish_disk();
  puppet.sent.clear();
  puppet.feed(2, wire::Install{3, {2, 2, 1, puppet.members(), to_bytes(as_bytes("pointer"))}});
  puppet.finish_disk();
  return puppet.sent_of<wire::AppendResult>().size();
}

TEST(GuardStale, AnOutdatedSnapshotIsNotAcknowledged) {
  EXPECT_EQ(answers_to_outdated_snapshot({}), 0U);
  EXPECT_EQ(answers_to_outdated_snapshot(without(&Guards::stale)), 1U);
}

TEST(GuardStale, ReanchoringKeepsTheEntriesBehindTheSnapshot) {
  const std::vector<Entry> entries{command(2, "5"), command(2, "6"), command(3, "7")};
  wire::Append append{4, 4, 2, 9, {}};
  for (const Entry& entry : entries) append.entries.push_back({entry.term, entry.kind, entry.data});
  ASSERT_TRUE(reanchor(append, 6, 6, 2));
  EXPECT_EQ(append.prev_index, 6U);
  EXPECT_EQ(append.prev_term, 2U);
  ASSERT_EQ(append.entries.size(), 1U);
  EXPECT_EQ(as_text(append.entries[0].data), "7");
  EXPECT_EQ(append.commit, 7U);
  EXPECT_FALSE(reanchor(append, 6, 6, 2)) << "already anchored";
}

// A leader that was told of a snapshot at 90 goes on behind it, and this log begins at its own snapshot, 91: entry 90 is gone like all
// before it (whole nodes, seeds 1427 and 1459: such a member was sent the leader's snapshot for ever).
TEST(GuardStale, TheEntryRightBeforeTheFirstIsGoneToo) {
  const std::vector<Entry> entries{command(2, "91"), command(2, "92")};
  wire::Append append{4, 90, 2, 92, {}};
  for (const Entry& entry : entries) append.entries.push_back({entry.term, entry.kind, entry.data});
  ASSERT_TRUE(reanchor(append, 91, 91, 2));
  EXPECT_EQ(append.prev_index, 91U);
  ASSERT_EQ(append.entries.size(), 1U);
  EXPECT_EQ(as_text(append.entries[0].data), "92");
  wire::Append behind{4, 91, 2, 92, {}};
  EXPECT_FALSE(reanchor(behind, 92, 91, 2)) << "of the snapshot's own entry the term is known";
}

// This member is in term 5 and knows more than node 3, which asks, as it believes, for term 3.
std::uint64_t term_in_refusal(const RaftOptions& options) {
  Puppet puppet(options);
  puppet.start();
  puppet.append(2, 5, 1, 1, {command(5, "a")});
  puppet.finish_disk();
  puppet.pass(150);
  puppet.sent.clear();
  puppet.feed(3, wire::VoteRequest{3, 1, 1, true});
  const auto votes = puppet.sent_of<wire::Vote>();
  EXPECT_EQ(votes.size(), 1U);
  EXPECT_FALSE(votes.at(0).second.granted);
  return votes.at(0).second.term;
}

TEST(GuardPrevote, ARefusalTellsTheRealTerm) {
  EXPECT_EQ(term_in_refusal({}), 5U);
  EXPECT_EQ(term_in_refusal(without(&Guards::prevote)), 3U);
}

TEST(GuardPrevote, AGrantedVoteIsLeftAlone) {
  wire::Vote vote{3, true, wire::PreVote::yes};
  tell_real_term(vote, 5);
  EXPECT_EQ(vote.term, 3U);
}

}  // namespace
}  // namespace hufu::consensus
