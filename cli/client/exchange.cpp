#include "cli/client/exchange.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <optional>

#include "cli/client/tls.hpp"
#include "node/api/json.hpp"

namespace hufu::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using Code = boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Reached = Exchange::Reached;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kHeaderBytes = 16 * 1024;
constexpr std::size_t kBufferBytes = 256 * 1024;

using Plain = beast::tcp_stream;
using Tls = beast::ssl_stream<beast::tcp_stream>;

Plain& lowest(Plain& stream) { return stream; }
Plain& lowest(Tls& stream) { return stream.next_layer(); }

std::string text_of(const Code& code) {
  if (code == beast::error::timeout) return "no answer in time";
  if (code == http::error::end_of_stream || code == asio::error::eof) return "the connection was closed";
  if (code == http::error::body_limit || code == http::error::header_limit)
    return "the answer is over its limit";
  std::string text = code.message();
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

Exchange failed(Reached reached, Error error, std::string why) {
  Exchange exchange;
  exchange.reached = reached;
  exchange.error = error;
  exchange.why = std::move(why);
  return exchange;
}

Exchange failed(Reached reached, const Code& code) {
  const bool late = code == beast::error::timeout;
  return failed(reached, late ? Error::timed_out : Error::ledger_unavailable, text_of(code));
}

using Request = http::request<http::span_body<const std::uint8_t>>;

Request request_of(const Address& address, const Call& call) {
  Request request(call.method == api::Method::post ? http::verb::post : http::verb::get, call.target, 11);
  request.set(http::field::host, api::endpoint_text(address.endpoint));
  request.set(http::field::user_agent, "hufu");
  request.set(http::field::accept, api::kBinaryType);  // a refusal comes in this form, whatever is expected
  if (call.method == api::Method::post) request.set(http::field::content_type, api::kBinaryType);
  request.body() = {call.body.data(), call.body.size()};
  request.prepare_payload();
  return request;
}

Exchange answered(http::response<http::string_body>&& response, std::string_view expects) {
  Exchange exchange;
  exchange.reached = Reached::answered;
  exchange.status = response.result_int();
  const auto type = response[http::field::content_type];
  exchange.binary = std::string_view(type.data(), type.size()) == api::kBinaryType;
  exchange.expected = std::string_view(type.data(), type.size()) == expects;
  const auto location = response[http::field::location];
  exchange.location.assign(location.data(), location.size());
  exchange.body = to_bytes(as_bytes(response.body()));
  return exchange;
}

template <class Stream>
asio::awaitable<Exchange> talk(Stream& stream, beast::flat_buffer& buffer, const Request& request,
                               std::string_view expects, bool& keep, Clock::time_point deadline) {
  keep = false;
  lowest(stream).expires_at(deadline);
  auto [unsent, written] = co_await http::async_write(stream, request, kAwait);
  // Part of it may have arrived, and a part that holds the whole body would be acted on.
  if (unsent) co_return failed(Reached::sent, unsent);
  http::response_parser<http::string_body> parser;
  parser.header_limit(kHeaderBytes);
  parser.body_limit(api::kAnswerBytes);
  auto [unread, read] = co_await http::async_read(stream, buffer, parser, kAwait);
  if (unread) co_return failed(Reached::sent, unread);
  keep = parser.get().keep_alive();
  co_return answered(parser.release(), expects);
}

}  // namespace

struct Link::Stream {
  std::string url;
  std::unique_ptr<asio::ssl::context> context;  // outlives tls
  std::unique_ptr<Plain> plain;
  std::unique_ptr<Tls> tls;
  beast::flat_buffer buffer{kBufferBytes};

  Plain& socket() { return tls ? tls->next_layer() : *plain; }

  asio::awaitable<std::optional<Exchange>> connect(const Address& address, asio::any_io_executor executor,
                                                   Clock::time_point deadline) {
    tcp::resolver resolver(executor);
    const std::string port = std::to_string(address.endpoint.port);
    auto [unknown, found] = co_await resolver.async_resolve(address.endpoint.host, port, kAwait);
    if (unknown) co_return failed(Reached::nothing, unknown);
    if (address.tls) {
      context = client_tls_context();
      tls = std::make_unique<Tls>(Plain(executor), *context);
    } else {
      plain = std::make_unique<Plain>(executor);
    }
    socket().expires_at(deadline);
    auto [closed, endpoint] = co_await socket().async_connect(found, kAwait);
    if (closed) co_return failed(Reached::nothing, closed);
    Code ignored;  // without it answers are slower, not wrong
    socket().socket().set_option(tcp::no_delay(true), ignored);
    if (address.tls) co_return co_await prove(address);
    co_return std::nullopt;
  }

  asio::awaitable<std::optional<Exchange>> prove(const Address& address) {
    auto [refused] = co_await tls->async_handshake(asio::ssl::stream_base::client, kAwait);
    if (refused == beast::error::timeout) co_return failed(Reached::connected, refused);
    if (refused) co_return failed(Reached::connected, Error::tls_failed, "TLS: " + text_of(refused));
    const auto key = key_shown(tls->native_handle());
    if (key && address.allows(*key)) co_return std::nullopt;
    co_return failed(Reached::connected, Error::tls_failed,
                     "the node's TLS key is not the one in the roster");
  }
};

Link::Link(asio::any_io_executor executor) : executor_(std::move(executor)) {}
Link::~Link() = default;

asio::awaitable<Exchange> Link::exchange(const Address& address, const Call& call,
                                         std::chrono::milliseconds timeout) {
  const Clock::time_point deadline = Clock::now() + timeout;
  const bool reused = stream_ != nullptr && stream_->url == address.url;
  if (!reused) {
    stream_ = std::make_unique<Stream>();
    stream_->url = address.url;
    std::optional<Exchange> wrong = co_await stream_->connect(address, executor_, deadline);
    if (wrong) {
      stream_.reset();
      co_return *std::move(wrong);
    }
  }
  const Request request = request_of(address, call);
  bool keep = false;
  Exchange exchange;
  if (stream_->tls) {
    exchange = co_await talk(*stream_->tls, stream_->buffer, request, call.expects, keep, deadline);
  } else {
    exchange = co_await talk(*stream_->plain, stream_->buffer, request, call.expects, keep, deadline);
  }
  if (!keep) stream_.reset();
  exchange.reused = reused;
  co_return exchange;
}

}  // namespace hufu::cli
