// A ledger audited over HTTP: blocks come in order from one node, and what it does not or cannot give is told apart from what
// is wrong.
#include "cli/client/node_blocks.hpp"

#include <gtest/gtest.h>

#include "tests/http/fake_node.hpp"

namespace hufu::cli {
namespace {

using namespace hufu::testing;
using node::FakeNode;
using std::chrono::milliseconds;

class NodeBlocksTest : public ::testing::Test {
 protected:
  static constexpr int kBlocks = 20;

  void SetUp() override {
    for (int i = 1; i < kBlocks; ++i) {
      const std::string number = kInvoice.substr(0, 13) + std::to_string(1'000'000 + i);
      ASSERT_TRUE(applied(world->chain.append(kPlatform, {issue_invoice(number)})));
    }
    options.urls = {node.serve(false)};
    options.genesis = world->chain.genesis;
    options.timeout = milliseconds(3000);
    options.patience = milliseconds(3000);
    options.unreachable = milliseconds(200);
    auto opened = NodeBlocks::open(options);
    ASSERT_TRUE(opened) << (opened ? "" : opened.error().problem.why);
    blocks = *std::move(opened);
  }
  AuditReport audited() {
    Audit audit(world->chain.genesis, AuditLevel::full);
    return hufu::audit(audit, *blocks, [](const AuditReport&) {});
  }
  // As the node serves it from now on.
  void change(const std::function<void(std::vector<Block>&)>& with) {
    const std::lock_guard lock(world->mutex);
    with(world->chain.blocks);
  }

  std::shared_ptr<FakeNode::World> world = std::make_shared<FakeNode::World>();
  FakeNode node{world};
  ClientOptions options;
  std::unique_ptr<NodeBlocks> blocks;
};

TEST_F(NodeBlocksTest, TheWholeLedgerComesInOrder) {
  change([&](auto&) {
    world->chain.append(kPlatform, {issue_invoice()});
  });  // after the head was asked: not this time
  const AuditReport report = audited();
  EXPECT_FALSE(report.fault) << report.fault->what;
  EXPECT_EQ(report.blocks, kBlocks);
  EXPECT_EQ(report.head_hash, blocks->head().hash);
  EXPECT_FALSE(blocks->failure());
}

TEST_F(NodeBlocksTest, AForgedBlockIsNamed) {
  change([](auto& served) { served[7].submissions[0].operations[0].effective += 1; });
  const AuditReport report = audited();
  ASSERT_TRUE(report.fault);
  EXPECT_EQ(report.fault->height, 7U);
  EXPECT_EQ(report.fault->level, AuditLevel::roots);
  EXPECT_FALSE(blocks->failure());
}

TEST_F(NodeBlocksTest, ABlockBelowTheHeadThatTheNodeDoesNotHaveIsItsFault) {
  change([](auto& served) { served.resize(12); });
  const AuditReport report = audited();
  ASSERT_TRUE(report.fault);
  EXPECT_EQ(report.fault->height, 12U);
  EXPECT_EQ(report.fault->error, Error::not_found);
  EXPECT_FALSE(blocks->failure()->url.empty());
}

TEST_F(NodeBlocksTest, ANodeThatGoesAwayIsOutOfReach) {
  ASSERT_TRUE(blocks->block(0));
  node.stop();
  std::uint64_t height = 1;  // a few were asked for before
  Result<std::optional<Bytes>> block = blocks->block(height);
  while (block && *block) block = blocks->block(++height);
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error(), Error::ledger_unavailable);
  EXPECT_LE(height, 1 + NodeBlocks::kAhead);
  ASSERT_TRUE(blocks->failure());
}

TEST(NodeBlocks, NobodyThere) {
  auto world = std::make_shared<FakeNode::World>();
  std::string url;
  {
    FakeNode gone(world);
    url = gone.serve(false);
  }
  const auto opened = NodeBlocks::open({.urls = {url},
                                        .genesis = world->chain.genesis,
                                        .timeout = milliseconds(200),
                                        .patience = milliseconds(200),
                                        .unreachable = milliseconds(100)});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().problem.refusal.error, Error::ledger_unavailable);
}

}  // namespace
}  // namespace hufu::cli
