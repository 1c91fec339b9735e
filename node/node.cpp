#include "node/node.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "ledger/genesis/node_keys.hpp"

namespace hufu::node {
namespace {

using namespace std::chrono_literals;

// Two generations of the leaves of verified submissions, 64 bytes or so each.
constexpr std::size_t kRememberedSignatures = 65'536;
// For a peer's own newest attestation, which comes at once or not at all.
constexpr auto kAttestationWait = 2s;

consensus::Fault fault_of(const store::StoreFault& fault) { return {fault.error, fault.detail}; }

}  // namespace

consensus::RaftOptions node_raft_options() {
  consensus::RaftOptions options;
  options.snapshot_threshold = 128;
  options.snapshot_trailing = 128;
  return options;
}

consensus::Checked<Member> own_member(const Genesis& genesis, const std::string& name, const Seed& seed) {
  for (const Member& member : genesis.roster.members) {
    if (member.name != name) continue;
    Member expected = member;
    set_public_keys(expected, seed);
    if (expected != member)
      return consensus::Fault{Error::config_invalid, "the key file is not that of node '" + name + "'"};
    return member;
  }
  return consensus::Fault{Error::config_invalid, "the genesis has no node '" + name + "'"};
}

consensus::Checked<std::unique_ptr<Node>> Node::open(NodeSetup setup) {
  auto self = own_member(setup.genesis, setup.config.node, setup.seed);
  if (!self) return self.error();
  std::unique_ptr<Node> node(new Node(std::move(setup), std::move(*self)));
  if (auto opened = node->open_stores(); !opened) return opened.error();
  node->assemble();
  if (auto rebuilt = node->replica_->start(); !rebuilt) return fault_of(rebuilt.error());
  if (auto checked = node->check_marks(); !checked) return checked.error();
  if (auto attests = node->attestor_->start(); !attests) {
    return consensus::Fault{attests.error().error,
                            node->data_->ledger().string() + ": " + attests.error().detail};
  }
  node->wire_up();
  return node;
}

Node::Node(NodeSetup setup, Member self)
    : setup_(std::move(setup)),
      self_(std::move(self)),
      ledger_(ledger_id(setup_.genesis)),
      log_(setup_.config.node, setup_.config.log_level, 2),
      signatures_(kRememberedSignatures) {}

Node::~Node() {
  halt();
  if (disk_) disk_->stop();
}

consensus::Checked<void> Node::open_stores() {
  auto data = DataDir::open(setup_.config.data);
  if (!data) return data.error();
  data_ = std::move(*data);
  auto log_store = consensus::RocksLogStore::open(data_->raft(), setup_.genesis.roster.epoch);
  if (!log_store) return log_store.error();
  log_store_ = std::move(*log_store);
  const store::StoreOptions options{.memtable_bytes = setup_.config.limits.state_memory_mb << 20,
                                    .cache_bytes = setup_.config.limits.cache_mb << 20};
  auto opened = store::LedgerStore::open(data_->ledger(), setup_.genesis, store::Mode::read_write, options);
  if (!opened) return fault_of(opened.error());
  store_ = std::move(*opened);
  auto access_log = AccessLog::open(data_->access_log(), {.genesis = ledger_.genesis, .member = self_.id},
                                    SigningKey(node_seeds(setup_.seed).cosign));
  if (!access_log) return access_log.error();
  access_log_ = std::move(*access_log);
  if (access_log_->cut_off() > 0) {
    log_.warning("torn tail", {{"file", data_->access_log().string()}, {"bytes", access_log_->cut_off()}});
  }
  return {};
}

// What was promised must be there.
consensus::Checked<void> Node::check_marks() const {
  const consensus::Mark mark = log_store_->high_water().mark();
  const std::uint64_t height = store_->head().height;
  if (mark.app.height > height) {
    return consensus::Fault{Error::storage_rolled_back,
                            data_->ledger().string() + ": ends at block " + std::to_string(height) +
                                ", but block " + std::to_string(mark.app.height) + " (" +
                                short_hex(mark.app.head) + ") had been made durable"};
  }
  const auto header = store_->header(mark.app.height);
  if (!header) return fault_of(header.error());
  if (mark.app.height > 0 && (!*header || block_hash(**header) != mark.app.head)) {
    return consensus::Fault{Error::storage_rolled_back, data_->ledger().string() + ": block " +
                                                            std::to_string(mark.app.height) +
                                                            " is not the one that had been made durable"};
  }
  if (mark.hard.term == 0 && height > 0) {
    return consensus::Fault{Error::storage_rolled_back,
                            data_->raft().string() + ": is empty, but the ledger has " +
                                std::to_string(height) +
                                " blocks: the votes and the log of this node are lost"};
  }
  return {};
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

std::vector<consensus::Peer> Node::transport_peers() const {
  std::vector<consensus::Peer> peers;
  for (const Member& member : setup_.genesis.roster.members) {
    peers.push_back(
        {.id = member.id, .tls_key = member.tls_key, .host = member.peer.host, .port = member.peer.port});
  }
  return peers;
}

void Node::assemble() {
  const Config& config = setup_.config;
  const auto stop_everything = [this](std::string_view why) { fatal(why); };
  pool_ = std::make_unique<boost::asio::thread_pool>(config.limits.verify_threads);
  disk_ = std::make_unique<consensus::DiskThread>(loop_);
  transport_ = std::make_unique<consensus::Transport>(loop_, node_seeds(setup_.seed).tls, transport_peers(),
                                                      transport_options());
  env_ = std::make_unique<consensus::RealEnv>(*disk_, *transport_);
  peers_ =
      std::make_unique<Peers>(loop_, [this](consensus::NodeId to, consensus::Channel channel, Bytes frame) {
        return transport_->send(to, channel, std::move(frame));
      });
  replica_ = std::make_unique<Replica>(ReplicaParts{.store = *store_,
                                                    .ledger = ledger_,
                                                    .epoch = setup_.genesis.roster.epoch,
                                                    .signatures = signatures_,
                                                    .metrics = metrics_,
                                                    .log = log_,
                                                    .fatal = stop_everything});
  consensus::RaftOptions raft = setup_.raft;
  raft.group = setup_.genesis.roster.epoch;
  raft.election_timeout_ms = config.raft.election_timeout_ms;
  raft.heartbeat_ms = config.raft.heartbeat_ms;
  raft.disk_stall_ms = config.raft.disk_stall_ms;
  raft.on_role_change = [this] {
    log_.info("role", {{"leads", raft_->is_leader()},
                       {"ready", raft_->is_ready_leader()},
                       {"leader", raft_->leader_hint()},
                       {"term", raft_->term()}});
    sequencer_->on_role_change();
    admission_->on_role_change();
  };
  raft_ = std::make_unique<consensus::Raft>(self_.id, std::move(raft), *env_, *log_store_, *replica_,
                                            stop_everything);
  assemble_disk_watch();
  std::vector<consensus::NodeId> others;
  for (const Member& member : setup_.genesis.roster.members) {
    if (member.id != self_.id) others.push_back(member.id);
  }
  fetcher_ = std::make_unique<Fetcher>(FetchParts{.loop = loop_,
                                                  .peers = *peers_,
                                                  .replica = *replica_,
                                                  .members = std::move(others),
                                                  .log = log_,
                                                  .metrics = metrics_,
                                                  .arrived = [this] { raft_->bulk_ready(); },
                                                  .fatal = stop_everything});
  sequencer_ = std::make_unique<Sequencer>(SequencerParts{
      .ready = [this] { return raft_->is_ready_leader(); },
      .propose = [this](
                     Bytes entry,
                     consensus::ProposeCallback done) { raft_->propose(std::move(entry), std::move(done)); },
      .head = [this]() -> const BlockHeader& { return replica_->head(); },
      .head_hash = [this]() -> const Hash& { return replica_->head_hash(); },
      .wall_clock_ms = setup_.wall_clock_ms,
      .post = [this](std::function<void()> work) { boost::asio::post(loop_, std::move(work)); },
      .lost = [this](const Hash& id) { admission_->on_lost(id); },
      .metrics = metrics_,
      .limits = {.block_bytes = config.limits.block_bytes,
                 .block_submissions = config.limits.block_submissions,
                 .queue_bytes = config.limits.pending_bytes,
                 .queue_submissions = config.limits.pending_submissions}});
  admission_ = std::make_unique<Admission>(AdmissionParts{
      .loop = loop_,
      .pool = *pool_,
      .store = *store_,
      .ledger = ledger_,
      .replica = *replica_,
      .sequencer = *sequencer_,
      .peers = *peers_,
      .signatures = signatures_,
      .metrics = metrics_,
      .log = log_,
      .self = self_.id,
      .leads = [this] { return raft_->is_ready_leader(); },
      .leader = [this] { return raft_->leader_hint(); },
      .read_barrier = [this](consensus::ReadCallback done) { raft_->read_barrier(std::move(done)); },
      .wall_clock_ms = setup_.wall_clock_ms,
      .disk_full = [this] { return disk_watch_->full(); },
      .cut_off = [this] { return raft_->status().disk_stalled && raft_->leader_hint() == 0; },
      .fatal = stop_everything,
      .refused = [this](const std::string& agency,
                        const api::Refusal& refusal) { recorder_->refused(agency, refusal); },
      .limits = {.pending_bytes = config.limits.pending_bytes,
                 .pending_submissions = config.limits.pending_submissions},
      .rates = config.rates});
  assemble_attestor();
  assemble_recorder();
  service_ = std::make_unique<NodeService>(ServiceParts{.loop = loop_,
                                                        .pool = *pool_,
                                                        .genesis = setup_.genesis,
                                                        .genesis_file = setup_.genesis_file,
                                                        .ledger = ledger_,
                                                        .self = self_,
                                                        .store = *store_,
                                                        .replica = *replica_,
                                                        .raft = *raft_,
                                                        .transport = *transport_,
                                                        .peers = *peers_,
                                                        .fetcher = *fetcher_,
                                                        .admission = *admission_,
                                                        .attestor = *attestor_,
                                                        .recorder = *recorder_,
                                                        .metrics = metrics_,
                                                        .disk = *disk_watch_,
                                                        .traces = config.traces,
                                                        .data = data_->path(),
                                                        .version = HUFU_VERSION,
                                                        .fatal = stop_everything});
}

void Node::assemble_disk_watch() {
  const NodeLimits& limits = setup_.config.limits;
  auto look = setup_.disk_space;
  if (!look) look = [path = data_->path()] { return disk_space(path); };
  disk_watch_ = std::make_unique<DiskWatch>(DiskWatchParts{
      .look = std::move(look),
      .raft = [this] { return raft_->status(); },
      .now_ms = [this] { return env_->now_ms(); },
      .wall_clock_ms = setup_.wall_clock_ms,
      .metrics = metrics_,
      .log = log_,
      .limits = {.floor_bytes = limits.disk_floor_mb << 20, .warn_bytes = limits.disk_warn_mb << 20}});
}

void Node::assemble_attestor() {
  const NodeSeeds seeds = node_seeds(setup_.seed);
  attestor_ = std::make_unique<Attestor>(AttestorParts{
      .store = *store_,
      .replica = *replica_,
      .ledger = ledger_,
      .roster = setup_.genesis.roster,
      .keys = {.origin = ledger_.origin,
               .member = self_.id,
               .log = SigningKey(seeds.log),
               .cosign = SigningKey(seeds.cosign)},
      .evidence = data_->evidence(),
      .send =
          [this](consensus::NodeId to, const Attestation& newest) {
            peers_->ask(to, peer::AttestationRequest{newest}, kAttestationWait,
                        [this, to](Result<peer::Response> response) {
                          const auto* attested =
                              response ? std::get_if<peer::AttestedResponse>(&*response) : nullptr;
                          if (attested != nullptr && attested->attestation) {
                            attestor_->receive(to, *attested->attestation);
                          }
                        });
          },
      .work = [this](std::function<void()> work) { boost::asio::post(*pool_, std::move(work)); },
      .post = [this](std::function<void()> work) { boost::asio::post(loop_, std::move(work)); },
      .wall_clock_ms = setup_.wall_clock_ms,
      .certified = [this] { service_->on_certified(); },
      .metrics = metrics_,
      .log = log_,
      .fatal = [this](std::string_view why) { fatal(why); }});
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

// Who is told what.
void Node::wire_up() {
  replica_->on_applied([this](const ProposalResult& result) {
    sequencer_->on_applied(result.ids);
    admission_->on_applied(result);
    if (result.block != nullptr) attestor_->on_executed();
  });
  replica_->on_durable([this](std::uint64_t height, const Hash& head) {
    if (auto marked = log_store_->high_water().app({height, head}); !marked) fatal(marked.error().detail);
  });
  replica_->on_behind([this](const Pointer& pointer) { fetcher_->go(pointer); });
  peers_->on_request([this](consensus::NodeId from, peer::Request request, Peers::Reply reply) {
    service_->answer_peer(from, std::move(request), std::move(reply));
  });
  transport_->on_frame([this](consensus::NodeId from, consensus::Channel channel, Bytes frame) {
    if (channel == consensus::Channel::raft) return raft_->deliver(from, std::move(frame));
    peers_->deliver(from, channel, std::move(frame));
  });
  metrics_.gauge("hufu_raft_leads", "1 on the leader.", [this] { return raft_->is_leader() ? 1.0 : 0.0; });
  metrics_.gauge("hufu_raft_term", "Term of the Raft group.",
                 [this] { return static_cast<double>(raft_->term()); });
  metrics_.gauge("hufu_raft_applied_index", "Newest entry of the Raft log that was applied.",
                 [this] { return static_cast<double>(raft_->applied_index()); });
  metrics_.gauge("hufu_peers_connected", "Nodes connected in both directions.", [this] {
    const auto peers = transport_->status().peers;
    return static_cast<double>(std::count_if(peers.begin(), peers.end(),
                                             [](const auto& peer) { return peer.raft_out && peer.raft_in; }));
  });
  const auto raft_interval = std::chrono::milliseconds(std::max(1U, setup_.config.raft.heartbeat_ms / 10));
  raft_ticker_ = std::make_unique<consensus::Ticker>(loop_, raft_interval, [this] { raft_->tick(); });
  node_ticker_ = std::make_unique<consensus::Ticker>(loop_, 50ms, [this] { tick(); });
  sync_ticker_ = std::make_unique<consensus::Ticker>(loop_, 5s, [this] {
    if (auto synced = log_store_->high_water().sync(); !synced) fatal(synced.error().detail);
  });
}

}  // namespace hufu::node
