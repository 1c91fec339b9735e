// What a node says of itself and its cluster, and what it answers to its peers.
#include <memory>

#include "node/node_service.hpp"

namespace hufu::node {
namespace {

constexpr auto kPeerWait =
    std::chrono::milliseconds(60'000);  // the longest a peer may make us hold its question

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
  const consensus::RaftStatus raft = parts_.raft.status();
  std::error_code unknown;
  const auto space = std::filesystem::space(parts_.data, unknown);
  const auto uptime = std::chrono::steady_clock::now() - started_;
  api::NodeStatus status{.name = parts_.self.name,
                         .id = parts_.self.id,
                         .version = parts_.version,
                         .ledger = parts_.ledger,
                         .role = role_of(raft.role),
                         .ready = ready().ready,
                         .leader = raft.leader,
                         .term = raft.term,
                         .head = parts_.replica.head(),
                         .head_hash = parts_.replica.head_hash(),
                         .applied_index = raft.applied_index,
                         .catching_up_to = parts_.fetcher.target_height(),
                         .disk_free = unknown ? 0 : static_cast<std::uint64_t>(space.available),
                         .uptime_ms = static_cast<std::uint64_t>(
                             std::chrono::duration_cast<std::chrono::milliseconds>(uptime).count()),
                         .peers = {}};
  if (const auto& certified = parts_.attestor.certified()) {
    status.certified_size = certified->checkpoint().size;
    status.certified_time_s = certified->time_s;
  }
  const consensus::TransportStatus transport = parts_.transport.status();
  for (const Member& member : parts_.genesis.roster.members) {
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
  if (parts_.replica.dead()) return {.ready = false, .why = "the ledger on disk failed"};
  const consensus::RaftStatus raft = parts_.raft.status();
  if (raft.disk_stalled) {
    return {.ready = false,
            .why = "the disk has not answered for " + std::to_string(raft.disk_busy_ms / 1000) + " s"};
  }
  if (parts_.disk.full()) return {.ready = false, .why = "the disk is full: no submission is taken"};
  if (const auto target = parts_.fetcher.target_height(); target > 0) {
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
  const auto& members = parts_.genesis.roster.members;
  gathering->cluster.quorum = parts_.genesis.roster.quorum();
  for (const Member& member : members) gathering->cluster.members.push_back({member, std::nullopt});
  gathering->missing = members.size();
  gathering->done = std::move(done);
  const auto arrived = [gathering](std::size_t i, std::optional<api::NodeStatus> status) {
    if (status) ++gathering->cluster.reachable;
    gathering->cluster.members[i].status = std::move(status);
    if (--gathering->missing == 0) gathering->done(std::move(gathering->cluster));
  };
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].id == parts_.self.id) {
      arrived(i, status());
      continue;
    }
    parts_.peers.ask(
        members[i].id, peer::StatusRequest{}, wait, [arrived, i](Result<peer::Response> response) {
          const auto* answer = response ? std::get_if<peer::StatusResponse>(&*response) : nullptr;
          arrived(i, answer == nullptr ? std::nullopt : std::optional(answer->status));
        });
  }
}

void NodeService::answer_peer(consensus::NodeId from, peer::Request request, Peers::Reply reply) {
  if (auto* submit = std::get_if<peer::SubmitRequest>(&request)) {
    const auto wait =
        std::min<std::chrono::milliseconds>(kPeerWait, std::chrono::milliseconds(submit->wait_ms));
    return parts_.admission.submit_for_peer(
        std::move(submit->submission), wait, [reply = std::move(reply)](api::Submitted submitted) {
          if (auto* accepted = std::get_if<api::Accepted>(&submitted)) {
            return reply(peer::AcceptedResponse{std::move(*accepted)});
          }
          reply(peer::RefusedResponse{{std::get<api::Refusal>(std::move(submitted)), {}}});
        });
  }
  if (const auto* attestation = std::get_if<peer::AttestationRequest>(&request)) {
    parts_.attestor.receive(from, attestation->attestation);
    return reply(peer::AttestedResponse{parts_.attestor.newest()});
  }
  if (std::holds_alternative<peer::StatusRequest>(request)) return reply(peer::StatusResponse{status()});
  if (const auto* headers = std::get_if<peer::HeadersRequest>(&request)) {
    return reply(answer_headers(parts_.store, *headers));
  }
  reply(answer_blocks(parts_.store, std::get<peer::BlocksRequest>(request)));
}

}  // namespace hufu::node
