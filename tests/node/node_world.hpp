// Whole nodes in one process: real stores, TLS on loopback, a loop thread each.
#pragma once

#include <boost/asio/post.hpp>
#include <future>
#include <thread>

#include "node/node.hpp"
#include "tests/store/store_world.hpp"

namespace hufu::testing {

// A genesis with this many nodes, on ports that were free a moment ago.
Genesis cluster_genesis(std::size_t nodes);

struct TestOptions {
  node::NodeLimits limits = {};
  node::Rates rates = {};
  consensus::RaftOptions raft = node::node_raft_options();
  std::optional<Member> joining;  // who the genesis does not know
  std::function<std::optional<node::DiskSpace>()> disk_space = {};
};

class TestNode {
 public:
  // Opens and starts node `number` (1, 2, …) of the genesis on its directory.
  TestNode(const Genesis& genesis, std::size_t number, const std::filesystem::path& directory,
           TestOptions options = {});
  ~TestNode();  // stops gracefully

  // What cannot start, and why.
  static consensus::Fault fault(const Genesis& genesis, std::size_t number,
                                const std::filesystem::path& directory, const TestOptions& options = {});

  // Runs a function on the node's loop and waits for what it returns.
  template <class F>
  auto on_loop(F function) {
    std::promise<decltype(function())> promise;
    boost::asio::post(node_->loop(), [&] { promise.set_value(function()); });
    return promise.get_future().get();
  }
  api::Submitted submit(const Submission& submission,
                        std::chrono::milliseconds wait = std::chrono::seconds(20),
                        node::Until until = node::Until::committed);
  std::future<api::Submitted> submit_later(Bytes bytes,
                                           std::chrono::milliseconds wait = std::chrono::seconds(20),
                                           node::Until until = node::Until::committed);
  // Waits for a callback of the service.
  template <class T>
  Result<T> ask(std::function<void(node::Service&, node::Done<T>)> question) {
    std::promise<Result<T>> promise;
    boost::asio::post(node_->loop(), [&] {
      question(node_->service(), [&](Result<T> answer) { promise.set_value(std::move(answer)); });
    });
    return promise.get_future().get();
  }
  api::NodeStatus status() {
    return on_loop([this] { return node_->service().status(); });
  }
  node::Service& service() { return node_->service(); }
  boost::asio::io_context& loop() { return node_->loop(); }

 private:
  std::unique_ptr<node::Node> node_;
  std::thread thread_;
};

// Looks again and again until it is so, for at most a minute.
bool eventually(const std::function<bool()>& condition);

}  // namespace hufu::testing
