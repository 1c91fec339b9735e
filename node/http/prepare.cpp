#include <algorithm>

#include "node/api/json.hpp"
#include "node/http/handler.hpp"

namespace hufu::node {
namespace {

// The first part of "application/json; charset=utf-8", in lower case.
std::string media_type(std::string_view text) {
  std::string type(text.substr(0, text.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  for (char& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return type;
}

bool wants_binary(std::string_view accept) { return accept.find(api::kBinaryType) != std::string_view::npos; }

HttpResponse unsupported(std::string_view why, bool binary) {
  HttpResponse response = respond(api::problem(Error::field_invalid, why), binary);
  response.status = 415;
  return response;
}

// What the client itself named is not said back: it may be a person. Names of ours, and places, are.
std::string why_of(const api::JsonFault& fault) {
  api::JsonFault told = fault;
  if (fault.error == Error::field_unknown)
    told.pointer.erase(std::min(fault.pointer.rfind('/'), fault.pointer.size()));
  if (fault.error == Error::json_malformed) told.pointer.clear();
  return api::text_of(told);
}

std::variant<Prepared, HttpResponse> prepare_submission(HttpRequest request, Prepared prepared) {
  const std::string type = media_type(request.content_type);
  if (type == api::kBinaryType) {
    prepared.body = std::move(request.body);
    return prepared;
  }
  if (type != api::kJsonType)
    return unsupported("Content-Type is application/vnd.hufu or application/json", prepared.binary);
  const auto submission = api::submission_from_json(as_text(request.body));
  if (!submission) {
    return respond(api::problem(submission.error().error, why_of(submission.error())), prepared.binary);
  }
  prepared.body = encode(*submission);
  if (prepared.body.size() > limits::kSubmissionBytes) {
    return respond(api::problem(Error::oversize), prepared.binary);
  }
  return prepared;
}

// What is signed is bytes: a trace has no other form.
std::variant<Prepared, HttpResponse> prepare_trace(HttpRequest request, Prepared prepared) {
  if (media_type(request.content_type) != api::kBinaryType)
    return unsupported("Content-Type is application/vnd.hufu", prepared.binary);
  prepared.body = std::move(request.body);
  return prepared;
}

}  // namespace

HttpResponse respond(const api::Problem& problem, bool binary) {
  HttpResponse response;
  response.status = static_cast<unsigned>(describe(problem.refusal.error).http);
  response.retry_after_ms = problem.refusal.retry_after_ms;
  if (binary) {
    response.content_type = api::kBinaryType;
    response.body = as_text(encode(problem));
  } else {
    response.body = api::pretty(api::to_json(problem));
  }
  return response;
}

std::variant<Prepared, HttpResponse> prepare(HttpRequest request) {
  const bool binary = wants_binary(request.accept);
  auto routed = api::route(request.method, request.target);
  if (auto* fault = std::get_if<api::RouteFault>(&routed)) {
    HttpResponse response = respond(fault->problem, binary);
    response.status = fault->status;
    response.allow = fault->allow;
    return response;
  }
  Prepared prepared{.question = std::get<api::Question>(std::move(routed)),
                    .binary = binary,
                    .target = request.target,
                    .body = {},
                    .address = request.address};
  if (std::holds_alternative<api::ask::Submit>(prepared.question)) {
    return prepare_submission(std::move(request), std::move(prepared));
  }
  if (std::holds_alternative<api::ask::RecordTrace>(prepared.question)) {
    return prepare_trace(std::move(request), std::move(prepared));
  }
  if (!request.body.empty()) {
    return respond(api::problem(Error::field_unknown, "a GET request has no body"), binary);
  }
  return prepared;
}

}  // namespace hufu::node
