#include "node/node_service.hpp"

#include "node/reads.hpp"

namespace hufu::node {
namespace {

constexpr std::size_t kTraceAddresses = 65'536;

// The subjects behind `after` with their standings, until the page is full.
Result<api::RegistryAnswer> registry_page(const store::LedgerStore& store, SubjectKind kind,
                                          const std::string& after, std::size_t most,
                                          const api::AsOf& as_of) {
  const auto keys = store.registry(kind, after, most + 1);
  if (!keys) return keys.error().error;
  api::RegistryAnswer page{.kind = kind, .entries = {}, .more = false, .as_of = as_of};
  std::size_t bytes = 0;
  for (const SubjectKey& key : *keys) {
    page.more = page.entries.size() == most || bytes >= api::kRegistryBytes;
    if (page.more) break;
    auto record = store.record(key);
    if (!record) return record.error().error;
    if (!*record) return Error::storage_corrupt;  // the registry names it
    bytes += encode((*record)->standing).size();
    page.entries.push_back({.key = key, .standing = std::move((*record)->standing)});
  }
  return page;
}

}  // namespace

NodeService::NodeService(ServiceParts parts)
    : parts_(std::move(parts)),
      traces_by_address_(parts_.traces.address, kTraceAddresses),
      shelf_(std::make_shared<BlockShelf>(parts_.store)),
      self_(std::make_shared<NodeService*>(this)) {}

NodeService::~NodeService() { *self_ = nullptr; }

void NodeService::settle(Read read, std::function<void(Result<bool>)> then) {
  if (stopped_) return then(Error::ledger_unavailable);
  // A leader that is not sure yet of what was acknowledged before it is asked too: its answer waits for that.
  if (read == Read::local || !parts_.core.leads()) return then(false);
  parts_.core.read_barrier([then = std::move(then)](bool granted) {
    if (!granted) return then(Error::no_quorum);
    then(true);
  });
}

api::AsOf NodeService::as_of(bool confirmed) const {
  const BlockHeader& head = parts_.core.replica().head();
  return {.height = head.height,
          .head = parts_.core.replica().head_hash(),
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
        [shelf = shelf_, &ledger = parts_.ledger, record = std::move(**record),
         answer = std::move(answer)]() -> Result<api::HistoryAnswer> {
          auto entries = read_history(*shelf, ledger, record, api::kHistoryEntries);
          if (!entries) return entries.error();
          api::HistoryAnswer whole = answer;
          whole.entries = std::move(*entries);
          return whole;
        },
        done);
  });
}

void NodeService::registry(SubjectKind kind, const std::string& after, std::size_t most, Read read,
                           Done<api::RegistryAnswer> done) {
  settle(read, [this, kind, after, most, done = std::move(done)](Result<bool> confirmed) {
    if (!confirmed) return done(confirmed.error());
    in_pool<api::RegistryAnswer>(
        [&store = parts_.store, kind, after, most, now = as_of(*confirmed)] {
          return registry_page(store, kind, after, most, now);
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
    const Frontier& log = parts_.core.replica().log_of_blocks();
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
    const Frontier& log = parts_.core.replica().log_of_blocks();
    done(api::Head{.header = parts_.core.replica().head(),
                   .hash = parts_.core.replica().head_hash(),
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
  if (size1 > size2 || size2 > parts_.core.replica().log_of_blocks().size()) return Error::field_invalid;
  auto path = consistency_path(parts_.store, size1, size2);
  if (!path) return damaged(path.error());
  return path;
}

Result<Hash> NodeService::log_root(std::uint64_t size) {
  if (size > parts_.core.replica().log_of_blocks().size()) return Error::field_invalid;
  auto root = root_at(parts_.store, size);
  if (!root) return damaged(root.error());
  return root;
}

void NodeService::stop() {
  stopped_ = true;
  receipts_.stop();
  proofs_.stop();
  auto jobs = std::move(jobs_);
  jobs_.clear();
  for (auto& [id, job] : jobs) job.done(Error::ledger_unavailable);
}

}  // namespace hufu::node
