#include "node/node_service.hpp"

#include <boost/asio/post.hpp>

#include "node/reads.hpp"

namespace hufu::node {
namespace {

// Reads that are put together in the pool at the same time.
constexpr std::size_t kMaxReads = 256;
constexpr unsigned kMaxRestarts = 3;

}  // namespace

NodeService::NodeService(ServiceParts parts)
    : parts_(std::move(parts)), self_(std::make_shared<NodeService*>(this)) {}

NodeService::~NodeService() { *self_ = nullptr; }

void NodeService::submit(Bytes submission, std::string address, std::chrono::milliseconds wait,
                         std::function<void(api::Submitted)> done) {
  parts_.admission.submit(std::move(submission), address, wait, std::move(done));
}

void NodeService::settle(Read read, std::function<void(Result<bool>)> then) {
  if (stopped_) return then(Error::ledger_unavailable);
  if (read == Read::local || !parts_.raft.is_ready_leader()) return then(false);
  parts_.raft.read_barrier([then = std::move(then)](bool granted) {
    if (!granted) return then(Error::no_quorum);
    then(true);
  });
}

api::AsOf NodeService::as_of(bool confirmed) const {
  const BlockHeader& head = parts_.replica.head();
  return {.height = head.height,
          .head = parts_.replica.head_hash(),
          .time_ms = head.time_ms,
          .confirmed = confirmed};
}

// A store that failed while it was read stops the node, as one that failed while it was written does.
Error NodeService::damaged(const store::StoreFault& fault) const {
  parts_.fatal(fault.detail);
  return Error::ledger_unavailable;
}
Error NodeService::damaged(Error error) const {
  if (const auto fault = parts_.store.failure()) return damaged(*fault);
  return error;
}

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

// ---- evidence ----

void NodeService::evidence(const SubjectKey& key, Read read, Done<Evidence> done) {
  settle(read, [this, key, done = std::move(done)](Result<bool> confirmed) {
    if (!confirmed) return done(confirmed.error());
    begin_evidence(key, done, 0);
  });
}

Result<StandingEvidence> NodeService::standing_evidence(const SubjectKey& key,
                                                        const StateTree::Version& state) const {
  auto record = parts_.store.record(key);
  if (!record) return damaged(record.error());
  const Hash path = key.path();
  StandingEvidence evidence{
      .key = key, .standing = std::nullopt, .proof = parts_.replica.tree().prove(state, path)};
  if (*record) evidence.standing = std::move((*record)->standing);
  // The store has the newest standing only; the proof may be of an older state.
  const auto expected = parts_.replica.tree().find(state, path);
  const auto found = evidence.standing ? std::optional(evidence.standing->value_hash()) : std::nullopt;
  if (expected != found) return Error::ledger_stale;
  return evidence;
}

void NodeService::begin_evidence(const SubjectKey& key, Done<Evidence> done, unsigned restarts) {
  auto record = parts_.store.record(key);
  if (!record) return done(damaged(record.error()));
  if (*record && (*record)->spots.size() > Evidence::kOperations) return done(Error::oversize);
  auto subject = standing_evidence(key, parts_.replica.state());
  if (!subject) return done(subject.error());
  const Frontier& log = parts_.replica.log_of_blocks();
  auto head_path = inclusion_path(parts_.store, log.size() - 1, log.size());
  if (!head_path) return done(damaged(head_path.error()));
  Job job{.evidence = {.version = Evidence::kVersion,
                       .ledger = parts_.ledger,
                       .head = parts_.replica.head(),
                       .log_size = log.size(),
                       .log_root = log.root(),
                       .head_path = std::move(*head_path),
                       .subject = std::move(*subject),
                       .operations = {},
                       .agencies = {}},
          .state = parts_.replica.state(),
          .done = std::move(done),
          .restarts = restarts};
  if (!*record || (*record)->spots.empty()) return job.done(std::move(job.evidence));
  const std::uint64_t id = next_job_++;
  jobs_.emplace(id, std::move(job));
  in_pool<std::vector<OperationEvidence>>(
      [&store = parts_.store, record = std::move(**record), log_size = log.size()] {
        return read_operations(store, record, log_size);
      },
      [this, id](Result<std::vector<OperationEvidence>> operations) {
        operations_read(id, std::move(operations));
      });
}

void NodeService::operations_read(std::uint64_t id, Result<std::vector<OperationEvidence>> operations) {
  auto node = jobs_.extract(id);
  if (node.empty()) return;
  Job& job = node.mapped();
  if (!operations) return job.done(operations.error());
  const auto agencies = agencies_of(*operations);
  if (agencies.size() > Evidence::kAgencies) return job.done(Error::oversize);
  job.evidence.operations = std::move(*operations);
  for (const std::string& code : agencies) {
    auto agency = standing_evidence({SubjectKind::agency, code}, job.state);
    if (agency) {
      job.evidence.agencies.push_back(std::move(*agency));
    } else if (agency.error() == Error::ledger_stale && job.restarts < kMaxRestarts) {
      // The agency changed meanwhile: again, on the new head.
      return begin_evidence(job.evidence.subject.key, std::move(job.done), job.restarts + 1);
    } else {
      return job.done(agency.error());
    }
  }
  job.done(std::move(job.evidence));
}

// ---- other reads ----

void NodeService::standing(const SubjectKey& key, Read read, Done<api::StandingAnswer> done) {
  settle(read, [this, key, done = std::move(done)](Result<bool> confirmed) {
    if (!confirmed) return done(confirmed.error());
    auto record = parts_.store.record(key);
    if (!record) return done(damaged(record.error()));
    api::StandingAnswer answer{.key = key, .standing = std::nullopt, .as_of = as_of(*confirmed)};
    if (*record) answer.standing = std::move((*record)->standing);
    done(std::move(answer));
  });
}

void NodeService::history(const SubjectKey& key, Read read, Done<api::HistoryAnswer> done) {
  settle(read, [this, key, done = std::move(done)](Result<bool> confirmed) {
    if (!confirmed) return done(confirmed.error());
    auto record = parts_.store.record(key);
    if (!record) return done(damaged(record.error()));
    api::HistoryAnswer answer{.key = key, .entries = {}, .total = 0, .as_of = as_of(*confirmed)};
    if (!*record) return done(std::move(answer));
    answer.total = (*record)->spots.size();
    in_pool<api::HistoryAnswer>(
        [&store = parts_.store, &ledger = parts_.ledger, record = std::move(**record),
         answer = std::move(answer)]() -> Result<api::HistoryAnswer> {
          auto entries = read_history(store, ledger, record, api::kHistoryEntries);
          if (!entries) return entries.error();
          api::HistoryAnswer whole = answer;
          whole.entries = std::move(*entries);
          return whole;
        },
        done);
  });
}

void NodeService::receipt(const Hash& submission_id, Read read, Done<api::ReceiptAnswer> done) {
  find_receipt([submission_id](const store::LedgerStore& store) { return store.place(submission_id); }, read,
               std::move(done));
}

void NodeService::receipt(std::string_view agency, const RequestId& request_id, Read read,
                          Done<api::ReceiptAnswer> done) {
  find_receipt(
      [key = request_subject(agency, request_id)](
          const store::LedgerStore& store) -> store::Checked<std::optional<Place>> {
        const auto record = store.record(key);
        if (!record) return record.error();
        if (!*record) return std::optional<Place>();
        return std::optional<Place>(std::get<RequestStanding>((*record)->standing.detail).place);
      },
      read, std::move(done));
}

void NodeService::find_receipt(
    std::function<store::Checked<std::optional<Place>>(const store::LedgerStore&)> find, Read read,
    Done<api::ReceiptAnswer> done) {
  settle(read, [this, find = std::move(find), done = std::move(done)](Result<bool> confirmed) {
    if (!confirmed) return done(confirmed.error());
    const auto place = find(parts_.store);
    if (!place) return done(damaged(place.error()));
    api::ReceiptAnswer answer{.receipt = std::nullopt, .as_of = as_of(*confirmed)};
    if (!*place) return done(std::move(answer));
    const Frontier& log = parts_.replica.log_of_blocks();
    in_pool<api::ReceiptAnswer>(
        [&store = parts_.store, &ledger = parts_.ledger, place = **place, answer, log_size = log.size(),
         log_root = log.root()]() -> Result<api::ReceiptAnswer> {
          auto receipt = receipt_at(store, ledger, place, log_size, log_root);
          if (!receipt) return receipt.error();
          return api::ReceiptAnswer{.receipt = std::move(*receipt), .as_of = answer.as_of};
        },
        done);
  });
}

void NodeService::head(Read read, Done<api::Head> done) {
  settle(read, [this, done = std::move(done)](Result<bool> confirmed) {
    if (!confirmed) return done(confirmed.error());
    const Frontier& log = parts_.replica.log_of_blocks();
    done(api::Head{.header = parts_.replica.head(),
                   .hash = parts_.replica.head_hash(),
                   .log_size = log.size(),
                   .log_root = log.root(),
                   .confirmed = *confirmed});
  });
}

Result<Bytes> NodeService::block(std::uint64_t height) {
  auto bytes = parts_.store.block_bytes(height);
  if (!bytes) return damaged(bytes.error());
  if (!*bytes) return Error::not_found;
  return std::move(**bytes);
}

Result<BlockHeader> NodeService::block_header(std::uint64_t height) {
  auto header = parts_.store.header(height);
  if (!header) return damaged(header.error());
  if (!*header) return Error::not_found;
  return **header;
}

Result<std::vector<Hash>> NodeService::log_consistency(std::uint64_t size1, std::uint64_t size2) {
  if (size1 > size2 || size2 > parts_.replica.log_of_blocks().size()) return Error::field_invalid;
  auto path = consistency_path(parts_.store, size1, size2);
  if (!path) return damaged(path.error());
  return path;
}

Result<Hash> NodeService::log_root(std::uint64_t size) {
  if (size > parts_.replica.log_of_blocks().size()) return Error::field_invalid;
  auto root = root_at(parts_.store, size);
  if (!root) return damaged(root.error());
  return root;
}

void NodeService::stop() {
  stopped_ = true;
  auto jobs = std::move(jobs_);
  jobs_.clear();
  for (auto& [id, job] : jobs) job.done(Error::ledger_unavailable);
}

}  // namespace hufu::node
