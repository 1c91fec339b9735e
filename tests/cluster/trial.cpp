#include "tests/cluster/trial.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "ledger/chain/block.hpp"
#include "ledger/rocksdb/ledger_store.hpp"

namespace hufu::testing {
namespace {

constexpr std::string_view kType = "11100000MB0143028R001";
// A point that so much work does not pass is never reached. The times are for a machine on which nothing moves any more.
constexpr std::size_t kWork = 2'000;
constexpr auto kReached = 200s;
constexpr auto kRecovered = 120s;
// Snapshots are taken every 128 entries and leave as many behind: so many blocks are gone from the log.
constexpr std::uint64_t kAwayBlocks = 300;
constexpr int kKilled = 128 + SIGKILL;

class Deadline {
 public:
  explicit Deadline(std::chrono::seconds limit) : end_(std::chrono::steady_clock::now() + limit) {}
  bool over() const { return std::chrono::steady_clock::now() >= end_; }

 private:
  std::chrono::steady_clock::time_point end_;
};

}  // namespace

Trial::Trial(const std::filesystem::path& folder) : field_(folder), read_(field_.cluster.size()) {
  agency_ = field_.agency_for(kType, 0);
  // Elections are part of many arrangements; the first node is the first to stand.
  for (std::size_t node = 0; node < field_.cluster.size(); ++node) {
    std::ofstream config(field_.cluster.config(node), std::ios::app);
    config << "[raft]\nelection_timeout_ms = " << (node == 0 ? 300 : 600) << "\nheartbeat_ms = 60\n";
  }
}

// ---- asking ----

std::unique_ptr<cli::Client> Trial::client_of(std::vector<std::size_t> nodes,
                                              std::chrono::milliseconds patience) const {
  cli::ClientOptions options;
  options.genesis = field_.genesis;
  options.timeout = std::min<std::chrono::milliseconds>(patience, 5s);
  options.patience = patience;
  options.unreachable = patience;
  for (const std::size_t node : nodes) options.urls.push_back(field_.cluster.url(node));
  return std::move(cli::Client::make(std::move(options)).value());
}

std::vector<std::optional<api::NodeStatus>> Trial::look() const {
  std::vector<std::size_t> all;
  for (std::size_t node = 0; node < field_.cluster.size(); ++node) all.push_back(node);
  std::vector<std::optional<api::NodeStatus>> seen;
  for (cli::NodeReply& reply : client_of(all, 2s)->status_of_each()) {
    seen.push_back(reply.status ? std::optional(std::move(*reply.status)) : std::nullopt);
  }
  return seen;
}

std::optional<std::size_t> Trial::leader() const {
  const auto seen = look();
  for (std::size_t node = 0; node < seen.size(); ++node) {
    if (seen[node] && seen[node]->role == api::Role::leader && seen[node]->ready) return node;
  }
  return std::nullopt;
}

bool Trial::answers(std::size_t node) const { return client_of({node}, 500ms)->status().has_value(); }

bool Trial::agreed() const {
  const auto seen = look();
  return std::all_of(seen.begin(), seen.end(), [&](const auto& status) {
    return status && status->head_hash == seen[0]->head_hash &&
           status->certified_size == status->head.height + 1;
  });
}

// ---- work ----

Bytes Trial::next_submission() {
  return field_.submission(agency_, {issue_of(license_of(kType, agency_, ++serial_), std::nullopt)});
}

void Trial::load(std::size_t node, std::size_t window, const std::function<bool()>& goes_on) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < field_.cluster.size(); ++i) order.push_back((node + i) % field_.cluster.size());
  const auto client = client_of(order, 60s);
  cli::Pipeline pipeline(*client, window, api::WaitWish::committed);
  std::map<std::uint64_t, Bytes> open;
  const auto take = [&] {
    const auto done = pipeline.next();
    const Settled outcome = settled(done->reply);
    if (outcome.place) {
      acknowledged_.emplace(done->reply->receipt.id(), *outcome.place);
      open.erase(done->tag);
    } else if (is_open(outcome)) {
      pipeline.push(done->tag, open.at(done->tag));
    } else {
      ADD_FAILURE() << "refused: " << code_of(outcome.error);
      open.erase(done->tag);
    }
  };
  while (goes_on()) {
    while (!pipeline.full()) {
      Bytes submission = next_submission();
      open[serial_] = submission;
      pipeline.push(serial_, std::move(submission));
    }
    take();
  }
  while (!open.empty()) take();
}

void Trial::record_traces(std::size_t node) {
  const auto client = client_of({node}, 1s);
  const Hash genesis = field_.ledger.genesis;
  const Deadline deadline(kReached);
  while (field_.cluster.running(node) && !deadline.over()) {
    const std::uint64_t number = ++traces_;
    const SignedTrace trace{.trace = {.genesis = genesis,
                                      .id = request_of(number),
                                      .time_ms = static_cast<std::uint64_t>(
                                          std::chrono::duration_cast<std::chrono::milliseconds>(
                                              std::chrono::system_clock::now().time_since_epoch())
                                              .count()),
                                      .subject = sha256(as_bytes(std::to_string(number))),
                                      .verdict = TracedVerdict::accept,
                                      .reason = "a test"},
                            .signature = {}};
    if (auto entry = client->record_trace(trace)) traced_[node][entry->entry.seq] = std::move(*entry);
  }
}

// ---- leaders ----

// Unless it is the node on trial, which is to die of itself.
void Trial::depose(std::size_t leads, std::size_t node) {
  if (leads == node) return;
  field_.cluster.end(leads, SIGKILL);
  field_.cluster.restart(leads);
}

void Trial::make_leader(std::size_t node) {
  const Deadline deadline(kReached);
  while (field_.cluster.running(node) && !deadline.over()) {
    const auto leads = leader();
    if (leads == node) return;
    if (leads) depose(*leads, node);
  }
}

// Leads alone until it has an entry that nobody else has.
void Trial::strand(std::size_t node) {
  make_leader(node);
  for (std::size_t other = 0; other < field_.cluster.size(); ++other) {
    if (other != node) field_.cluster.end(other, SIGKILL);
  }
  // What it answers, if anything, is that it does not know; by then it has written it down.
  const auto client = client_of({node}, 700ms);
  EXPECT_FALSE(client->submit(next_submission(), api::WaitWish::committed));
  field_.cluster.end(node, SIGKILL);
  for (std::size_t other = 0; other < field_.cluster.size(); ++other) {
    if (other != node) field_.cluster.restart(other);
  }
  EXPECT_TRUE(eventually(kReached, [&] { return leader().has_value(); }));
}

// ---- the trial ----

std::size_t Trial::choose(Way way) {
  if (way == Way::leads || way == Way::deposed) return 0;  // the first to stand
  const auto leads = leader();
  std::size_t node = turn_++ % field_.cluster.size();
  if (leads == node) node = turn_++ % field_.cluster.size();
  return node;
}

void Trial::bring(std::size_t node, Way way) {
  const Cluster& cluster = field_.cluster;
  const Deadline deadline(kReached);
  while (cluster.running(node) && !answers(node) && !deadline.over()) {
  }
  if (way == Way::records) return record_traces(node);
  if (way == Way::leads) make_leader(node);
  if (way == Way::elects) {
    while (cluster.running(node) && !deadline.over()) {
      const auto leads = leader();
      if (leads) depose(*leads, node);
      if (leads != node) continue;
      // It leads itself: it is held until the others have another.
      field_.cluster.signal(node, SIGSTOP);
      eventually(kReached, [&] { return leader().has_value(); });
      field_.cluster.signal(node, SIGCONT);
    }
    return load(node, 4, [] { return false; });
  }
  const std::size_t enough = acknowledged_.size() + kWork;
  load(node, 4, [&] { return cluster.running(node) && acknowledged_.size() < enough && !deadline.over(); });
}

bool Trial::end_at(const std::string& point, unsigned passage, Way way) {
  Cluster& cluster = field_.cluster;
  EXPECT_TRUE(eventually(kRecovered, [&] { return agreed() && leader().has_value(); })) << point;
  const std::size_t node = choose(way);
  if (way == Way::deposed) {
    strand(node);
  } else {
    cluster.end(node, SIGKILL);
  }
  if (way == Way::away) {
    const std::size_t before = acknowledged_.size();
    load((node + 1) % cluster.size(), 1, [&] { return acknowledged_.size() < before + kAwayBlocks; });
  }
  cluster.restart(node, point + ":" + std::to_string(passage));
  bring(node, way);
  const bool reached = !cluster.running(node);
  EXPECT_TRUE(reached) << point << ":" << passage << " is never reached";
  if (!reached) cluster.end(node, SIGKILL);
  if (reached) {
    const Ended ended = cluster.wait(node);
    EXPECT_EQ(ended.exit, kKilled) << point << ":" << passage << " " << ended.err;  // T1
  }
  cluster.restart(node);
  EXPECT_TRUE(eventually(kRecovered, [&] { return agreed(); }))
      << point << ":" << passage << ": node " << node + 1 << " does not come back";  // T2
  expect_whole(node);
  return reached;
}

std::size_t Trial::found(const std::vector<std::string>& points) {
  Cluster& cluster = field_.cluster;
  for (std::size_t node = 0; node < cluster.size(); ++node) {
    cluster.end(node, SIGKILL);
    std::filesystem::remove_all(cluster.data(node));
  }
  acknowledged_.clear();
  traced_.clear();
  read_.assign(cluster.size(), {});
  std::size_t died = 0;
  for (std::size_t node = 0; node < cluster.size(); ++node) cluster.restart(node, points.at(node));
  for (std::size_t node = 0; node < cluster.size(); ++node) {
    const bool ended = eventually(kReached, [&] { return !cluster.running(node); });
    EXPECT_TRUE(ended) << points[node] << " is never reached";
    if (!ended) cluster.end(node, SIGKILL);
    if (ended) died += cluster.wait(node).exit == kKilled ? 1 : 0;
    cluster.restart(node);
  }
  EXPECT_TRUE(eventually(kRecovered, [&] { return leader().has_value(); })) << points[0];
  const std::uint64_t until = serial_ + 5;
  load(0, 1, [&] { return serial_ < until; });
  EXPECT_TRUE(eventually(kRecovered, [&] { return agreed(); }));
  for (std::size_t node = 0; node < cluster.size(); ++node) expect_whole(node);
  return died;
}

// ---- what must hold ----

void Trial::expect_places(std::size_t node) {
  Read& read = read_[node];
  const auto store = store::LedgerStore::open(std::filesystem::path(field_.cluster.data(node)) / "ledger",
                                              field_.genesis, store::Mode::read_only);
  ASSERT_TRUE(store) << store.error().detail;
  for (; read.next <= (*store)->head().height; ++read.next) {
    const Block block = (*store)->block(read.next).value().value();
    for (std::uint32_t i = 0; i < block.submissions.size(); ++i) {
      const Place place{.height = read.next, .submission = i};
      const Hash id = submission_id(field_.ledger, block.submissions[i].header);
      EXPECT_TRUE(read.places.emplace(id, place).second) << "twice: " << short_hex(id);
    }
  }
  for (const auto& [id, place] : acknowledged_) {
    const auto found = read.places.find(id);
    ASSERT_NE(found, read.places.end()) << "lost: " << short_hex(id) << " of block " << place.height;
    EXPECT_EQ(found->second, place) << short_hex(id);
  }
}

void Trial::expect_whole(std::size_t node) {
  expect_places(node);  // T3
  const Ended audit = field_.cluster.start({"--json", "audit", "ledger", field_.cluster.data(node)})->wait();
  EXPECT_EQ(audit.exit, 0) << audit.out << audit.err;  // T4
  ++audits_;
  const auto client = client_of({node}, 10s);
  for (const auto& [sequence, entry] : traced_[node]) {  // T5
    const auto page = client->traces(sequence, 1);
    ASSERT_TRUE(page) << "trace " << sequence;
    ASSERT_EQ(page->entries.size(), 1U) << "trace " << sequence << " is lost";
    EXPECT_EQ(page->entries[0], entry);
  }
}

}  // namespace hufu::testing
