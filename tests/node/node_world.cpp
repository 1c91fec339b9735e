#include "tests/node/node_world.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <cstdio>
#include <cstdlib>

#include "ledger/genesis/node_keys.hpp"

namespace hufu::testing {
namespace {

Seed node_seed(std::size_t number) { return seed_of("node " + std::to_string(number)); }

std::uint64_t wall_clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

node::NodeSetup setup_of(const Genesis& genesis, std::size_t number, const std::filesystem::path& directory,
                         const TestOptions& options) {
  node::NodeSetup setup;
  if (options.joining) {
    const Member& own = *options.joining;
    setup.config.node = own.name;
    setup.config.joining = {.id = own.id, .province = own.province, .peer = own.peer, .api = own.api};
  } else {
    setup.config.node = genesis.roster.members.at(number - 1).name;
  }
  setup.config.data = directory;
  setup.config.log_level =
      std::getenv("HUFU_TEST_LOG") != nullptr ? node::LogLevel::debug : node::LogLevel::error;
  setup.config.raft = {.election_timeout_ms = 500, .heartbeat_ms = 50};
  setup.config.limits = options.limits;
  setup.config.rates = options.rates;
  setup.genesis = genesis;
  setup.genesis_file = encode_genesis(genesis);
  setup.seed = node_seed(number);
  setup.fatal = [](std::string_view why) {
    std::fprintf(stderr, "a node of the test gave up: %s\n", std::string(why).c_str());
    std::abort();
  };
  setup.wall_clock_ms = wall_clock_ms;
  setup.raft = options.raft;
  setup.disk_space = options.disk_space;
  return setup;
}

}  // namespace

Genesis cluster_genesis(std::size_t nodes) {
  Genesis genesis = make_genesis();
  genesis.roster.members.clear();
  boost::asio::io_context io;
  // All are held until all are found, so that no port is given twice.
  std::vector<boost::asio::ip::tcp::acceptor> held;
  const auto port = [&] {
    held.emplace_back(io, boost::asio::ip::tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
    return held.back().local_endpoint().port();
  };
  for (std::size_t number = 1; number <= nodes; ++number) {
    Member member;
    member.id = number;
    member.name = "node-" + std::to_string(number);
    member.province = "310000";
    set_public_keys(member, node_seed(number));
    member.peer = {"127.0.0.1", port()};
    member.api = {"127.0.0.1", port()};
    genesis.roster.members.push_back(member);
  }
  return genesis;
}

TestNode::TestNode(const Genesis& genesis, std::size_t number, const std::filesystem::path& directory,
                   TestOptions options) {
  auto opened = node::Node::open(setup_of(genesis, number, directory, options));
  if (!opened) std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
  HUFU_CHECK(opened.has_value());
  node_ = std::move(*opened);
  const auto started = node_->start();
  if (!started) std::fprintf(stderr, "%s\n", started.error().detail.c_str());
  HUFU_CHECK(started.has_value());
  thread_ = std::thread([this] { node_->run(); });
}

TestNode::~TestNode() {
  node_->stop();
  thread_.join();
}

consensus::Fault TestNode::fault(const Genesis& genesis, std::size_t number,
                                 const std::filesystem::path& directory, const TestOptions& options) {
  auto opened = node::Node::open(setup_of(genesis, number, directory, options));
  return opened ? consensus::Fault{Error::usage, "it opens"} : opened.error();
}

std::future<api::Submitted> TestNode::submit_later(Bytes bytes, std::chrono::milliseconds wait,
                                                   node::Until until) {
  auto promise = std::make_shared<std::promise<api::Submitted>>();
  auto future = promise->get_future();
  boost::asio::post(node_->loop(), [this, bytes = std::move(bytes), wait, until, promise] {
    node_->service().submit(bytes, "127.0.0.1", wait, until, [promise](api::Submitted submitted) {
      promise->set_value(std::move(submitted));
    });
  });
  return future;
}

api::Submitted TestNode::submit(const Submission& submission, std::chrono::milliseconds wait,
                                node::Until until) {
  return submit_later(encode(submission), wait, until).get();
}

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < deadline) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

}  // namespace hufu::testing
