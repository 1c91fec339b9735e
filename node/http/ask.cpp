#include <memory>
#include <type_traits>

#include "node/api/json.hpp"
#include "node/api/openapi.hpp"
#include "node/http/handler.hpp"
#include "node/metrics.hpp"

namespace hufu::node {
namespace {

HttpResponse binary_response(ByteSpan bytes, std::string_view type = api::kBinaryType) {
  HttpResponse response;
  response.content_type = type;
  response.body = as_text(bytes);
  return response;
}

HttpResponse text_response(unsigned status, std::string text) {
  HttpResponse response;
  response.status = status;
  response.content_type = api::kNoteType;
  response.body = std::move(text);
  return response;
}

template <class T>
HttpResponse respond_with(const T& answer, bool binary) {
  if (binary) return binary_response(encode(answer));
  HttpResponse response;
  response.body = api::pretty(api::to_json(answer));
  return response;
}

// To people an absent thing is 404; in the canonical form its absence is an answer, as of a height.
HttpResponse absent(const api::AsOf& as_of) {
  const api::Problem problem = api::problem(Error::not_found, "as of height " + std::to_string(as_of.height));
  boost::json::object body = api::to_json(problem);
  body["asOf"] = api::to_json(as_of);
  HttpResponse response;
  response.status = 404;
  response.body = api::pretty(body);
  return response;
}

HttpResponse render(const api::StandingAnswer& answer, bool binary) {
  if (!binary && !answer.standing) return absent(answer.as_of);
  return respond_with(answer, binary);
}
HttpResponse render(const api::ReceiptAnswer& answer, bool binary) {
  if (!binary && !answer.receipt) return absent(answer.as_of);
  return respond_with(answer, binary);
}
HttpResponse render(const api::HistoryAnswer& answer, bool binary) {
  if (!binary && answer.total == 0) return absent(answer.as_of);
  if (answer.entries.size() <= api::kHistoryEntries) return respond_with(answer, binary);
  api::HistoryAnswer newest = answer;
  newest.entries.erase(newest.entries.begin(), newest.entries.end() - api::kHistoryEntries);
  return respond_with(newest, binary);
}
HttpResponse render(const api::Submitted& submitted, bool binary) {
  if (const auto* accepted = std::get_if<api::Accepted>(&submitted)) return respond_with(*accepted, binary);
  const auto& refusal = std::get<api::Refusal>(submitted);
  return respond(api::Problem{.refusal = refusal, .why = {}}, binary);
}
HttpResponse render(const Proof& proof, bool binary) {
  return binary ? binary_response(encode_proof(proof), api::kProofType) : respond_with(proof, false);
}
template <class T>
HttpResponse render(const T& answer, bool binary) {
  return respond_with(answer, binary);
}

// One question under way: puts it to the service and counts what became of it.
class Asking : public std::enable_shared_from_this<Asking> {
 public:
  Asking(Service& service, const AskLimits& limits, Prepared prepared, std::function<void(Render)> done)
      : service_(service), limits_(limits), prepared_(std::move(prepared)), done_(std::move(done)) {}

  void start() {
    std::visit([this](const auto& asked) { begin(asked); }, prepared_.question);
  }

 private:
  template <class Asked>
  void begin(const Asked& asked) {
    if constexpr (requires { asked.read; }) {
      if (asked.read == api::ReadWish::settled && !leads()) return elsewhere();
    }
    put(asked);
  }

  void put(const api::ask::Submit& asked) {
    const Until until = asked.wait == api::WaitWish::certified ? Until::certified : Until::committed;
    service_.submit(std::move(prepared_.body), prepared_.address, limits_.submit_wait, until,
                    [self = shared_from_this()](api::Submitted submitted) {
                      const auto* refusal = std::get_if<api::Refusal>(&submitted);
                      self->count(refusal == nullptr ? "OK" : code_of(refusal->error));
                      if (refusal != nullptr && refusal->error == Error::ledger_unavailable) {
                        return self->unavailable(*refusal);
                      }
                      self->finish(std::move(submitted));
                    });
  }
  // Why this node takes nothing, besides what becomes of the submission.
  void unavailable(const api::Refusal& refusal) {
    api::Problem problem = api::problem(refusal.error, service_.ready().why);
    problem.refusal = refusal;
    done_([problem = std::move(problem), binary = prepared_.binary] { return respond(problem, binary); });
  }
  void put(const api::ask::Subject& asked) {
    if (!prepared_.binary)
      return service_.standing(asked.key, read_of(asked.read), answer<api::StandingAnswer>());
    service_.evidence(asked.key, read_of(asked.read), answer<Evidence>());
  }
  void put(const api::ask::Standing& asked) {
    service_.standing(asked.key, read_of(asked.read), answer<api::StandingAnswer>());
  }
  void put(const api::ask::History& asked) {
    service_.history(asked.key, read_of(asked.read), answer<api::HistoryAnswer>());
  }
  void put(const api::ask::Registry& asked) {
    service_.registry(asked.kind, asked.after, asked.limit, read_of(asked.read),
                      answer<api::RegistryAnswer>());
  }
  void put(const api::ask::ReceiptOf& asked) {
    service_.receipt(asked.submission, read_of(asked.read), answer<api::ReceiptAnswer>());
  }
  void put(const api::ask::ReceiptOfRequest& asked) {
    service_.receipt(asked.agency, asked.request_id, read_of(asked.read), answer<api::ReceiptAnswer>());
  }
  void put(const api::ask::HeadNow& asked) { service_.head(read_of(asked.read), answer<api::Head>()); }
  void put(const api::ask::ProofOf& asked) {
    service_.proof(asked.key, read_of(asked.read), asked.wish, answer<Proof>());
  }
  void put(const api::ask::LogConsistency& asked) {
    Result<std::vector<Hash>> path = service_.log_consistency(asked.from, asked.to);
    if (!path) return refuse(path.error(), "from is not above to, and to not above the size of the log");
    count("OK");
    finish(api::ConsistencyAnswer{.from = asked.from, .to = asked.to, .path = *std::move(path)});
  }
  void put(const api::ask::CheckpointNote&) {
    Result<std::string> note = service_.checkpoint_note();
    if (!note) return refuse(note.error());
    count("OK");
    done_([note = *std::move(note)] {
      HttpResponse response = text_response(200, note);
      response.cache_control = kForAMoment;
      return response;
    });
  }
  void put(const api::ask::TileAt& asked) {
    service_.tile(asked.tile, [self = shared_from_this()](Result<Bytes> bytes) {
      if (!bytes) return self->refuse(bytes.error());
      self->count("OK");
      self->done_([bytes = *std::move(bytes)] {
        HttpResponse response = binary_response(bytes, api::kTileType);
        response.cache_control = kForEver;
        return response;
      });
    });
  }
  void put(const api::ask::BlockAt& asked) {
    Result<Bytes> bytes = service_.block(asked.height);
    if (!bytes) return refuse(bytes.error());
    count("OK");
    done_([bytes = *std::move(bytes), ledger = service_.ledger(), binary = prepared_.binary] {
      return render_block(bytes, ledger, binary);
    });
  }
  void put(const api::ask::GenesisFile&) {
    count("OK");
    if (prepared_.binary) {
      return done_([file = service_.genesis_file()] {
        HttpResponse response = binary_response(file);
        response.cache_control = kForEver;
        return response;
      });
    }
    done_([genesis = service_.genesis()] {
      HttpResponse response = respond_with(genesis, false);
      response.cache_control = kForEver;
      return response;
    });
  }
  void put(const api::ask::StatusNow&) {
    count("OK");
    finish(service_.status());
  }
  void put(const api::ask::ClusterNow&) {
    service_.cluster_status(limits_.cluster_wait, [self = shared_from_this()](api::ClusterStatus cluster) {
      self->count("OK");
      self->finish(std::move(cluster));
    });
  }
  void put(const api::ask::Live&) {
    done_([] { return text_response(200, "ok\n"); });
  }
  void put(const api::ask::Ready&) {
    done_([readiness = service_.ready()] {
      if (readiness.ready) return text_response(200, "ok\n");
      return text_response(503, "not ready: " + readiness.why + "\n");
    });
  }
  void put(const api::ask::MetricsText&) {
    done_([text = service_.metrics().text()] {
      HttpResponse response = text_response(200, text);
      response.content_type = "text/plain; version=0.0.4; charset=utf-8";
      return response;
    });
  }
  void put(const api::ask::OpenApi&) {
    done_([] {
      HttpResponse response;
      response.body = api::openapi_json();
      return response;
    });
  }

  void put(const api::ask::RecordTrace&) {
    const Result<SignedTrace> trace = decode<SignedTrace>(prepared_.body);
    if (!trace) return refuse(trace.error(), "the body is no signed trace");
    service_.record_trace(*trace, prepared_.address, answer<SignedEntry>());
  }
  void put(const api::ask::Traces& asked) { service_.traces(asked.from, asked.limit, answer<AccessPage>()); }

  static HttpResponse render_block(const Bytes& bytes, const LedgerId& ledger, bool binary) {
    HttpResponse response;
    if (binary) {
      response = binary_response(bytes);
    } else {
      const Result<Block> block = decode<Block>(bytes);
      if (!block)
        return respond(api::problem(Error::storage_corrupt, "the stored block does not decode"), false);
      response.body = api::pretty(api::to_json(*block, ledger));
    }
    response.cache_control = kForEver;
    return response;
  }

  static Read read_of(api::ReadWish wish) {
    return wish == api::ReadWish::local ? Read::local : Read::settled;
  }
  bool leads() { return service_.status().role == api::Role::leader; }

  // Only the leader can promise that nothing acknowledged is missing.
  void elsewhere() {
    const std::uint64_t leader = service_.status().leader;
    for (const Member& member : service_.roster().members) {
      if (member.id == leader)
        return redirect("https://" + api::endpoint_text(member.api) + prepared_.target);
    }
    refuse(Error::not_leader, "no leader is known at the moment; read=local asks this node alone");
  }
  void redirect(std::string location) {
    count("REDIRECT");
    const api::Problem problem = api::problem(Error::not_leader, "the leader is at the address in Location");
    done_([problem, location = std::move(location), binary = prepared_.binary] {
      HttpResponse response = respond(problem, binary);
      response.status = 307;
      response.location = location;
      return response;
    });
  }

  template <class T>
  Done<T> answer() {
    return [self = shared_from_this()](Result<T> result) {
      if (!result) return self->refuse(result.error());
      self->count("OK");
      self->finish(*std::move(result));
    };
  }
  template <class T>
  void finish(T value) {
    // Shared, because a std::function is copied.
    auto kept = std::make_shared<const T>(std::move(value));
    done_([kept, binary = prepared_.binary] { return render(*kept, binary); });
  }
  void refuse(Error error, std::string_view why = {}) {
    count(code_of(error));
    done_(
        [problem = api::problem(error, why), binary = prepared_.binary] { return respond(problem, binary); });
  }
  void count(std::string_view code) {
    const api::RouteName name = api::name_of(prepared_.question);
    service_.metrics()
        .counter("hufu_http_answers_total", "Questions put to the service over HTTP, by what became of them.",
                 {{"route", std::string(name.path)}, {"code", std::string(code)}})
        .add();
  }

  Service& service_;
  AskLimits limits_;
  Prepared prepared_;
  std::function<void(Render)> done_;
};

}  // namespace

void ask(Service& service, const AskLimits& limits, Prepared prepared, std::function<void(Render)> done) {
  std::make_shared<Asking>(service, limits, std::move(prepared), std::move(done))->start();
}

}  // namespace hufu::node
