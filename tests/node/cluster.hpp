// The fixture of tests with whole nodes: founds a ledger, starts and stops its nodes, and asks them.
#pragma once

#include <gtest/gtest.h>

#include <set>

#include "tests/node/node_world.hpp"

namespace hufu::node {

using testing::eventually;
using testing::TempDir;
using testing::TestNode;

inline std::string invoice(std::uint64_t number) {
  return "2433200000030" + std::to_string(1'000'000 + number);
}

class ClusterTest : public ::testing::Test {
 protected:
  void make(std::size_t size) {
    genesis = testing::cluster_genesis(size);
    ledger = ledger_id(genesis);
    nodes.resize(size);
  }
  void start(std::size_t number, const testing::TestOptions& options = {}) {
    nodes.at(number - 1) = std::make_unique<TestNode>(genesis, number, directory(number), options);
  }
  void start_all(std::size_t size) {
    make(size);
    for (std::size_t number = 1; number <= size; ++number) start(number);
  }
  void stop(std::size_t number) { nodes.at(number - 1).reset(); }
  TestNode& at(std::size_t number) { return *nodes.at(number - 1); }
  std::filesystem::path directory(std::size_t number) const { return dir.path() / std::to_string(number); }

  Submission issue(std::uint64_t number, std::uint64_t request = 0) {
    return sign_submission(ledger, testing::kPlatform, testing::key_of(testing::kPlatform),
                           testing::request(request == 0 ? 1'000'000 + number : request),
                           {testing::issue_invoice(invoice(number))});
  }
  std::size_t leader() {
    std::size_t found = 0;
    eventually([&] {
      for (std::size_t number = 1; number <= nodes.size(); ++number) {
        if (!nodes[number - 1]) continue;
        const auto status = at(number).status();
        if (status.role == api::Role::leader && status.ready) found = number;
      }
      return found != 0;
    });
    return found;
  }
  std::size_t follower() {
    const std::size_t leads = leader();
    for (std::size_t number = 1; number <= nodes.size(); ++number) {
      if (number != leads && nodes[number - 1]) return number;
    }
    return 0;
  }
  // The receipt, if it is one and holds.
  std::optional<Receipt> accepted(const api::Submitted& submitted, const Submission& submission) {
    const auto* yes = std::get_if<api::Accepted>(&submitted);
    if (yes == nullptr) {
      ADD_FAILURE() << "refused: " << code_of(std::get<api::Refusal>(submitted).error);
      return std::nullopt;
    }
    EXPECT_EQ(yes->receipt.id(), submission_id(ledger, submission.header));
    EXPECT_TRUE(check_receipt(ledger, yes->receipt).has_value());
    return yes->receipt;
  }
  void expect_same_heads() {
    EXPECT_TRUE(eventually([&] {
      std::set<Hash> heads;
      for (auto& node : nodes) {
        if (node) heads.insert(node->status().head_hash);
      }
      return heads.size() == 1;
    }));
  }
  // Every block of every node: each id once, all chains equal.
  std::map<Hash, Place> places(std::size_t number) {
    std::map<Hash, Place> found;
    const std::uint64_t height = at(number).status().head.height;
    for (std::uint64_t h = 0; h <= height; ++h) {
      const Bytes bytes = at(number).on_loop([&] { return at(number).service().block(h).value(); });
      const Block block = decode<Block>(bytes).value();
      for (std::uint32_t i = 0; i < block.submissions.size(); ++i) {
        const Hash id = submission_id(ledger, block.submissions[i].header);
        EXPECT_TRUE(found.emplace(id, Place{h, i}).second) << "twice: " << short_hex(id);
      }
    }
    return found;
  }

  TempDir dir;
  Genesis genesis;
  LedgerId ledger;
  std::vector<std::unique_ptr<TestNode>> nodes;
};

}  // namespace hufu::node
