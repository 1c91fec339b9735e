// A node that is behind, and peers that help, lie or are silent. No network: frames are handed over on one loop.
#include "node/fetch.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>

#include "node/asio_world.hpp"
#include "tests/store/store_world.hpp"

namespace hufu::node {
namespace {

using consensus::Channel;
using consensus::NodeId;
using testing::Chain;
using testing::TempDir;

constexpr std::uint64_t kHeight = 30;

class FetchTest : public ::testing::Test {
 protected:
  using Answer = std::function<peer::Response(const peer::Request&)>;

  void SetUp() override {
    helper = store::LedgerStore::open(helper_dir.path(), chain.genesis, store::Mode::read_write).value();
    for (std::uint64_t i = 0; i < kHeight; ++i) {
      testing::extend(chain, *helper,
                      {chain.sign(testing::kPlatform,
                                  {testing::issue_invoice("2433200000030" + std::to_string(6111419 + i))})});
    }
    own = store::LedgerStore::open(own_dir.path(), chain.genesis, store::Mode::read_write).value();
    replica = std::make_unique<Replica>(ReplicaParts{.store = *own,
                                                     .ledger = chain.ledger,
                                                     .signatures = cache,
                                                     .metrics = metrics,
                                                     .log = log,
                                                     .fatal = [this](std::string_view why) { fatal = why; }});
    ASSERT_TRUE(replica->start().has_value());
    peers = std::make_unique<Peers>(world, [this](NodeId to, Channel channel, Bytes frame) {
      return carry(to, channel, std::move(frame));
    });
  }
  // The other nodes live in `answers`; a frame for one is answered on the next turn.
  bool carry(NodeId to, Channel channel, Bytes frame) {
    EXPECT_EQ(channel, Channel::app_request);
    if (!answers.contains(to)) return false;
    auto message = decode<peer::Message<peer::Request>>(frame).value();
    ++asked[to];
    boost::asio::post(loop, [this, to, message = std::move(message)] {
      if (!answers[to]) return;  // silent
      peer::Message<peer::Response> response;
      response.correlation = message.correlation;
      response.body = answers[to](message.body);
      peers->deliver(to, Channel::app_response, encode(response));
    });
    return true;
  }
  peer::Response honest(const peer::Request& request) {
    if (const auto* headers = std::get_if<peer::HeadersRequest>(&request))
      return answer_headers(*helper, *headers);
    return answer_blocks(*helper, std::get<peer::BlocksRequest>(request));
  }
  Answer honestly() {
    return [this](const peer::Request& request) { return honest(request); };
  }
  void fetch(const Pointer& target) {
    std::vector<NodeId> members;
    for (const auto& [id, answer] : answers) members.push_back(id);
    Fetcher fetcher(FetchParts{.world = world,
                               .peers = *peers,
                               .replica = *replica,
                               .members = members,
                               .log = log,
                               .metrics = metrics,
                               .arrived =
                                   [this] {
                                     arrived = true;
                                     loop.stop();
                                   },
                               .fatal =
                                   [this](std::string_view why) {
                                     fatal = why;
                                     loop.stop();
                                   },
                               .ask_wait = std::chrono::milliseconds(50),
                               .penalty = std::chrono::milliseconds(200),
                               .pause = std::chrono::milliseconds(10)});
    fetcher.go(target);
    fetcher.go(target);
    loop.run_for(std::chrono::seconds(20));
  }
  Pointer tip(std::uint64_t height = kHeight) const {
    return {1, height, block_hash(chain.blocks[height].header)};
  }

  TempDir helper_dir;
  TempDir own_dir;
  Chain chain;
  Metrics metrics;
  SignatureCache cache{10};
  Log log{"test", LogLevel::error, -1};
  boost::asio::io_context loop;
  boost::asio::thread_pool pool{1};
  AsioWorld world{loop, pool, [] { return std::uint64_t{0}; }};
  std::unique_ptr<store::LedgerStore> helper;
  std::unique_ptr<store::LedgerStore> own;
  std::unique_ptr<Replica> replica;
  std::unique_ptr<Peers> peers;
  std::map<NodeId, Answer> answers;
  std::map<NodeId, int> asked;
  bool arrived = false;
  std::string fatal;
};

TEST_F(FetchTest, CatchesUpToTheHashThatTheLeaderNamed) {
  answers[2] = honestly();
  fetch(tip());
  EXPECT_TRUE(arrived);
  EXPECT_EQ(replica->head(), chain.head());
  EXPECT_EQ(replica->state().root(), chain.head().state_root);
  EXPECT_EQ(asked[2], 2);  // once for headers, once for blocks
}

TEST_F(FetchTest, StopsAtTheTargetEvenWhenThePeerHasMore) {
  answers[2] = honestly();
  fetch(tip(kHeight - 10));
  EXPECT_TRUE(arrived);
  EXPECT_EQ(replica->head(), chain.blocks[kHeight - 10].header);
}

TEST_F(FetchTest, ContinuesFromWhereItIs) {
  for (std::uint64_t height = 1; height <= 7; ++height)
    ASSERT_TRUE(replica->append(chain.blocks[height]).has_value());
  answers[2] = honestly();
  fetch(tip());
  EXPECT_EQ(replica->head(), chain.head());
  EXPECT_EQ(metrics.counter("hufu_blocks_fetched_total", "").value(), kHeight - 7);
}

TEST_F(FetchTest, ALiarsHeadersAreSeenThroughAndAnotherPeerIsAsked) {
  answers[2] = [this](const peer::Request& request) {
    auto response = honest(request);
    if (auto* headers = std::get_if<peer::HeadersResponse>(&response)) headers->headers.at(5).time_ms += 1;
    return response;
  };
  answers[3] = honestly();
  fetch(tip());
  EXPECT_TRUE(arrived);
  EXPECT_EQ(replica->head(), chain.head());
  EXPECT_EQ(fatal, "");
}

TEST_F(FetchTest, ALiarsBlocksAreSeenThroughAndAnotherPeerIsAsked) {
  int lie = 0;
  answers[2] = [&](const peer::Request& request) {
    auto response = honest(request);
    auto* blocks = std::get_if<peer::BlocksResponse>(&response);
    if (blocks == nullptr) return response;
    Block block = decode<Block>(blocks->blocks.at(1).bytes).value();
    switch (lie++ % 4) {
      case 0:
        block.header.time_ms += 1;
        break;
      case 1:
        block.submissions.clear();
        break;
      case 2:
        std::get<InvoiceIssue>(block.submissions.at(0).operations.at(0).payload).amount_fen += 1;
        break;
      default:
        blocks->blocks.at(1).bytes.pop_back();
        return response;
    }
    blocks->blocks.at(1).bytes = encode(block);
    return response;
  };
  answers[3] = [this](const peer::Request& request) {
    // Gives one block at a time, so that the liar's turn comes again.
    auto response = honest(request);
    if (auto* blocks = std::get_if<peer::BlocksResponse>(&response)) blocks->blocks.resize(1);
    return response;
  };
  fetch(tip());
  EXPECT_TRUE(arrived);
  EXPECT_EQ(replica->head(), chain.head());
  EXPECT_EQ(fatal, "");
}

TEST_F(FetchTest, SilentAndEmptyPeersDoNotHoldItUp) {
  answers[2] = nullptr;
  answers[3] = [](const peer::Request&) { return peer::refused(Error::not_found); };
  answers[4] = [](const peer::Request& request) -> peer::Response {
    if (std::holds_alternative<peer::HeadersRequest>(request)) return peer::HeadersResponse{};
    return peer::BlocksResponse{};
  };
  answers[5] = honestly();
  fetch(tip());
  EXPECT_TRUE(arrived);
  EXPECT_EQ(replica->head(), chain.head());
}

// What they say is true, and no use.
TEST_F(FetchTest, PeersThatAnswerAnotherQuestionDoNotHoldItUp) {
  answers[2] = [this](const peer::Request& request) {
    if (const auto* blocks = std::get_if<peer::BlocksRequest>(&request))
      return answer_headers(*helper, {.from = blocks->from, .count = 1});
    return honest(request);
  };
  answers[3] = [this](const peer::Request& request) {
    if (std::holds_alternative<peer::BlocksRequest>(request))
      return answer_blocks(*helper, {.from = kHeight - 5, .max_bytes = 1U << 20});
    return honest(request);
  };
  answers[4] = honestly();
  fetch(tip(kHeight - 10));
  EXPECT_TRUE(arrived);
  EXPECT_EQ(replica->head(), chain.blocks[kHeight - 10].header);
  EXPECT_EQ(fatal, "");
}

TEST_F(FetchTest, AChainThatDoesNotContainOurHeadIsFatal) {
  Chain other;  // grows differently from block 1 on
  other.extend({other.sign(testing::kPlatform, {testing::issue_invoice("24332000000306119999")})});
  ASSERT_TRUE(replica->append(other.blocks[1]).has_value());
  answers[2] = honestly();
  fetch(tip());
  EXPECT_FALSE(arrived);
  EXPECT_NE(fatal, "");
  EXPECT_EQ(replica->head(), other.head());
}

TEST_F(FetchTest, AnswersAreBounded) {
  const auto headers =
      std::get<peer::HeadersResponse>(answer_headers(*helper, {.from = 20, .count = 1'000'000})).headers;
  ASSERT_EQ(headers.size(), 21u);
  EXPECT_EQ(headers.back().height, 0u);
  const auto blocks =
      std::get<peer::BlocksResponse>(answer_blocks(*helper, {.from = 1, .max_bytes = 1})).blocks;
  EXPECT_EQ(blocks.size(), 1u);
  EXPECT_TRUE(
      std::holds_alternative<peer::RefusedResponse>(answer_blocks(*helper, {.from = 31, .max_bytes = 1})));
  EXPECT_TRUE(
      std::holds_alternative<peer::RefusedResponse>(answer_headers(*helper, {.from = 31, .count = 1})));
}

TEST(Peers, AnAnswerCountsOnceAndOnlyFromWhomWasAsked) {
  boost::asio::io_context loop;
  boost::asio::thread_pool pool(1);
  AsioWorld world(loop, pool, [] { return std::uint64_t{0}; });
  std::vector<Bytes> sent;
  Peers peers(world, [&](NodeId, Channel, Bytes frame) {
    sent.push_back(std::move(frame));
    return true;
  });
  int answered = 0;
  peers.ask(2, peer::StatusRequest{}, std::chrono::milliseconds(20), [&](Result<peer::Response> response) {
    ++answered;
    EXPECT_TRUE(response.has_value());
  });
  peer::Message<peer::Response> response;
  response.correlation = decode<peer::Message<peer::Request>>(sent.at(0)).value().correlation;
  response.body = peer::refused(Error::overloaded);
  peers.deliver(3, Channel::app_response, encode(response));
  EXPECT_EQ(answered, 0);
  peers.deliver(2, Channel::app_response, Bytes{1, 2, 3});
  EXPECT_EQ(peers.refused_frames(), 1u);
  peers.deliver(2, Channel::app_response, encode(response));
  peers.deliver(2, Channel::app_response, encode(response));
  loop.run();
  EXPECT_EQ(answered, 1);
}

TEST(Peers, SilenceTimesOutAndStoppingAnswersEverything) {
  boost::asio::io_context loop;
  boost::asio::thread_pool pool(1);
  AsioWorld world(loop, pool, [] { return std::uint64_t{0}; });
  Peers peers(world, [](NodeId to, Channel, Bytes) { return to != 9; });
  std::vector<Error> errors;
  const auto note = [&](Result<peer::Response> response) { errors.push_back(response.error()); };
  peers.ask(9, peer::StatusRequest{}, std::chrono::seconds(9), note);
  peers.ask(2, peer::StatusRequest{}, std::chrono::milliseconds(5), note);
  loop.run();
  peers.ask(2, peer::StatusRequest{}, std::chrono::seconds(9), note);
  peers.stop();
  peers.ask(2, peer::StatusRequest{}, std::chrono::seconds(9), note);
  EXPECT_EQ(errors, (std::vector<Error>{Error::ledger_unavailable, Error::timed_out,
                                        Error::ledger_unavailable, Error::ledger_unavailable}));
}

}  // namespace
}  // namespace hufu::node
