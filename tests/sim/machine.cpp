#include "tests/sim/machine.hpp"

#include <algorithm>

#include "ledger/genesis/node_keys.hpp"
#include "tests/sim/simulation.hpp"

namespace hufu::sim {
namespace {

constexpr std::uint64_t kNodeTickMs = 50;
constexpr std::uint64_t kMarkSyncMs = 5'000;
constexpr std::size_t kMemtableBytes = 16U << 20;  // never full: nothing is flushed in the background
constexpr std::size_t kCacheBytes = 1U << 20;

}  // namespace

// Time and threads of one life.
class Machine::World final : public node::World {
 public:
  explicit World(Machine& machine) : machine_(machine) {}

  std::uint64_t now_ms() override { return machine_.simulation_.time().now(); }
  std::uint64_t wall_clock_ms() override { return machine_.wall_clock_ms(); }
  void post(std::function<void()> turn) override { machine_.later(0, std::move(turn)); }
  std::unique_ptr<Timer> after(std::uint64_t ms, std::function<void()> turn) override {
    auto alive = std::make_shared<bool>(true);
    machine_.later(ms, [alive, turn = std::move(turn)] {
      if (*alive) turn();
    });
    return std::make_unique<Cancelled>(std::move(alive));
  }
  void work(std::function<void()> piece) override {
    machine_.later(machine_.simulation_.worker_delay(), std::move(piece));
  }

 private:
  struct Cancelled final : Timer {
    explicit Cancelled(std::shared_ptr<bool> flag) : alive(std::move(flag)) {}
    ~Cancelled() override { *alive = false; }
    const std::shared_ptr<bool> alive;
  };
  Machine& machine_;
};

// What Raft needs besides, of one life.
class Machine::Env final : public consensus::Env {
 public:
  explicit Env(Machine& machine) : machine_(machine), life_(machine.life_) {}

  std::uint64_t now_ms() override { return machine_.simulation_.time().now(); }
  int random(int low, int high) override {
    return low + static_cast<int>(machine_.simulation_.time().pick(static_cast<std::uint64_t>(high - low)));
  }
  bool send(consensus::NodeId to, Bytes frame) override {
    if (machine_.life_ != life_) return false;
    return machine_.simulation_.transmit(machine_, to, consensus::Channel::raft, frame);
  }
  // In order, one after the other.
  void disk(std::function<void()> work, std::function<void()> done) override {
    if (machine_.life_ != life_) return;
    const std::uint64_t now = now_ms();
    machine_.disk_free_ms_ = std::max(machine_.disk_free_ms_, now) + machine_.simulation_.disk_delay();
    machine_.disk_work_.push_back(work);
    machine_.later(machine_.disk_free_ms_ - now, [&machine = machine_, work, done] {
      machine.disk_work_.pop_front();
      work();
      done();
    });
  }

 private:
  Machine& machine_;
  const std::uint64_t life_;
};

Machine::Machine(Simulation& simulation, std::size_t slot, Member member, Seed seed, std::vector<Member> told)
    : simulation_(simulation),
      slot_(slot),
      member_(std::move(member)),
      seed_(std::move(seed)),
      told_(std::move(told)) {}

Machine::~Machine() {
  ++life_;
  drop_process();
}

std::uint64_t Machine::wall_clock_ms() const {
  const auto now = static_cast<std::int64_t>(simulation_.wall_clock_ms());
  return static_cast<std::uint64_t>(std::max<std::int64_t>(1, now + clock_offset_ms_));
}

node::CoreParts Machine::parts() {
  const NodeSeeds seeds = node_seeds(seed_);
  return {.world = *world_,
          .env = *env_,
          .store = *store_,
          .genesis = simulation_.genesis(),
          .ledger = simulation_.ledger(),
          .told = told_,
          .keys = {.origin = simulation_.genesis().origin,
                   .member = member_.id,
                   .log = SigningKey(seeds.log),
                   .cosign = SigningKey(seeds.cosign)},
          .evidence = "/evidence-is-a-failure-of-the-simulation",
          .send =
              [this, life = life_](consensus::NodeId to, consensus::Channel channel, Bytes frame) {
                return life_ == life && simulation_.transmit(*this, to, channel, frame);
              },
          .admit =
              [this](const std::vector<Member>& members) {
                admitted_.clear();
                for (const Member& each : members) admitted_.insert(each.id);
              },
          .open_log = [this](std::uint64_t epoch) -> consensus::Checked<std::unique_ptr<node::GroupLog>> {
            return raft_disk_.open(epoch);
          },
          .raft = simulation_.raft_options(),
          .admission = {},
          .sequencer = simulation_.sequencer_limits(),
          .rates = {.address = {}, .agency = {}},
          .metrics = *metrics_,
          .log = *log_,
          .fatal =
              [this, life = life_](std::string_view why) {
                if (life_ == life) fatal(why);
              },
          .disk_full = [] { return false; },
          .certified = [] {},
          .refused = [](const std::string&, const api::Refusal&) {},
          .status = [] { return api::NodeStatus{}; }};
}

bool Machine::boot() {
  HUFU_CHECK(!up());
  ++life_;
  dying_ = paused_ = false;
  why_.clear();
  seen_height_ = 0;
  seen_signed_.reset();
  seen_certified_.reset();
  auto opened = store::LedgerStore::open(
      "/ledger", simulation_.genesis(), store::Mode::read_write,
      {.memtable_bytes = kMemtableBytes, .cache_bytes = kCacheBytes, .env = ledger_disk_.env()});
  if (!opened) {
    why_ = opened.error().detail;
    return false;
  }
  store_ = std::move(*opened);
  metrics_ = std::make_unique<node::Metrics>();
  log_ = std::make_unique<node::Log>("node-" + std::to_string(id()), simulation_.log_level(), 2);
  world_ = std::make_unique<World>(*this);
  env_ = std::make_unique<Env>(*this);
  inside_ = true;
  core_ = std::make_unique<node::Core>(parts());
  auto started = core_->open();
  if (started) started = core_->start();
  inside_ = false;
  if (!started || dying_) {
    if (!started) why_ = started.error().detail;
    ++life_;
    drop_process();
    return false;
  }
  schedule_ticks();
  observe();
  return true;
}

void Machine::schedule_ticks() {
  const auto every = [this](std::uint64_t ms, std::uint64_t jitter, std::function<void()> turn) {
    auto again = std::make_shared<std::function<void()>>();
    *again = [this, ms, jitter, turn = std::move(turn), weak = std::weak_ptr(again)] {
      turn();
      const auto self = weak.lock();
      later(ms + simulation_.time().pick(jitter), [self] { (*self)(); });
    };
    later(simulation_.time().pick(ms), [again] { (*again)(); });
  };
  every(simulation_.raft_options().heartbeat_ms / 10, 3, [this] { core_->raft_tick(); });
  every(kNodeTickMs, 5, [this] { core_->tick(); });
  every(kMarkSyncMs, 100, [this] {
    if (auto synced = core_->sync_marks(); !synced) fatal(synced.error().detail);
  });
}

void Machine::later(std::uint64_t ms, std::function<void()> turn) {
  simulation_.time().after(ms, [this, life = life_, turn = std::move(turn)] {
    if (life_ == life) enter(turn);
  });
}

void Machine::enter(const std::function<void()>& turn) {
  if (!up()) return;
  if (paused_) {  // P2
    backlog_.push_back(turn);
    return;
  }
  HUFU_CHECK(!inside_);
  inside_ = true;
  turn();
  inside_ = false;
  if (!dying_) return observe();
  drop_process();
  simulation_.died(*this);
}

void Machine::resume() {
  paused_ = false;
  auto waiting = std::exchange(backlog_, {});
  for (const auto& turn : waiting) enter(turn);
}

// P3: from now on nothing of this life is heard; the objects go when the turn that is under way has returned.
void Machine::fatal(std::string_view why) {
  if (dying_) return;
  dying_ = true;
  why_ = why;
  ++life_;
}

void Machine::observe() {
  Checker& checker = simulation_.checker();
  if (store_->head().height > seen_height_) {
    checker.saw_chain(id(), *store_, seen_height_ + 1);
    seen_height_ = store_->head().height;
    simulation_.time().note(10, id(), seen_height_, simulation_.checker().height());
  }
  const auto& mine = core_->attestor().newest();
  if (mine && mine != seen_signed_) {
    checker.attested(*mine);
    seen_signed_ = mine;
  }
  const auto& certified = core_->attestor().certified();
  if (certified && certified->checkpoint() != seen_certified_) {
    checker.certified(id(), certified->cosigned());
    seen_certified_ = certified->checkpoint();
  }
  if (core_->leads()) simulation_.leads(*this);
}

// P1
void Machine::drop_process() {
  inside_ = paused_ = false;
  backlog_.clear();
  disk_work_.clear();
  disk_free_ms_ = 0;
  ledger_disk_.freeze();
  if (core_) core_->stop();
  core_.reset();
  env_.reset();
  world_.reset();
  log_.reset();
  metrics_.reset();
  store_.reset();
  admitted_.clear();
  ledger_disk_.thaw();
}

void Machine::crash(Crash kind, const Dice& chosen) {
  if (!up()) return;
  ++life_;
  ledger_disk_.freeze();
  // The steps of Raft's log that were under way: the first few just made it, the others are lost.
  for (std::uint64_t made = simulation_.time().pick(disk_work_.size() + 1); made > 0; --made) {
    disk_work_.front()();
    disk_work_.pop_front();
  }
  if (kind == Crash::power_cut) {
    const Dice own = [this](std::uint64_t bound) { return simulation_.time().pick(bound); };
    const Dice& dice = chosen ? chosen : own;
    simulation_.lost(ledger_disk_.power_cut(dice));
    raft_disk_.power_cut(dice(2) == 0);
  }
  drop_process();
}

bool Machine::damage_ledger() {
  const auto dice = [this](std::uint64_t bound) { return simulation_.time().pick(bound); };
  const std::string where = ledger_disk_.flip(dice);
  damaged_ = damaged_ || !where.empty();
  return !where.empty();
}

bool Machine::damage_write_ahead_log() {
  const std::string where = ledger_disk_.flip_in(".log");
  damaged_ = damaged_ || !where.empty();
  return !where.empty();
}

bool Machine::damage_raft_log() {
  const bool there = raft_disk_.damage("a flipped bit in the log");
  damaged_ = damaged_ || there;
  return there;
}

void Machine::lose_disk() {
  HUFU_CHECK(!up());
  ledger_disk_.replace();
  raft_disk_.replace();
  damaged_ = true;
  why_ = "the disk is lost";
}

}  // namespace hufu::sim
