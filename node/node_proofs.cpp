// The service's evidence and proofs: put together at one head, the newest or the newest certified one.
#include "node/node_service.hpp"
#include "node/reads.hpp"

namespace hufu::node {
namespace {

constexpr unsigned kMaxRestarts = 3;
// A certification takes milliseconds with a quorum of nodes, and does not come without.
constexpr std::uint64_t kProofWaitMs = 5'000;

}  // namespace

void NodeService::evidence(const SubjectKey& key, Read read, Done<Evidence> done) {
  settle(read, [this, key, done = std::move(done)](Result<bool> confirmed) {
    if (!confirmed) return done(confirmed.error());
    newest_evidence(key, done, 0);
  });
}

void NodeService::newest_evidence(const SubjectKey& key, Done<Evidence> done, unsigned restarts) {
  const Frontier& log = parts_.replica.log_of_blocks();
  const HeldHead newest{.header = parts_.replica.head(),
                        .checkpoint = {.size = log.size(), .root = log.root()},
                        .state = parts_.replica.state()};
  begin_evidence(key, newest, [this, key, done = std::move(done), restarts](Result<Evidence> evidence) {
    const bool stale = !evidence && evidence.error() == Error::ledger_stale;
    if (stale && restarts < kMaxRestarts) return newest_evidence(key, done, restarts + 1);
    done(std::move(evidence));
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

void NodeService::begin_evidence(const SubjectKey& key, const HeldHead& at, Done<Evidence> done) {
  auto record = parts_.store.record(key);
  if (!record) return done(damaged(record.error()));
  if (*record && (*record)->spots.size() > Evidence::kOperations) return done(Error::oversize);
  auto subject = standing_evidence(key, at.state);
  if (!subject) return done(subject.error());
  const std::uint64_t size = at.checkpoint.size;
  auto head_path = inclusion_path(parts_.store, size - 1, size);
  if (!head_path) return done(damaged(head_path.error()));
  Job job{.evidence = {.version = Evidence::kVersion,
                       .ledger = parts_.ledger,
                       .head = at.header,
                       .log_size = size,
                       .log_root = at.checkpoint.root,
                       .head_path = std::move(*head_path),
                       .subject = std::move(*subject),
                       .operations = {},
                       .agencies = {}},
          .state = at.state,
          .done = std::move(done)};
  if (!*record || (*record)->spots.empty()) return job.done(std::move(job.evidence));
  const std::uint64_t id = next_job_++;
  jobs_.emplace(id, std::move(job));
  in_pool<std::vector<OperationEvidence>>([&store = parts_.store, record = std::move(**record),
                                           size] { return read_operations(store, record, size); },
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
    if (!agency) return job.done(agency.error());
    job.evidence.agencies.push_back(std::move(*agency));
  }
  job.done(std::move(job.evidence));
}

// ---- proofs ----

void NodeService::proof(const SubjectKey& key, Read read, std::uint64_t since, Done<Proof> done) {
  settle(read, [this, key, since, done = std::move(done)](Result<bool> confirmed) {
    if (!confirmed) return done(confirmed.error());
    const std::uint64_t log_size = parts_.replica.log_of_blocks().size();
    if (since > log_size) return done(Error::ledger_stale);
    const auto job = std::make_shared<ProofJob>(
        ProofJob{.key = key, .since = since, .deadline_ms = now_ms() + kProofWaitMs, .done = done});
    prove(job, std::max(since, *confirmed ? log_size : 1));
  });
}

// At a certified head of at least this size.
void NodeService::prove(const std::shared_ptr<ProofJob>& job, std::uint64_t size) {
  const auto& provable = parts_.attestor.provable();
  if (!provable || provable->head.checkpoint.size < size) {
    return proofs_.add(size, job->deadline_ms, [this, job, size](bool came) {
      if (!came) return job->done(stopped_ ? Error::ledger_unavailable : Error::not_certified);
      prove(job, size);
    });
  }
  const std::uint64_t next = provable->head.checkpoint.size + 1;
  begin_evidence(job->key, provable->head,
                 [this, job, next, cosignatures = provable->cosignatures](Result<Evidence> evidence) {
                   // A standing has changed since that head: it will be in the next.
                   if (!evidence && evidence.error() == Error::ledger_stale) return prove(job, next);
                   if (!evidence) return job->done(evidence.error());
                   job->done(finish_proof(*job, *std::move(evidence), cosignatures));
                 });
}

Result<Proof> NodeService::finish_proof(const ProofJob& job, Evidence evidence,
                                        std::vector<Cosignature> cosignatures) {
  Proof proof;
  if (job.since > 0 && job.since < evidence.log_size) {
    const auto root = root_at(parts_.store, job.since);
    if (!root) return damaged(root.error());
    auto path = consistency_path(parts_.store, job.since, evidence.log_size);
    if (!path) return damaged(path.error());
    proof.links.push_back({.size = job.since, .root = *root, .consistency = *std::move(path)});
  }
  proof.evidence = std::move(evidence);
  proof.cosignatures = std::move(cosignatures);
  return proof;
}

// ---- files ----

Result<std::string> NodeService::checkpoint_note() {
  const auto& certified = parts_.attestor.certified();
  if (!certified) return Error::not_certified;
  return hufu::checkpoint_note(parts_.ledger.origin, parts_.genesis.roster, certified->attestations);
}

void NodeService::tile(const Tile& tile, Done<Bytes> done) {
  if (!has_tile(tile, parts_.replica.log_of_blocks().size())) return done(Error::not_found);
  in_pool<Bytes>([&store = parts_.store, tile] { return read_tile_bytes(store, tile); }, std::move(done));
}

}  // namespace hufu::node
