#include "cli/roster_step.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hufu::cli {
namespace {

// Blocks that a node may be behind the newest and still count: a member under way, and one that has just fetched the ledger.
constexpr std::uint64_t kNear = 256;
constexpr std::uint64_t kFetched = 8;

bool is_near(const api::NodeStatus& status, std::uint64_t newest, bool comes) {
  if (comes && status.head.height == 0 && newest > 0) return false;
  return status.head.height + (comes ? kFetched : kNear) >= newest;
}

const api::ClusterMember* member_in(const std::vector<api::ClusterMember>& list, std::uint64_t id) {
  const auto found = std::find_if(list.begin(), list.end(),
                                  [id](const api::ClusterMember& each) { return each.member.id == id; });
  return found == list.end() ? nullptr : &*found;
}

std::uint64_t newest_height(const api::ClusterStatus& cluster) {
  std::uint64_t newest = 0;
  for (const api::ClusterMember& each : cluster.members) {
    if (each.status) newest = std::max(newest, each.status->head.height);
  }
  return newest;
}

void add(std::string& list, const std::string& name) { list += (list.empty() ? "" : ", ") + name; }

}  // namespace

RosterCount count_roster(const api::ClusterStatus& cluster, const RosterStanding& after) {
  RosterCount count{.members = after.members.size(), .quorum = after.quorum()};
  const std::uint64_t newest = newest_height(cluster);
  for (const Member& member : after.members) {
    const api::ClusterMember* known = member_in(cluster.members, member.id);
    const bool comes = known == nullptr;
    if (comes) known = member_in(cluster.candidates, member.id);
    if (comes) ++count.came;
    const bool answers = known != nullptr && known->status.has_value();
    const bool near = answers && is_near(*known->status, newest, comes);
    if (near) ++count.up;
    if (!answers) add(count.missing, member.name);
    if (comes && !near) add(answers ? count.behind : count.absent, member.name);
  }
  return count;
}

Try<void> check_step(Client& client, const RosterStanding& before, const RosterStanding& after, Step step,
                     const Session& session) {
  const Reply<api::ClusterStatus> cluster = client.cluster();
  if (!cluster) return trouble_of(cluster.error(), session, "cannot ask the cluster");
  const RosterCount count = count_roster(*cluster, after);
  const std::size_t expected = step == Step::propose ? count.up + count.came : count.up;
  session.say(fmt::format(
      fmt::runtime(session.tr(
          "now {} nodes, of which {} are needed; then {} nodes, of which {} are needed and {} are there",
          "现有 {} 个节点，至少需要 {} 个；变更后 {} 个节点，至少需要 {} 个，可用 {} 个")),
      before.members.size(), before.quorum(), count.members, count.quorum,
      std::min(expected, count.members)));
  if (expected < count.quorum) {
    return Trouble{.error = Error::no_quorum,
                   .what = "this change would leave the ledger without a quorum",
                   .why = fmt::format("{} of {} nodes would be needed, {} would be there; not reached: {}",
                                      count.quorum, count.members, expected, count.missing),
                   .next = "bring those nodes back, or remove one of them first"};
  }
  if (step == Step::enact && !(count.absent.empty() && count.behind.empty())) {
    return Trouble{
        .error = Error::ledger_stale,
        .what = "the new node has not fetched the ledger yet",
        .why = count.behind.empty() ? "it does not answer" : count.behind + " is still behind",
        .next = "start it, wait until hufu cluster status shows it at the newest block, then try again"};
  }
  return {};
}

}  // namespace hufu::cli
