// A disk that becomes full or does not answer: said in time, and nothing new is taken.
#include "node/disk_watch.hpp"

#include <atomic>

#include "tests/node/cluster.hpp"

namespace hufu::node {
namespace {

constexpr std::uint64_t kMiB = 1ULL << 20;
constexpr std::uint64_t kGiB = 1ULL << 30;

class DiskWatchTest : public ::testing::Test {
 protected:
  DiskWatchTest()
      : watch_({.look =
                    [this] {
                      ++looks_;
                      return space_;
                    },
                .raft = [this] { return raft_; },
                .now_ms = [this] { return now_ms_; },
                .wall_clock_ms = [] { return std::uint64_t{1'800'000'000'000}; },
                .metrics = metrics_,
                .log = log_,
                .limits = {}}) {}
  // After a look at this much free space.
  std::string seen(std::uint64_t free, std::uint64_t size = 40 * kGiB) {
    space_ = DiskSpace{.size = size, .free = free};
    now_ms_ += DiskWatch::kLookEveryMs;
    watch_.tick();
    return watch_.full() ? "full" : watch_.low() ? "low" : "fine";
  }
  bool metric(const std::string& line) const {
    return metrics_.text().find("\n" + line + "\n") != std::string::npos;
  }

  std::optional<DiskSpace> space_;
  consensus::RaftStatus raft_;
  std::uint64_t now_ms_ = 0;
  int looks_ = 0;
  Metrics metrics_;
  Log log_{"node-1", LogLevel::error, -1};
  DiskWatch watch_;
};

TEST_F(DiskWatchTest, WarnsBelowFiveGigabytesOrATenth) {
  EXPECT_EQ(seen(5 * kGiB), "fine");
  EXPECT_EQ(seen(5 * kGiB - 1), "low");
  EXPECT_TRUE(metric("hufu_disk_low 1"));
  EXPECT_EQ(seen(9 * kGiB, 100 * kGiB), "low");
  EXPECT_EQ(seen(10 * kGiB, 100 * kGiB), "fine");
  EXPECT_TRUE(metric("hufu_disk_low 0"));
}

TEST_F(DiskWatchTest, TakesNothingBelowTheFloorUntilAQuarterMoreIsFree) {
  EXPECT_EQ(seen(256 * kMiB), "low");
  EXPECT_EQ(seen(256 * kMiB - 1), "full");
  EXPECT_TRUE(metric("hufu_disk_full 1"));
  EXPECT_EQ(seen(319 * kMiB), "full") << "it would flicker";
  EXPECT_EQ(seen(320 * kMiB), "low");
}

TEST_F(DiskWatchTest, LooksOnceASecond) {
  seen(kGiB);
  for (int i = 0; i < 19; ++i) {
    now_ms_ += 50;
    watch_.tick();
  }
  EXPECT_EQ(looks_, 1);
  now_ms_ += 50;
  watch_.tick();
  EXPECT_EQ(looks_, 2);
}

TEST_F(DiskWatchTest, ADiskThatCannotBeAskedIsNeitherFullNorForgotten) {
  seen(100 * kMiB);
  space_.reset();
  now_ms_ += DiskWatch::kLookEveryMs;
  watch_.tick();
  EXPECT_TRUE(watch_.full()) << "what was known of it holds on";
}

TEST_F(DiskWatchTest, AStallIsShown) {
  raft_.disk_stalled = true;
  raft_.disk_busy_ms = 2500;
  raft_.disk_stalls = 1;
  watch_.tick();
  EXPECT_TRUE(metric("hufu_disk_stalled 1"));
  EXPECT_TRUE(metric("hufu_disk_busy_seconds 2.5"));
  EXPECT_TRUE(metric("hufu_disk_stalls 1"));
}

TEST(DiskSpaceOf, ARealDiskHasSome) {
  const auto space = disk_space(std::filesystem::temp_directory_path());
  ASSERT_TRUE(space.has_value());
  EXPECT_GT(space->size, 0u);
  EXPECT_LE(space->free, space->size);
  EXPECT_FALSE(disk_space("/nowhere/at/all").has_value());
}

TEST_F(ClusterTest, ANodeWhoseDiskIsFullTakesNothingAndAnswersReads) {
  make(1);
  const auto free = std::make_shared<std::atomic<std::uint64_t>>(100 * kGiB);  // the node outlives this body
  testing::TestOptions options;
  options.disk_space = [free] { return DiskSpace{.size = 100 * kGiB, .free = *free}; };
  start(1, options);
  ASSERT_EQ(leader(), 1u);
  const Submission before = issue(1);
  ASSERT_TRUE(accepted(at(1).submit(before), before).has_value());

  *free = 100 * kMiB;
  ASSERT_TRUE(eventually([&] { return !at(1).status().ready; }));
  EXPECT_NE(at(1).on_loop([&] { return at(1).service().ready(); }).why.find("disk is full"),
            std::string::npos);
  const auto refused = at(1).submit(issue(2), std::chrono::seconds(2));
  ASSERT_TRUE(std::holds_alternative<api::Refusal>(refused));
  EXPECT_EQ(std::get<api::Refusal>(refused).error, Error::ledger_unavailable);
  const auto head =
      at(1).ask<api::Head>([](Service& service, Done<api::Head> done) { service.head(Read::settled, done); });
  EXPECT_EQ(head.value().header.height, 1u);
  EXPECT_TRUE(head->confirmed);

  *free = 100 * kGiB;
  ASSERT_TRUE(eventually([&] { return at(1).status().ready; }));
  const Submission after = issue(3);
  EXPECT_TRUE(accepted(at(1).submit(after), after).has_value());
}

// Below that RocksDB could not even open: said before it tries, and nothing on disk is touched.
TEST_F(ClusterTest, ANodeIsNotStartedWhereNothingCanBeWritten) {
  make(1);
  start(1);
  const Submission before = issue(1);
  ASSERT_TRUE(accepted(at(1).submit(before), before).has_value());
  stop(1);
  testing::TestOptions options;
  options.disk_space = [] { return DiskSpace{.size = 100 * kGiB, .free = 4096}; };
  const auto fault = testing::TestNode::fault(genesis, 1, directory(1), options);
  EXPECT_EQ(fault.error, Error::file_unwritable);
  EXPECT_NE(fault.detail.find("4096 bytes are free"), std::string::npos) << fault.detail;
  start(1);
  ASSERT_TRUE(eventually([&] { return at(1).status().ready; }));
}

// The follower's client hears it from the leader, and does not wait until its patience ends.
TEST_F(ClusterTest, AFollowerTellsAtOnceThatTheLeadersDiskIsFull) {
  make(3);
  const auto full =
      std::make_shared<std::atomic<std::size_t>>(0);  // whose disk is; the nodes outlive this body
  for (std::size_t number = 1; number <= 3; ++number) {
    testing::TestOptions options;
    options.disk_space = [full, number] {
      return DiskSpace{.size = 100 * kGiB, .free = *full == number ? 0 : 50 * kGiB};
    };
    start(number, options);
  }
  ASSERT_NE(leader(), 0u);
  std::size_t other = 0;
  // Whoever leads: on a busy machine that may change.
  ASSERT_TRUE(eventually([&] {
    const std::size_t leads = at(1).status().leader;
    if (leads == 0) return false;
    *full = leads;
    other = leads == 1 ? 2 : 1;
    const api::NodeStatus status = at(leads).status();
    return status.role == api::Role::leader && !status.ready && at(other).status().leader == leads;
  }));
  const auto refused = at(other).submit(issue(1), std::chrono::minutes(10));
  ASSERT_TRUE(std::holds_alternative<api::Refusal>(refused));
  EXPECT_EQ(std::get<api::Refusal>(refused).error, Error::overloaded);
}

}  // namespace
}  // namespace hufu::node
