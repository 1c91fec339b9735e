// A node of a real cluster in this process: Raft over TLS on loopback, RocksDB on disk, its own loop thread and disk
// thread. Tests talk to it by running functions on its loop.
#pragma once

#include <boost/asio/post.hpp>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "consensus/raft.hpp"
#include "consensus/real_env.hpp"
#include "consensus/rocks_log_store.hpp"
#include "consensus/transport.hpp"

namespace hufu::consensus {

class RealNode {
 public:
  RealNode(NodeId id, std::vector<Peer> roster, std::filesystem::path directory, RaftOptions options);
  ~RealNode();  // stops as a killed process would: nothing is said to anybody

  // Runs on the node's loop and waits for the answer.
  template <class F>
  auto ask(F&& question) {
    std::promise<decltype(question())> answer;
    boost::asio::post(io_, [&] { answer.set_value(question()); });
    return answer.get_future().get();
  }

  bool ready() {
    return ask([this] { return raft_->is_ready_leader(); });
  }
  RaftStatus status() {
    return ask([this] { return raft_->status(); });
  }
  std::vector<std::string> applied() {
    return ask([this] { return machine_.entries; });
  }
  Outcome propose(const std::string& entry);
  bool read_barrier();
  // From now on the disk ends nothing before this comes.
  void hang_disk(std::shared_future<void> until) {
    disk_->run([until = std::move(until)] { until.wait(); }, [] {});
  }
  const std::optional<std::string>& fatal() const { return fatal_; }

 private:
  // Keeps every entry in memory; its snapshot pointer is their number, and a peer's entries are fetched from the test's
  // own record of what was committed.
  struct Machine final : StateMachine {
    void apply(std::uint64_t index, ByteSpan entry) override;
    Bytes snapshot() override;
    void restore(ByteSpan pointer) override;
    bool ready_for(ByteSpan pointer) override;
    std::vector<std::string> entries;
    std::uint64_t last = 0;
    std::filesystem::path file;
  };

  boost::asio::io_context io_;
  Machine machine_;
  std::optional<std::string> fatal_;
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<DiskThread> disk_;
  std::unique_ptr<RealEnv> env_;
  std::unique_ptr<RocksLogStore> store_;
  std::unique_ptr<Raft> raft_;
  std::unique_ptr<Ticker> ticker_;
  std::thread thread_;
};

}  // namespace hufu::consensus
