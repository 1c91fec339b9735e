// The service of a running node: questions of people and of other nodes, answered from its parts.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "consensus/raft.hpp"
#include "consensus/transport.hpp"
#include "node/admission.hpp"
#include "node/fetch.hpp"
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
  Replica& replica;
  consensus::Raft& raft;
  consensus::Transport& transport;
  Peers& peers;
  Fetcher& fetcher;
  Admission& admission;
  Metrics& metrics;
  std::filesystem::path data;
  std::string version;
  std::function<void(std::string_view why)> fatal;
};

class NodeService final : public Service {
 public:
  explicit NodeService(ServiceParts parts);
  ~NodeService() override;

  void submit(Bytes submission, std::string address, std::chrono::milliseconds wait,
              std::function<void(api::Submitted)> done) override;
  void evidence(const SubjectKey& key, Read read, Done<Evidence> done) override;
  void standing(const SubjectKey& key, Read read, Done<api::StandingAnswer> done) override;
  void history(const SubjectKey& key, Read read, Done<api::HistoryAnswer> done) override;
  void receipt(const Hash& submission_id, Read read, Done<api::ReceiptAnswer> done) override;
  void receipt(std::string_view agency, const RequestId& request_id, Read read,
               Done<api::ReceiptAnswer> done) override;
  void head(Read read, Done<api::Head> done) override;
  Result<Bytes> block(std::uint64_t height) override;
  Result<BlockHeader> block_header(std::uint64_t height) override;
  Result<std::vector<Hash>> log_consistency(std::uint64_t size1, std::uint64_t size2) override;
  Result<Hash> log_root(std::uint64_t size) override;
  api::NodeStatus status() override;
  void cluster_status(std::chrono::milliseconds wait, std::function<void(api::ClusterStatus)> done) override;
  const Genesis& genesis() const override { return parts_.genesis; }
  const LedgerId& ledger() const override { return parts_.ledger; }
  const Bytes& genesis_file() const override { return parts_.genesis_file; }
  RosterStanding roster() override { return parts_.genesis.roster; }
  api::Readiness ready() override;
  Metrics& metrics() override { return parts_.metrics; }

  // Another node asks.
  void answer_peer(consensus::NodeId from, peer::Request request, Peers::Reply reply);

  // Answers what is still being put together with ledger_unavailable.
  void stop();

 private:
  // An evidence under way: what needs the state tree stays on the loop, what needs blocks goes to the pool and back.
  struct Job {
    Evidence evidence;
    StateTree::Version state;
    Done<Evidence> done;
    unsigned restarts = 0;
  };
  void settle(Read read, std::function<void(Result<bool> confirmed)> then);
  api::AsOf as_of(bool confirmed) const;
  void begin_evidence(const SubjectKey& key, Done<Evidence> done, unsigned restarts);
  void operations_read(std::uint64_t id, Result<std::vector<OperationEvidence>> operations);
  Result<StandingEvidence> standing_evidence(const SubjectKey& key, const StateTree::Version& state) const;
  void find_receipt(std::function<store::Checked<std::optional<Place>>(const store::LedgerStore&)> place,
                    Read read, Done<api::ReceiptAnswer> done);
  Error damaged(const store::StoreFault& fault) const;
  Error damaged(Error error) const;
  template <class T>
  void in_pool(std::function<Result<T>()> work, Done<T> done);

  ServiceParts parts_;
  std::map<std::uint64_t, Job> jobs_;
  std::uint64_t next_job_ = 1;
  std::size_t in_pool_ = 0;
  bool stopped_ = false;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::shared_ptr<NodeService*> self_;
};

}  // namespace hufu::node
