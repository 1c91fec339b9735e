// A whole node: its parts, who calls whom, and the order in which they start and stop.
//
// Threads: the loop (run()) owns Raft, replica, sequencer, admission and service; the disk thread writes Raft's log; the
// worker pool verifies signatures and puts answers together; both post back. Nothing else is shared.
//
// Invariants
//   O1  nothing is listened on before everything on disk was checked: high-water mark, Raft's log, ledger, state root
//   O2  after fatal() no acknowledgement leaves the node: the process ends inside it
//   O3  stop() leaves everything synced; so does a crash, but for what Raft's log replays
//   O4  a node that signed a checkpoint does not start on a ledger that does not lead to it (attestor.hpp X1)
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include "consensus/real_env.hpp"
#include "node/access_recorder.hpp"
#include "node/asio_world.hpp"
#include "node/config.hpp"
#include "node/core.hpp"
#include "node/data_dir.hpp"
#include "node/disk_watch.hpp"
#include "node/node_service.hpp"

namespace hufu::node {

// Entries are as large as blocks and stay in memory until a snapshot lets go of them: fewer than for small ones.
consensus::RaftOptions node_raft_options();

struct NodeSetup {
  Config config;
  Genesis genesis;
  Bytes genesis_file;
  Seed seed;
  std::vector<Member> told;            // [joining] roster
  std::unique_ptr<Frontend> frontend;  // may be none
  // Must not return, unless in a test that stops using the node.
  std::function<void(std::string_view why)> fatal;
  std::function<std::uint64_t()> wall_clock_ms;
  std::function<std::optional<DiskSpace>()> disk_space;  // none: of the data folder's disk
  consensus::RaftOptions raft = node_raft_options();     // group and timing are overwritten
};

// Who this node is: the roster's member that has its keys and name, or the genesis's, or who it says that it will be.
// config_invalid: none of them, or the seed is another node's.
consensus::Checked<Member> own_member(const RosterStanding& roster, const Config& config, const Seed& seed);

class Node {
 public:
  static constexpr std::uint64_t kRoomToStart =
      16ULL << 20;  // bytes free on the disk, beside what write-ahead logs hold

  // Opens and checks everything on disk (O1). Nothing runs yet.
  static consensus::Checked<std::unique_ptr<Node>> open(NodeSetup setup);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // Joins the peers and begins to serve; on the thread that will run().
  consensus::Checked<void> start();
  // The loop; returns after stop().
  void run();
  // From any thread, any number of times: stops accepting, answers what waits, syncs, ends run().
  void stop();

  Service& service() { return *service_; }
  boost::asio::io_context& loop() { return loop_; }
  const Log& log() const { return log_; }
  std::string address() const { return setup_.frontend ? setup_.frontend->address() : ""; }

 private:
  explicit Node(NodeSetup setup);
  consensus::Checked<void> open_stores();
  consensus::Checked<void> look_for_room();
  std::optional<DiskSpace> look_at_disk() const;
  consensus::Checked<void> look_where_moved();
  std::string named(const std::string& fault) const;
  consensus::Checked<std::unique_ptr<GroupLog>> open_log(std::uint64_t epoch);
  void assemble();
  void assemble_disk_watch();
  void assemble_core();
  void assemble_recorder();
  void wire_up();
  void tick();
  void halt();
  void fatal(std::string_view why);
  consensus::TransportOptions transport_options() const;

  NodeSetup setup_;
  Member self_;
  const LedgerId ledger_;
  const Log log_;
  Metrics metrics_;
  std::unique_ptr<DataDir> data_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stay_{loop_.get_executor()};
  std::unique_ptr<store::LedgerStore> store_;
  std::unique_ptr<AccessLog> access_log_;
  std::unique_ptr<consensus::DiskThread> disk_;
  std::unique_ptr<consensus::Transport> transport_;
  std::unique_ptr<consensus::RealEnv> env_;
  std::unique_ptr<AsioWorld> world_;
  std::unique_ptr<DiskWatch> disk_watch_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<AccessRecorder> recorder_;
  std::unique_ptr<NodeService> service_;
  std::unique_ptr<consensus::Ticker> raft_ticker_;
  std::unique_ptr<consensus::Ticker> node_ticker_;
  std::unique_ptr<consensus::Ticker> sync_ticker_;
  // Last: its threads use what stands above.
  std::unique_ptr<boost::asio::thread_pool> pool_;
  // The access log is written in order. Gone before the pool that it belongs to.
  std::optional<boost::asio::strand<boost::asio::thread_pool::executor_type>> access_strand_;
  bool halted_ = false;
};

}  // namespace hufu::node
