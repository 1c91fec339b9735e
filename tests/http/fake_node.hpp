// A node for tests of the HTTP front end and of the client: the real ledger rules on a chain in memory, a loop thread, and
// knobs for what consensus would do.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <future>
#include <mutex>
#include <thread>

#include "node/api/wire.hpp"
#include "node/http/server.hpp"
#include "node/metrics.hpp"
#include "tests/ledger/world.hpp"

namespace hufu::node {

class FakeNode final : public Service {
 public:
  // All nodes made with one world stand on one chain, as replicas that never lag would.
  struct World {
    std::mutex mutex;  // the loops of several nodes meet here
    testing::Chain chain;
    std::map<Hash, Receipt> receipts;
    std::uint64_t leader = 1;
  };

  explicit FakeNode(std::shared_ptr<World> world, std::uint64_t id = 1) : world_(std::move(world)), id_(id) {}
  ~FakeNode() override { stop(); }

  // Serves at these listeners; the first address is returned.
  std::string serve(HttpOptions options, const Seed& seed);
  std::string serve(bool tls = true);
  const HttpServer& server() const { return *server_; }
  void stop();

  // ---- knobs ----
  std::atomic<int> refuse_next{0};  // so many submissions are refused with `refusal`
  api::Refusal refusal;
  std::atomic<bool> hold{false};         // submissions are neither accepted nor answered
  std::atomic<bool> lose_answer{false};  // the next one is accepted, but its outcome is said to be unknown
  std::atomic<bool> ready_now{true};
  std::atomic<int> cosigners{0};  // so many members of the roster cosign, all with the key of node-1
  std::atomic<int> submits{0};
  std::atomic<std::size_t> registry_page{api::kRegistryEntries};  // no page is longer
  std::atomic<bool> registry_stutters{false};                     // every page is the first one
  RosterStanding roster_now = testing::make_genesis().roster;

  // ---- Service ----
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
  const Genesis& genesis() const override { return world_->chain.genesis; }
  const LedgerId& ledger() const override { return world_->chain.ledger; }
  const Bytes& genesis_file() const override { return genesis_file_; }
  RosterStanding roster() override { return roster_now; }
  api::Readiness ready() override;
  Metrics& metrics() override { return metrics_; }

 private:
  api::AsOf as_of() const;
  api::Submitted append(const Submission& submission);
  Receipt receipt_of(const Submission& submission, std::uint64_t height) const;
  std::vector<Hash> leaves() const;
  std::vector<Hash> log_path(std::uint64_t from, std::uint64_t to) const;
  std::vector<Attestation> attestations(const Checkpoint& checkpoint) const;

  std::shared_ptr<World> world_;
  std::uint64_t id_;
  Bytes genesis_file_ = encode_genesis(testing::make_genesis());
  Metrics metrics_;
  std::vector<std::function<void(api::Submitted)>> held_;
  std::optional<AccessChain> access_;
  std::vector<SignedEntry> traces_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

// The TLS seed of node-1 in the test genesis.
inline Seed node_seed() { return testing::seed_of("node-1 tls"); }
// make_genesis with TLS keys that can serve, and this API address.
Genesis genesis_with(const std::vector<Endpoint>& apis, const std::vector<PublicKey>& keys);

}  // namespace hufu::node
