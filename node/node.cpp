#include "node/node.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "consensus/rocks_log_store.hpp"
#include "ledger/genesis/node_keys.hpp"
#include "node/fault_of.hpp"
#include "node/promised.hpp"

namespace hufu::node {
namespace {

using namespace std::chrono_literals;

class RocksGroupLog final : public GroupLog {
 public:
  explicit RocksGroupLog(std::unique_ptr<consensus::RocksLogStore> store) : store_(std::move(store)) {}

  consensus::LogStore& log() override { return *store_; }
  consensus::Mark mark() const override { return store_->high_water().mark(); }
  consensus::Checked<void> made_durable(const consensus::AppMark& mark) override {
    return store_->high_water().app(mark);
  }
  consensus::Checked<void> sync() override { return store_->high_water().sync(); }

 private:
  std::unique_ptr<consensus::RocksLogStore> store_;
};

}  // namespace

consensus::RaftOptions node_raft_options() {
  consensus::RaftOptions options;
  // The engine keeps all these entries in memory, each up to a block's bytes.
  options.snapshot_threshold = 64;
  options.snapshot_trailing = 64;
  return options;
}

consensus::Checked<Member> own_member(const RosterStanding& roster, const Config& config, const Seed& seed) {
  Member own;
  set_public_keys(own, seed);
  if (config.joining) {
    own.id = config.joining->id;
    own.name = config.node;
    own.province = config.joining->province;
    own.peer = config.joining->peer;
    own.api = config.joining->api;
    return own;
  }
  for (const Member& member : roster.members) {
    if (member.name != config.node) continue;
    if (member.cosign_key != own.cosign_key || member.log_key != own.log_key || member.tls_key != own.tls_key)
      return consensus::Fault{Error::config_invalid,
                              "the key file is not that of node '" + config.node + "'"};
    return member;
  }
  return consensus::Fault{Error::config_invalid, "the genesis has no node '" + config.node +
                                                     "', and the configuration no [joining]"};
}

consensus::Checked<std::unique_ptr<Node>> Node::open(NodeSetup setup) {
  std::unique_ptr<Node> node(new Node(std::move(setup)));
  if (auto opened = node->open_stores(); !opened) return opened.error();
  node->assemble();
  if (auto checked = node->core_->open(); !checked) {
    return consensus::Fault{checked.error().error, node->named(checked.error().detail)};
  }
  node->wire_up();
  return node;
}

// With the folder that it is about, where it does not say so itself.
std::string Node::named(const std::string& fault) const {
  if (fault.find(data_->path().string()) != std::string::npos) return fault;
  const bool of_log = fault.starts_with("the Raft log");
  return (of_log ? data_->raft() : data_->ledger()).string() + ": " + fault;
}

Node::Node(NodeSetup setup)
    : setup_(std::move(setup)),
      ledger_(ledger_id(setup_.genesis)),
      log_(setup_.config.node, setup_.config.log_level, 2) {}

Node::~Node() {
  halt();
  if (disk_) disk_->stop();
}

consensus::Checked<void> Node::open_stores() {
  // Nothing is made on disk for who could not take part anyway.
  auto self = own_member(setup_.genesis.roster, setup_.config, setup_.seed);
  if (!self) return self.error();
  self_ = std::move(*self);
  auto data = DataDir::open(setup_.config.data);
  if (!data) return data.error();
  data_ = std::move(*data);
  if (auto looked = look_before_opening(*data_, setup_.genesis); !looked) {
    return consensus::Fault{looked.error().error, named(looked.error().detail)};
  }
  if (auto room = look_for_room(); !room) return room;
  const store::StoreOptions options{.memtable_bytes = setup_.config.limits.state_memory_mb << 20,
                                    .cache_bytes = setup_.config.limits.cache_mb << 20};
  auto opened = store::LedgerStore::open(data_->ledger(), setup_.genesis, store::Mode::read_write, options);
  if (!opened) return fault_of(opened.error());
  store_ = std::move(*opened);
  if (auto moved = look_where_moved(); !moved) return moved;
  auto access_log = AccessLog::open(data_->access_log(), {.genesis = ledger_.genesis, .member = self_.id},
                                    SigningKey(node_seeds(setup_.seed).cosign));
  if (!access_log) return access_log.error();
  access_log_ = std::move(*access_log);
  if (access_log_->cut_off() > 0) {
    log_.warning("torn tail", {{"file", data_->access_log().string()}, {"bytes", access_log_->cut_off()}});
  }
  return {};
}

// RocksDB writes as soon as it opens, its write-ahead logs as tables, and Debian's ends the process by an assertion where it cannot.
consensus::Checked<void> Node::look_for_room() {
  std::uint64_t needed = kRoomToStart;
  std::error_code failed;
  for (const auto& file : std::filesystem::recursive_directory_iterator(data_->path(), failed)) {
    if (file.path().extension() == ".log") needed += file.file_size(failed);
  }
  // A floor of 0 is for disks that do not say what is free.
  needed = std::min(needed, setup_.config.limits.disk_floor_mb << 20);
  const auto space = look_at_disk();
  if (!space || space->free >= needed) return {};
  return consensus::Fault{Error::file_unwritable,
                          data_->path().string() + ": " + std::to_string(space->free) +
                              " bytes are free, and a start needs " + std::to_string(needed)};
}

std::optional<DiskSpace> Node::look_at_disk() const {
  return setup_.disk_space ? setup_.disk_space() : disk_space(data_->path());
}

// The roster of the state knows where a node has moved to since.
consensus::Checked<void> Node::look_where_moved() {
  const auto record = store_->record(roster_subject());
  if (!record) return fault_of(record.error());
  const auto* roster = *record ? std::get_if<RosterStanding>(&(*record)->standing.detail) : nullptr;
  for (const Member& member : roster == nullptr ? std::vector<Member>{} : roster->members) {
    if (member.cosign_key == self_.cosign_key) self_ = member;
  }
  return {};
}

consensus::Checked<std::unique_ptr<GroupLog>> Node::open_log(std::uint64_t epoch) {
  namespace fs = std::filesystem;
  std::error_code failed;
  std::vector<fs::path> earlier;
  for (const auto& [of, path] : data_->raft_logs()) {
    if (of < epoch) earlier.push_back(path);
    if (of <= epoch) continue;
    return consensus::Fault{Error::storage_rolled_back, data_->ledger().string() + ": is in epoch " +
                                                            std::to_string(epoch) + ", but " + path.string() +
                                                            " is the log of a later one"};
  }
  auto store = consensus::RocksLogStore::open(data_->raft() / std::to_string(epoch), epoch);
  if (!store) return store.error();
  // The newest log is there: what earlier groups voted counts no more.
  for (const fs::path& path : earlier) fs::remove_all(path, failed);
  return std::unique_ptr<GroupLog>(std::make_unique<RocksGroupLog>(std::move(*store)));
}

consensus::TransportOptions Node::transport_options() const {
  const Endpoint listen = setup_.config.listen_peer.value_or(self_.peer);
  consensus::TransportOptions options;
  options.self = self_.id;
  options.network = ledger_.genesis;
  options.listen_host = listen.host;
  options.listen_port = listen.port;
  return options;
}

void Node::assemble() {
  const Config& config = setup_.config;
  pool_ = std::make_unique<boost::asio::thread_pool>(config.limits.verify_threads);
  world_ = std::make_unique<AsioWorld>(loop_, *pool_, setup_.wall_clock_ms);
  disk_ = std::make_unique<consensus::DiskThread>(loop_);
  transport_ = std::make_unique<consensus::Transport>(loop_, node_seeds(setup_.seed).tls,
                                                      std::vector<consensus::Peer>{}, transport_options());
  env_ = std::make_unique<consensus::RealEnv>(*disk_, *transport_);
  assemble_disk_watch();
  assemble_core();
  assemble_recorder();
  service_ =
      std::make_unique<NodeService>(ServiceParts{.loop = loop_,
                                                 .pool = *pool_,
                                                 .genesis = setup_.genesis,
                                                 .genesis_file = setup_.genesis_file,
                                                 .ledger = ledger_,
                                                 .self = self_,
                                                 .store = *store_,
                                                 .core = *core_,
                                                 .transport = *transport_,
                                                 .recorder = *recorder_,
                                                 .metrics = metrics_,
                                                 .disk = *disk_watch_,
                                                 .traces = config.traces,
                                                 .data = data_->path(),
                                                 .version = HUFU_VERSION,
                                                 .fatal = [this](std::string_view why) { fatal(why); }});
}

void Node::assemble_disk_watch() {
  const NodeLimits& limits = setup_.config.limits;
  disk_watch_ = std::make_unique<DiskWatch>(DiskWatchParts{
      .look = [this] { return look_at_disk(); },
      .raft = [this] { return core_->raft_status(); },
      .now_ms = [this] { return world_->now_ms(); },
      .wall_clock_ms = setup_.wall_clock_ms,
      .metrics = metrics_,
      .log = log_,
      .limits = {.floor_bytes = limits.disk_floor_mb << 20, .warn_bytes = limits.disk_warn_mb << 20}});
}

void Node::assemble_core() {
  const Config& config = setup_.config;
  const NodeSeeds seeds = node_seeds(setup_.seed);
  consensus::RaftOptions raft = setup_.raft;
  raft.election_timeout_ms = config.raft.election_timeout_ms;
  raft.heartbeat_ms = config.raft.heartbeat_ms;
  raft.disk_stall_ms = config.raft.disk_stall_ms;
  core_ = std::make_unique<Core>(
      CoreParts{.world = *world_,
                .env = *env_,
                .store = *store_,
                .genesis = setup_.genesis,
                .ledger = ledger_,
                .told = setup_.told,
                .keys = {.origin = ledger_.origin,
                         .member = self_.id,
                         .log = SigningKey(seeds.log),
                         .cosign = SigningKey(seeds.cosign)},
                .evidence = data_->evidence(),
                .send = [this](consensus::NodeId to, consensus::Channel channel,
                               Bytes frame) { return transport_->send(to, channel, std::move(frame)); },
                .admit =
                    [this](const std::vector<Member>& members) {
                      std::vector<consensus::Peer> peers;
                      for (const Member& member : members) {
                        peers.push_back({.id = member.id,
                                         .tls_key = member.tls_key,
                                         .host = member.peer.host,
                                         .port = member.peer.port});
                      }
                      if (auto set = transport_->set_peers(std::move(peers)); !set) fatal(set.error().detail);
                    },
                .open_log = [this](std::uint64_t epoch) { return open_log(epoch); },
                .raft = std::move(raft),
                .admission = {.pending_bytes = config.limits.pending_bytes,
                              .pending_submissions = config.limits.pending_submissions},
                .sequencer = {.block_bytes = config.limits.block_bytes,
                              .block_submissions = config.limits.block_submissions,
                              .queue_bytes = config.limits.pending_bytes,
                              .queue_submissions = config.limits.pending_submissions},
                .rates = config.rates,
                .metrics = metrics_,
                .log = log_,
                .fatal = [this](std::string_view why) { fatal(why); },
                .disk_full = [this] { return disk_watch_->full(); },
                .certified = [this] { service_->on_certified(); },
                .refused = [this](const std::string& agency,
                                  const api::Refusal& refusal) { recorder_->refused(agency, refusal); },
                .status = [this] { return service_->status(); }});
}

void Node::assemble_recorder() {
  access_strand_.emplace(boost::asio::make_strand(*pool_));
  recorder_ = std::make_unique<AccessRecorder>(RecorderParts{
      .log = *access_log_,
      .genesis = ledger_.genesis,
      .work = [this](std::function<void()> work) { boost::asio::post(*access_strand_, std::move(work)); },
      .post = [this](std::function<void()> work) { boost::asio::post(loop_, std::move(work)); },
      .wall_clock_ms = setup_.wall_clock_ms,
      .metrics = metrics_,
      .fatal = [this](std::string_view why) { fatal(why); }});
}

void Node::wire_up() {
  transport_->on_frame([this](consensus::NodeId from, consensus::Channel channel, Bytes frame) {
    core_->deliver(from, channel, std::move(frame));
  });
  metrics_.gauge("hufu_raft_leads", "1 on the leader.", [this] { return core_->leads() ? 1.0 : 0.0; });
  metrics_.gauge("hufu_raft_term", "Term of the Raft group.",
                 [this] { return static_cast<double>(core_->raft_status().term); });
  metrics_.gauge("hufu_raft_applied_index", "Newest entry of the Raft log that was applied.",
                 [this] { return static_cast<double>(core_->raft_status().applied_index); });
  metrics_.gauge("hufu_epoch", "Epoch of the roster in the state.",
                 [this] { return static_cast<double>(core_->roster().epoch); });
  metrics_.gauge("hufu_peers_connected", "Nodes connected in both directions.", [this] {
    const auto peers = transport_->status().peers;
    return static_cast<double>(std::count_if(peers.begin(), peers.end(),
                                             [](const auto& peer) { return peer.raft_out && peer.raft_in; }));
  });
  const auto raft_interval = std::chrono::milliseconds(std::max(1U, setup_.config.raft.heartbeat_ms / 10));
  raft_ticker_ = std::make_unique<consensus::Ticker>(loop_, raft_interval, [this] { core_->raft_tick(); });
  node_ticker_ = std::make_unique<consensus::Ticker>(loop_, 50ms, [this] { tick(); });
  sync_ticker_ = std::make_unique<consensus::Ticker>(loop_, 5s, [this] {
    if (auto synced = core_->sync_marks(); !synced) fatal(synced.error().detail);
  });
}

}  // namespace hufu::node
