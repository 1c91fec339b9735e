#include "tests/sim/checker.hpp"

#include "ledger/chain/audit.hpp"
#include "node/api/wire.hpp"

namespace hufu::sim {
namespace {

std::string text(std::uint64_t number) { return std::to_string(number); }
std::string text(const Place& place) { return text(place.height) + "/" + text(place.submission); }

class StoredBlocks final : public BlockSource {
 public:
  explicit StoredBlocks(const store::LedgerStore& store) : store_(store) {}
  Result<std::optional<Bytes>> block(std::uint64_t height) override {
    auto bytes = store_.block_bytes(height);
    if (!bytes) return bytes.error().error;
    return std::move(*bytes);
  }

 private:
  const store::LedgerStore& store_;
};

}  // namespace

bool is_open(Error error) { return api::is_passing(error); }

Checker::Checker(Parts parts) : parts_(std::move(parts)), ledger_(ledger_id(parts_.genesis)) {
  const BlockHeader founding = founding_block(parts_.genesis);
  frontier_.append(leaf_hash(encode(founding)), nullptr);
  chain_.push_back({founding, block_hash(founding), frontier_.root()});
  rosters_[1] = parts_.genesis.roster;
}

const RosterStanding& Checker::roster_of(std::uint64_t size) const {
  return std::prev(rosters_.upper_bound(size))->second;
}

void Checker::saw_chain(std::uint64_t node, const store::LedgerStore& store, std::uint64_t from) {
  for (std::uint64_t height = from; height <= store.head().height; ++height) {
    if (height < chain_.size()) {
      const auto header = store.header(height);
      if (!header) return;  // damage, which is the node's to find
      if (!*header || block_hash(**header) != chain_[height].hash) {
        return broken("V1: block " + text(height) + " of node " + text(node) +
                      " is another than that of the others");
      }
      continue;
    }
    const auto block = store.block(height);
    if (!block) return;
    if (!*block) return broken("V1: node " + text(node) + " lacks block " + text(height));
    extend(node, **block);
  }
}

void Checker::extend(std::uint64_t node, const Block& block) {
  const Link& tip = chain_.back();
  const std::string name = "block " + text(block.header.height) + " of node " + text(node);
  if (!check_follows(tip.header, block.header)) return broken("V1: " + name + " does not follow");
  if (!check_contents(block)) return broken("V1: " + name + " is not what its header says");
  frontier_.append(leaf_hash(encode(block.header)), nullptr);
  chain_.push_back({block.header, block_hash(block.header), frontier_.root()});
  ++counts_.blocks;
  for (std::uint32_t i = 0; i < block.submissions.size(); ++i) {
    const Submission& submission = block.submissions[i];
    for (const Operation& operation : submission.operations) {
      const auto* enact = std::get_if<Enact>(&operation.payload);
      const auto* entry = enact == nullptr ? nullptr : std::get_if<RosterEntry>(&enact->decision.body);
      if (entry == nullptr) continue;
      rosters_[block.header.height + 2] = entry->roster;
      newest_roster_change_ = operation.hash();
    }
    const Hash id = submission_id(ledger_, submission.header);
    const Place place{.height = block.header.height, .submission = i};
    if (!places_.emplace(id, place).second) return broken("V2: " + short_hex(id) + " stands twice");
    if (refused_.contains(id))
      return broken("V9: " + short_hex(id) + " was refused and stands at " + text(place));
    const auto promised = acknowledged_.find(id);
    if (promised != acknowledged_.end() && promised->second.place != place) {
      return broken("V3: " + short_hex(id) + " was acknowledged at another place than " + text(place));
    }
  }
  const auto [first, last] = ahead_.equal_range(chain_.size());
  for (auto at = first; at != last; ++at) {
    if (at->second.second != frontier_.root()) broken("V7: " + at->second.first + " signed another root");
  }
  ahead_.erase(first, last);
}

void Checker::answered(std::uint64_t node, const Sent& sent, const api::Submitted& submitted) {
  const auto* accepted = std::get_if<api::Accepted>(&submitted);
  if (accepted != nullptr) return check_receipt_of(node, sent, *accepted);
  const Error error = std::get<api::Refusal>(submitted).error;
  if (is_open(error)) return;
  ++counts_.refused;
  refused_.insert(sent.id);
  if (places_.contains(sent.id)) {
    broken("V9: node " + text(node) + " refused " + short_hex(sent.id) + " (" + std::string(code_of(error)) +
           "), which stands on the ledger");
  }
}

void Checker::check_receipt_of(std::uint64_t node, const Sent& sent, const api::Accepted& accepted) {
  const Receipt& receipt = accepted.receipt;
  const std::string name = "the receipt of " + short_hex(sent.id) + " by node " + text(node);
  if (receipt.id() != sent.id) return broken("V3: " + name + " is of something else");
  if (!check_receipt(ledger_, receipt)) return broken("V3: " + name + " does not verify");
  const auto known = places_.find(sent.id);
  if (known == places_.end()) return broken("V4: " + name + " came before any node had the block");
  if (known->second != receipt.place) return broken("V3: " + name + " names another place");
  if (hash_at(receipt.place.height) != block_hash(receipt.block))
    return broken("V3: " + name + " names another block");
  if (!parts_.stored_by_quorum(receipt.block)) return broken("V4: " + name + " came before its commit point");
  if (sent.behind && !(*sent.behind < receipt.place)) {
    return broken("V5: " + name + " stands at " + text(receipt.place) + ", before " + text(*sent.behind) +
                  ", which had been acknowledged before it was sent");
  }
  check_root(name, {.size = receipt.log_size, .root = receipt.log_root});
  if (accepted.certified) {
    ++counts_.certified_receipts;
    certified(node, {.checkpoint = {.size = receipt.log_size, .root = receipt.log_root},
                     .cosignatures = accepted.cosignatures});
  }
  auto [entry, fresh] = acknowledged_.try_emplace(sent.id, Acknowledged{receipt.place, {}});
  if (fresh) {
    in_order_.push_back(sent.id);
    ++counts_.acknowledged;
  } else {
    ++counts_.repeated;
    if (entry->second.place != receipt.place)
      return broken("V3: " + name + " names another place than the one before");
  }
  entry->second.receipts.push_back(accepted);
  newest_acknowledged_ = std::max(newest_acknowledged_.value_or(Place{}), receipt.place);
}

void Checker::check_root(const std::string& who, const Checkpoint& checkpoint) {
  if (checkpoint.size == 0) return broken("V6: " + who + " names an empty log");
  if (checkpoint.size > chain_.size()) {
    ahead_.emplace(checkpoint.size, std::pair(who, checkpoint.root));
  } else if (chain_[checkpoint.size - 1].log_root != checkpoint.root) {
    broken("V7: " + who + " names another root of size " + text(checkpoint.size));
  }
}

void Checker::certified(std::uint64_t node, const CertifiedCheckpoint& certified) {
  const Checkpoint& checkpoint = certified.checkpoint;
  const auto [held, fresh] = certified_.emplace(checkpoint.size, checkpoint.root);
  if (held->second != checkpoint.root)
    return broken("V6: two roots are certified of size " + text(checkpoint.size));
  check_root("the quorum, on node " + text(node) + ",", checkpoint);
  // Whoever has the handover may have its very size signed by the next roster, too.
  const RosterStanding& before = roster_of(checkpoint.size);
  const RosterStanding& after = roster_of(checkpoint.size + 1);
  auto valid = check_certified(ledger_.origin, before, certified);
  if (!valid && after.epoch != before.epoch) valid = check_certified(ledger_.origin, after, certified);
  if (!valid) {
    broken("V6: what node " + text(node) + " calls certified, of size " + text(checkpoint.size) +
           ", is not: " + std::string(code_of(valid.error())));
  }
}

void Checker::attested(const Attestation& attestation) {
  const Checkpoint& checkpoint = attestation.checkpoint;
  const std::uint64_t member = attestation.cosignature.member;
  const auto [held, fresh] = signed_.emplace(std::pair(member, checkpoint.size), checkpoint.root);
  if (held->second != checkpoint.root) {
    return broken("V7: member " + text(member) + " signed two roots of size " + text(checkpoint.size));
  }
  ++counts_.attestations;
  if (fresh) check_root("member " + text(member), checkpoint);
}

std::optional<Hash> Checker::any_acknowledged(std::uint64_t choice) const {
  if (in_order_.empty()) return std::nullopt;
  return in_order_[choice % in_order_.size()];
}

void Checker::read(std::uint64_t node, const store::LedgerStore& store, const Hash& id) {
  ++counts_.reads;
  const auto place = store.place(id);
  if (!place) return;  // damage, which is the node's to find
  if (!*place || **place != acknowledged_.at(id).place) {
    broken("V8: a confirmed read on node " + text(node) + " misses " + short_hex(id) +
           ", acknowledged before it");
  }
}

std::optional<Place> Checker::place_of(const Hash& id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

void Checker::finish(std::uint64_t node, const store::LedgerStore& store) {
  if (store.head().height + 1 != chain_.size()) {
    return broken("V1: node " + text(node) + " ends at " + text(store.head().height) + ", the chain at " +
                  text(height()));
  }
  saw_chain(node, store, 0);
  Audit everything(parts_.genesis, AuditLevel::full);
  StoredBlocks blocks(store);
  const AuditReport report = audit(everything, blocks, [](const AuditReport&) {});
  if (report.fault) return broken("V10: block " + text(report.fault->height) + ": " + report.fault->what);
  if (report.head_hash != chain_.back().hash) return broken("V10: the audit ends elsewhere");
  for (const auto& [id, acknowledged] : acknowledged_) {
    const auto place = store.place(id);
    if (!place || !*place || **place != acknowledged.place) {
      return broken("V3: " + short_hex(id) + " was acknowledged at " + text(acknowledged.place) +
                    " and is not there");
    }
    for (const api::Accepted& accepted : acknowledged.receipts) {
      const Receipt& receipt = accepted.receipt;
      if (!check_receipt(ledger_, receipt) || hash_at(receipt.place.height) != block_hash(receipt.block) ||
          chain_.at(receipt.log_size - 1).log_root != receipt.log_root) {
        return broken("V3: a receipt of " + short_hex(id) + " does not verify any more");
      }
      ++counts_.receipts_verified;
    }
  }
  if (!ahead_.empty()) broken("V7: a root was signed of a log that is larger than the chain");
}

Counts Checker::counts() const {
  Counts counts = counts_;
  counts.certified_sizes = certified_.size();
  return counts;
}

}  // namespace hufu::sim
