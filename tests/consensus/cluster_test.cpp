// Three real nodes on loopback: TLS, RocksDB, threads, wall-clock time.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "consensus/tls_identity.hpp"
#include "tests/consensus/real_node.hpp"
#include "tests/consensus/scratch.hpp"

namespace hufu::consensus {
namespace {

class RealCluster : public testing::Test {
 protected:
  RealCluster() {
    options_.election_timeout_ms = 300;
    options_.heartbeat_ms = 60;
    options_.snapshot_threshold = 64;
    options_.snapshot_trailing = 64;
  }

  void found(NodeId count) {
    for (NodeId id = 1; id <= count; ++id) {
      roster_.push_back(
          {id, tls_public_key(test_seed(static_cast<std::uint8_t>(id))), "127.0.0.1", free_port()});
    }
    for (NodeId id = 1; id <= count; ++id) boot(id);
  }
  void boot(NodeId id) {
    nodes_[id] = std::make_unique<RealNode>(id, roster_, scratch_.path() / std::to_string(id), options_);
  }
  void kill(NodeId id) { nodes_.erase(id); }

  template <class Condition>
  bool within(std::chrono::seconds limit, Condition condition) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));  // between two looks at another thread
    }
    return true;
  }
  NodeId leader() {
    NodeId found = 0;
    within(std::chrono::seconds(20), [&] {
      for (auto& [id, node] : nodes_) {
        if (node->ready()) found = id;
      }
      return found != 0;
    });
    return found;
  }
  // As a client does: asks again when it hears "not leader" or nothing certain. Entries may then stand twice.
  void commit(const std::string& entry) {
    for (;;) {
      const NodeId at = leader();
      ASSERT_NE(at, 0U) << "no leader";
      if (nodes_[at]->propose(entry).kind == Outcome::Kind::committed) return;
    }
  }
  bool all_equal() {
    const auto first = nodes_.begin()->second->applied();
    for (auto& [id, node] : nodes_) {
      if (node->applied() != first) return false;
    }
    return true;
  }

  Scratch scratch_;
  RaftOptions options_;
  std::vector<Peer> roster_;
  std::map<NodeId, std::unique_ptr<RealNode>> nodes_;
};

TEST_F(RealCluster, ANodeAloneLeadsItself) {
  found(1);
  commit("only");
  EXPECT_EQ(nodes_[1]->applied(), std::vector<std::string>{"only"});
  EXPECT_TRUE(nodes_[1]->read_barrier());
  kill(1);
  boot(1);
  commit("again");
  EXPECT_EQ(nodes_[1]->applied(), (std::vector<std::string>{"only", "again"}));
}

TEST_F(RealCluster, ThreeElectAndAgree) {
  found(3);
  for (int i = 0; i < 200; ++i) commit("entry " + std::to_string(i));
  EXPECT_TRUE(nodes_[leader()]->read_barrier());
  EXPECT_TRUE(within(std::chrono::seconds(10), [&] { return all_equal(); }));
  EXPECT_EQ(nodes_[1]->applied().size(), 200U);
  for (auto& [id, node] : nodes_) EXPECT_FALSE(node->fatal()) << *node->fatal();
}

TEST_F(RealCluster, AFollowerThatWasAwayCatchesUpFromTheLog) {
  found(3);
  commit("before");
  const NodeId away = leader() == 1 ? 2 : 1;
  kill(away);
  for (int i = 0; i < 20; ++i) commit("meanwhile " + std::to_string(i));
  boot(away);
  EXPECT_TRUE(within(std::chrono::seconds(20), [&] { return all_equal(); }));
  EXPECT_EQ(nodes_[away]->status().snapshots_installed, 0U);
}

TEST_F(RealCluster, AFollowerThatWasAwayForLongCatchesUpFromASnapshot) {
  found(3);
  commit("before");
  const NodeId away = leader() == 1 ? 2 : 1;
  kill(away);
  for (int i = 0; i < 400; ++i) commit("meanwhile " + std::to_string(i));
  boot(away);
  EXPECT_TRUE(within(std::chrono::seconds(20), [&] { return all_equal(); }));
  EXPECT_GE(nodes_[away]->status().snapshots_installed, 1U);
}

TEST_F(RealCluster, TheLeaderDiesAndNothingAcknowledgedIsLost) {
  found(3);
  std::vector<std::string> acknowledged;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 30; ++i) {
      acknowledged.push_back(std::to_string(round) + "." + std::to_string(i));
      commit(acknowledged.back());
    }
    const NodeId dead = leader();
    kill(dead);
    acknowledged.push_back("without " + std::to_string(dead));
    commit(acknowledged.back());
    boot(dead);
  }
  EXPECT_TRUE(within(std::chrono::seconds(20), [&] { return all_equal(); }));
  const auto applied = nodes_[1]->applied();
  for (const std::string& entry : acknowledged) {
    EXPECT_NE(std::find(applied.begin(), applied.end(), entry), applied.end()) << entry;
  }
}

TEST_F(RealCluster, AllStopAndStartAgain) {
  found(3);
  for (int i = 0; i < 100; ++i) commit(std::to_string(i));
  for (NodeId id = 1; id <= 3; ++id) kill(id);
  for (NodeId id = 1; id <= 3; ++id) boot(id);
  commit("after");
  EXPECT_TRUE(within(std::chrono::seconds(20), [&] { return all_equal(); }));
  EXPECT_EQ(nodes_[1]->applied().size(), 101U);
}

// The leader's disk hangs: the others elect another, the old one says so to whoever asks, and nothing is lost or told twice.
TEST_F(RealCluster, AStalledDiskGivesUpLeadership) {
  options_.disk_stall_ms = 600;
  found(3);
  commit("before");
  const NodeId old = leader();
  std::promise<void> release;
  nodes_[old]->hang_disk(release.get_future().share());
  // Answered while the disk still hangs: it was under way, and nobody knows what becomes of it.
  EXPECT_EQ(nodes_[old]->propose("under way").kind, Outcome::Kind::unknown);
  EXPECT_EQ(nodes_[old]->propose("afterwards").kind, Outcome::Kind::not_leader);
  EXPECT_FALSE(nodes_[old]->read_barrier());
  const RaftStatus stalled = nodes_[old]->status();
  EXPECT_TRUE(stalled.disk_stalled);
  EXPECT_GE(stalled.disk_busy_ms, options_.disk_stall_ms);
  EXPECT_NE(stalled.role, Role::leader);
  EXPECT_EQ(stalled.leader, 0U);
  NodeId now = 0;
  ASSERT_TRUE(within(std::chrono::seconds(20), [&] {
    for (auto& [id, node] : nodes_) {
      if (id != old && node->ready()) now = id;
    }
    return now != 0;
  })) << "nobody was elected while the disk hung";
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(nodes_[now]->propose("meanwhile " + std::to_string(i)).kind, Outcome::Kind::committed);
  }
  EXPECT_TRUE(nodes_[old]->status().disk_stalled) << "it was to hang all the while";
  EXPECT_EQ(nodes_[old]->applied().back(), "before") << "applied what was not on its disk";
  release.set_value();
  EXPECT_TRUE(within(std::chrono::seconds(20), [&] { return all_equal(); }));
  const auto applied = nodes_[old]->applied();
  EXPECT_EQ(std::count(applied.begin(), applied.end(), "meanwhile 19"), 1);
  EXPECT_EQ(std::count(applied.begin(), applied.end(), "afterwards"), 0);
  EXPECT_FALSE(nodes_[old]->status().disk_stalled);
  EXPECT_EQ(nodes_[old]->status().disk_stalls, 1U);
}

TEST_F(RealCluster, WithoutAMajorityNothingIsCommittedAndNoReadGranted) {
  found(3);
  commit("before");
  const NodeId stays = leader();
  for (NodeId id = 1; id <= 3; ++id) {
    if (id != stays) kill(id);
  }
  EXPECT_FALSE(nodes_[stays]->read_barrier());
  EXPECT_NE(nodes_[stays]->propose("never").kind, Outcome::Kind::committed);
}

}  // namespace
}  // namespace hufu::consensus
