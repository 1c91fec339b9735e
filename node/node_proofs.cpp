// The service's evidence and proofs: put together at one head, the newest or the newest certified one.
#include "ledger/proof/recognition.hpp"
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
  const Frontier& log = parts_.core.replica().log_of_blocks();
  const HeldHead newest{.header = parts_.core.replica().head(),
                        .checkpoint = {.size = log.size(), .root = log.root()},
                        .state = parts_.core.replica().state()};
  begin_evidence(key, newest, {}, [this, key, done = std::move(done), restarts](Result<Evidence> evidence) {
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
      .key = key, .standing = std::nullopt, .proof = parts_.core.replica().tree().prove(state, path)};
  if (*record) evidence.standing = std::move((*record)->standing);
  // The store has the newest standing only; the proof may be of an older state.
  const auto expected = parts_.core.replica().tree().find(state, path);
  const auto found = evidence.standing ? std::optional(evidence.standing->value_hash()) : std::nullopt;
  if (expected != found) return Error::ledger_stale;
  return evidence;
}

void NodeService::begin_evidence(const SubjectKey& key, const HeldHead& at,
                                 std::vector<std::string> verifiers, Done<Evidence> done) {
  const std::uint64_t size = at.checkpoint.size;
  auto head_path = inclusion_path(parts_.store, size - 1, size);
  if (!head_path) return done(damaged(head_path.error()));
  show_lives({.evidence = {.version = Evidence::kVersion,
                           .ledger = parts_.ledger,
                           .head = at.header,
                           .log_size = size,
                           .log_root = at.checkpoint.root,
                           .head_path = std::move(*head_path),
                           .subject = {.key = key, .standing = std::nullopt, .proof = {}},
                           .operations = {},
                           .support = {}},
              .state = at.state,
              .verifiers = std::move(verifiers),
              .shown = {},
              .done = std::move(done)},
             {key});
}

// The standings of these, and the records of those that have a history. Changed since: ledger_stale.
Result<NodeService::Ring> NodeService::ring_of(const std::set<SubjectKey>& keys,
                                               const StateTree::Version& state) const {
  Ring ring;
  for (const SubjectKey& key : keys) {
    auto record = parts_.store.record(key);
    if (!record) return damaged(record.error());
    if (*record && (*record)->spots.size() > Evidence::kOperations) return Error::oversize;
    auto standing = standing_evidence(key, state);
    if (!standing) return standing.error();
    ring.lives.push_back({.standing = std::move(*standing), .operations = {}});
    if (!*record || (*record)->spots.empty()) continue;
    ring.records.push_back(std::move(**record));
    ring.life_of.push_back(ring.lives.size() - 1);
  }
  return ring;
}

void NodeService::show_lives(Job job, const std::set<SubjectKey>& keys) {
  if (job.shown.size() + keys.size() > Evidence::kSupport) return job.done(Error::oversize);
  Result<Ring> ring = ring_of(keys, job.state);
  if (!ring) return job.done(ring.error());
  job.shown.insert(keys.begin(), keys.end());
  if (ring->records.empty()) return take_ring(std::move(job), std::move(*ring));
  const std::uint64_t id = next_job_++;
  const std::uint64_t size = job.evidence.log_size;
  jobs_.emplace(id, std::move(job));
  using Histories = std::vector<std::vector<OperationEvidence>>;
  auto records = std::make_shared<std::vector<store::Record>>(std::move(ring->records));
  const auto held = std::make_shared<Ring>(std::move(*ring));
  in_pool<Histories>(
      [shelf = shelf_, records, size]() -> Result<Histories> {
        Histories all;
        for (const store::Record& record : *records) {
          auto operations = read_operations(*shelf, record, size);
          if (!operations) return operations.error();
          all.push_back(std::move(*operations));
        }
        return all;
      },
      [this, id, held](Result<Histories> histories) {
        ring_read(id, std::move(*held), std::move(histories));
      });
}

void NodeService::ring_read(std::uint64_t id, Ring ring,
                            Result<std::vector<std::vector<OperationEvidence>>> operations) {
  auto node = jobs_.extract(id);
  if (node.empty()) return;
  Job& job = node.mapped();
  if (!operations) return job.done(operations.error());
  for (std::size_t i = 0; i < operations->size(); ++i) {
    ring.lives[ring.life_of[i]].operations = std::move((*operations)[i]);
  }
  take_ring(std::move(job), std::move(ring));
}

// What the lives of this ring rest on makes the next one, until none is new.
void NodeService::take_ring(Job job, Ring ring) {
  Evidence& evidence = job.evidence;
  std::set<SubjectKey> next;
  for (const Life& life : ring.lives) next.merge(supporters_of(life.standing, life.operations));
  for (Life& life : ring.lives) {
    if (life.key() == evidence.subject.key) {
      evidence.subject = std::move(life.standing);
      evidence.operations = std::move(life.operations);
    } else {
      evidence.support.push_back(std::move(life));
    }
  }
  Result<std::set<SubjectKey>> agreements = agreements_for(job);
  if (!agreements) return job.done(agreements.error());
  next.merge(std::move(*agreements));
  for (const SubjectKey& shown : job.shown) next.erase(shown);
  if (!next.empty()) return show_lives(std::move(job), next);
  std::sort(evidence.support.begin(), evidence.support.end(),
            [](const Life& a, const Life& b) { return a.key() < b.key(); });
  job.done(std::move(evidence));
}

// Those of the issuer's province with the provinces asked for.
Result<std::set<SubjectKey>> NodeService::agreements_for(const Job& job) const {
  std::set<SubjectKey> keys;
  const auto& subject = job.evidence.subject.standing;
  const auto* license = subject ? std::get_if<LicenseStanding>(&subject->detail) : nullptr;
  if (license == nullptr || job.verifiers.empty()) return keys;
  const auto issuer = parts_.store.record({SubjectKind::agency, license->issuer});
  if (!issuer) return damaged(issuer.error());
  const auto* agency = *issuer ? std::get_if<AgencyStanding>(&(*issuer)->standing.detail) : nullptr;
  if (agency == nullptr) return keys;
  for (const std::string& verifier : job.verifiers) {
    if (verifier != agency->province) keys.insert(agreement_key(agency->province, verifier));
  }
  return keys;
}

// ---- proofs ----

void NodeService::proof(const SubjectKey& key, Read read, const api::ProofWish& wish, Done<Proof> done) {
  settle(read, [this, key, wish, done = std::move(done)](Result<bool> confirmed) {
    if (!confirmed) return done(confirmed.error());
    const std::uint64_t log_size = parts_.core.replica().log_of_blocks().size();
    if (wish.since > log_size) return done(Error::ledger_stale);
    const auto job = std::make_shared<ProofJob>(ProofJob{.key = key,
                                                         .since = wish.since,
                                                         .verifiers = wish.verifiers,
                                                         .deadline_ms = now_ms() + kProofWaitMs,
                                                         .done = done});
    prove(job, std::max(wish.since, *confirmed ? log_size : 1));
  });
}

// At a certified head of at least this size.
void NodeService::prove(const std::shared_ptr<ProofJob>& job, std::uint64_t size) {
  const auto& provable = parts_.core.attestor().provable();
  if (!provable || provable->head.checkpoint.size < size) {
    return proofs_.add(size, job->deadline_ms, [this, job, size](bool came) {
      if (!came) return job->done(stopped_ ? Error::ledger_unavailable : Error::not_certified);
      prove(job, size);
    });
  }
  const std::uint64_t next = provable->head.checkpoint.size + 1;
  begin_evidence(job->key, provable->head, job->verifiers,
                 [this, job, next, epoch = provable->epoch,
                  cosignatures = provable->cosignatures](Result<Evidence> evidence) {
                   // A standing has changed since that head: it will be in the next.
                   if (!evidence && evidence.error() == Error::ledger_stale) return prove(job, next);
                   if (!evidence) return job->done(evidence.error());
                   job->done(finish_proof(*job, epoch, *std::move(evidence), cosignatures));
                 });
}

Result<Proof> NodeService::finish_proof(const ProofJob& job, std::uint64_t epoch, Evidence evidence,
                                        std::vector<Cosignature> cosignatures) {
  Proof proof;
  auto handovers = parts_.core.handovers(epoch, evidence.log_size);
  if (!handovers) return damaged(handovers.error());
  proof.handovers = *std::move(handovers);
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
  const auto& certified = parts_.core.attestor().certified();
  if (!certified) return Error::not_certified;
  return hufu::checkpoint_note(parts_.ledger.origin, *certified->roster, certified->attestations);
}

void NodeService::tile(const Tile& tile, Done<Bytes> done) {
  if (!has_tile(tile, parts_.core.replica().log_of_blocks().size())) return done(Error::not_found);
  in_pool<Bytes>([&store = parts_.store, tile] { return read_tile_bytes(store, tile); }, std::move(done));
}

}  // namespace hufu::node
