#include "tests/http/fake_node.hpp"

#include <boost/asio/post.hpp>

namespace hufu::node {

using namespace hufu::testing;

namespace {

// The log of these leaves, with all its nodes.
class Nodes final : public NodeReader {
 public:
  explicit Nodes(std::span<const Hash> leaves) {
    Frontier frontier;
    std::vector<LogNode> finished;
    for (const Hash& leaf : leaves) frontier.append(leaf, &finished);
    for (const LogNode& node : finished) nodes_[node.id] = node.hash;
  }
  Result<Hash> read(hufu::NodeId id) const override { return nodes_.at(id); }

 private:
  std::map<hufu::NodeId, Hash> nodes_;
};

}  // namespace

std::string FakeNode::serve(HttpOptions options, const Seed& seed) {
  server_ = std::make_unique<HttpServer>(std::move(options), seed);
  const auto started = server_->start(*this, loop_);
  if (!started) return started.error();
  thread_ = std::thread([this] { loop_.run(); });
  return server_->address();
}

std::string FakeNode::serve(bool tls) {
  HttpOptions options;
  options.listeners = {{.address = {"127.0.0.1", 0}, .tls = tls}};
  return serve(std::move(options), node_seed());
}

void FakeNode::stop() {
  if (!thread_.joinable()) return;
  std::promise<void> answered;
  boost::asio::post(loop_, [&] {
    server_->stop();
    for (auto& done : held_) done(api::Refusal{.error = Error::ledger_unavailable, .faults = {}});
    held_.clear();
    answered.set_value();
  });
  answered.get_future().wait();
  server_.reset();
  loop_.stop();
  thread_.join();
}

api::AsOf FakeNode::as_of() const {
  const BlockHeader& head = world_->chain.head();
  return {.height = head.height,
          .head = block_hash(head),
          .time_ms = head.time_ms,
          .confirmed = id_ == world_->leader};
}

std::vector<Hash> FakeNode::leaves() const {
  std::vector<Hash> leaves;
  for (const Block& block : world_->chain.blocks) leaves.push_back(leaf_hash(encode(block.header)));
  return leaves;
}

std::vector<Attestation> FakeNode::attestations(const Checkpoint& checkpoint) const {
  std::vector<Attestation> signed_by;
  for (const Member& member : roster_now.members) {
    if (signed_by.size() == static_cast<std::size_t>(cosigners)) break;
    signed_by.push_back(attest(world_->chain.ledger.origin, checkpoint, member.id, key_of("log-1"),
                               key_of("cosign-1"), 1'760'000'100));
  }
  return signed_by;
}

Receipt FakeNode::receipt_of(const Submission& submission, std::uint64_t height) const {
  const Chain& chain = world_->chain;
  const std::vector<Hash> leaves = this->leaves();
  return {.version = Receipt::kVersion,
          .ledger = chain.ledger,
          .header = submission.header,
          .signature = submission.signature,
          .place = {height, 0},
          .block_path = {},
          .block = chain.blocks[height].header,
          .log_size = leaves.size(),
          .log_root = tree_root(leaves),
          .log_path = inclusion_path(leaves, height)};
}

api::Submitted FakeNode::append(const Submission& submission) {
  const Hash id = submission_id(world_->chain.ledger, submission.header);
  const auto known = world_->receipts.find(id);
  if (known != world_->receipts.end())
    return api::Accepted{.receipt = known->second, .repeated = true, .cosignatures = {}};
  const Execution execution = world_->chain.extend({submission});
  if (const auto* refused = std::get_if<Refused>(&execution.outcomes.front())) {
    api::Refusal out{.error = refused->submission.value_or(Error::usage), .faults = {}};
    for (const Fault& fault : refused->faults) {
      out.error = fault.error;
      out.faults.push_back({.operation = fault.operation, .error = fault.error, .place = Place{1, 0}});
    }
    return out;
  }
  const Receipt receipt = receipt_of(submission, world_->chain.head().height);
  world_->receipts.emplace(id, receipt);
  return api::Accepted{.receipt = receipt, .repeated = false, .cosignatures = {}};
}

void FakeNode::submit(Bytes bytes, std::string /*address*/, std::chrono::milliseconds /*wait*/, Until until,
                      std::function<void(api::Submitted)> done) {
  ++submits;
  if (hold) return held_.push_back(std::move(done));
  if (refuse_next > 0) {
    --refuse_next;
    return done(refusal);
  }
  const Result<Submission> submission = decode<Submission>(bytes);
  if (!submission) return done(api::Refusal{.error = submission.error(), .faults = {}});
  const std::lock_guard lock(world_->mutex);
  api::Submitted outcome = append(*submission);
  if (auto* accepted = std::get_if<api::Accepted>(&outcome); accepted && until == Until::certified) {
    for (const Attestation& each : attestations({accepted->receipt.log_size, accepted->receipt.log_root})) {
      accepted->cosignatures.push_back(each.cosignature);
    }
    accepted->certified = accepted->cosignatures.size() >= roster_now.quorum();
  }
  if (lose_answer.exchange(false)) outcome = api::Refusal{.error = Error::outcome_unknown, .faults = {}};
  done(std::move(outcome));
}

void FakeNode::evidence(const SubjectKey& key, Read /*read*/, Done<Evidence> done) {
  const std::lock_guard lock(world_->mutex);
  done(world_->chain.evidence(key));
}

void FakeNode::standing(const SubjectKey& key, Read /*read*/, Done<api::StandingAnswer> done) {
  const std::lock_guard lock(world_->mutex);
  done(api::StandingAnswer{.key = key, .standing = world_->chain.find(key), .as_of = as_of()});
}

void FakeNode::history(const SubjectKey& key, Read /*read*/, Done<api::HistoryAnswer> done) {
  const std::lock_guard lock(world_->mutex);
  api::HistoryAnswer answer{.key = key, .entries = {}, .total = 0, .as_of = as_of()};
  for (const OperationEvidence& one : world_->chain.evidence(key).operations) {
    answer.entries.push_back({.operation = one.operation,
                              .place = one.place,
                              .index = one.index,
                              .time_ms = one.block.time_ms,
                              .agency = one.header.agency,
                              .submission = submission_id(world_->chain.ledger, one.header)});
  }
  answer.total = answer.entries.size();
  done(std::move(answer));
}

void FakeNode::registry(SubjectKind kind, const std::string& after, std::size_t most, Read /*read*/,
                        Done<api::RegistryAnswer> done) {
  const std::lock_guard lock(world_->mutex);
  api::RegistryAnswer page{.kind = kind, .entries = {}, .more = false, .as_of = as_of()};
  for (const auto& [key, standing] : world_->chain.state) {
    if (key.kind != kind || (!after.empty() && !registry_stutters && key.id <= after)) continue;
    page.more = page.entries.size() == std::min<std::size_t>(most, registry_page);
    if (page.more) break;
    page.entries.push_back({.key = key, .standing = standing});
  }
  done(std::move(page));
}

void FakeNode::receipt(const Hash& submission_id, Read /*read*/, Done<api::ReceiptAnswer> done) {
  const std::lock_guard lock(world_->mutex);
  api::ReceiptAnswer answer{.receipt = std::nullopt, .as_of = as_of()};
  const auto known = world_->receipts.find(submission_id);
  if (known != world_->receipts.end()) answer.receipt = known->second;
  done(std::move(answer));
}

void FakeNode::receipt(std::string_view agency, const RequestId& request_id, Read /*read*/,
                       Done<api::ReceiptAnswer> done) {
  const std::lock_guard lock(world_->mutex);
  api::ReceiptAnswer answer{.receipt = std::nullopt, .as_of = as_of()};
  for (const auto& [id, receipt] : world_->receipts) {
    if (receipt.header.agency == agency && receipt.header.request_id == request_id) answer.receipt = receipt;
  }
  done(std::move(answer));
}

void FakeNode::head(Read /*read*/, Done<api::Head> done) {
  const std::lock_guard lock(world_->mutex);
  const BlockHeader& header = world_->chain.head();
  done(api::Head{.header = header,
                 .hash = block_hash(header),
                 .log_size = header.height + 1,
                 .log_root = {},
                 .confirmed = true});
}

Result<Bytes> FakeNode::block(std::uint64_t height) {
  const std::lock_guard lock(world_->mutex);
  if (height >= world_->chain.blocks.size()) return Error::not_found;
  return encode(world_->chain.blocks[height]);
}

Result<BlockHeader> FakeNode::block_header(std::uint64_t height) {
  const std::lock_guard lock(world_->mutex);
  if (height >= world_->chain.blocks.size()) return Error::not_found;
  return world_->chain.blocks[height].header;
}

void FakeNode::proof(const SubjectKey& key, Read /*read*/, const api::ProofWish& wish, Done<Proof> done) {
  const std::lock_guard lock(world_->mutex);
  Proof proof;
  proof.evidence = world_->chain.evidence(key);
  for (const Attestation& each : attestations({proof.evidence.log_size, proof.evidence.log_root})) {
    proof.cosignatures.push_back(each.cosignature);
  }
  if (proof.cosignatures.size() < roster_now.quorum()) return done(Error::not_certified);
  if (wish.since > 0 && wish.since < proof.evidence.log_size) {
    proof.links.push_back({.size = wish.since,
                           .root = tree_root(std::span<const Hash>(leaves()).first(wish.since)),
                           .consistency = log_path(wish.since, proof.evidence.log_size)});
  }
  done(std::move(proof));
}

Result<std::string> FakeNode::checkpoint_note() {
  const std::lock_guard lock(world_->mutex);
  const std::vector<Hash> all = leaves();
  const auto signed_by = attestations({all.size(), tree_root(all)});
  if (signed_by.size() < roster_now.quorum()) return Error::not_certified;
  return hufu::checkpoint_note(world_->chain.ledger.origin, roster_now, signed_by);
}

void FakeNode::tile(const Tile& tile, Done<Bytes> done) {
  const std::lock_guard lock(world_->mutex);
  const auto& blocks = world_->chain.blocks;
  if (tile.level || !has_tile(tile, blocks.size())) return done(Error::not_found);
  std::vector<BlockHeader> headers;
  for (std::uint64_t i = 0; i < tile.width; ++i)
    headers.push_back(blocks[tile.index * kTileWidth + i].header);
  done(entry_bundle(headers));
}

std::vector<Hash> FakeNode::log_path(std::uint64_t from, std::uint64_t to) const {
  const std::vector<Hash> all = leaves();
  return consistency_path(Nodes(all), from, to).value();
}

Result<std::vector<Hash>> FakeNode::log_consistency(std::uint64_t size1, std::uint64_t size2) {
  const std::lock_guard lock(world_->mutex);
  if (size1 > size2 || size2 > world_->chain.blocks.size()) return Error::field_invalid;
  return log_path(size1, size2);
}
Result<Hash> FakeNode::log_root(std::uint64_t /*size*/) { return Error::field_invalid; }

void FakeNode::record_trace(const SignedTrace& trace, const std::string& /*address*/,
                            Done<SignedEntry> done) {
  const Result<void> checked = check_trace(ledger().genesis, trace);
  if (!checked) return done(checked.error());
  if (!access_) access_.emplace(AccessKeeper{.genesis = ledger().genesis, .member = 1});
  traces_.push_back(access_->extend(trace, trace.trace.time_ms, key_of("cosign-1")));
  done(traces_.back());
}

void FakeNode::traces(std::uint64_t from, std::size_t limit, Done<AccessPage> done) {
  AccessPage page{.member = 1, .entries = {}, .total = traces_.size()};
  for (std::size_t i = from; i < traces_.size() && page.entries.size() < limit; ++i)
    page.entries.push_back(traces_[i]);
  done(std::move(page));
}

api::NodeStatus FakeNode::status() {
  const std::lock_guard lock(world_->mutex);
  api::NodeStatus status;
  status.name = "node-" + std::to_string(id_);
  status.id = id_;
  status.version = "test";
  status.ledger = world_->chain.ledger;
  status.role = id_ == world_->leader ? api::Role::leader : api::Role::follower;
  status.ready = ready_now;
  status.leader = world_->leader;
  status.head = world_->chain.head();
  status.head_hash = block_hash(status.head);
  return status;
}

void FakeNode::cluster_status(std::chrono::milliseconds /*wait*/,
                              std::function<void(api::ClusterStatus)> done) {
  api::ClusterStatus cluster{.members = {}, .quorum = roster_now.quorum(), .reachable = 1};
  for (const Member& member : roster_now.members) {
    cluster.members.push_back({.member = member, .status = std::nullopt});
    if (member.id == id_) cluster.members.back().status = status();
  }
  done(std::move(cluster));
}

api::Readiness FakeNode::ready() {
  if (ready_now) return {.ready = true, .why = {}};
  return {.ready = false, .why = "no leader is known"};
}

Genesis genesis_with(const std::vector<Endpoint>& apis, const std::vector<PublicKey>& keys) {
  Genesis genesis = make_genesis();
  const Member first = genesis.roster.members.front();
  genesis.roster.members.clear();
  for (std::size_t i = 0; i < apis.size(); ++i) {
    Member member = first;
    member.id = i + 1;
    member.name = "node-" + std::to_string(i + 1);
    member.api = apis[i];
    member.tls_key = keys[i];
    genesis.roster.members.push_back(member);
  }
  return genesis;
}

}  // namespace hufu::node
