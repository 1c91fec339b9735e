#include "node/replica.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include "ledger/base/failpoint.hpp"
#include "ledger/base/hash_batch.hpp"
#include "ledger/base/mutant.hpp"
#include "node/loaded_leaves.hpp"
#include "node/stage_times.hpp"

namespace hufu::node {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The height that a proposal claims, without decoding the rest: after a restart there are many to be skipped.
std::uint64_t claimed_height(ByteSpan entry) {
  Reader reader(entry);
  std::uint8_t version = 0;
  std::uint64_t height = 0;
  reader& version& height;
  return version == Proposal::kVersion ? height : 0;
}

}  // namespace

Replica::Replica(ReplicaParts parts)
    : store_(parts.store),
      ledger_(parts.ledger),
      signatures_(parts.signatures),
      metrics_(parts.metrics),
      log_(parts.log),
      fatal_(std::move(parts.fatal)) {
  metrics_.gauge("hufu_head_height", "Height of the newest block.",
                 [this] { return static_cast<double>(store_.head().height); });
  metrics_.gauge("hufu_subjects", "Leaves of the state tree.",
                 [this] { return static_cast<double>(state_.leaves()); });
  metrics_.gauge("hufu_state_tree_bytes", "Memory of the state tree.",
                 [this] { return static_cast<double>(tree_.memory().reserved); });
  metrics_.gauge("hufu_state_index_bytes", "Memory of the index of the state.",
                 [this] { return static_cast<double>(store_.index_bytes()); });
}

// B8 of the store, and the state tree.
store::Checked<void> Replica::load_state() {
  LoadedLeaves leaves;
  std::uint64_t submissions = 0;
  std::map<SubjectKey, std::uint64_t> registered;
  auto loaded = store_.load_state([&](const store::LoadedRecord& record) {
    leaves.add({record.path, sha256(record.encoded)}, !record.first);
    if (record.key.kind == SubjectKind::request) ++submissions;
    if (is_registered(record.key.kind)) registered.insert_or_assign(record.key, record.chunk);
  });
  if (!loaded) return loaded;
  state_ = leaves.build(tree_);
  const BlockHeader& head = store_.head();
  if (state_.root() != head.state_root) {
    return store::StoreFault{Error::storage_corrupt, "the state on disk is not the one that block " +
                                                         std::to_string(head.height) +
                                                         " names: its root is " + short_hex(state_.root()) +
                                                         " instead of " + short_hex(head.state_root)};
  }
  return store_.check_whole(submissions, std::move(registered));
}

store::Checked<void> Replica::start() {
  if (auto loaded = load_state(); !loaded) return loaded;
  const BlockHeader& head = store_.head();
  auto frontier = Frontier::load(store_, head.height + 1);
  if (!frontier) return store::StoreFault{frontier.error(), "the log of blocks cannot be read"};
  frontier_ = std::move(*frontier);
  if (auto loaded = load_roster(); !loaded) return loaded.error();
  log_.info(
      "ledger opened",
      {{"height", head.height}, {"head", short_hex(store_.head_hash())}, {"subjects", state_.leaves()}});
  return {};
}

store::Checked<void> Replica::load_roster() {
  const auto record = store_.record(roster_subject());
  if (!record) return record.error();
  const auto* roster = *record ? std::get_if<RosterStanding>(&(*record)->standing.detail) : nullptr;
  if (roster == nullptr) return store::StoreFault{Error::storage_corrupt, "the state has no roster of nodes"};
  roster_ = *roster;
  return {};
}

void Replica::apply(std::uint64_t index, ByteSpan entry) {
  if (dead_) return;
  if (roster_.epoch != epoch_) return skip("epoch is over", index, claimed_height(entry));  // N3
  const BlockHeader& head = store_.head();
  const std::uint64_t claimed = claimed_height(entry);
  if (claimed > 0 && claimed <= head.height && !mutated("replay_not_skipped"))
    return skip("stale", index, claimed);  // A2
  auto proposal = decode<Proposal>(entry);
  if (!proposal || proposal->version != Proposal::kVersion || proposal->height == 0) {
    return skip("undecodable", index, 0);  // A1
  }
  if (proposal->height > head.height + 1) {  // A3
    return fatal("entry " + std::to_string(index) + " holds block " + std::to_string(proposal->height) +
                 " but the ledger ends at " + std::to_string(head.height));
  }
  if (proposal->parent != store_.head_hash()) {  // A4
    return fatal("entry " + std::to_string(index) + " follows block " + short_hex(proposal->parent) +
                 " but block " + std::to_string(head.height) + " here is " + short_hex(store_.head_hash()));
  }
  const bool rises = proposal->time_ms > head.time_ms || mutated("time_unchecked");
  if (!rises || proposal->time_ms > limits::kTimeMs) {  // A5
    return skip("time", index, proposal->height);
  }
  execute_proposal(std::move(*proposal), entry);
}

void Replica::execute_proposal(Proposal proposal, ByteSpan entry) {
  const auto start = apply_began_ = std::chrono::steady_clock::now();
  if (mutated("wall_clock_in_apply")) {
    proposal.time_ms = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                                      std::chrono::system_clock::now().time_since_epoch())
                                                      .count());
  }
  std::vector<Hash> ids;
  ids.reserve(proposal.submissions.size());
  for (const Submission& each : proposal.submissions) ids.push_back(submission_id(ledger_, each.header));
  const Proposal frame{.version = proposal.version,
                       .height = proposal.height,
                       .parent = proposal.parent,
                       .time_ms = proposal.time_ms,
                       .submissions = {}};
  try {
    Execution execution =
        execute(ledger_, std::move(proposal), store_,
                [this](const LedgerId& ledger, const Submission& each, std::span<const Hash> operations) {
                  return signatures_.check(ledger, each, operations);
                });
    if (execution.included.empty()) {  // A6
      if (applied_) applied_({nullptr, ids, execution.outcomes});
      return;
    }
    const bool whole = execution.included.size() == ids.size();
    if (!commit(execution, frame, nullptr, ids, whole ? entry.subspan(Proposal::kFrameBytes) : ByteSpan()))
      return;
  } catch (const store::StoreFailure& failure) {
    return fatal(failure.what());
  }
  metrics_.histogram("hufu_apply_seconds", "Time to execute and commit a block.", kStageBounds)
      .observe(seconds_since(start));
}

Result<void> Replica::append(Block block) {
  if (dead_) return Error::ledger_unavailable;
  if (auto follows = check_follows(store_.head(), block.header); !follows) return follows.error();
  if (auto contents = check_contents(block); !contents) return contents.error();
  const BlockHeader expected = block.header;
  std::vector<Hash> ids;
  for (const Submission& each : block.submissions) ids.push_back(submission_id(ledger_, each.header));
  const Proposal frame{.version = Proposal::kVersion,
                       .height = expected.height,
                       .parent = expected.parent,
                       .time_ms = expected.time_ms,
                       .submissions = {}};
  Proposal proposal = frame;
  proposal.submissions = std::move(block.submissions);
  try {
    Execution execution = execute(ledger_, std::move(proposal), store_, check_signed);
    if (execution.included.size() != ids.size()) return Error::content_mismatch;
    return commit(execution, frame, &expected, ids, {});
  } catch (const store::StoreFailure& failure) {
    fatal(failure.what());
    return Error::ledger_unavailable;
  }
}

// A7: tree, header, one batch; then everybody is told. With an expected header nothing changes unless it comes out.
Result<void> Replica::commit(Execution& execution, const Proposal& frame, const BlockHeader* expected,
                             std::span<const Hash> ids, ByteSpan submissions) {
  const std::vector<store::StateWrite> writes = store::state_writes(execution.changes);
  std::vector<StateChange> changes;
  changes.reserve(writes.size());
  HashBatch batch;
  std::vector<Hash> values(writes.size());
  for (std::size_t i = 0; i < writes.size(); ++i) batch.add(writes[i].standing, values[i]);
  batch.finish();
  for (std::size_t i = 0; i < writes.size(); ++i) changes.push_back({*writes[i].path, values[i]});
  StateTree::Version state = tree_.update(state_, changes);

  Block block{make_header(frame.height, frame.parent, frame.time_ms, execution.included, state.root()),
              std::move(execution.included)};
  if (expected != nullptr && block.header != *expected) return Error::content_mismatch;
  std::vector<LogNode> nodes;
  Frontier frontier = frontier_;
  Bytes encoded = encode(block.header);
  frontier.append(leaf_hash(encoded), &nodes);
  // The same bytes as in the proposal, since an encoding is the only one (K1).
  encoded.insert(encoded.end(), submissions.begin(), submissions.end());
  failpoint("replica.before_commit");
  if (mutated("receipt_before_commit") && applied_) applied_({&block, ids, execution.outcomes});
  auto committed = store_.commit({.block = block,
                                  .encoded = submissions.empty() ? ByteSpan() : ByteSpan(encoded),
                                  .submission_ids = execution.included_ids,
                                  .state = writes,
                                  .log_nodes = nodes});
  if (!committed) {
    fatal(committed.error().detail);
    return Error::ledger_unavailable;
  }
  failpoint("replica.after_commit");
  state_ = std::move(state);
  frontier_ = std::move(frontier);
  metrics_.counter("hufu_blocks_total", "Blocks committed since start.").add();
  metrics_.counter("hufu_submissions_total", "Submissions committed since start.")
      .add(block.submissions.size());
  std::uint64_t operations = 0;
  for (const Submission& each : block.submissions) operations += each.operations.size();
  metrics_.counter("hufu_operations_total", "Operations committed since start.").add(operations);
  const auto roster = execution.changes.find(roster_subject().path());
  if (roster != execution.changes.end()) roster_ = std::get<RosterStanding>(roster->second.standing.detail);
  if (applied_ && !mutated("receipt_before_commit")) applied_({&block, ids, execution.outcomes});
  failpoint("replica.after_told");
  if (roster != execution.changes.end() && roster_changed_) roster_changed_();
  return {};
}

Bytes Replica::snapshot() {
  sync();
  return encode(Pointer{epoch_, store_.head().height, store_.head_hash()});
}

void Replica::sync() {
  if (dead_) return;
  if (auto synced = store_.sync(); !synced) return fatal(synced.error().detail);
  failpoint("replica.snapshot.before_mark");
  if (durable_) durable_(store_.head().height, store_.head_hash());
  failpoint("replica.snapshot.after_mark");
}

void Replica::restore(ByteSpan bytes) {
  if (dead_) return;
  const auto pointer = decode<Pointer>(bytes);
  if (!pointer) return fatal("the snapshot's pointer does not decode");
  if (pointer->height > store_.head().height) {
    return fatal("the snapshot reaches block " + std::to_string(pointer->height) + ", the ledger ends at " +
                 std::to_string(store_.head().height));
  }
  const auto header = store_.header(pointer->height);
  if (!header) return fatal(header.error().detail);
  if (!*header || block_hash(**header) != pointer->head) {
    return fatal("block " + std::to_string(pointer->height) + " here is not the one of the snapshot, " +
                 short_hex(pointer->head));
  }
}

bool Replica::ready_for(ByteSpan bytes) {
  if (dead_) return false;
  const auto pointer = decode<Pointer>(bytes);
  if (!pointer || pointer->epoch != epoch_) {
    log_.warning("snapshot refused", {{"why", "the pointer does not decode, or is of another epoch"}});
    return false;
  }
  if (pointer->height > store_.head().height) {
    if (behind_) behind_(*pointer);
    return false;
  }
  // Raft is about to keep the pointer in place of the entries: what was fetched must not be lost behind it.
  if (!mutated("fetched_not_synced")) sync();
  return !dead_;
}

void Replica::skip(std::string_view why, std::uint64_t index, std::uint64_t height) {
  metrics_
      .counter("hufu_entries_skipped_total", "Entries of the Raft log that made no block.",
               {{"why", std::string(why)}})
      .add();
  if (why == "stale" || why == "epoch is over")
    return log_.debug("entry skipped", {{"why", std::string(why)}, {"index", index}});
  log_.warning("entry skipped", {{"why", std::string(why)}, {"index", index}, {"height", height}});
}

void Replica::fatal(const std::string& why) {
  dead_ = true;
  fatal_(why);
}

}  // namespace hufu::node
