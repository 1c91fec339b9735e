#include "node/api/route.hpp"

#include <array>

#include "node/api/request_line.hpp"

namespace hufu::api {
namespace {

constexpr std::array<RouteName, 22> kRoutes = {{
    {"post", "/v1/submissions"},
    {"get", "/v1/subjects/{subject}"},
    {"get", "/v1/subjects/{subject}/standing"},
    {"get", "/v1/subjects/{subject}/history"},
    {"get", "/v1/receipts/{submission}"},
    {"get", "/v1/receipts/{agency}/{request}"},
    {"get", "/v1/blocks/{height}"},
    {"get", "/v1/head"},
    {"get", "/v1/genesis"},
    {"get", "/v1/status"},
    {"get", "/v1/cluster"},
    {"get", "/livez"},
    {"get", "/readyz"},
    {"get", "/metrics"},
    {"get", "/v1/openapi.json"},
    {"get", "/v1/proofs/{subject}"},
    {"get", "/v1/log/consistency"},
    {"get", "/checkpoint"},
    {"get", "/tile/{path}"},
    {"get", "/v1/registry/{kind}"},
    {"post", "/v1/traces"},
    {"get", "/v1/traces"},
}};

constexpr std::string_view kTiles = "/tile/";
// Errors repeat nothing of what a client sent: it may be a person's name, and answers are logged on their way.
constexpr std::string_view kNoSubject = "the path names no subject, written kind:id";

// Takes what the route knows off the query; what is left is unknown.
class QueryReader {
 public:
  explicit QueryReader(Target& target) : query_(target.query) {}

  ReadWish read_wish() {
    const std::optional<std::string> value = take("read");
    if (!value || *value == "settled") return ReadWish::settled;
    if (*value != "local") wrong("read is \"settled\" or \"local\"");
    return ReadWish::local;
  }
  WaitWish wait_wish() {
    const std::optional<std::string> value = take("wait");
    if (!value || *value == "certified") return WaitWish::certified;
    if (*value != "committed") wrong("wait is \"committed\" or \"certified\"");
    return WaitWish::committed;
  }
  std::optional<std::uint64_t> size(std::string_view key) {
    const std::optional<std::string> value = take(key);
    if (!value) return std::nullopt;
    const auto number = whole_number(*value);
    if (!number) wrong("a size is a whole number");
    return number;
  }
  std::string after() {
    std::string id = take("after").value_or("");
    if (id.size() > limits::kSubjectId) wrong("after is the id of a subject");
    return id;
  }
  std::size_t limit() {
    const std::optional<std::string> value = take("limit");
    if (!value) return kRegistryEntries;
    const auto number = whole_number(*value);
    if (number && *number >= 1 && *number <= kRegistryEntries) return *number;
    wrong("limit is a number from 1 to " + std::to_string(kRegistryEntries));
    return kRegistryEntries;
  }
  std::uint64_t needed_size(std::string_view key) {
    if (!query_.contains(key)) wrong("from and to are needed");
    return size(key).value_or(0);
  }
  std::vector<std::string> provinces(std::string_view key) {
    std::vector<std::string> codes;
    const std::optional<std::string> value = take(key);
    if (!value) return codes;
    std::string_view rest = *value;
    while (true) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      codes.emplace_back(rest.substr(0, comma));
      if (!is_province_code(codes.back()) || codes.size() > ProofWish::kVerifiers) {
        wrong("up to 16 province codes, separated by commas");
        return {};
      }
      if (comma == rest.size()) return codes;
      rest.remove_prefix(comma + 1);
    }
  }
  std::optional<RouteFault> end() {
    if (!fault_ && !query_.empty()) {
      fault_ = fault(400, Error::field_unknown, "the query names something that is not known here");
    }
    return fault_;
  }

 private:
  std::optional<std::string> take(std::string_view key) {
    const auto found = query_.find(key);
    if (found == query_.end()) return std::nullopt;
    std::string value = std::move(found->second);
    query_.erase(found);
    return value;
  }
  void wrong(std::string_view why) {
    if (!fault_) fault_ = fault(400, Error::field_invalid, why);
  }

  std::map<std::string, std::string, std::less<>>& query_;
  std::optional<RouteFault> fault_;
};

Routed with_read(QueryReader& query, Question question) {
  const ReadWish wish = query.read_wish();
  std::visit(
      [wish](auto& asked) {
        if constexpr (requires { asked.read; }) asked.read = wish;
      },
      question);
  return question;
}

Routed subject_route(const std::vector<std::string>& path, QueryReader& query) {
  const Result<SubjectKey> key = parse_subject(path[2]);
  if (!key) return fault(400, key.error(), kNoSubject);
  if (path.size() == 3) return with_read(query, ask::Subject{.key = *key});
  if (path.size() == 4 && path[3] == "standing") return with_read(query, ask::Standing{.key = *key});
  if (path.size() == 4 && path[3] == "history") return with_read(query, ask::History{.key = *key});
  return fault(404, Error::not_found, "no such page");
}

Routed receipt_route(const std::vector<std::string>& path, QueryReader& query) {
  if (path.size() == 3) {
    const Result<Hash> id = hash_from_hex(path[2]);
    if (!id) return fault(400, id.error(), "a submission id has 64 hexadecimal digits");
    return with_read(query, ask::ReceiptOf{.submission = *id});
  }
  const Result<Bytes> id = from_hex(path[3]);
  ask::ReceiptOfRequest asked{.agency = path[2]};
  if (!id || id->size() != asked.request_id.size()) {
    return fault(400, Error::hex_malformed, "a request id has 32 hexadecimal digits");
  }
  if (asked.agency.empty() || asked.agency.size() > limits::kAgencyCode) {
    return fault(400, Error::field_invalid, "not an agency code");
  }
  std::copy(id->begin(), id->end(), asked.request_id.begin());
  return with_read(query, std::move(asked));
}

Routed block_route(std::string_view text) {
  const auto height = whole_number(text);
  if (!height) return fault(400, Error::field_invalid, "a height is a whole number");
  return Question(ask::BlockAt{.height = *height});
}

Routed proof_route(std::string_view subject, QueryReader& query) {
  const Result<SubjectKey> key = parse_subject(subject);
  if (!key) return fault(400, key.error(), kNoSubject);
  ProofWish wish{.since = query.size("since").value_or(0), .verifiers = query.provinces("for")};
  return with_read(query, ask::ProofOf{.key = *key, .wish = std::move(wish)});
}

Routed registry_route(std::string_view name, QueryReader& query) {
  const Result<SubjectKind> kind = parse_subject_kind(name);
  if (!kind || !is_registered(*kind)) return fault(404, Error::not_found, "no registry of that kind is kept");
  ask::Registry asked{.kind = *kind, .after = query.after()};
  asked.limit = query.limit();
  return with_read(query, std::move(asked));
}

// A path of its own grammar, in which nothing is percent-encoded.
Routed tile_route(std::string_view path) {
  const Result<Tile> tile = parse_tile_path(path.substr(1));
  if (!tile) return fault(404, Error::not_found, "no tile has such a path");
  return Question(ask::TileAt{.tile = *tile});
}

Routed traces_route(Method method, QueryReader& query) {
  if (method == Method::post) return Question(ask::RecordTrace{});
  ask::Traces asked{.from = query.size("from").value_or(0)};
  asked.limit = query.size("limit").value_or(asked.limit);
  if (asked.limit < 1 || asked.limit > kTracePage)
    return fault(400, Error::field_invalid, "limit is a number from 1 to 500");
  return Question(asked);
}

Routed v1_route(Method method, const std::vector<std::string>& path, QueryReader& query) {
  const std::string& family = path[1];
  if (path.size() == 2) {
    if (family == "submissions") {
      return Question(ask::Submit{.wait = query.wait_wish()});
    }
    if (family == "head") return with_read(query, ask::HeadNow{});
    if (family == "genesis") return Question(ask::GenesisFile{});
    if (family == "status") return Question(ask::StatusNow{});
    if (family == "cluster") return Question(ask::ClusterNow{});
    if (family == "traces") return traces_route(method, query);
    if (family == "openapi.json") return Question(ask::OpenApi{});
  }
  if (family == "subjects" && (path.size() == 3 || path.size() == 4)) return subject_route(path, query);
  if (family == "receipts" && (path.size() == 3 || path.size() == 4)) return receipt_route(path, query);
  if (family == "blocks" && path.size() == 3) return block_route(path[2]);
  if (family == "proofs" && path.size() == 3) return proof_route(path[2], query);
  if (family == "registry" && path.size() == 3) return registry_route(path[2], query);
  if (family == "log" && path.size() == 3 && path[2] == "consistency") {
    const std::uint64_t from = query.needed_size("from");
    return Question(ask::LogConsistency{.from = from, .to = query.needed_size("to")});
  }
  return fault(404, Error::not_found, "no such page");
}

Routed route_of(Method method, const std::vector<std::string>& path, QueryReader& query) {
  if (path.size() >= 2 && path[0] == "v1") return v1_route(method, path, query);
  if (path.size() == 1 && path[0] == "livez") return Question(ask::Live{});
  if (path.size() == 1 && path[0] == "readyz") return Question(ask::Ready{});
  if (path.size() == 1 && path[0] == "checkpoint") return Question(ask::CheckpointNote{});
  if (path.size() == 1 && path[0] == "metrics") return Question(ask::MetricsText{});
  return fault(404, Error::not_found, "no such page");
}

Routed with_method(Method method, Routed routed) {
  const Question* question = std::get_if<Question>(&routed);
  if (question == nullptr || method_of(*question) == method) return routed;
  RouteFault wrong = fault(405, Error::usage, "another method is needed here");
  wrong.allow = method_of(*question) == Method::post ? "POST" : "GET";
  return wrong;
}

}  // namespace

Routed route(Method method, std::string_view text) {
  if (text.starts_with(kTiles)) return with_method(method, tile_route(text));
  auto taken = take_apart(text);
  if (auto* wrong = std::get_if<RouteFault>(&taken)) return std::move(*wrong);
  Target& target = std::get<Target>(taken);
  QueryReader query(target);
  Routed routed = with_method(method, route_of(method, target.path, query));
  if (std::holds_alternative<RouteFault>(routed)) return routed;
  if (auto wrong = query.end()) return *std::move(wrong);
  return routed;
}

Method method_of(const Question& question) {
  const bool posts =
      std::holds_alternative<ask::Submit>(question) || std::holds_alternative<ask::RecordTrace>(question);
  return posts ? Method::post : Method::get;
}

static_assert(std::variant_size_v<Question> == kRoutes.size(),
              "the table is in the order of the alternatives");
RouteName name_of(const Question& question) { return kRoutes.at(question.index()); }

std::span<const RouteName> all_routes() { return kRoutes; }

}  // namespace hufu::api
