#include "node/peers.hpp"

namespace hufu::node {
namespace {

using consensus::Channel;
using consensus::NodeId;

constexpr std::size_t kMaxWaiting = 32'768;
constexpr std::size_t kMaxUnanswered = 16'384;

}  // namespace

Peers::Peers(World& world, Send send)
    : world_(world), send_(std::move(send)), self_(std::make_shared<Peers*>(this)) {}

Peers::~Peers() {
  stop();
  *self_ = nullptr;
}

void Peers::ask(NodeId to, peer::Request request, std::chrono::milliseconds wait, Answer answer) {
  if (stopped_) return answer(Error::ledger_unavailable);
  if (waiting_.size() >= kMaxWaiting) return answer(Error::overloaded);
  const std::uint64_t correlation = next_++;
  peer::Message<peer::Request> message;
  message.correlation = correlation;
  message.body = std::move(request);
  if (!send_(to, Channel::app_request, encode(message))) return answer(Error::ledger_unavailable);
  auto timer = world_.after(static_cast<std::uint64_t>(wait.count()), [self = self_, correlation] {
    if (*self != nullptr) (*self)->settle(correlation, Error::timed_out);
  });
  const auto [entry, fresh] = waiting_.emplace(correlation, Waiting{to, std::move(answer), std::move(timer)});
  HUFU_CHECK(fresh);
}

void Peers::settle(std::uint64_t correlation, Result<peer::Response> response) {
  const auto found = waiting_.find(correlation);
  if (found == waiting_.end()) return;
  const Answer answer = std::move(found->second.answer);
  waiting_.erase(found);  // cancels the timer
  answer(std::move(response));
}

void Peers::deliver(NodeId from, Channel channel, Bytes frame) {
  if (stopped_) return;
  if (channel == Channel::app_request) return request_came(from, frame);
  if (channel == Channel::app_response) return response_came(from, frame);
  ++refused_;
}

void Peers::request_came(NodeId from, ByteSpan frame) {
  auto message = decode<peer::Message<peer::Request>>(frame);
  if (!message) {
    ++refused_;
    return;
  }
  const std::uint64_t correlation = message->correlation;
  if (!handler_ || unanswered_[from] >= kMaxUnanswered) {
    return reply(from, correlation, peer::refused(Error::overloaded));
  }
  ++unanswered_[from];
  handler_(from, std::move(message->body), [self = self_, from, correlation](const peer::Response& response) {
    if (*self == nullptr) return;
    --(*self)->unanswered_[from];
    (*self)->reply(from, correlation, response);
  });
}

void Peers::response_came(NodeId from, ByteSpan frame) {
  auto message = decode<peer::Message<peer::Response>>(frame);
  if (!message) {
    ++refused_;
    return;
  }
  // An answer counts only from whom was asked; late ones find nobody waiting.
  const auto found = waiting_.find(message->correlation);
  if (found == waiting_.end() || found->second.to != from) return;
  settle(message->correlation, std::move(message->body));
}

void Peers::reply(NodeId to, std::uint64_t correlation, const peer::Response& response) {
  if (stopped_) return;
  peer::Message<peer::Response> message;
  message.correlation = correlation;
  message.body = response;
  send_(to, Channel::app_response, encode(message));
}

void Peers::stop() {
  if (stopped_) return;
  stopped_ = true;
  auto waiting = std::move(waiting_);
  waiting_.clear();
  for (auto& [correlation, each] : waiting) each.answer(Error::ledger_unavailable);
}

}  // namespace hufu::node
