// Three real node processes on loopback; a province's records imported through the command line while the leader is killed
// with SIGKILL again and again and one node is away for all of it. Nothing acknowledged may be lost, doubled or different
// from node to node.
//
// Sizes come from the environment for the long run: HUFU_CLUSTER_LICENSES, HUFU_CLUSTER_INVOICES, HUFU_CLUSTER_KILLS.
#include <gtest/gtest.h>

#include "tests/cluster/cluster.hpp"

namespace hufu::testing {
namespace {

std::int64_t count(const json::value& report, const char* name) {
  return report.at(name).to_number<std::int64_t>();
}

std::set<std::string> heads_of(const Cluster& cluster) {
  const auto heads = cluster.heads();
  return {heads.begin(), heads.end()};
}

TEST(Cluster, LeaderKilledWhileImportingLosesNothing) {
  const std::size_t licenses = from_environment("HUFU_CLUSTER_LICENSES", 1000);
  const std::size_t invoices = from_environment("HUFU_CLUSTER_INVOICES", 4000);
  const std::size_t kills = from_environment("HUFU_CLUSTER_KILLS", 3);
  const auto total = static_cast<std::int64_t>(licenses + invoices);
  Scratch scratch;
  const RecordFiles files = write_records(scratch.path() / "records",
                                          HUFU_SOURCE_DIR "/genesis/sample/reference", licenses, invoices);
  Cluster cluster(scratch.path());
  ASSERT_TRUE(eventually(30s, [&] { return cluster.leader().has_value(); }));
  const std::size_t away = (*cluster.leader() + 1) % cluster.size();
  cluster.end(away, SIGTERM);

  const auto started = std::chrono::steady_clock::now();
  auto import = cluster.start(cluster.import_of(files));
  for (std::size_t kill = 0; kill < kills; ++kill) {
    std::optional<std::size_t> leader;
    ASSERT_TRUE(eventually(60s, [&] { return (leader = cluster.leader()).has_value(); })) << "no leader";
    const std::set<std::string> seen = heads_of(cluster);
    cluster.end(*leader, SIGKILL);
    cluster.restart(*leader);
    // The next one dies only when work has gone on.
    EXPECT_TRUE(eventually(60s,
                           [&] {
                             const auto now = heads_of(cluster);
                             return !import->running() ||
                                    std::any_of(now.begin(), now.end(),
                                                [&](auto& head) { return !seen.contains(head); });
                           }))
        << "nothing was appended after kill " << kill + 1;
  }
  const Ended imported = import->wait();
  ASSERT_EQ(imported.exit, 0) << imported.err;
  const json::value report = json::parse(imported.out);
  EXPECT_EQ(count(report, "total"), total);
  EXPECT_EQ(count(report, "appended"), total);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();

  cluster.restart(away);
  EXPECT_TRUE(eventually(120s, [&] {
    const auto heads = cluster.heads();
    return heads.size() == cluster.size() && std::set(heads.begin(), heads.end()).size() == 1;
  })) << "the nodes do not come to one head";
  EXPECT_TRUE(eventually(30s, [&] { return cluster.all_certified(); }))
      << "a node that was killed between signing and sending must not keep the others from certifying";

  const Ended again = cluster.start(cluster.import_of(files))->wait();
  ASSERT_EQ(again.exit, 0) << again.err;
  EXPECT_EQ(count(json::parse(again.out), "appended"), 0) << "a record was missing";
  for (std::size_t node = 0; node < cluster.size(); ++node) {
    const Ended audit = cluster.start({"--json", "audit", "ledger", cluster.data(node)})->wait();
    EXPECT_EQ(audit.exit, 0) << audit.out << audit.err;
  }
  std::printf("%lld records, leader killed %zu times, one node away: %.1f s\n", static_cast<long long>(total),
              kills, seconds);
}

}  // namespace
}  // namespace hufu::testing
