// What proves an answer: evidence, proofs, cosignatures, consistency, checks.
#include "node/api/json_value.hpp"

namespace hufu::api {
namespace {

json::object standing_json(const StandingEvidence& evidence) {
  json::object out;
  out["subject"] = subject_json(evidence.key);
  out["standing"] = nullptr;
  if (evidence.standing) out["standing"] = to_json(*evidence.standing);
  return out;
}

json::object operation_json(const LedgerId& ledger, const OperationEvidence& evidence) {
  json::object out = to_json(evidence.operation);
  out["hash"] = hex_json(evidence.operation.hash());
  out["agency"] = text_json(evidence.header.agency);
  out["key"] = hex_json(evidence.header.key);
  out["time"] = moment_json(evidence.block.time_ms);
  out["place"] = to_json(evidence.place);
  out["index"] = evidence.index;
  out["submissionId"] = hex_json(submission_id(ledger, evidence.header));
  return out;
}

json::object life_json(const LedgerId& ledger, const StandingEvidence& standing,
                       const std::vector<OperationEvidence>& all) {
  json::object out = standing_json(standing);
  json::array operations;
  for (const OperationEvidence& one : all) operations.push_back(operation_json(ledger, one));
  out["operations"] = std::move(operations);
  return out;
}

}  // namespace

json::object to_json(const Evidence& evidence) {
  json::object out = life_json(evidence.ledger, evidence.subject, evidence.operations);
  out["ledger"] = to_json(evidence.ledger);
  out["head"] = block_json(evidence.head, block_hash(evidence.head));
  out["logSize"] = number_json(evidence.log_size);
  out["logRoot"] = hex_json(evidence.log_root);
  json::array support;
  for (const Life& life : evidence.support)
    support.push_back(life_json(evidence.ledger, life.standing, life.operations));
  out["support"] = std::move(support);
  return out;
}

json::array to_json(const std::vector<Cosignature>& cosignatures) {
  json::array out;
  for (const Cosignature& each : cosignatures) {
    out.push_back(json::object{{"member", number_json(each.member)},
                               {"time", second_json(each.time_s)},
                               {"signature", hex_json(each.signature.bytes)}});
  }
  return out;
}

json::object to_json(const Proof& proof) {
  json::object out = to_json(proof.evidence);
  out["cosignatures"] = to_json(proof.cosignatures);
  out["handovers"] = proof.handovers.size();
  json::array links;
  for (const LogLink& link : proof.links) links.push_back(number_json(link.size));
  out["links"] = std::move(links);
  return out;
}

json::object to_json(const ConsistencyAnswer& answer) {
  json::object out;
  out["from"] = number_json(answer.from);
  out["to"] = number_json(answer.to);
  json::array path;
  for (const Hash& hash : answer.path) path.push_back(hex_json(hash));
  out["path"] = std::move(path);
  return out;
}

json::object to_json(const Check& check) {
  json::object out;
  out["name"] = text_json(check.name);
  out["result"] = check.result == Check::Result::pass   ? "PASS"
                  : check.result == Check::Result::fail ? "FAIL"
                                                        : "SKIP";
  out["why"] = text_json(check.why);
  out["code"] = nullptr;
  if (check.error) out["code"] = text_json(code_of(*check.error));
  return out;
}

}  // namespace hufu::api
