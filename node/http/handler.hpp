// From an HTTP request to the service and back, without a socket.
//
// Three steps, so that the node's loop does nothing but answer: prepare() reads the request, ask() puts the question to the
// service on the loop, and what ask() calls back with writes the answer. prepare and the writing may run on any thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <variant>

#include "node/api/route.hpp"
#include "node/service.hpp"

namespace hufu::node {

struct HttpRequest {
  api::Method method = api::Method::get;
  std::string target;
  std::string content_type;
  std::string accept;
  Bytes body;
  std::string address;  // of the client, without the port
};

struct HttpResponse {
  unsigned status = 200;
  std::string_view content_type = api::kJsonType;
  std::string body;
  std::string location;    // with 307
  std::string_view allow;  // with 405
  std::uint32_t retry_after_ms = 0;
  std::string_view cache_control = "no-store";
};

inline constexpr std::string_view kForEver = "public, max-age=31536000, immutable";
inline constexpr std::string_view kForAMoment = "public, max-age=2";

// As JSON, or as canonical bytes.
HttpResponse respond(const api::Problem& problem, bool binary);

// A request that asks something.
struct Prepared {
  api::Question question;
  bool binary = false;  // the answer's form
  std::string target;
  Bytes body;  // canonical bytes of a submission or a trace
  std::string address;
};

std::variant<Prepared, HttpResponse> prepare(HttpRequest request);

struct AskLimits {
  std::chrono::milliseconds submit_wait;
  std::chrono::milliseconds cluster_wait;
};

// Writes the answer; holds what it needs.
using Render = std::function<HttpResponse()>;

// On the loop. `done` is called there, exactly once.
void ask(Service& service, const AskLimits& limits, Prepared prepared, std::function<void(Render)> done);

}  // namespace hufu::node
