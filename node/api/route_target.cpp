// The request line that asks a question: the way back of route().
#include "node/api/request_line.hpp"

namespace hufu::api {
namespace {

std::string_view read_query_of(ReadWish wish) { return wish == ReadWish::local ? "?read=local" : ""; }

struct TargetText {
  std::string operator()(const ask::Submit& asked) const {
    return asked.wait == WaitWish::certified ? "/v1/submissions" : "/v1/submissions?wait=committed";
  }
  std::string operator()(const ask::Subject& asked) const {
    return "/v1/subjects/" + percent_encoded(asked.key.text()) + std::string(read_query_of(asked.read));
  }
  std::string operator()(const ask::Standing& asked) const {
    return "/v1/subjects/" + percent_encoded(asked.key.text()) + "/standing" +
           std::string(read_query_of(asked.read));
  }
  std::string operator()(const ask::History& asked) const {
    return "/v1/subjects/" + percent_encoded(asked.key.text()) + "/history" +
           std::string(read_query_of(asked.read));
  }
  std::string operator()(const ask::ReceiptOf& asked) const {
    return "/v1/receipts/" + to_hex(asked.submission) + std::string(read_query_of(asked.read));
  }
  std::string operator()(const ask::ReceiptOfRequest& asked) const {
    return "/v1/receipts/" + percent_encoded(asked.agency) + "/" + to_hex(asked.request_id) +
           std::string(read_query_of(asked.read));
  }
  std::string operator()(const ask::BlockAt& asked) const {
    return "/v1/blocks/" + std::to_string(asked.height);
  }
  std::string operator()(const ask::HeadNow& asked) const {
    return "/v1/head" + std::string(read_query_of(asked.read));
  }
  std::string operator()(const ask::GenesisFile&) const { return "/v1/genesis"; }
  std::string operator()(const ask::StatusNow&) const { return "/v1/status"; }
  std::string operator()(const ask::ClusterNow&) const { return "/v1/cluster"; }
  std::string operator()(const ask::Live&) const { return "/livez"; }
  std::string operator()(const ask::Ready&) const { return "/readyz"; }
  std::string operator()(const ask::MetricsText&) const { return "/metrics"; }
  std::string operator()(const ask::OpenApi&) const { return "/v1/openapi.json"; }
  std::string operator()(const ask::ProofOf& asked) const {
    std::string text =
        "/v1/proofs/" + percent_encoded(asked.key.text()) + std::string(read_query_of(asked.read));
    char separator = asked.read == ReadWish::local ? '&' : '?';
    const auto add = [&](const std::string& pair) {
      text += separator + pair;
      separator = '&';
    };
    if (asked.wish.since > 0) add("since=" + std::to_string(asked.wish.since));
    std::string codes;
    for (const std::string& code : asked.wish.verifiers) codes += (codes.empty() ? "" : ",") + code;
    if (!codes.empty()) add("for=" + codes);
    return text;
  }
  std::string operator()(const ask::LogConsistency& asked) const {
    return "/v1/log/consistency?from=" + std::to_string(asked.from) + "&to=" + std::to_string(asked.to);
  }
  std::string operator()(const ask::Registry& asked) const {
    std::string text =
        "/v1/registry/" + std::string(hufu::name_of(asked.kind)) + "?limit=" + std::to_string(asked.limit);
    if (!asked.after.empty()) text += "&after=" + percent_encoded(asked.after);
    if (asked.read == ReadWish::local) text += "&read=local";
    return text;
  }
  std::string operator()(const ask::CheckpointNote&) const { return "/checkpoint"; }
  std::string operator()(const ask::RecordTrace&) const { return "/v1/traces"; }
  std::string operator()(const ask::Traces& asked) const {
    return "/v1/traces?from=" + std::to_string(asked.from) + "&limit=" + std::to_string(asked.limit);
  }
  std::string operator()(const ask::TileAt& asked) const { return "/" + tile_path(asked.tile); }
};

}  // namespace

std::string target_of(const Question& question) { return std::visit(TargetText{}, question); }

}  // namespace hufu::api
