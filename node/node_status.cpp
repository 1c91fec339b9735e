// What a node says of itself and its cluster.
#include <memory>

#include "node/node_service.hpp"

namespace hufu::node {
namespace {

api::Role role_of(consensus::Role role) {
  switch (role) {
    case consensus::Role::follower:
      return api::Role::follower;
    case consensus::Role::candidate:
      return api::Role::candidate;
    case consensus::Role::leader:
      return api::Role::leader;
    case consensus::Role::stopped:
      break;
  }
  return api::Role::stopped;
}

}  // namespace

api::NodeStatus NodeService::status() {
  const consensus::RaftStatus raft = parts_.core.raft_status();
  std::error_code unknown;
  const auto space = std::filesystem::space(parts_.data, unknown);
  const auto uptime = std::chrono::steady_clock::now() - started_;
  api::NodeStatus status{.name = parts_.self.name,
                         .id = parts_.self.id,
                         .version = parts_.version,
                         .ledger = parts_.ledger,
                         .role = parts_.core.is_member() ? role_of(raft.role) : api::Role::outside,
                         .epoch = parts_.core.roster().epoch,
                         .ready = ready().ready,
                         .leader = raft.leader,
                         .term = raft.term,
                         .head = parts_.core.replica().head(),
                         .head_hash = parts_.core.replica().head_hash(),
                         .applied_index = raft.applied_index,
                         .catching_up_to = parts_.core.fetcher().target_height(),
                         .disk_free = unknown ? 0 : static_cast<std::uint64_t>(space.available),
                         .uptime_ms = static_cast<std::uint64_t>(
                             std::chrono::duration_cast<std::chrono::milliseconds>(uptime).count()),
                         .peers = {}};
  if (const auto& certified = parts_.core.attestor().certified()) {
    status.certified_size = certified->checkpoint().size;
    status.certified_time_s = certified->time_s;
  }
  const consensus::TransportStatus transport = parts_.transport.status();
  for (const Member& member : parts_.core.roster().members) {
    if (member.id == parts_.self.id) continue;
    bool connected = false;
    for (const auto& peer : transport.peers) {
      if (peer.id == member.id) connected = peer.raft_out && peer.raft_in;
    }
    status.peers.push_back({.id = member.id, .name = member.name, .connected = connected});
  }
  return status;
}

api::Readiness NodeService::ready() {
  if (stopped_) return {.ready = false, .why = "the node is stopping"};
  if (parts_.core.replica().dead()) return {.ready = false, .why = "the ledger on disk failed"};
  const consensus::RaftStatus raft = parts_.core.raft_status();
  if (raft.disk_stalled) {
    return {.ready = false,
            .why = "the disk has not answered for " + std::to_string(raft.disk_busy_ms / 1000) + " s"};
  }
  if (parts_.disk.full()) return {.ready = false, .why = "the disk is full: no submission is taken"};
  if (const auto target = parts_.core.fetcher().target_height(); target > 0) {
    return {.ready = false, .why = "fetching blocks up to " + std::to_string(target)};
  }
  if (raft.leader == 0) return {.ready = false, .why = "no leader is known"};
  if (raft.role == consensus::Role::leader && !raft.ready) {
    return {.ready = false, .why = "elected, and not sure yet of everything before"};
  }
  return {.ready = true, .why = {}};
}

void NodeService::cluster_status(std::chrono::milliseconds wait,
                                 std::function<void(api::ClusterStatus)> done) {
  struct Gathering {
    api::ClusterStatus cluster;
    std::size_t missing = 0;
    std::function<void(api::ClusterStatus)> done;
  };
  auto gathering = std::make_shared<Gathering>();
  const std::vector<Member>& members = parts_.core.roster().members;
  const std::vector<Member>& coming = parts_.core.coming();
  gathering->cluster.quorum = parts_.core.roster().quorum();
  for (const Member& member : members) gathering->cluster.members.push_back({member, std::nullopt});
  for (const Member& member : coming) gathering->cluster.candidates.push_back({member, std::nullopt});
  gathering->missing = members.size() + coming.size();
  gathering->done = std::move(done);
  const auto arrived = [gathering, voters = members.size()](std::size_t i,
                                                            std::optional<api::NodeStatus> status) {
    api::ClusterStatus& cluster = gathering->cluster;
    if (status && i < voters) ++cluster.reachable;
    (i < voters ? cluster.members[i] : cluster.candidates[i - voters]).status = std::move(status);
    if (--gathering->missing == 0) gathering->done(std::move(cluster));
  };
  std::vector<std::uint64_t> asked;
  for (const Member& member : members) asked.push_back(member.id);
  for (const Member& member : coming) asked.push_back(member.id);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (asked[i] == parts_.self.id) {
      arrived(i, status());
      continue;
    }
    parts_.core.peers().ask(
        asked[i], peer::StatusRequest{}, wait, [arrived, i](Result<peer::Response> response) {
          const auto* answer = response ? std::get_if<peer::StatusResponse>(&*response) : nullptr;
          arrived(i, answer == nullptr ? std::nullopt : std::optional(answer->status));
        });
  }
}

}  // namespace hufu::node
