// Every trouble that `hufu doctor` knows is found in the answers of nodes, in keys and in a folder, and has a next step.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cli/doctor/keys.hpp"
#include "cli/doctor/node_folder.hpp"
#include "cli/doctor/nodes.hpp"
#include "tests/store/store_world.hpp"

namespace hufu::cli {
namespace {

namespace fs = std::filesystem;
using namespace hufu::testing;

constexpr std::uint64_t kDoctorNow = 1'800'000'000'000;
constexpr std::uint64_t kDay = 24ULL * 3600 * 1000;

// Three nodes in good order, the first of them leading.
class Nodes : public ::testing::Test {
 protected:
  Nodes() {
    roster_ = roster_of({1, 2, 3});
    for (std::uint64_t id = 1; id <= 3; ++id) {
      api::NodeStatus status{.name = "node-" + std::to_string(id), .id = id, .version = "1.0"};
      status.role = id == 1 ? api::Role::leader : api::Role::follower;
      status.ready = true;
      status.leader = 1;
      status.head.height = 1000;
      status.head.time_ms = kDoctorNow - 5000;
      status.head_hash = sha256(as_bytes("head"));
      status.disk_free = 100ULL << 30;
      status.certified_size = 1001;
      status.certified_time_s = kDoctorNow / 1000 - 5;
      nodes_.push_back({.url = "https://n" + std::to_string(id) + ":1",
                        .status = status,
                        .why = "",
                        .next = "",
                        .metrics = {{"hufu_disk_size_bytes", 200.0 * (1ULL << 30)},
                                    {"hufu_clock_seconds", kDoctorNow / 1000}},
                        .asked_ms = kDoctorNow});
    }
  }
  api::NodeStatus& at(std::size_t number) { return *nodes_.at(number - 1).status; }
  void down(std::size_t number) {
    nodes_.at(number - 1).status.reset();
    nodes_.at(number - 1).why = "connection refused";
  }
  // Those that are not ok: "fail quorum", in order. All of them name a next step.
  std::vector<std::string> troubles(bool whole = true) const {
    std::vector<std::string> found;
    for (const Symptom& symptom : examine_nodes(nodes_, roster_, whole)) {
      EXPECT_EQ(symptom.next.empty(), symptom.health == Health::ok) << symptom.what;
      if (symptom.health != Health::ok)
        found.push_back(std::string(name_of(symptom.health)) + " " + symptom.what);
    }
    return found;
  }
  using List = std::vector<std::string>;

  RosterStanding roster_;
  std::vector<NodeReport> nodes_;
};

TEST_F(Nodes, InGoodOrderNothingIsFound) { EXPECT_EQ(troubles(), List{}); }

TEST_F(Nodes, AnUnreachableNodeIsNamedAndLeavesNoneToSpare) {
  down(3);
  EXPECT_EQ(troubles(), (List{"fail https://n3:1", "warn quorum"}));
}

TEST_F(Nodes, WithoutAQuorum) {
  down(2);
  down(3);
  EXPECT_EQ(troubles(), (List{"fail https://n2:1", "fail https://n3:1", "fail quorum"}));
}

TEST_F(Nodes, OneThatWasAskedAloneNeedsNoQuorum) {
  nodes_.resize(1);
  EXPECT_EQ(troubles(false), List{});
}

TEST_F(Nodes, WithoutALeader) {
  for (std::size_t number = 1; number <= 3; ++number) {
    at(number).role = api::Role::candidate;
    at(number).leader = 0;
  }
  EXPECT_EQ(troubles(), List{"fail quorum"});
}

TEST_F(Nodes, BehindOrFetching) {
  at(2).head.height = 900;
  at(2).certified_size = 901;
  EXPECT_EQ(troubles(), List{}) << "a hundred blocks are no trouble";
  at(2).head.height = 899;
  at(2).certified_size = 900;
  EXPECT_EQ(troubles(), List{"warn node-2"});
  at(2).catching_up_to = 1000;
  EXPECT_EQ(troubles(), List{"warn node-2"});
}

TEST_F(Nodes, NotCertifiedForLongOrFarBelowTheHead) {
  at(1).certified_time_s = kDoctorNow / 1000 - 61;
  EXPECT_EQ(troubles(), List{"warn node-1 certified"});
  at(1).certified_time_s = kDoctorNow / 1000 - 601;
  EXPECT_EQ(troubles(), List{"fail node-1 certified"});
  at(1).certified_time_s = kDoctorNow / 1000;
  at(1).certified_size = 900;
  EXPECT_EQ(troubles(), List{"warn node-1 certified"});
  at(1).certified_size = 0;
  EXPECT_EQ(troubles(), List{"warn node-1 certified"});
}

TEST_F(Nodes, TheDiskBeforeItIsFullAndAfter) {
  at(3).disk_free = 19ULL << 30;
  EXPECT_EQ(troubles(), List{"warn node-3 disk"}) << "less than a tenth of 200 GiB";
  nodes_[2].metrics.clear();
  EXPECT_EQ(troubles(), List{}) << "of how much is not known";
  at(3).disk_free = (5ULL << 30) - 1;
  EXPECT_EQ(troubles(), List{"warn node-3 disk"});
  at(3).disk_free = (256ULL << 20) - 1;
  EXPECT_EQ(troubles(), List{"fail node-3 disk"});
}

TEST_F(Nodes, ADiskThatDoesNotAnswerOrDidNot) {
  nodes_[0].metrics["hufu_disk_stalled"] = 1;
  EXPECT_EQ(troubles(), List{"fail node-1 disk"});
  nodes_[0].metrics["hufu_disk_stalled"] = 0;
  nodes_[0].metrics["hufu_disk_stalls"] = 2;
  EXPECT_EQ(troubles(), List{"warn node-1 disk"});
}

TEST_F(Nodes, ClocksThatDiffer) {
  for (const double seconds : {-3.0, 3.0}) {
    nodes_[1].metrics["hufu_clock_seconds"] = kDoctorNow / 1000 + seconds;
    EXPECT_EQ(troubles(), List{"warn node-2 clock"}) << seconds;
  }
  nodes_[1].metrics["hufu_clock_seconds"] = kDoctorNow / 1000 + 61;
  EXPECT_EQ(troubles(), List{"fail node-2 clock"});
  nodes_[1].metrics.erase("hufu_clock_seconds");
  at(2).head.time_ms = kDoctorNow + 3000;
  EXPECT_EQ(troubles(), List{"warn node-2 clock"}) << "by the newest block, without metrics";
}

TEST_F(Nodes, TwoVersionsAndTwoHistories) {
  at(2).version = "1.1";
  EXPECT_EQ(troubles(), List{"warn versions"});
  at(2).version = "1.0";
  at(2).head_hash = sha256(as_bytes("another"));
  EXPECT_EQ(troubles(), List{"fail two histories"});
}

TEST_F(Nodes, NotReady) {
  at(2).ready = false;
  EXPECT_EQ(troubles(), List{"warn https://n2:1"});
}

TEST(Samples, AreThoseWithoutLabels) {
  const Samples samples = parse_samples(
      "# HELP a b\n# TYPE a gauge\nhufu_a 1.5\nhufu_b{code=\"x y\"} 2\nhufu_c nonsense\n\nhufu_d 1e+09");
  EXPECT_EQ(samples, (Samples{{"hufu_a", 1.5}, {"hufu_d", 1e9}}));
}

class Keys : public ::testing::Test {
 protected:
  AgencyKey key(std::uint64_t number, std::optional<std::uint64_t> to_ms) const {
    return {.key = key_of("doctor-" + std::to_string(number)).public_key(), .from_ms = 0, .to_ms = to_ms};
  }
  std::string found() const {
    const Symptoms symptoms = examine_keys({{"A", agency_}}, kDoctorNow);
    EXPECT_EQ(symptoms.size(), 1u);
    EXPECT_EQ(symptoms[0].next.empty(), symptoms[0].health == Health::ok);
    return name_of(symptoms[0].health);
  }
  AgencyStanding agency_;
};

TEST_F(Keys, WarnThirtyDaysBeforeTheLastGoodOneEnds) {
  agency_.keys = {key(1, std::nullopt)};
  EXPECT_EQ(found(), "ok");
  agency_.keys = {key(1, kDoctorNow + 30 * kDay)};
  EXPECT_EQ(found(), "ok");
  agency_.keys = {key(1, kDoctorNow + 30 * kDay - 1)};
  EXPECT_EQ(found(), "warn");
  agency_.keys.push_back(key(2, kDoctorNow + 300 * kDay));
  EXPECT_EQ(found(), "ok") << "another one takes over";
  agency_.keys[1].compromised_ms = kDoctorNow;
  EXPECT_EQ(found(), "warn") << "not one that is in the wrong hands";
  agency_.keys = {key(1, kDoctorNow)};
  EXPECT_EQ(found(), "fail");
  agency_.suspended = true;
  EXPECT_EQ(found(), "ok") << "it may not sign anyway";
}

class Folder : public ::testing::Test {
 protected:
  Folder()
      : session_(
            {.quiet = true, .color = "never", .language = "en", .nodes = {}, .genesis = "", .config = ""}) {
    fs::create_directories(path("data"));
    put("node.toml", "");
    put("ledger.genesis", std::string(as_text(encode_genesis(chain_.genesis))));
    for (const char* secret : {"node.key", "node.passphrase"}) {
      put(secret, "s");
      fs::permissions(path(secret), fs::perms::owner_read | fs::perms::owner_write);
    }
    auto store =
        store::LedgerStore::open(path("data/ledger"), chain_.genesis, store::Mode::read_write).value();
    extend(chain_, *store, {chain_.sign(kPlatform, {issue_invoice()})});
    EXPECT_TRUE(store->mark_begun(1).has_value());
    fs::create_directories(path("data/raft/1"));
    put("data/raft/1/high-water", "there");
  }
  std::string path(const std::string& name) const { return (dir_.path() / name).string(); }
  void put(const std::string& name, const std::string& content) const {
    std::ofstream(path(name)) << content;
  }
  // Without the disk of the machine that the test runs on.
  std::vector<std::string> troubles(const std::string& name = "") const {
    std::vector<std::string> found;
    for (const Symptom& symptom : examine_folder(path(name), session_)) {
      EXPECT_EQ(symptom.next.empty(), symptom.health == Health::ok) << symptom.what;
      if (symptom.health != Health::ok && symptom.what != "disk") found.push_back(symptom.what);
    }
    return found;
  }
  using List = std::vector<std::string>;

  const TempDir dir_;
  Chain chain_;
  Session session_;
};

TEST_F(Folder, InGoodOrderNothingIsFound) { EXPECT_EQ(troubles(), List{}); }

TEST_F(Folder, ASecretThatOthersCanRead) {
  fs::permissions(path("node.key"), fs::perms::others_read, fs::perm_options::add);
  EXPECT_EQ(troubles(), List{"node key"});
}

TEST_F(Folder, WhatIsMissing) {
  fs::remove(path("node.toml"));
  fs::remove(path("node.passphrase"));
  EXPECT_EQ(troubles(), (List{"node.toml", "node passphrase"}));
  EXPECT_EQ(troubles("nowhere"), List{"folder"});
}

TEST_F(Folder, ALedgerThatCannotBeOpened) {
  fs::remove(path("data/ledger/CURRENT"));
  EXPECT_EQ(troubles(), List{"ledger"});
}

TEST_F(Folder, AnotherLedgersGenesis) {
  Genesis other = chain_.genesis;
  other.time_ms += 1;
  put("ledger.genesis", std::string(as_text(encode_genesis(other))));
  EXPECT_EQ(troubles(), List{"ledger"});
}

TEST_F(Folder, ALedgerWithoutItsVotes) {
  fs::remove(path("data/raft/1/high-water"));
  EXPECT_EQ(troubles(), List{"votes"});
}

TEST_F(Folder, EvidenceOfAnotherHistory) {
  fs::create_directories(path("data/evidence"));
  put("data/evidence/fork-3-2.hufu", "x");
  EXPECT_EQ(troubles(), List{"evidence"});
}

}  // namespace
}  // namespace hufu::cli
