// The service of a running node: questions of people and of other nodes, answered from its parts.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "consensus/transport.hpp"
#include "node/access_recorder.hpp"
#include "node/block_shelf.hpp"
#include "node/certified_waits.hpp"
#include "node/core.hpp"
#include "node/disk_watch.hpp"
#include "node/service.hpp"

namespace hufu::node {

struct ServiceParts {
  boost::asio::io_context& loop;
  boost::asio::thread_pool& pool;
  const Genesis& genesis;
  const Bytes& genesis_file;
  const LedgerId& ledger;
  const Member& self;
  const store::LedgerStore& store;
  Core& core;
  consensus::Transport& transport;
  AccessRecorder& recorder;
  Metrics& metrics;
  const DiskWatch& disk;
  TraceRules traces;
  std::filesystem::path data;
  std::string version;
  std::function<void(std::string_view why)> fatal;
};

class NodeService final : public Service {
 public:
  // Reads that are put together in the pool at the same time.
  static constexpr std::size_t kMaxReads = 256;

  explicit NodeService(ServiceParts parts);
  ~NodeService() override;

  void submit(Bytes submission, std::string address, std::chrono::milliseconds wait, Until until,
              std::function<void(api::Submitted)> done) override;
  void evidence(const SubjectKey& key, Read read, Done<Evidence> done) override;
  void standing(const SubjectKey& key, Read read, Done<api::StandingAnswer> done) override;
  void history(const SubjectKey& key, Read read, Done<api::HistoryAnswer> done) override;
  void registry(SubjectKind kind, const std::string& after, std::size_t most, Read read,
                Done<api::RegistryAnswer> done) override;
  void receipt(const Hash& submission_id, Read read, Done<api::ReceiptAnswer> done) override;
  void receipt(std::string_view agency, const RequestId& request_id, Read read,
               Done<api::ReceiptAnswer> done) override;
  void head(Read read, Done<api::Head> done) override;
  void proof(const SubjectKey& key, Read read, const api::ProofWish& wish, Done<Proof> done) override;
  Result<Bytes> block(std::uint64_t height) override;
  Result<BlockHeader> block_header(std::uint64_t height) override;
  Result<std::vector<Hash>> log_consistency(std::uint64_t size1, std::uint64_t size2) override;
  Result<Hash> log_root(std::uint64_t size) override;
  Result<std::string> checkpoint_note() override;
  void tile(const Tile& tile, Done<Bytes> done) override;
  void record_trace(const SignedTrace& trace, const std::string& address, Done<SignedEntry> done) override;
  void traces(std::uint64_t from, std::size_t limit, Done<AccessPage> done) override;
  api::NodeStatus status() override;
  void cluster_status(std::chrono::milliseconds wait, std::function<void(api::ClusterStatus)> done) override;
  const Genesis& genesis() const override { return parts_.genesis; }
  const LedgerId& ledger() const override { return parts_.ledger; }
  const Bytes& genesis_file() const override { return parts_.genesis_file; }
  RosterStanding roster() override { return parts_.core.roster(); }
  api::Readiness ready() override;
  Metrics& metrics() override { return parts_.metrics; }

  // From the attestor.
  void on_certified();
  // Every few tens of milliseconds: deadlines.
  void tick();

  // Answers what is still being put together with ledger_unavailable.
  void stop();

 private:
  // An evidence under way, one ring of supporting lives after the other: what needs the state tree stays on the loop, what needs
  // blocks goes to the pool and back.
  struct Job {
    Evidence evidence;
    StateTree::Version state;
    std::vector<std::string> verifiers;  // provinces whose agreements are to be shown
    std::set<SubjectKey> shown;
    Done<Evidence> done;
  };
  struct Ring {
    std::vector<Life> lives;
    std::vector<store::Record> records;  // of those that have operations
    std::vector<std::size_t> life_of;    // of each record, its place among the lives
  };
  struct ProofJob {
    SubjectKey key;
    std::uint64_t since = 0;
    std::vector<std::string> verifiers;
    std::uint64_t deadline_ms = 0;
    Done<Proof> done;
  };
  void certify_receipt(api::Accepted accepted, std::uint64_t deadline_ms,
                       const std::function<void(api::Submitted)>& done);
  api::Accepted cosigned_receipt(api::Accepted accepted, bool certified);
  std::uint64_t now_ms() const;
  void settle(Read read, std::function<void(Result<bool> confirmed)> then);
  api::AsOf as_of(bool confirmed) const;
  void newest_evidence(const SubjectKey& key, Done<Evidence> done, unsigned restarts);
  // At this head. ledger_stale: a standing in it has changed since.
  void begin_evidence(const SubjectKey& key, const HeldHead& at, std::vector<std::string> verifiers,
                      Done<Evidence> done);
  void show_lives(Job job, const std::set<SubjectKey>& keys);
  void ring_read(std::uint64_t id, Ring ring, Result<std::vector<std::vector<OperationEvidence>>> operations);
  void take_ring(Job job, Ring ring);
  Result<Ring> ring_of(const std::set<SubjectKey>& keys, const StateTree::Version& state) const;
  Result<std::set<SubjectKey>> agreements_for(const Job& job) const;
  Result<StandingEvidence> standing_evidence(const SubjectKey& key, const StateTree::Version& state) const;
  void prove(const std::shared_ptr<ProofJob>& job, std::uint64_t size);
  Result<Proof> finish_proof(const ProofJob& job, std::uint64_t epoch, Evidence evidence,
                             std::vector<Cosignature> cosignatures);
  void find_receipt(std::function<store::Checked<std::optional<Place>>(const store::LedgerStore&)> place,
                    Read read, Done<api::ReceiptAnswer> done);
  Error damaged(const store::StoreFault& fault) const;
  Error damaged(Error error) const;
  template <class T>
  void in_pool(std::function<Result<T>()> work, Done<T> done);

  ServiceParts parts_;
  RateLimit traces_by_address_;
  CertifiedWaits receipts_;
  CertifiedWaits proofs_;
  // The way of one block up to one checkpoint: the receipts of a block are answered together.
  struct LogPath {
    std::uint64_t height = 0;
    std::uint64_t size = 0;
    std::vector<Hash> hashes;
  };
  LogPath last_path_;
  std::map<std::uint64_t, Job> jobs_;
  std::uint64_t next_job_ = 1;
  std::size_t in_pool_ = 0;
  bool stopped_ = false;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::shared_ptr<BlockShelf> shelf_;  // also of those who are still at work in the pool
  std::shared_ptr<NodeService*> self_;
};

template <class T>
void NodeService::in_pool(std::function<Result<T>()> work, Done<T> done) {
  if (stopped_) return done(Error::ledger_unavailable);
  if (in_pool_ >= kMaxReads) return done(Error::overloaded);
  ++in_pool_;
  boost::asio::post(parts_.pool,
                    [&loop = parts_.loop, self = self_, work = std::move(work), done = std::move(done)] {
                      auto result = std::make_shared<Result<T>>(work());
                      boost::asio::post(loop, [self, result, done] {
                        if (*self == nullptr) return;
                        --(*self)->in_pool_;
                        if (!*result) return done((*self)->damaged(result->error()));
                        done(std::move(*result));
                      });
                    });
}

}  // namespace hufu::node
