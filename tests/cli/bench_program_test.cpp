// `hufu bench` as a program: what it tells is what stands in the ledger that it leaves behind, and its JSON has its keys.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <sstream>

#include "tests/cluster/process.hpp"

namespace hufu::cli::bench {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using hufu::testing::Ended;
using hufu::testing::Scratch;

const json::object& object_in(const json::object& object, std::string_view key) {
  return object.at(key).as_object();
}

void expect_quantiles(const json::object& object) {
  for (const char* key : {"p50", "p95", "p99", "max"}) EXPECT_TRUE(object.contains(key)) << key;
  EXPECT_LE(object.at("p50").to_number<double>(), object.at("max").to_number<double>());
}

// The keys on which others build.
void expect_keys(const json::object& round) {
  for (const char* key : {"workload",
                          "nodes",
                          "clients",
                          "in_flight",
                          "seconds",
                          "rate_wanted",
                          "size",
                          "records",
                          "submissions",
                          "refused",
                          "errors",
                          "records_per_s",
                          "submissions_per_s",
                          "latency_ms",
                          "stages_ms",
                          "cpu",
                          "foreign_cpu_share",
                          "flush_us",
                          "disk_bytes_per_record",
                          "rss_mb",
                          "limits"}) {
    EXPECT_TRUE(round.contains(key)) << key;
  }
  for (const char* key : {"nodes_s", "client_s", "us_per_record_per_node"})
    EXPECT_TRUE(object_in(round, "cpu").contains(key)) << key;
  for (const char* key : {"verify_per_s", "sign_per_s", "sha256_65_per_s", "singles_limit_per_s"})
    EXPECT_GT(object_in(round, "limits").at(key).to_number<double>(), 0) << key;
  EXPECT_EQ(round.at("refused"), 0);
  EXPECT_EQ(round.at("errors"), 0);
  EXPECT_GT(round.at("records").to_number<std::uint64_t>(), 0U);
  const auto nodes = round.at("nodes").to_number<std::size_t>();
  EXPECT_EQ(round.at("rss_mb").as_array().size(), nodes);
  EXPECT_EQ(object_in(round, "cpu").at("nodes_s").as_array().size(), nodes);
}

std::vector<json::object> lines_of(const std::string& out) {
  std::vector<json::object> rounds;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) rounds.push_back(json::parse(line).as_object());
  return rounds;
}

// The folder that a bench made and kept.
fs::path cluster_in(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() && entry.path().filename().string().starts_with("hufu-bench-"))
      return entry.path();
  }
  return {};
}

// Operations in the blocks of this node's folder, by a replay that checks everything.
std::uint64_t audited_operations(const fs::path& folder, const fs::path& cluster, const std::string& node) {
  const Ended audit =
      hufu::testing::run(folder, {HUFU_BINARY, "audit", "ledger", (cluster / node / "data").string(),
                                  "--genesis", (cluster / "ledger.genesis").string(), "--json"});
  EXPECT_EQ(audit.exit, 0) << audit.err;
  return json::parse(audit.out).as_object().at("operations").to_number<std::uint64_t>();
}

TEST(BenchProgram, OneNodeTellsWhatStandsOnItsLedger) {
  const Scratch scratch;
  const std::string folder = scratch.path().string();
  // Load on a schedule is all sent: how much is known beforehand, and nothing but it is on the ledger.
  const Ended ended = hufu::testing::run(
      folder, {HUFU_BINARY, "bench", "--nodes", "1", "--workload", "submissions", "--size", "20", "--rate",
               "2000", "--seconds", "1", "--subjects", "100", "--data", folder, "--keep", "--json"});
  ASSERT_EQ(ended.exit, 0) << ended.err;
  const json::object round = json::parse(ended.out).as_object();
  expect_keys(round);
  EXPECT_EQ(round.at("records"), 2000);
  EXPECT_EQ(round.at("submissions"), 100);
  EXPECT_EQ(round.at("rate_wanted"), 2000.0);
  expect_quantiles(object_in(object_in(round, "latency_ms"), "committed"));
  for (const char* stage : {"admission", "ordering", "apply", "certified"})
    expect_quantiles(object_in(object_in(round, "stages_ms"), stage));
  EXPECT_EQ(audited_operations(folder, cluster_in(scratch.path()), "node-1"), 2000U + 100U);
}

TEST(BenchProgram, ThreeNodesRunTheRoundsThatStandardInputNames) {
  const Scratch scratch;
  const std::string folder = scratch.path().string();
  const std::string command =
      "printf 'workload=singles rate=300\\nwait=certified rate=10000\\nworkload=mixed rate=200\\n"
      "workload=import records=500\\n' | " HUFU_BINARY
      " bench --nodes 3 --seconds 1 --size 100 --in-flight 16 --rounds-from-stdin --keep --data " +
      folder;
  const Ended ended = hufu::testing::run(folder, {"/bin/sh", "-c", command});
  ASSERT_EQ(ended.exit, 0) << ended.err;
  const std::vector<json::object> rounds = lines_of(ended.out);
  ASSERT_EQ(rounds.size(), 4U);
  for (const json::object& round : rounds) expect_keys(round);
  EXPECT_EQ(rounds[0].at("records"), 300);
  EXPECT_EQ(rounds[1].at("records"), 10'000);
  EXPECT_EQ(rounds[1].at("submissions"), 100);
  EXPECT_TRUE(object_in(rounds[1], "latency_ms").at("committed").is_null());
  expect_quantiles(object_in(object_in(rounds[1], "latency_ms"), "certified"));
  EXPECT_EQ(rounds[2].at("records"), 200);
  EXPECT_GT(rounds[2].at("verifies_per_s").to_number<double>(), 0);
  expect_quantiles(object_in(object_in(rounds[2], "latency_ms"), "verify"));
  EXPECT_EQ(rounds[3].at("records"), 500);
  EXPECT_GT(rounds[3].at("rows_per_s").to_number<double>(), 0);
  const fs::path cluster = cluster_in(scratch.path());
  for (const char* node : {"node-1", "node-2", "node-3"})
    EXPECT_EQ(audited_operations(folder, cluster, node), 300U + 10'000U + 200U + 500U) << node;
}

TEST(BenchProgram, ALineThatIsNoRoundEndsItWithoutLeavingNodes) {
  const Scratch scratch;
  const std::string folder = scratch.path().string();
  const Ended ended = hufu::testing::run(
      folder,
      {"/bin/sh", "-c",
       "echo colour=red | " HUFU_BINARY " bench --nodes 1 --rounds-from-stdin --keep --data " + folder});
  EXPECT_EQ(ended.exit, 2);
  EXPECT_NE(ended.err.find("colour"), std::string::npos) << ended.err;
  EXPECT_EQ(audited_operations(folder, cluster_in(scratch.path()), "node-1"), 0U)
      << "its store is free to open";
}

}  // namespace
}  // namespace hufu::cli::bench
