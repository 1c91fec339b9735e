// Real TLS on loopback. All ends run on one loop, which the test turns until something holds or time is up.
#include "consensus/transport.hpp"

#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include "consensus/tls_identity.hpp"
#include "consensus/transport/hello.hpp"
#include "tests/consensus/scratch.hpp"

namespace hufu::consensus {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

struct Got {
  NodeId from;
  Channel channel;
  Bytes frame;
};

class Loopback : public testing::Test {
 protected:
  Loopback() {
    for (NodeId id = 1; id <= 3; ++id) roster_.push_back({id, key_of(id), "127.0.0.1", free_port()});
  }
  static PublicKey key_of(NodeId id) { return tls_public_key(test_seed(static_cast<std::uint8_t>(id))); }

  std::unique_ptr<Transport> end(NodeId id, TransportOptions options = {}) {
    return end_as(id, test_seed(static_cast<std::uint8_t>(id)), options);
  }
  std::unique_ptr<Transport> end_as(NodeId id, const Seed& seed, TransportOptions options = {}) {
    options.self = id;
    options.listen_port = roster_[id - 1].port;
    options.reconnect_max = 100ms;
    auto transport = std::make_unique<Transport>(io_, seed, roster_, options);
    transport->on_frame([this, id](NodeId from, Channel channel, Bytes frame) {
      got_[id].push_back({from, channel, std::move(frame)});
    });
    const auto started = transport->start();
    EXPECT_TRUE(started) << started.error().detail;
    return transport;
  }

  template <class Condition>
  bool until(Condition condition, std::chrono::milliseconds limit = 10s) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      io_.restart();
      io_.run_for(5ms);
    }
    return true;
  }
  static const TransportStatus::PeerStatus& towards(const TransportStatus& status, NodeId peer) {
    return *std::find_if(status.peers.begin(), status.peers.end(),
                         [&](const auto& one) { return one.id == peer; });
  }
  bool linked(const Transport& from, NodeId to) {
    const auto status = from.status();
    const auto& peer = towards(status, to);
    return peer.raft_out && peer.app_out && peer.raft_in && peer.app_in;
  }

  // A client of the test's own: real TLS, whatever key, then whatever bytes.
  using Stream = asio::ssl::stream<tcp::socket>;
  struct Raw {
    std::shared_ptr<asio::ssl::context> context;
    std::unique_ptr<Stream> stream;
    bool handshaken = false;
    bool closed = false;
    Bytes in = Bytes(1024);
  };
  std::shared_ptr<Raw> raw_client(NodeId target, const Seed& seed, Bytes first_bytes) {
    auto raw = std::make_shared<Raw>();
    const auto context = make_tls_context(seed, TlsSide::mutual, [](const PublicKey&) { return true; });
    EXPECT_TRUE(context);
    raw->context = *context;
    raw->stream = std::make_unique<Stream>(io_, *raw->context);
    raw->stream->lowest_layer().connect({asio::ip::address_v4::loopback(), roster_[target - 1].port});
    raw->stream->async_handshake(asio::ssl::stream_base::client,
                                 [raw, bytes = std::move(first_bytes)](auto failed) {
                                   raw->closed = !!failed;
                                   raw->handshaken = !failed;
                                   if (failed) return;
                                   boost::system::error_code ignored;
                                   asio::write(*raw->stream, asio::buffer(bytes), ignored);
                                   read_on(raw);
                                 });
    return raw;
  }
  static void read_on(const std::shared_ptr<Raw>& raw) {
    raw->stream->async_read_some(asio::buffer(raw->in), [raw](auto failed, std::size_t) {
      raw->closed = !!failed;
      if (!failed) read_on(raw);
    });
  }
  static Bytes hello(NodeId from, NodeId to, Lane lane = Lane::raft) {
    return encode(Hello{from, to, lane, {}});
  }
  static Bytes head(std::uint32_t length, std::uint8_t channel) {
    Writer writer;
    writer& length& channel;
    return writer.take();
  }
  static Bytes joined(Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }

  asio::io_context io_;
  std::vector<Peer> roster_;
  std::map<NodeId, std::vector<Got>> got_;
};

TEST_F(Loopback, FramesArriveOnTheirChannelsInOrder) {
  const auto one = end(1);
  const auto two = end(2);
  ASSERT_TRUE(until([&] { return linked(*one, 2) && linked(*two, 1); }));
  for (std::uint8_t i = 0; i < 50; ++i) ASSERT_TRUE(one->send(2, Channel::raft, {i}));
  const Bytes large(3U << 20, 7);
  ASSERT_TRUE(one->send(2, Channel::app_request, large));
  ASSERT_TRUE(one->send(2, Channel::gossip, {}));
  ASSERT_TRUE(until([&] { return got_[2].size() == 52; }));
  std::uint8_t expected = 0;
  for (const Got& got : got_[2]) {
    EXPECT_EQ(got.from, 1U);
    const Bytes wanted = got.channel == Channel::raft          ? Bytes{expected++}
                         : got.channel == Channel::app_request ? large
                                                               : Bytes{};
    EXPECT_TRUE(got.frame == wanted);
  }
  EXPECT_EQ(expected, 50);
}

TEST_F(Loopback, AKeyOutsideTheRosterIsRefusedInTheHandshake) {
  const auto one = end(1);
  const auto stranger = raw_client(1, test_seed(99), hello(2, 1));
  EXPECT_TRUE(until([&] { return stranger->closed; }));
  EXPECT_TRUE(until([&] { return one->status().handshakes_refused >= 1; }));
  EXPECT_FALSE(towards(one->status(), 2).raft_in);
}

TEST_F(Loopback, AMemberWithAnothersNameIsRefused) {
  const auto one = end(1);
  const auto liar = raw_client(1, test_seed(3), hello(2, 1));
  EXPECT_TRUE(until([&] { return liar->closed; }));
  EXPECT_FALSE(towards(one->status(), 2).raft_in);
  EXPECT_FALSE(towards(one->status(), 3).raft_in);
}

TEST_F(Loopback, AnImpostorsListenerIsNotTalkedTo) {
  const auto one = end(1);
  const auto impostor = end_as(2, test_seed(99));
  EXPECT_TRUE(until([&] { return one->status().handshakes_refused >= 2; }));
  EXPECT_FALSE(towards(one->status(), 2).raft_out);
  EXPECT_FALSE(one->send(2, Channel::raft, {1}));
  EXPECT_TRUE(got_[2].empty());
}

TEST_F(Loopback, AnotherNetworkIsRefused) {
  TransportOptions other;
  other.network.bytes.fill(1);
  const auto one = end(1);
  const auto two = end(2, other);
  EXPECT_TRUE(
      until([&] { return one->status().handshakes_refused >= 2 && two->status().handshakes_refused >= 2; }));
  EXPECT_FALSE(towards(one->status(), 2).raft_out);
}

TEST_F(Loopback, ACertificateIsRequired) {
  const auto one = end(1);
  asio::ssl::context bare(asio::ssl::context::tlsv13_client);
  Stream stream(io_, bare);
  stream.lowest_layer().connect({asio::ip::address_v4::loopback(), roster_[0].port});
  bool over = false;
  Bytes in(1);
  stream.async_handshake(asio::ssl::stream_base::client, [&](auto failed) {
    if (failed) {
      over = true;
      return;
    }
    stream.async_read_some(asio::buffer(in), [&](auto, std::size_t) { over = true; });
  });
  EXPECT_TRUE(until([&] { return over && one->status().handshakes_refused >= 1; }));
}

TEST_F(Loopback, OlderTlsIsRefused) {
  const auto one = end(1);
  const auto context = make_tls_context(test_seed(2), TlsSide::mutual, [](const PublicKey&) { return true; });
  ASSERT_TRUE(context);
  SSL_CTX_set_min_proto_version((*context)->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version((*context)->native_handle(), TLS1_2_VERSION);
  Stream stream(io_, **context);
  stream.lowest_layer().connect({asio::ip::address_v4::loopback(), roster_[0].port});
  bool failed_handshake = false;
  stream.async_handshake(asio::ssl::stream_base::client, [&](auto failed) { failed_handshake = !!failed; });
  EXPECT_TRUE(until([&] { return failed_handshake; }));
}

TEST_F(Loopback, AnOversizeFrameEndsTheConnectionBeforeMemoryIsTaken) {
  const auto one = end(1);
  const auto peer = raw_client(1, test_seed(2), joined(hello(2, 1), head(kMaxRaftFrame + 1, 1)));
  EXPECT_TRUE(until([&] { return peer->closed; }));
  EXPECT_EQ(one->status().frames_refused, 1U);
  EXPECT_TRUE(got_[1].empty());
}

TEST_F(Loopback, AnUnknownChannelOrTheWrongLaneEndsTheConnection) {
  const auto one = end(1);
  const auto unknown = raw_client(1, test_seed(2), joined(hello(2, 1), head(0, 9)));
  EXPECT_TRUE(until([&] { return unknown->closed; }));
  const auto wrong_lane = raw_client(1, test_seed(2), joined(hello(2, 1, Lane::raft), head(0, 2)));
  EXPECT_TRUE(until([&] { return wrong_lane->closed; }));
  EXPECT_EQ(one->status().frames_refused, 2U);
}

TEST_F(Loopback, OversizeIsNotSentEither) {
  const auto one = end(1);
  const auto two = end(2);
  ASSERT_TRUE(until([&] { return linked(*one, 2); }));
  EXPECT_FALSE(one->send(2, Channel::raft, Bytes(kMaxRaftFrame + 1)));
  EXPECT_FALSE(one->send(9, Channel::raft, {1}));
}

TEST_F(Loopback, AReturningPeerIsDialledAgain) {
  const auto one = end(1);
  auto two = end(2);
  ASSERT_TRUE(until([&] { return linked(*one, 2); }));
  two.reset();
  ASSERT_TRUE(until([&] { return !towards(one->status(), 2).raft_out; }));
  EXPECT_FALSE(one->send(2, Channel::raft, {1}));
  two = end(2);
  ASSERT_TRUE(until([&] { return linked(*one, 2) && linked(*two, 1); }));
  EXPECT_TRUE(one->send(2, Channel::raft, {2}));
  EXPECT_TRUE(until([&] { return got_[2].size() == 1 && got_[2][0].frame == Bytes{2}; }));
}

TEST_F(Loopback, AQueueThatIsNotDrainedIsBoundedAndRaftIsNotHeldUp) {
  TransportOptions small;
  small.max_queued_app_bytes = 1U << 20;
  small.max_queued_frames = 8;
  const auto one = end(1, small);
  const auto two = end(2);
  ASSERT_TRUE(until([&] { return linked(*one, 2); }));
  // The loop does not run: nothing drains.
  const Bytes frame(200U << 10);
  int taken = 0;
  while (taken < 100 && one->send(2, Channel::app_response, frame)) ++taken;
  EXPECT_EQ(taken, 5);
  EXPECT_GE(one->status().frames_dropped, 1U);
  EXPECT_TRUE(one->send(2, Channel::raft, {1}));
  EXPECT_TRUE(until([&] { return got_[2].size() == 6; }));
  EXPECT_TRUE(one->send(2, Channel::app_response, frame)) << "drained, there is room again";
}

TEST_F(Loopback, AHundredIdleStrangersDoNotKeepAMemberOut) {
  const auto one = end(1);
  std::vector<tcp::socket> idle;
  for (int i = 0; i < 100; ++i) {
    idle.emplace_back(io_);
    idle.back().connect({asio::ip::address_v4::loopback(), roster_[0].port});
  }
  ASSERT_TRUE(until([&] { return one->status().handshakes_refused >= 60; }));
  EXPECT_LE(one->status().unauthenticated, 32U);
  const auto two = end(2);
  EXPECT_TRUE(until([&] { return linked(*one, 2) && linked(*two, 1); }));
}

TEST_F(Loopback, AStrangerWhoSaysNothingIsDroppedInTime) {
  TransportOptions quick;
  quick.handshake_timeout = 100ms;
  const auto one = end(1, quick);
  tcp::socket idle(io_);
  idle.connect({asio::ip::address_v4::loopback(), roster_[0].port});
  ASSERT_TRUE(until([&] { return one->status().unauthenticated == 1; }));
  EXPECT_TRUE(until([&] { return one->status().unauthenticated == 0; }));
}

TEST_F(Loopback, ANewerConnectionReplacesTheOlder) {
  const auto one = end(1);
  const auto older = raw_client(1, test_seed(2), hello(2, 1));
  ASSERT_TRUE(until([&] { return towards(one->status(), 2).raft_in; }));
  const auto newer = raw_client(1, test_seed(2), hello(2, 1));
  EXPECT_TRUE(until([&] { return older->closed; }));
  EXPECT_FALSE(newer->closed);
  EXPECT_TRUE(towards(one->status(), 2).raft_in);
}

TEST(TlsIdentity, TheKeyIsTheSeedsEd25519Key) {
  EXPECT_EQ(tls_public_key(test_seed(5)), SigningKey(test_seed(5)).public_key());
  EXPECT_TRUE(same_key(tls_public_key(test_seed(5)), tls_public_key(test_seed(5))));
  EXPECT_FALSE(same_key(tls_public_key(test_seed(5)), tls_public_key(test_seed(6))));
}

TEST(TlsIdentity, MutualNeedsACheck) {
  EXPECT_FALSE(make_tls_context(test_seed(5), TlsSide::mutual, nullptr));
  EXPECT_TRUE(make_tls_context(test_seed(5), TlsSide::server_only, nullptr));
}

}  // namespace
}  // namespace hufu::consensus
