#include "tests/bench/world.hpp"

namespace hufu::bench {
namespace {

constexpr std::uint64_t kCosignedAt = 1'770'000'000;  // seconds

Genesis founding() {
  Genesis genesis = testing::make_genesis();
  genesis.roster = testing::roster_of({1, 2, 3});
  return genesis;
}

}  // namespace

World::World() : genesis_(founding()), ledger_(ledger_id(genesis_)) {
  store_ = store::LedgerStore::open(folder_.path(), genesis_, store::Mode::read_write).value();
  replica_ = std::make_unique<node::Replica>(node::ReplicaParts{
      .store = *store_,
      .ledger = ledger_,
      .signatures = signatures_,
      .metrics = metrics_,
      .log = log_,
      .fatal = [](std::string_view) { HUFU_CHECK(!"the replica gave up"); },
  });
  HUFU_CHECK(replica_->start().has_value());
  replica_->enter(1);
}

SubjectKey World::invoice(std::size_t number) {
  constexpr std::size_t kDigits = 7;
  std::string serial = std::to_string(number);
  HUFU_CHECK(serial.size() <= kDigits);
  serial.insert(0, kDigits - serial.size(), '0');
  return {SubjectKind::invoice, "2433200000030" + serial};
}

std::vector<Operation> World::invoices(std::size_t count) {
  std::vector<Operation> operations;
  operations.reserve(count);
  for (std::size_t i = 0; i < count; ++i) operations.push_back(testing::issue_invoice(invoice(made_++).id));
  return operations;
}

Submission World::submission(std::size_t records) {
  static const SigningKey key = testing::key_of(testing::kPlatform);
  return sign_submission(ledger_, testing::kPlatform, key, testing::request(++requests_), invoices(records));
}

std::vector<Submission> World::submissions(std::size_t count, std::size_t records_each) {
  std::vector<Submission> all;
  all.reserve(count);
  for (std::size_t i = 0; i < count; ++i) all.push_back(submission(records_each));
  return all;
}

Proposal World::propose(std::vector<Submission> submissions) const {
  return {.version = Proposal::kVersion,
          .height = store_->head().height + 1,
          .parent = store_->head_hash(),
          .time_ms = store_->head().time_ms + 1000,
          .submissions = std::move(submissions)};
}

void World::apply(ByteSpan entry) {
  const std::uint64_t height = store_->head().height;
  replica_->apply(++index_, entry);
  HUFU_CHECK(store_->head().height == height + 1);
}

void World::grow(std::size_t blocks, std::size_t records_each) {
  for (std::size_t i = 0; i < blocks; ++i) apply(encode(propose({submission(records_each)})));
}

StandingEvidence World::standing(const SubjectKey& key) const {
  return {.key = key,
          .standing = store_->find(key),
          .proof = replica_->tree().prove(replica_->state(), key.path())};
}

const std::vector<Cosignature>& World::cosignatures(const Checkpoint& checkpoint) const {
  if (cosigned_ != checkpoint) {
    cosigned_ = checkpoint;
    cosignatures_ = {cosign(ledger_.origin, checkpoint, 1, testing::key_of("cosign-1"), kCosignedAt),
                     cosign(ledger_.origin, checkpoint, 2, testing::key_of("cosign-2"), kCosignedAt)};
  }
  return cosignatures_;
}

Proof World::proof(const SubjectKey& key) const {
  node::BlockShelf shelf(*store_);
  return proof(key, shelf);
}

Proof World::proof(const SubjectKey& key, node::BlockShelf& shelf) const {
  const Frontier& log = replica_->log_of_blocks();
  const Checkpoint checkpoint{.size = log.size(), .root = log.root()};
  const auto record = store_->record(key).value();
  HUFU_CHECK(record.has_value());
  Evidence evidence{.version = Evidence::kVersion,
                    .ledger = ledger_,
                    .head = store_->head(),
                    .log_size = checkpoint.size,
                    .log_root = checkpoint.root,
                    .head_path = inclusion_path(*store_, checkpoint.size - 1, checkpoint.size).value(),
                    .subject = standing(key),
                    .operations = node::read_operations(shelf, *record, checkpoint.size).value(),
                    .support = {}};
  for (const SubjectKey& each : supporters_of(evidence.subject, evidence.operations)) {
    evidence.support.push_back({.standing = standing(each), .operations = {}});
  }
  return {.version = Proof::kVersion,
          .evidence = std::move(evidence),
          .cosignatures = cosignatures(checkpoint),
          .handovers = {},
          .links = {}};
}

}  // namespace hufu::bench
