#include "node/epochs.hpp"

#include <algorithm>

namespace hufu::node {
namespace {

constexpr std::size_t kDecisionsAtOnce = 256;

store::StoreFault corrupt(std::string what) { return {Error::storage_corrupt, std::move(what)}; }

// The payload of the operation at this spot.
template <class T>
store::Checked<T> payload_at(const store::LedgerStore& store, const store::Spot& spot) {
  auto block = store.block(spot.height);
  if (!block) return block.error();
  const bool there = *block && spot.submission < (*block)->submissions.size() &&
                     spot.operation < (*block)->submissions[spot.submission].operations.size();
  if (!there) return corrupt("block " + std::to_string(spot.height) + " lacks what an index names");
  auto* payload = std::get_if<T>(&(*block)->submissions[spot.submission].operations[spot.operation].payload);
  if (payload == nullptr) return corrupt("an index names another kind of operation");
  return std::move(*payload);
}

store::Checked<RosterEntry> roster_entry_at(const store::LedgerStore& store, const store::Spot& spot) {
  auto enact = payload_at<Enact>(store, spot);
  if (!enact) return enact.error();
  auto* entry = std::get_if<RosterEntry>(&enact->decision.body);
  if (entry == nullptr) return corrupt("the roster was changed by another kind of decision");
  return std::move(*entry);
}

store::Checked<std::optional<Handover>> stored_handover(const store::LedgerStore& store,
                                                        std::uint64_t epoch) {
  const auto bytes = store.handover(epoch);
  if (!bytes) return bytes.error();
  if (!*bytes) return std::optional<Handover>();
  auto handover = decode<Handover>(**bytes);
  if (!handover) return corrupt("a handover that was kept does not decode");
  return std::optional(std::move(*handover));
}

// What the proposal of a roster would bring in, if it is of the next epoch.
store::Checked<std::vector<Member>> newcomers(const store::LedgerStore& store, const store::Record& decision,
                                              const RosterStanding& roster) {
  std::vector<Member> members;
  const auto propose = payload_at<Propose>(store, decision.spots.front());
  if (!propose) return propose.error();
  const auto* entry = std::get_if<RosterEntry>(&propose->decision.body);
  if (entry == nullptr || entry->roster.epoch != roster.epoch + 1) return members;
  for (const Member& member : entry->roster.members) {
    if (find_member(roster, member.id) == nullptr) members.push_back(member);
  }
  return members;
}

}  // namespace

store::Checked<std::vector<EndedEpoch>> ended_epochs(const store::LedgerStore& store,
                                                     const Genesis& genesis) {
  const auto record = store.record(roster_subject());
  if (!record) return record.error();
  if (!*record) return corrupt("the state has no roster of nodes");
  std::vector<EndedEpoch> ended;
  RosterStanding roster = genesis.roster;
  for (const store::Spot& spot : (*record)->spots) {
    auto entry = roster_entry_at(store, spot);
    if (!entry) return entry.error();
    ended.push_back(
        {std::exchange(roster, std::move(entry->roster)), spot.height, entry->recovery.has_value()});
  }
  return ended;
}

store::Checked<std::optional<Handover>> kept_handover(const store::LedgerStore& store, std::uint64_t epoch) {
  auto handover = stored_handover(store, epoch);
  if (handover && *handover && (*handover)->cosignatures.empty()) return std::optional<Handover>();
  return handover;
}

store::Checked<void> draft_handover(store::LedgerStore& store, Replica& replica, std::uint64_t ended_epoch) {
  const auto there = stored_handover(store, ended_epoch);
  if (!there) return there.error();
  if (*there) return {};
  const BlockHeader& head = replica.head();
  const auto record = store.record(roster_subject());
  if (!record) return record.error();
  auto path = inclusion_path(store, head.height, head.height + 1);
  if (!path) return corrupt("the log of blocks cannot be read");
  const Handover draft{.header = head,
                       .log_path = *std::move(path),
                       .cosignatures = {},
                       .roster = {.key = roster_subject(),
                                  .standing = (*record)->standing,
                                  .proof = replica.tree().prove(replica.state(), roster_subject().path())},
                       .consistency = {}};
  return store.keep_handover(ended_epoch, encode(draft));
}

store::Checked<void> complete_handover(store::LedgerStore& store, std::uint64_t ended_epoch,
                                       std::vector<Cosignature> cosignatures) {
  auto handover = stored_handover(store, ended_epoch);
  if (!handover) return handover.error();
  if (!*handover) return store::StoreFault{Error::not_found, "no draft of the handover is kept"};
  (*handover)->cosignatures = std::move(cosignatures);
  return store.keep_handover(ended_epoch, encode(**handover));
}

Result<std::vector<Handover>> handovers_to(const store::LedgerStore& store, std::uint64_t epoch,
                                           std::uint64_t size) {
  std::vector<Handover> handovers;
  for (std::uint64_t each = 1; each < epoch; ++each) {
    auto handover = kept_handover(store, each);
    if (!handover) return handover.error().error;
    if (*handover) {
      handovers.push_back(std::move(**handover));
    } else {
      handovers.clear();
    }
  }
  for (std::size_t i = 0; i < handovers.size(); ++i) {
    const std::uint64_t next = i + 1 < handovers.size() ? handovers[i + 1].header.height + 1 : size;
    auto path = consistency_path(store, handovers[i].header.height + 1, next);
    if (!path) return path.error();
    handovers[i].consistency = *std::move(path);
  }
  return handovers;
}

store::Checked<std::vector<Member>> candidates(const store::LedgerStore& store,
                                               const RosterStanding& roster) {
  std::vector<Member> all;
  std::string after;
  while (true) {
    const auto keys = store.registry(SubjectKind::decision, after, kDecisionsAtOnce);
    if (!keys) return keys.error();
    for (const SubjectKey& key : *keys) {
      const auto record = store.record(key);
      if (!record) return record.error();
      const auto* decision = *record ? std::get_if<DecisionStanding>(&(*record)->standing.detail) : nullptr;
      if (decision == nullptr || decision->target != roster_subject()) continue;
      auto members = newcomers(store, **record, roster);
      if (!members) return members.error();
      for (Member& member : *members) {
        if (all.size() < limits::kNodes) all.push_back(std::move(member));
      }
    }
    if (keys->size() < kDecisionsAtOnce) return all;
    after = keys->back().id;
  }
}

}  // namespace hufu::node
