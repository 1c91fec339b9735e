#include "cli/client/ask_text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "cli/client/exchange.hpp"

namespace hufu::cli {
namespace {

constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

// Everything it refers to outlives the loop that runs it.
boost::asio::awaitable<void> ask_once(Link& link, const Address& address, const Call& call,
                                      std::chrono::milliseconds timeout, Exchange& into) {
  into = co_await link.exchange(address, call, timeout);
}

}  // namespace

boost::system::result<std::string, api::Problem> ask_metrics(const Address& address,
                                                             std::chrono::milliseconds timeout) {
  boost::asio::io_context io;
  Exchange exchange;
  {
    Link link(io.get_executor());
    const Call call{.target = "/metrics", .body = {}, .expects = kMetricsType};
    boost::asio::co_spawn(io, ask_once(link, address, call, timeout, exchange), boost::asio::detached);
    io.run();
  }
  if (exchange.reached != Exchange::Reached::answered) return api::problem(exchange.error, exchange.why);
  if (exchange.status != 200 || !exchange.expected) {
    return api::problem(Error::ledger_unavailable, "HTTP status " + std::to_string(exchange.status));
  }
  return std::string(as_text(exchange.body));
}

}  // namespace hufu::cli
