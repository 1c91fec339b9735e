// The nodes of the next epoch, as a decision may set them.
//
// One node at a time, so that any two rosters that follow each other have a majority of either in common with the other but for
// one: a step that was wrong can be taken back. Where the quorum is lost for good, and only then, more may go at once.
#include <algorithm>

#include "ledger/rules/rules.hpp"

namespace hufu::rules {
namespace {

const Member* member_of(const RosterStanding& roster, std::uint64_t id) {
  const auto found = std::find_if(roster.members.begin(), roster.members.end(),
                                  [&](const Member& member) { return member.id == id; });
  return found == roster.members.end() ? nullptr : &*found;
}

bool has_keys_of(const Member& a, const Member& b) {
  return a.log_key == b.log_key && a.cosign_key == b.cosign_key && a.tls_key == b.tls_key;
}

bool is_reachable(const Endpoint& endpoint) { return is_host(endpoint.host) && endpoint.port != 0; }

bool is_well_formed(const Signer& signer, const Member& member) {
  const Standing* province = signer.others->find({SubjectKind::province, member.province});
  return province != nullptr && is_usable(member.log_key) && is_usable(member.cosign_key) &&
         is_usable(member.tls_key) && is_reachable(member.peer) && is_reachable(member.api);
}

bool no_address_twice(const RosterStanding& roster) {
  std::vector<Endpoint> all;
  for (const Member& member : roster.members) all.insert(all.end(), {member.peer, member.api});
  std::sort(all.begin(), all.end());
  return std::adjacent_find(all.begin(), all.end()) == all.end();
}

struct Difference {
  std::vector<const Member*> came;
  std::size_t went = 0;
  std::size_t moved = 0;  // the same node at another address
  bool rekeyed = false;   // an id under other keys, name or province: that would be another node
};

Difference compare(const RosterStanding& before, const RosterStanding& after) {
  Difference difference;
  for (const Member& member : after.members) {
    const Member* const old = member_of(before, member.id);
    if (old == nullptr) {
      difference.came.push_back(&member);
    } else if (*old != member) {
      ++difference.moved;
      const bool same = old->name == member.name && old->province == member.province;
      if (!same || !has_keys_of(*old, member)) difference.rekeyed = true;
    }
  }
  const auto gone = std::count_if(before.members.begin(), before.members.end(), [&](const Member& member) {
    return member_of(after, member.id) == nullptr;
  });
  difference.went = static_cast<std::size_t>(gone);
  return difference;
}

bool is_one_step(const Difference& difference) {
  const std::size_t came = difference.came.size();
  if (difference.moved > 0) return difference.moved == 1 && came == 0 && difference.went == 0;
  return came <= 1 && difference.went <= 1 && came + difference.went > 0;
}

}  // namespace

Result<Detail> change_roster(const Signer& signer, const RosterEntry& entry, const RosterStanding& before) {
  const RosterStanding& after = entry.roster;
  if (after.epoch != before.epoch + 1 || !is_roster(after) || !no_address_twice(after))
    return Error::field_invalid;
  const Difference difference = compare(before, after);
  const bool fresh = std::all_of(difference.came.begin(), difference.came.end(), [](const Member* member) {
    return member->id == member_id(member->cosign_key);
  });
  const bool formed = std::all_of(after.members.begin(), after.members.end(),
                                  [&](const Member& member) { return is_well_formed(signer, member); });
  if (difference.rekeyed || !fresh || !formed) return Error::field_invalid;
  // A recovery names the time of its block, so that it is no way around the rule below while the nodes still agree.
  const bool allowed = entry.recovery ? signer.time_ms == entry.recovery->time_ms : is_one_step(difference);
  if (!allowed) return Error::field_invalid;
  return Detail(after);
}

}  // namespace hufu::rules
