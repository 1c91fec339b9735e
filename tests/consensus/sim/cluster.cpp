#include "tests/consensus/sim/cluster.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "consensus/wire.hpp"
#include "ledger/base/codec.hpp"

namespace hufu::consensus::sim {

namespace {

struct Pointer {
  std::uint64_t index = 0;
  std::uint64_t chain = 0;
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& index& chain;
  }
};

std::string text(std::uint64_t number) { return std::to_string(number); }

}  // namespace

// The application: a hash chain. Its store may survive a crash or fall back to the last snapshot.
class Cluster::Machine final : public StateMachine {
 public:
  Machine(Cluster& cluster, std::size_t node) : cluster_(cluster), node_(node) {}

  void apply(std::uint64_t index, ByteSpan entry) override {
    const std::uint64_t hash = mix(kSeedOfHashes, entry);
    const auto decided = cluster_.entry_at_.emplace(index, hash).first;
    if (decided->second != hash) {
      cluster_.broken(Verdict::safety,
                      "S2: node " + text(node_) + " applies another entry at index " + text(index));
    }
    if (index <= state_.index) return;  // a replay
    state_ = {index, mix(state_.chain, hash)};
    const auto chain = cluster_.chain_at_.emplace(index, state_.chain).first;
    if (chain->second != state_.chain)
      cluster_.broken(Verdict::safety, "S2: the chains differ at " + text(index));
    cluster_.time_.note(1, node_, index, hash);
  }

  Bytes snapshot() override {
    durable_ = state_;
    return encode(state_);
  }

  void restore(ByteSpan bytes) override {
    const auto pointer = decode<Pointer>(bytes);
    if (!pointer) return cluster_.broken(Verdict::safety, "S2: a snapshot is not what was taken");
    if (pointer->index <= state_.index) return;
    state_ = durable_ = *pointer;
    if (cluster_.chain_at_[state_.index] != state_.chain) {
      cluster_.broken(Verdict::safety, "S2: a snapshot does not match the chain");
    }
    cluster_.time_.note(2, node_, state_.index);
  }

  bool ready_for(ByteSpan bytes) override;

  // What a crash leaves: perhaps only what snapshot() or restore() made durable; no fetch goes on.
  void crash(bool forget) {
    if (forget) state_ = durable_;
    fetched_ = fetching_ = 0;
  }
  std::uint64_t index() const { return state_.index; }

 private:
  Cluster& cluster_;
  const std::size_t node_;
  Pointer state_;
  Pointer durable_;
  std::uint64_t fetched_ = 0;
  std::uint64_t fetching_ = 0;
};

class Cluster::World final : public Env {
 public:
  World(Cluster& cluster, std::size_t node, std::uint64_t life)
      : cluster_(cluster), node_(node), life_(life) {}

  std::uint64_t now_ms() override { return cluster_.time_.now(); }
  int random(int low, int high) override {
    return low + static_cast<int>(cluster_.time_.pick(static_cast<std::uint64_t>(high - low)));
  }
  bool send(NodeId to, Bytes frame) override {
    if (cluster_.profile_.lie == Lie::makes_up_an_acknowledgement) acknowledge(to, frame);
    if (cluster_.links_.is_cut(node_, to - 1)) return cluster_.time_.pick(2) != 0;
    cluster_.transmit(node_, to - 1, frame);
    return true;
  }
  void disk(std::function<void()> work, std::function<void()> done) override;

 private:
  // The follower next to the leader is said to have stored what it was only sent.
  void acknowledge(NodeId to, ByteSpan frame) {
    if (to != node_ + 2) return;
    const auto sent = wire::decode(frame);
    const auto* const append = sent ? std::get_if<wire::Append>(&sent->message) : nullptr;
    if (append == nullptr || append->entries.empty()) return;
    cluster_.transmit(
        to - 1, node_,
        wire::encode({sent->group, to, sent->from, wire::AppendResult{append->term, 0, append->last()}}));
  }

  Cluster& cluster_;
  const std::size_t node_;
  const std::uint64_t life_;
};

struct Cluster::Node {
  Platter platter;
  std::unique_ptr<World> world;
  std::unique_ptr<Machine> machine;
  std::unique_ptr<Raft> raft;
  std::uint64_t life = 0;  // counts boots and crashes: events of an earlier life are void
  std::function<void()> disk_work;
  std::optional<Platter> before_lie;
};

bool Cluster::Machine::ready_for(ByteSpan bytes) {
  const auto pointer = decode<Pointer>(bytes);
  if (!pointer || pointer->index <= std::max(state_.index, fetched_)) return true;
  if (fetching_ == pointer->index) return false;
  fetching_ = pointer->index;
  const auto life = cluster_.nodes_[node_]->life;
  cluster_.time_.after(20 + cluster_.time_.pick(400),
                       [this, &cluster = cluster_, life, node = node_, index = pointer->index] {
                         if (cluster.nodes_[node]->life != life) return;
                         fetched_ = std::max(fetched_, index);
                         cluster.nodes_[node]->raft->bulk_ready();
                         cluster.check_leader(node);
                       });
  return false;
}

void Cluster::World::disk(std::function<void()> work, std::function<void()> done) {
  cluster_.nodes_[node_]->disk_work = work;
  const std::uint64_t stall =
      cluster_.faults_ && cluster_.time_.pick(200) == 0 ? cluster_.time_.pick(400) : 0;
  cluster_.time_.after(cluster_.time_.pick(cluster_.max_disk_) + stall, [&cluster = cluster_, node = node_,
                                                                         life = life_, work, done] {
    Node& own = *cluster.nodes_[node];
    if (own.life != life) return;
    // A disk that says done and syncs now and then: a crash takes it back to its last sync.
    if (cluster.profile_.lie == Lie::syncs_too_late && (!own.before_lie || cluster.time_.pick(16) == 0)) {
      own.before_lie = own.platter;
    }
    own.disk_work = nullptr;
    work();
    cluster.time_.note(3, node);
    done();
    cluster.check_leader(node);
  });
}

Cluster::Cluster(std::uint64_t seed, const Profile& profile)
    : profile_(profile), time_(seed), links_(profile.nodes) {
  options_.election_timeout_ms = 300;
  options_.heartbeat_ms = 50;
  options_.guards = profile.guards;
  options_.snapshot_threshold = profile.snapshots ? static_cast<unsigned>(20 + time_.pick(60)) : 1'000'000;
  options_.snapshot_trailing =
      static_cast<unsigned>(time_.pick(3) != 0 ? 5 + time_.pick(20) : 1 + time_.pick(3));
  options_.max_append_bytes = time_.pick(2) != 0 ? kMaxAppendBytes : 300;
  faults_ = links_.stragglers = profile.faults;
  if (faults_) {
    links_.drop = static_cast<double>(time_.pick(4)) * 0.03;
    links_.duplicate = static_cast<double>(time_.pick(3)) * 0.05;
    links_.max_delay = 2 + time_.pick(3) * time_.pick(60);
    max_disk_ = 1 + time_.pick(3) * time_.pick(60);
  }
  for (std::size_t i = 0; i < profile.nodes; ++i) {
    nodes_.push_back(std::make_unique<Node>());
    nodes_[i]->machine = std::make_unique<Machine>(*this, i);
  }
}

Cluster::~Cluster() {
  for (auto& node : nodes_) node->raft.reset();
}

// The first violation counts; the run ends with the event that showed it.
void Cluster::broken(Verdict verdict, std::string what) {
  if (report_.verdict != Verdict::ok) return;
  report_.verdict = verdict;
  report_.what = std::move(what) + " (at " + text(time_.since_start() / 1000) + " s)";
}

void Cluster::run_for(std::uint64_t ms) {
  time_.run_for(ms, [this] { return report_.verdict != Verdict::ok; });
}

void Cluster::boot(std::size_t index) {
  Node& node = *nodes_[index];
  ++node.life;
  time_.note(4, index);
  node.world = std::make_unique<World>(*this, index, node.life);
  node.raft = std::make_unique<Raft>(
      index + 1, options_, *node.world, node.platter, *node.machine,
      [this](std::string_view what) { broken(Verdict::fatal, "S5: " + std::string(what)); });
  std::vector<Member> members;
  for (std::size_t i = 0; i < nodes_.size(); ++i) members.push_back({i + 1, "n" + text(i + 1)});
  if (const auto started = node.raft->start(members); !started)
    broken(Verdict::fatal, "S5: " + started.error().detail);
  schedule_tick(index, node.life);
}

void Cluster::crash(std::size_t index) {
  Node& node = *nodes_[index];
  if (!node.raft) return;
  ++report_.crashes;
  time_.note(5, index);
  collect(index);
  ++node.life;
  // The step that was under way: just made it, or lost.
  const auto work = std::exchange(node.disk_work, nullptr);
  if (work && time_.pick(2) != 0) work();
  node.machine->crash(time_.pick(2) != 0);
  node.raft.reset();
  if (profile_.lie == Lie::forgets_the_vote) node.platter.forget_vote();
  if (node.before_lie) node.platter = *std::exchange(node.before_lie, std::nullopt);
}

void Cluster::schedule_tick(std::size_t index, std::uint64_t life) {
  time_.after(10 + time_.pick(5), [this, index, life] {
    if (nodes_[index]->life != life) return;
    nodes_[index]->raft->tick();
    check_leader(index);
    schedule_tick(index, life);
  });
}

void Cluster::schedule_client() {
  time_.after(1 + time_.pick(profile_.client_every_ms), [this] {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      for (std::uint64_t burst = 1 + time_.pick(4);
           burst > 0 && nodes_[i]->raft && nodes_[i]->raft->is_leader(); --burst) {
        const RaftStatus status = nodes_[i]->raft->status();
        if (status.waiting_entries + status.flying_entries < 64) propose(i);
      }
      if (nodes_[i]->raft && time_.pick(4) == 0) read(i);
      check_leader(i);
    }
    schedule_client();
  });
}

void Cluster::propose(std::size_t index) {
  Writer writer;
  const std::uint64_t id = next_entry_++;
  writer& id;
  Bytes entry = writer.take();
  entry.resize(entry.size() + time_.pick(200), 'z');
  const std::uint64_t hash = mix(kSeedOfHashes, entry);
  nodes_[index]->raft->propose(std::move(entry), [this, id, hash](Outcome outcome) {
    if (outcome.kind == Outcome::Kind::unknown) ++report_.unknown;
    if (outcome.kind != Outcome::Kind::committed) return;
    ++report_.acknowledged;
    const auto decided = entry_at_.find(outcome.index);
    if (decided == entry_at_.end() || decided->second != hash || !acknowledged_.insert(id).second) {
      broken(Verdict::safety, "S3: what was acknowledged does not stand at " + text(outcome.index));
    }
    highest_acknowledged_ = std::max(highest_acknowledged_, outcome.index);
  });
}

void Cluster::read(std::size_t index) {
  const auto life = nodes_[index]->life;
  nodes_[index]->raft->read_barrier([this, index, life, promised = highest_acknowledged_](bool granted) {
    if (!granted || nodes_[index]->life != life) return;
    ++report_.reads;
    if (nodes_[index]->machine->index() < promised)
      broken(Verdict::safety, "S4: a read misses what was acknowledged");
  });
}

void Cluster::schedule_fault() {
  time_.after(100 + time_.pick(900), [this] {
    if (!faults_) return;
    one_fault();
    schedule_fault();
  });
}

void Cluster::one_fault() {
  const std::size_t target = time_.pick(nodes_.size());
  switch (time_.pick(6)) {
    case 0:
    case 1:
      crash(target);
      time_.after(50 + time_.pick(1500), [this, target] {
        if (!nodes_[target]->raft) boot(target);
      });
      break;
    case 2:
      links_.isolate(target);
      break;
    case 3: {
      const std::size_t other = time_.pick(nodes_.size());
      links_.cut(target, other);
      if (time_.pick(2) != 0) links_.cut(other, target);
      break;
    }
    default:
      links_.heal();
  }
}

void Cluster::transmit(std::size_t from, std::size_t to, const Bytes& frame) {
  ++report_.messages;
  time_.note(6, from, to, mix(kSeedOfHashes, frame));
  for (const std::uint64_t delay : links_.delays(time_)) {
    time_.after(delay, [this, from, to, frame] {
      if (!nodes_[to]->raft) return;
      nodes_[to]->raft->deliver(from + 1, frame);
      check_leader(to);
    });
  }
}

void Cluster::check_leader(std::size_t index) {
  const auto& raft = nodes_[index]->raft;
  if (!raft || !raft->is_leader()) return;
  const auto holder = leader_of_.emplace(raft->term(), index).first;
  if (holder->second != index) broken(Verdict::safety, "S1: two leaders in term " + text(raft->term()));
}

void Cluster::collect(std::size_t index) {
  const RaftStatus status = nodes_[index]->raft->status();
  report_.snapshots_installed += status.snapshots_installed;
  report_.acks_clamped += status.acks_clamped;
  report_.appends_reanchored += status.appends_reanchored;
}

Report Cluster::run() {
  for (std::size_t i = 0; i < nodes_.size(); ++i) boot(i);
  schedule_client();
  if (faults_) schedule_fault();
  run_for(profile_.virtual_ms);
  if (report_.verdict == Verdict::ok) check_healed();
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i]->raft) collect(i);
  }
  report_.terms = leader_of_.size();
  report_.committed = entry_at_.size();
  report_.trace = time_.trace();
  return report_;
}

void Cluster::check_healed() {
  faults_ = links_.stragglers = false;
  links_.heal();
  links_.drop = links_.duplicate = 0;
  links_.max_delay = 5;
  max_disk_ = 3;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!nodes_[i]->raft) boot(i);
  }
  run_for(15'000);
  const std::uint64_t before = report_.acknowledged;
  run_for(3'000);
  if (report_.acknowledged == before) broken(Verdict::liveness, "S6: nothing commits after healing");
  time_.clear();  // the clients fall silent, and with them everything else: start the ticking anew
  for (std::size_t i = 0; i < nodes_.size(); ++i) crash(i);
  for (std::size_t i = 0; i < nodes_.size(); ++i) boot(i);
  run_for(15'000);
  const std::uint64_t applied = nodes_[0]->raft->applied_index();
  for (const auto& node : nodes_) {
    if (node->raft->applied_index() != applied)
      broken(Verdict::liveness, "S6: the nodes do not reach the same index");
    if (node->machine->index() < highest_acknowledged_)
      broken(Verdict::safety, "S3: an acknowledged entry is lost");
  }
}

Report simulate_apart(std::uint64_t seed, const Profile& profile) {
  int ends[2];
  Report report{Verdict::crashed, "the process died", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  if (::pipe(ends) != 0) return report;
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    const Report own = simulate(seed, profile);
    const std::string line = std::to_string(static_cast<int>(own.verdict)) + own.what;
    const bool sent = ::write(ends[1], line.data(), line.size()) == static_cast<ssize_t>(line.size());
    ::_exit(sent ? 0 : 1);
  }
  ::close(ends[1]);
  char buffer[512];
  const ssize_t got = child > 0 ? ::read(ends[0], buffer, sizeof buffer) : 0;
  ::close(ends[0]);
  int status = 0;
  if (child > 0) ::waitpid(child, &status, 0);
  if (got > 0) {
    report.verdict = static_cast<Verdict>(buffer[0] - '0');
    report.what.assign(buffer + 1, buffer + got);
  }
  return report;
}

}  // namespace hufu::consensus::sim
