// Node 1 of three over a real store and replica, and what its attestor says; peers are made of their keys, the clock is set by hand.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <fstream>

#include "ledger/proof/fork.hpp"
#include "node/attestor.hpp"
#include "tests/store/store_world.hpp"

namespace hufu::node {

using testing::Chain;
using testing::key_of;
using testing::TempDir;

inline Genesis attested_by_three() {
  Genesis genesis = testing::make_genesis();
  genesis.roster = testing::roster_of({1, 2, 3});
  return genesis;
}

// Node 1 of three over a real store and replica; its pool and its loop are two queues.
class AttestorTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(open()) << fault.detail; }

  bool open() {
    close();
    store = store::LedgerStore::open(dir.path() / "ledger", chain.genesis, store::Mode::read_write).value();
    const auto stop = [this](std::string_view why) { fatal = why; };
    replica = std::make_unique<Replica>(ReplicaParts{.store = *store,
                                                     .ledger = chain.ledger,
                                                     .signatures = cache,
                                                     .metrics = metrics,
                                                     .log = log,
                                                     .fatal = stop});
    HUFU_CHECK(replica->start().has_value());
    replica->enter(1);
    attestor = std::make_unique<Attestor>(
        AttestorParts{.store = *store,
                      .replica = *replica,
                      .ledger = chain.ledger,
                      .keys = {.origin = chain.ledger.origin,
                               .member = 1,
                               .log = key_of("log-1"),
                               .cosign = key_of("cosign-1")},
                      .evidence = dir.path() / "evidence",
                      .send =
                          [this](std::uint64_t to, const Attestation& newest) {
                            sent.push_back({to, newest});
                          },
                      .work = [this](std::function<void()> work) { pool.push_back(std::move(work)); },
                      .post = [this](std::function<void()> work) { loop.push_back(std::move(work)); },
                      .wall_clock_ms = [this] { return now_ms; },
                      .certified = [this] { ++certifications; },
                      .handed_over = [] {},
                      .metrics = metrics,
                      .log = log,
                      .fatal = stop});
    attestor->enter(chain.genesis.roster, 0, {});
    const auto started = attestor->start();
    if (!started) fault = started.error();
    if (!started) attestor.reset();
    return started.has_value();
  }
  // As a crash leaves it: what was under way is gone.
  void close() {
    pool.clear();
    loop.clear();
    attestor.reset();
    replica.reset();
    store.reset();
  }
  // Whatever is under way comes to its end.
  void settle() {
    while (!pool.empty() || !loop.empty()) {
      auto& queue = pool.empty() ? loop : pool;
      const auto work = std::move(queue.front());
      queue.pop_front();
      work();
    }
  }
  void execute_block() {
    ++blocks;
    const std::vector<Submission> submissions = {chain.sign(
        testing::kPlatform, {testing::issue_invoice("2433200000030" + std::to_string(6'111'419 + blocks))})};
    const Bytes entry = encode(chain.propose(submissions));
    chain.extend(submissions);
    apply(entry);
  }
  void apply(const Bytes& entry) {
    entries.push_back(entry);
    replica->apply(entries.size(), entry);
    attestor->on_executed();
  }
  Checkpoint of_size(std::uint64_t size) const {
    const std::vector<Hash> leaves = chain.log_leaves();
    return {.size = size, .root = tree_root(std::span(leaves).first(size))};
  }
  Attestation by(std::uint64_t member, const Checkpoint& checkpoint) const {
    const std::string number = std::to_string(member);
    return attest(chain.ledger.origin, checkpoint, member, key_of("log-" + number),
                  key_of("cosign-" + number), now_ms / 1000);
  }
  void hear(std::uint64_t member, const Attestation& attestation) {
    attestor->receive(member, attestation);
    settle();
  }
  // What the quorum does not need is looked at then.
  void tick() {
    attestor->tick();
    settle();
  }
  void hear(std::uint64_t member, std::uint64_t size) { hear(member, by(member, of_size(size))); }
  std::uint64_t signed_size() const { return attestor->newest() ? attestor->newest()->checkpoint.size : 0; }
  std::uint64_t certified_size() const {
    return attestor->certified() ? attestor->certified()->checkpoint().size : 0;
  }
  std::string metric(const std::string& series) const {
    const std::string text = metrics.text();
    const auto at = text.find("\n" + series + " ");
    if (at == std::string::npos) return "";
    const auto begin = at + series.size() + 2;
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  Result<ForkFinding> evidence(std::uint64_t size, std::uint64_t member) const {
    const auto path =
        dir.path() / "evidence" / ("fork-" + std::to_string(size) + "-" + std::to_string(member) + ".hufu");
    std::ifstream in(path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    const auto fork = decode_fork(as_bytes(bytes));
    if (!fork) return fork.error();
    return check_fork(founding_anchor(chain.genesis), *fork);
  }

  TempDir dir;
  Chain chain{attested_by_three()};
  Metrics metrics;
  SignatureCache cache{100};
  Log log{"test", LogLevel::error, -1};
  std::deque<std::function<void()>> pool;
  std::deque<std::function<void()>> loop;
  std::uint64_t now_ms = 1'770'000'000'000;
  std::vector<std::pair<std::uint64_t, Attestation>> sent;
  int certifications = 0;
  std::string fatal;
  store::StoreFault fault;
  std::uint64_t blocks = 0;
  std::vector<Bytes> entries;
  std::unique_ptr<store::LedgerStore> store;
  std::unique_ptr<Replica> replica;
  std::unique_ptr<Attestor> attestor;
};

}  // namespace hufu::node
