// What nodes answer: blocks, receipts, histories, status, refusals.
#include <boost/json/serialize.hpp>

#include "node/api/json_value.hpp"

namespace hufu::api {
namespace {

json::object fault_json(const OperationFault& fault) {
  const ErrorInfo& info = describe(fault.error);
  json::object out;
  out["operation"] = fault.operation;
  out["code"] = text_json(info.code);
  out["error"] = static_cast<std::uint64_t>(fault.error);
  out["what"] = text_json(info.en);
  out["place"] = nullptr;
  if (fault.place) out["place"] = to_json(*fault.place);
  return out;
}

json::object entry_json(const HistoryEntry& entry) {
  json::object out = to_json(entry.operation);
  out["hash"] = hex_json(entry.operation.hash());
  out["agency"] = text_json(entry.agency);
  out["time"] = moment_json(entry.time_ms);
  out["place"] = to_json(entry.place);
  out["index"] = entry.index;
  out["submissionId"] = hex_json(entry.submission);
  return out;
}

json::object peer_json(const PeerView& peer) {
  json::object out;
  out["id"] = number_json(peer.id);
  out["name"] = text_json(peer.name);
  out["connected"] = peer.connected;
  return out;
}

}  // namespace

json::object to_json(const LedgerId& ledger) {
  json::object out;
  out["origin"] = text_json(ledger.origin);
  out["genesis"] = hex_json(ledger.genesis);
  return out;
}

json::object to_json(const BlockHeader& header) {
  json::object out;
  out["version"] = header.version;
  out["height"] = number_json(header.height);
  out["parent"] = hex_json(header.parent);
  out["time"] = moment_json(header.time_ms);
  out["submissions"] = header.count;
  out["submissionsRoot"] = hex_json(header.submissions_root);
  out["stateRoot"] = hex_json(header.state_root);
  return out;
}

json::object to_json(const Block& block, const LedgerId& ledger) {
  json::object out;
  out["header"] = block_json(block.header, block_hash(block.header));
  json::array submissions;
  for (const Submission& submission : block.submissions) {
    json::object element;
    element["id"] = hex_json(submission_id(ledger, submission.header));
    json::object fields = to_json(submission);
    for (auto& field : fields) element.emplace(field.key(), std::move(field.value()));
    submissions.push_back(std::move(element));
  }
  out["submissions"] = std::move(submissions);
  return out;
}

json::object to_json(const AsOf& as_of) {
  json::object out;
  out["height"] = number_json(as_of.height);
  out["head"] = hex_json(as_of.head);
  out["time"] = moment_json(as_of.time_ms);
  out["confirmed"] = as_of.confirmed;
  return out;
}

json::object to_json(const Receipt& receipt) {
  json::object out;
  out["submissionId"] = hex_json(receipt.id());
  out["ledger"] = to_json(receipt.ledger);
  out["agency"] = text_json(receipt.header.agency);
  out["key"] = hex_json(receipt.header.key);
  out["requestId"] = hex_json(receipt.header.request_id);
  out["operations"] = receipt.header.count;
  out["place"] = to_json(receipt.place);
  out["time"] = moment_json(receipt.block.time_ms);
  out["block"] = block_json(receipt.block, block_hash(receipt.block));
  out["logSize"] = number_json(receipt.log_size);
  out["logRoot"] = hex_json(receipt.log_root);
  out["bytes"] = text_json(to_base64(encode(receipt)));
  return out;
}

json::object to_json(const Accepted& accepted) {
  json::object out = to_json(accepted.receipt);
  out["repeated"] = accepted.repeated;
  out["certified"] = accepted.certified;
  out["cosignatures"] = to_json(accepted.cosignatures);
  return out;
}

json::object to_json(const StandingAnswer& answer) {
  json::object out;
  out["subject"] = subject_json(answer.key);
  out["standing"] = nullptr;
  if (answer.standing) out["standing"] = to_json(*answer.standing);
  out["asOf"] = to_json(answer.as_of);
  return out;
}

json::object to_json(const HistoryAnswer& answer) {
  json::object out;
  out["subject"] = subject_json(answer.key);
  out["total"] = number_json(answer.total);
  json::array entries;
  entries.reserve(answer.entries.size());
  for (const HistoryEntry& entry : answer.entries) entries.push_back(entry_json(entry));
  out["operations"] = std::move(entries);
  out["asOf"] = to_json(answer.as_of);
  return out;
}

json::object to_json(const RegistryAnswer& answer) {
  json::object out;
  out["kind"] = text_json(name_of(answer.kind));
  json::array entries;
  entries.reserve(answer.entries.size());
  for (const RegistryEntry& entry : answer.entries) {
    entries.push_back(
        json::object{{"subject", subject_json(entry.key)}, {"standing", to_json(entry.standing)}});
  }
  out["entries"] = std::move(entries);
  out["next"] = nullptr;
  if (answer.more && !answer.entries.empty()) out["next"] = text_json(answer.entries.back().key.id);
  out["asOf"] = to_json(answer.as_of);
  return out;
}

json::object to_json(const ReceiptAnswer& answer) {
  json::object out;
  out["receipt"] = nullptr;
  if (answer.receipt) out["receipt"] = to_json(*answer.receipt);
  out["asOf"] = to_json(answer.as_of);
  return out;
}

json::object to_json(const Head& head) {
  json::object out = block_json(head.header, head.hash);
  out["logSize"] = number_json(head.log_size);
  out["logRoot"] = hex_json(head.log_root);
  out["confirmed"] = head.confirmed;
  return out;
}

json::object to_json(const NodeStatus& status) {
  json::object out;
  out["name"] = text_json(status.name);
  out["id"] = number_json(status.id);
  out["version"] = text_json(status.version);
  out["ledger"] = to_json(status.ledger);
  out["role"] = text_json(name_of(status.role));
  out["epoch"] = number_json(status.epoch);
  out["ready"] = status.ready;
  out["leader"] = nullptr;
  if (status.leader != 0) out["leader"] = number_json(status.leader);
  out["term"] = number_json(status.term);
  out["head"] = block_json(status.head, status.head_hash);
  out["appliedIndex"] = number_json(status.applied_index);
  out["catchingUpTo"] = nullptr;
  if (status.catching_up_to != 0) out["catchingUpTo"] = number_json(status.catching_up_to);
  out["diskFreeBytes"] = number_json(status.disk_free);
  out["uptimeMs"] = number_json(status.uptime_ms);
  out["certified"] = nullptr;
  if (status.certified_size > 0) {
    out["certified"] = json::object{{"height", number_json(status.certified_size - 1)},
                                    {"logSize", number_json(status.certified_size)},
                                    {"time", second_json(status.certified_time_s)}};
  }
  json::array peers;
  for (const PeerView& peer : status.peers) peers.push_back(peer_json(peer));
  out["peers"] = std::move(peers);
  return out;
}

namespace {

json::array members_json(const std::vector<ClusterMember>& members) {
  json::array out;
  for (const ClusterMember& member : members) {
    json::object element = to_json(member.member);
    element["status"] = nullptr;
    if (member.status) element["status"] = to_json(*member.status);
    out.push_back(std::move(element));
  }
  return out;
}

}  // namespace

json::object to_json(const ClusterStatus& cluster) {
  json::object out;
  out["quorum"] = number_json(cluster.quorum);
  out["reachable"] = number_json(cluster.reachable);
  out["members"] = members_json(cluster.members);
  out["candidates"] = members_json(cluster.candidates);
  return out;
}

json::object to_json(const Problem& problem) {
  const Refusal& refusal = problem.refusal;
  const ErrorInfo& info = describe(refusal.error);
  json::object out;
  out["code"] = text_json(info.code);
  out["error"] = static_cast<std::uint64_t>(refusal.error);
  out["what"] = text_json(info.en);
  out["why"] = text_json(problem.why);
  out["next"] = text_json(info.next);
  out["outcome"] = is_outcome_unknown(refusal.error) ? "unknown" : "refused";
  out["retryAfterMs"] = nullptr;
  if (refusal.retry_after_ms != 0) out["retryAfterMs"] = refusal.retry_after_ms;
  json::array faults;
  for (const OperationFault& fault : refusal.faults) faults.push_back(fault_json(fault));
  out["faults"] = std::move(faults);
  return out;
}

}  // namespace hufu::api
