// Which question a request line asks. Pure.
//
//   POST /v1/submissions[?wait=committed|certified]        certified when nothing is said
//   GET  /v1/subjects/{kind}:{id}[?read=local]             Accept: application/vnd.hufu gets canonical Evidence
//   GET  /v1/subjects/{kind}:{id}/standing[?read=local]    the standing in both forms
//   GET  /v1/subjects/{kind}:{id}/history[?read=local]
//   GET  /v1/proofs/{kind}:{id}[?read=local][&since=SIZE][&for=PROVINCE,…]   the proof file; with a link from the log of that
//                                                           size and the agreements with these provinces, if wished
//   GET  /v1/registry/{kind}[?after=ID][&limit=N][&read=local]  who may do what: kinds as is_registered says; 1 to 1000 a page
//   GET  /v1/receipts/{submission id}[?read=local]
//   GET  /v1/receipts/{agency}/{request id}[?read=local]
//   GET  /v1/blocks/{height}
//   GET  /v1/log/consistency?from=SIZE&to=SIZE
//   POST /v1/traces                                         a signed trace (ledger/trace/trace.hpp), canonical bytes only
//   GET  /v1/traces?from=SEQ&limit=N                        the access log of this node, 1 to 500 entries
//   GET  /v1/head[?read=local]   GET /v1/genesis   GET /v1/status   GET /v1/cluster
//   GET  /livez   GET /readyz   GET /metrics   GET /v1/openapi.json
//   GET  /checkpoint   GET /tile/{path}                     C2SP tlog-tiles (ledger/checkpoint/tiles.hpp)
//
// Path segments and query values are percent-decoded once, after splitting. A query key that the route does not know, or one
// given twice, is refused.
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "ledger/checkpoint/tiles.hpp"
#include "ledger/trace/trace.hpp"
#include "node/api/wire.hpp"

namespace hufu::api {

enum class ReadWish : std::uint8_t {
  settled,  // sees everything acknowledged before the question
  local,    // whatever the node has applied
};

enum class WaitWish : std::uint8_t {
  committed,  // a majority of the nodes stored it
  certified,  // the quorum has cosigned a checkpoint over it
};

namespace ask {
struct Submit {
  WaitWish wait = WaitWish::certified;
  bool operator==(const Submit&) const = default;
};
struct Subject {
  SubjectKey key;
  ReadWish read = ReadWish::settled;
  bool operator==(const Subject&) const = default;
};
struct Standing {
  SubjectKey key;
  ReadWish read = ReadWish::settled;
  bool operator==(const Standing&) const = default;
};
struct History {
  SubjectKey key;
  ReadWish read = ReadWish::settled;
  bool operator==(const History&) const = default;
};
struct ProofOf {
  SubjectKey key;
  ReadWish read = ReadWish::settled;
  ProofWish wish{};
  bool operator==(const ProofOf&) const = default;
};
struct LogConsistency {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  bool operator==(const LogConsistency&) const = default;
};
struct CheckpointNote {
  bool operator==(const CheckpointNote&) const = default;
};
struct TileAt {
  Tile tile;
  bool operator==(const TileAt&) const = default;
};
struct ReceiptOf {
  Hash submission;
  ReadWish read = ReadWish::settled;
  bool operator==(const ReceiptOf&) const = default;
};
struct ReceiptOfRequest {
  std::string agency;
  RequestId request_id{};
  ReadWish read = ReadWish::settled;
  bool operator==(const ReceiptOfRequest&) const = default;
};
struct Registry {
  SubjectKind kind = SubjectKind::agency;
  std::string after = {};  // an id; empty: from the first on
  std::size_t limit = kRegistryEntries;
  ReadWish read = ReadWish::settled;
  bool operator==(const Registry&) const = default;
};
struct BlockAt {
  std::uint64_t height = 0;
  bool operator==(const BlockAt&) const = default;
};
struct HeadNow {
  ReadWish read = ReadWish::settled;
  bool operator==(const HeadNow&) const = default;
};
struct GenesisFile {
  bool operator==(const GenesisFile&) const = default;
};
struct StatusNow {
  bool operator==(const StatusNow&) const = default;
};
struct ClusterNow {
  bool operator==(const ClusterNow&) const = default;
};
struct Live {
  bool operator==(const Live&) const = default;
};
struct Ready {
  bool operator==(const Ready&) const = default;
};
struct MetricsText {
  bool operator==(const MetricsText&) const = default;
};
struct OpenApi {
  bool operator==(const OpenApi&) const = default;
};
struct RecordTrace {
  bool operator==(const RecordTrace&) const = default;
};
struct Traces {
  std::uint64_t from = 0;
  std::uint64_t limit = kTracePage;
  bool operator==(const Traces&) const = default;
};
}  // namespace ask

using Question = std::variant<ask::Submit, ask::Subject, ask::Standing, ask::History, ask::ReceiptOf,
                              ask::ReceiptOfRequest, ask::BlockAt, ask::HeadNow, ask::GenesisFile,
                              ask::StatusNow, ask::ClusterNow, ask::Live, ask::Ready, ask::MetricsText,
                              ask::OpenApi, ask::ProofOf, ask::LogConsistency, ask::CheckpointNote,
                              ask::TileAt, ask::Registry, ask::RecordTrace, ask::Traces>;

enum class Method : std::uint8_t { get, post, other };

// Why a request line asks nothing.
struct RouteFault {
  unsigned status = 404;   // 400, 404 or 405
  std::string_view allow;  // with 405
  Problem problem;
};
using Routed = std::variant<Question, RouteFault>;

Routed route(Method method, std::string_view target);

// The request line that asks it, percent-encoded: route(method_of(q), target_of(q)) asks q again.
Method method_of(const Question& question);
std::string target_of(const Question& question);

// The template as it stands in openapi.json, for metrics and tests: {"get", "/v1/blocks/{height}"}.
struct RouteName {
  std::string_view method;
  std::string_view path;
};
RouteName name_of(const Question& question);
std::span<const RouteName> all_routes();

}  // namespace hufu::api
