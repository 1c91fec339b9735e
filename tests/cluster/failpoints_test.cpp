// Every failpoint of a node's write path (ledger/base/failpoint.hpp): kill -9 at that moment, in real processes under load, and
// recovery. What a power cut takes from the kernel's cache is not tested here; order and recovery are.
//
// By default each point is met once, at one of its passages; with HUFU_FAILPOINTS_ALL set, at all three.
#include <gtest/gtest.h>

#include "ledger/base/failpoint.hpp"
#include "tests/cluster/trial.hpp"

namespace hufu::testing {
namespace {

struct Meeting {
  std::string_view point;
  Way way = Way::founding;
  std::array<unsigned, 3> passages{1, 1, 1};  // what happens once in a process is met three times
};

constexpr std::array<unsigned, 3> kOften{1, 5, 40};
constexpr std::array<unsigned, 3> kRarely{1, 2, 3};

constexpr Meeting kMeetings[] = {
    {"data.created"},
    {"data.locked"},
    {"raft.mark.one_slot"},
    {"raft.mark.created"},
    {"raft.group.before_write"},
    {"raft.group.after_write"},
    {"ledger.found.before_write"},
    {"ledger.found.after_write"},
    {"ledger.found.after_sync"},
    {"access.created"},
    {"raft.bootstrap.before_entry"},
    {"raft.bootstrap.after_entry"},
    {"raft.hard.before_write", Way::elects, kRarely},
    {"raft.hard.after_write", Way::elects, kRarely},
    {"raft.hard.after_mark", Way::elects, kRarely},
    {"raft.mark.before_write", Way::follows, kOften},
    {"raft.mark.after_write", Way::follows, kOften},
    {"raft.mark.after_sync", Way::elects, kRarely},
    {"admission.examined", Way::follows, kOften},
    {"sequencer.before_propose", Way::leads, kOften},
    {"sequencer.after_propose", Way::leads, kOften},
    {"sequencer.answered", Way::leads, kOften},
    {"raft.log.before_write", Way::follows, kOften},
    {"raft.log.after_write", Way::follows, kOften},
    {"raft.log.after_mark", Way::leads, kOften},
    {"raft.log.before_ack", Way::follows, kOften},
    {"raft.apply.before", Way::leads, kOften},
    {"raft.apply.after", Way::follows, kOften},
    {"replica.before_commit", Way::leads, kOften},
    {"ledger.commit.before_write", Way::follows, kOften},
    {"ledger.commit.after_write", Way::leads, kOften},
    {"replica.after_commit", Way::follows, kOften},
    {"replica.after_told", Way::leads, kOften},
    {"admission.before_answer", Way::leads, kOften},
    {"admission.after_answer", Way::follows, kOften},
    {"attest.before_mark", Way::follows, kOften},
    {"ledger.signed.before_write", Way::leads, kOften},
    {"ledger.signed.after_write", Way::follows, kOften},
    {"attest.after_mark", Way::leads, kOften},
    {"attest.after_sign", Way::follows, kOften},
    {"attest.before_send", Way::leads, kOften},
    {"attest.after_send", Way::follows, kOften},
    {"attest.certified", Way::follows, kOften},
    {"access.before_write", Way::records, kOften},
    {"access.after_write", Way::records, kOften},
    {"access.after_sync", Way::records, kOften},
    {"ledger.sync.before", Way::follows, kRarely},
    {"ledger.sync.after", Way::leads, kRarely},
    {"replica.snapshot.before_mark", Way::follows, kRarely},
    {"replica.snapshot.after_mark", Way::leads, kRarely},
    {"raft.snapshot.before_write", Way::follows, kRarely},
    {"raft.snapshot.after_write", Way::leads, kRarely},
    {"raft.truncate.before_write", Way::deposed},
    {"raft.truncate.after_write", Way::deposed},
    {"fetch.before_block", Way::away, kOften},
    {"fetch.after_block", Way::away, kOften},
    {"raft.install.before_write", Way::away},
    {"raft.install.after_write", Way::away},
};

// Where the others are met: by tests of one process (base.Failpoint*, node.AttestorTest.*).
bool met_elsewhere(std::string_view point) {
  return point.starts_with("key.") || point.starts_with("evidence.");
}

bool all_passages() { return std::getenv("HUFU_FAILPOINTS_ALL") != nullptr; }

TEST(Failpoints, EveryPointIsMet) {
  std::set<std::string_view> met;
  for (const Meeting& meeting : kMeetings) EXPECT_TRUE(met.insert(meeting.point).second) << meeting.point;
  for (const Failpoint& point : kFailpoints) {
    EXPECT_NE(met.contains(point.name), met_elsewhere(point.name)) << point.name;
  }
  EXPECT_LE(met.size(), std::size(kFailpoints));
}

TEST(Failpoints, AWrongNameIsAnErrorAtTheStart) {
  Scratch scratch;
  for (const char* wish : {"no.such.point", "data.locked:0", "data.locked:x", "data.locked:", ""}) {
    const Ended ended =
        run(scratch.path(), {"/usr/bin/env", std::string("HUFU_FAILPOINT=") + wish, HUFU_BINARY, "version"});
    EXPECT_EQ(ended.exit, 2) << wish;
    EXPECT_NE(ended.err.find("hufu failpoints"), std::string::npos) << wish;
  }
  const Ended listed = run(scratch.path(), {HUFU_BINARY, "--json", "failpoints"});
  EXPECT_EQ(json::parse(listed.out).as_array().size(), std::size(kFailpoints));
}

TEST(Failpoints, AFoundingIsMadeGoodAtTheNextStart) {
  Scratch scratch;
  Trial trial(scratch.path());
  std::vector<std::string> points;
  for (const Meeting& meeting : kMeetings) {
    if (meeting.way == Way::founding) points.emplace_back(meeting.point);
  }
  std::size_t killed = 0;
  for (std::size_t turn = 0; turn < (all_passages() ? 3 : 1); ++turn) {
    for (std::size_t first = 0; first < points.size(); first += 3) {
      std::vector<std::string> three;
      for (std::size_t node = 0; node < 3; ++node) three.push_back(points[first + (node + turn) % 3]);
      killed += trial.found(three);
    }
  }
  EXPECT_EQ(killed, points.size() * (all_passages() ? 3 : 1));
  std::printf("%zu points of a founding: %zu killed, %zu audits, every ledger founded\n", points.size(),
              killed, trial.audits());
}

// Each way of coming to a point has a cluster of its own, so that no run is long.
class FailpointsMet : public ::testing::TestWithParam<Way> {};

TEST_P(FailpointsMet, TheNodeComesBackAndNothingIsLost) {
  Scratch scratch;
  Trial trial(scratch.path());
  std::size_t points = 0;
  std::size_t killed = 0;
  const char* const only = std::getenv("HUFU_FAILPOINTS_ONLY");
  trial.found({"data.locked", "data.locked", "data.locked"});  // with the timing that this test has set
  for (const Meeting& meeting : kMeetings) {
    if (meeting.way != GetParam() || (only != nullptr && meeting.point != only)) continue;
    for (std::size_t i = 0; i < meeting.passages.size(); ++i) {
      if (!all_passages() && i != points % meeting.passages.size()) continue;
      killed += trial.end_at(std::string(meeting.point), meeting.passages[i], meeting.way) ? 1 : 0;
      if (HasFatalFailure()) return;
    }
    ++points;
  }
  EXPECT_EQ(killed, points * (all_passages() ? 3 : 1));
  std::printf("%zu points: %zu killed, %zu submissions acknowledged, %zu traces, %zu audits\n", points,
              killed, trial.acknowledged(), trial.traces(), trial.audits());
}

std::string name_of(const ::testing::TestParamInfo<Way>& way) {
  constexpr const char* kNames[] = {"founding", "follows", "leads", "elects", "deposed", "away", "records"};
  return kNames[static_cast<std::size_t>(way.param)];
}
INSTANTIATE_TEST_SUITE_P(WhenANode, FailpointsMet,
                         ::testing::Values(Way::follows, Way::leads, Way::elects, Way::deposed, Way::away,
                                           Way::records),
                         name_of);

}  // namespace
}  // namespace hufu::testing
