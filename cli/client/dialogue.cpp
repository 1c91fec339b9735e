#include "cli/client/dialogue.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hufu::cli {
namespace {

using Reached = Exchange::Reached;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr unsigned kMaxRedirects = 8;
constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{1'000};

bool is_submission(const Call& call) { return call.method == api::Method::post; }

}  // namespace

const Address& AddressBook::at(std::size_t index) const {
  return index < addresses.size() ? addresses[index] : of_roster.at(index - addresses.size());
}

std::optional<std::size_t> AddressBook::find(std::string_view location) const {
  for (std::size_t i = 0; i < addresses.size() + of_roster.size(); ++i) {
    const std::string& url = at(i).url;
    if (location.starts_with(url) && location.substr(url.size()).starts_with('/')) return i;
  }
  return std::nullopt;
}

api::Problem problem_of(const Exchange& exchange) {
  if (exchange.binary) {
    Result<api::Problem> problem = decode<api::Problem>(exchange.body);
    if (problem) return *std::move(problem);
  }
  const Error error = exchange.status == 429   ? Error::rate_limited
                      : exchange.status >= 500 ? Error::ledger_unavailable
                                               : Error::usage;
  return api::problem(
      error, "HTTP status " + std::to_string(exchange.status) + " without a reason that can be read");
}

Dialogue::Dialogue(AddressBook& book, Link& link, const Call& call, boost::asio::any_io_executor executor)
    : book_(book),
      link_(link),
      call_(call),
      timer_(std::move(executor)),
      begun_(Clock::now()),
      at_(book.preferred) {}

boost::asio::awaitable<Reply<Bytes>> Dialogue::run() {
  while (true) {
    const Exchange exchange = co_await link_.exchange(here(), call_, book_.options.timeout);
    const Next next = judge(exchange);
    if (next == Next::done) co_return *std::move(reply_);
    if (next == Next::redirected || (next == Next::same && wait_ms_ == 0)) continue;
    if (next == Next::other) {
      at_ = at_ < book_.addresses.size() ? (at_ + 1) % book_.addresses.size() : 0;
      if (++tried_ < book_.addresses.size()) continue;
    }
    if (is_over()) co_return conclude();
    co_await pause();
  }
}

Dialogue::Next Dialogue::judge(const Exchange& exchange) {
  wait_ms_ = 0;
  if (exchange.reached != Reached::nothing) connected_ = true;
  return exchange.reached == Reached::answered ? judge_answer(exchange) : judge_failure(exchange);
}

Dialogue::Next Dialogue::judge_failure(const Exchange& exchange) {
  if (exchange.reached == Reached::sent && exchange.reused && !renewed_) {
    renewed_ = true;  // the node had closed what was idle: a fresh connection before anything else is thought
    if (is_submission(call_)) maybe_written_ = true;
    return Next::same;
  }
  if (exchange.reached == Reached::sent && is_submission(call_)) maybe_written_ = true;
  remember(exchange.error, exchange.why);
  return Next::other;
}

Dialogue::Next Dialogue::judge_answer(const Exchange& exchange) {
  if (exchange.status == 200 && exchange.expected) {
    book_.preferred = at_;
    reply_ = exchange.body;
    return Next::done;
  }
  if (exchange.status == 307 && redirects_ < kMaxRedirects) {
    ++redirects_;
    if (const auto target = book_.find(exchange.location)) {
      at_ = *target;
      return Next::redirected;
    }
    remember(Error::not_leader, "it redirects to " + exchange.location + ", which is not in the roster");
    return Next::other;
  }
  const api::Problem problem = problem_of(exchange);
  const Error error = problem.refusal.error;
  if (!api::is_passing(error)) {
    reply_ = Failure{.problem = problem, .url = here().url, .attempts = std::move(attempts_)};
    return Next::done;
  }
  if (api::is_outcome_unknown(error) && is_submission(call_)) maybe_written_ = true;
  refused_ = Failure{.problem = problem, .url = here().url, .attempts = {}};
  remember(error, problem.why.empty() ? std::string(describe(error).en) : problem.why);
  wait_ms_ = problem.refusal.retry_after_ms;
  const bool elsewhere = error != Error::rate_limited && error != Error::overloaded;
  if (!elsewhere && wait_ms_ == 0) wait_ms_ = static_cast<std::uint32_t>(kFirstPause.count());
  return elsewhere ? Next::other : Next::same;
}

void Dialogue::remember(Error error, std::string why) {
  const std::string& url = here().url;
  const auto known = std::find_if(attempts_.begin(), attempts_.end(),
                                  [&url](const Attempt& attempt) { return attempt.url == url; });
  Attempt attempt{.url = url, .error = error, .why = std::move(why)};
  if (known == attempts_.end()) {
    attempts_.push_back(std::move(attempt));
  } else {
    *known = std::move(attempt);
  }
}

bool Dialogue::is_over() const {
  const auto spent = Clock::now() - begun_;
  if (spent >= book_.options.patience) return true;
  // A wrong key does not become right by waiting.
  const bool strangers =
      !attempts_.empty() && std::all_of(attempts_.begin(), attempts_.end(), [](const Attempt& attempt) {
        return attempt.error == Error::tls_failed;
      });
  return strangers || (!connected_ && spent >= book_.options.unreachable);
}

boost::asio::awaitable<void> Dialogue::pause() {
  const milliseconds grown = std::min(kFirstPause * (1U << std::min(rounds_, 5U)), kLongestPause);
  const milliseconds wish = std::min<milliseconds>(milliseconds(wait_ms_), kLongestPause);
  timer_.expires_after(std::max(grown, wish));
  co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  ++rounds_;
  tried_ = 0;
  redirects_ = 0;
  renewed_ = false;
}

Failure Dialogue::conclude() {
  Failure failure;
  failure.attempts = std::move(attempts_);
  if (maybe_written_) {
    failure.problem =
        api::problem(Error::outcome_unknown, "it was sent, and no node has said what became of it");
    return failure;
  }
  if (refused_) {
    failure.problem = refused_->problem;
    failure.url = refused_->url;
    return failure;
  }
  const bool strangers =
      std::all_of(failure.attempts.begin(), failure.attempts.end(),
                  [](const Attempt& attempt) { return attempt.error == Error::tls_failed; });
  std::string why;
  for (const Attempt& attempt : failure.attempts)
    why += (why.empty() ? "" : "; ") + attempt.url + ": " + attempt.why;
  failure.problem = api::problem(strangers ? Error::tls_failed : Error::ledger_unavailable, why);
  return failure;
}

}  // namespace hufu::cli
