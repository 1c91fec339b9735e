#include "node/http/server.hpp"

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <list>
#include <thread>

#include "consensus/tls_identity.hpp"
#include "node/http/gate.hpp"
#include "node/http/handler.hpp"
#include "node/metrics.hpp"

namespace hufu::node {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Code = boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

using Plain = beast::tcp_stream;
using Tls = beast::ssl_stream<beast::tcp_stream>;
using Parser = http::request_parser<http::string_body>;
using Response = http::response<http::string_body>;

Plain& lowest(Plain& stream) { return stream; }
Plain& lowest(Tls& stream) { return stream.next_layer(); }

constexpr std::string_view kServer = "hufu";
constexpr std::size_t kReadAtOnce = 64 * 1024;
constexpr std::size_t kSmallBody = 64 * 1024;  // not counted against the gate
constexpr auto kLinger = std::chrono::seconds(2);
constexpr auto kFarewell = std::chrono::seconds(1);

api::Method method_of(http::verb verb) {
  if (verb == http::verb::get) return api::Method::get;
  if (verb == http::verb::post) return api::Method::post;
  return api::Method::other;
}

std::string_view text_of(beast::string_view text) { return {text.data(), text.size()}; }

Response to_beast(HttpResponse&& from, unsigned version, bool keep_alive) {
  Response response(static_cast<http::status>(from.status), version);
  response.set(http::field::server, kServer);
  response.set(http::field::content_type, from.content_type);
  response.set(http::field::cache_control, from.cache_control);
  response.set("X-Content-Type-Options", "nosniff");
  if (!from.location.empty()) response.set(http::field::location, from.location);
  if (!from.allow.empty()) response.set(http::field::allow, from.allow);
  if (from.retry_after_ms > 0) {
    response.set(http::field::retry_after, std::to_string((from.retry_after_ms + 999) / 1000));
  }
  response.keep_alive(keep_alive);
  response.body() = std::move(from.body);
  response.prepare_payload();
  return response;
}

// What the parser did not like.
HttpResponse refuse_request(const Code& code) {
  if (code == http::error::body_limit)
    return respond(api::problem(Error::oversize, "the body is over 4 MiB"), false);
  HttpResponse response =
      respond(api::problem(Error::field_invalid, "not HTTP/1.1: " + code.message()), false);
  if (code == http::error::header_limit) response.status = 431;
  return response;
}

bool is_closed(const Code& code) { return code == http::error::end_of_stream || code == asio::error::eof; }

bool of_parser(const Code& code) {
  return code.category() == http::make_error_code(http::error::bad_method).category();
}

}  // namespace

// Shared by the handle, the thread and what waits in the service. Everything below `io` belongs to the thread.
class HttpServer::Impl : public std::enable_shared_from_this<HttpServer::Impl> {
 public:
  Impl(HttpOptions options, const Seed& seed)
      : options_(std::move(options)),
        seed_(seed),
        gate_(options_.max_connections, options_.max_per_address, options_.max_body_bytes) {}

  boost::system::result<void, std::string> start(Service& service, asio::io_context& loop) {
    service_ = &service;
    loop_ = &loop;
    for (const HttpListener& listener : options_.listeners) {
      auto opened = open(listener);
      if (!opened) return opened.error();
    }
    watch();
    for (Listening& listening : listening_) {
      asio::co_spawn(io_, accept(listening), asio::detached);
    }
    thread_ = std::thread([this] { io_.run(); });
    return {};
  }

  // No more requests; what is under way may finish.
  void stop() {
    asio::post(io_, [this] {
      draining_ = true;
      for (Listening& listening : listening_) close(listening.acceptor);
      for (Plain* stream : idle_) stream->cancel();
    });
  }

  void join() {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] {
      farewell_.emplace(io_, kFarewell);
      farewell_->async_wait([this](const Code&) { io_.stop(); });
      leaving_ = true;
      stop_when_empty();
    });
    thread_.join();
    leaving_ = false;  // coroutines that never ended are destroyed with io_, which must not be stopped then
  }

  const std::vector<std::string>& addresses() const { return addresses_; }

 private:
  struct Listening {
    tcp::acceptor acceptor;
    bool tls = true;
  };

  // One connection's place at the gate.
  class Visit {
   public:
    Visit(Impl& server, std::string address) : server_(server), address_(std::move(address)) {
      server_.open_ = server_.gate_.connections();
    }
    ~Visit() {
      server_.gate_.leave(address_);
      server_.open_ = server_.gate_.connections();
      server_.stop_when_empty();
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    Impl& server_;
    std::string address_;
  };

  // A body's share of the memory for all bodies.
  class BodyShare {
   public:
    explicit BodyShare(Gate& gate) : gate_(gate) {}
    ~BodyShare() { gate_.give_body(bytes_); }
    BodyShare(const BodyShare&) = delete;
    BodyShare& operator=(const BodyShare&) = delete;
    bool take(std::size_t bytes) {
      if (!gate_.take_body(bytes)) return false;
      bytes_ = bytes;
      return true;
    }

   private:
    Gate& gate_;
    std::size_t bytes_ = 0;
  };

  boost::system::result<void, std::string> open(const HttpListener& listener) {
    const std::string wanted = listener.address.host + " port " + std::to_string(listener.address.port);
    Code code;
    const auto address = asio::ip::make_address(listener.address.host, code);
    if (code) return "http: " + wanted + ": not an IP address";
    if (!listener.tls && !address.is_loopback()) return "http: " + wanted + ": without TLS only on loopback";
    if (listener.tls && !tls_) {
      auto context = consensus::make_tls_context(seed_, consensus::TlsSide::server_only, {});
      if (!context) return "http: the TLS key cannot be used";
      tls_ = *std::move(context);
    }
    tcp::acceptor acceptor(io_);
    const tcp::endpoint endpoint(address, listener.address.port);
    acceptor.open(endpoint.protocol(), code);
    if (!code) acceptor.set_option(tcp::acceptor::reuse_address(true), code);
    if (!code) acceptor.bind(endpoint, code);
    if (!code) acceptor.listen(asio::socket_base::max_listen_connections, code);
    if (code) return "http: " + wanted + ": " + code.message();
    const std::uint16_t port = acceptor.local_endpoint(code).port();
    const Endpoint taken{.host = address.to_string(), .port = port};
    const std::string host = address.is_v6() ? "[" + taken.host + "]" : taken.host;
    addresses_.push_back((listener.tls ? "https://" : "http://") + host + ":" + std::to_string(port));
    listening_.push_back(Listening{std::move(acceptor), listener.tls});
    return {};
  }

  void watch() {
    service_->metrics().gauge("hufu_http_connections", "Open HTTP connections.", [self = shared_from_this()] {
      return static_cast<double>(self->open_.load());
    });
    service_->metrics().gauge(
        "hufu_http_turned_away", "HTTP connections closed at once: too many.",
        [self = shared_from_this()] { return static_cast<double>(self->turned_away_.load()); });
    service_->metrics().gauge(
        "hufu_http_refused", "HTTP requests refused before the service was asked.",
        [self = shared_from_this()] { return static_cast<double>(self->refused_.load()); });
  }

  static void close(tcp::acceptor& acceptor) {
    Code ignored;  // a listener that is gone is closed
    acceptor.close(ignored);
  }

  void stop_when_empty() {
    if (leaving_ && gate_.connections() == 0) io_.stop();
  }

  asio::awaitable<void> accept(Listening& listening) {
    while (!draining_) {
      auto [code, socket] = co_await listening.acceptor.async_accept(kAwait);
      if (draining_ || code == asio::error::operation_aborted) co_return;
      if (code) {
        // Out of descriptors: give those that are open time to end.
        asio::steady_timer pause(io_, std::chrono::milliseconds(100));
        co_await pause.async_wait(kAwait);
        continue;
      }
      admit(std::move(socket), listening.tls);
    }
  }

  void admit(tcp::socket socket, bool tls) {
    Code code;
    const auto peer = socket.remote_endpoint(code);
    if (code) return;
    std::string address = peer.address().to_string();
    if (!gate_.enter(address, peer.address().is_loopback())) {
      ++turned_away_;
      return;  // the socket closes
    }
    socket.set_option(tcp::no_delay(true), code);  // without it answers are slower, not wrong
    auto visit = std::make_unique<Visit>(*this, address);
    if (tls) {
      asio::co_spawn(io_, serve_tls(std::move(socket), std::move(address), std::move(visit)), asio::detached);
    } else {
      asio::co_spawn(io_, serve_plain(std::move(socket), std::move(address), std::move(visit)),
                     asio::detached);
    }
  }

  asio::awaitable<void> serve_plain(tcp::socket socket, std::string address,
                                    [[maybe_unused]] std::unique_ptr<Visit> visit) {
    Plain stream(std::move(socket));
    const bool unread = co_await serve(stream, address);
    Code ignored;  // the other side may be gone already
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    if (unread) co_await drain(stream);
  }

  asio::awaitable<void> serve_tls(tcp::socket socket, std::string address,
                                  [[maybe_unused]] std::unique_ptr<Visit> visit) {
    Tls stream(std::move(socket), *tls_);
    lowest(stream).expires_after(options_.header_time);
    auto [shaken] = co_await stream.async_handshake(asio::ssl::stream_base::server, kAwait);
    if (shaken) co_return;
    const bool unread = co_await serve(stream, address);
    lowest(stream).expires_after(kLinger);
    co_await stream.async_shutdown(kAwait);  // fails where the client closed first
    if (unread) co_await drain(lowest(stream));
  }

  // Closing a socket with unread bytes resets it, and the answer may be lost on its way: read them for a while.
  asio::awaitable<void> drain(Plain& stream) {
    std::array<char, 16 * 1024> sink;
    stream.expires_after(kLinger);
    for (std::size_t total = 0; total < 2 * limits::kSubmissionBytes;) {
      const auto into = asio::buffer(sink);
      auto [code, count] = co_await stream.async_read_some(into, kAwait);
      if (code) co_return;
      total += count;
    }
  }

  // All requests of one connection, one after the other (H4). True: it was left with a request that was not read.
  template <class Stream>
  asio::awaitable<bool> serve(Stream& stream, const std::string& address) {
    beast::flat_buffer buffer(options_.header_bytes + kReadAtOnce);
    auto first_byte_within = options_.header_time;
    while (!draining_) {
      Parser parser;
      parser.header_limit(static_cast<std::uint32_t>(options_.header_bytes));
      parser.body_limit(limits::kSubmissionBytes);
      BodyShare share(gate_);
      const Read read = co_await read_request(stream, buffer, parser, share, first_byte_within);
      if (read != Read::whole) co_return read == Read::refused;
      const bool more = co_await answer(stream, parser, address);
      if (!more) co_return false;
      first_byte_within = options_.idle_time;
    }
    co_return false;
  }

  enum class Read : std::uint8_t { whole, gone, refused };

  template <class Stream>
  asio::awaitable<Read> read_request(Stream& stream, beast::flat_buffer& buffer, Parser& parser,
                                     BodyShare& share, std::chrono::milliseconds first_byte_within) {
    if (buffer.size() == 0) {
      const Code waited = co_await wait_for_more(stream, buffer, first_byte_within);
      if (waited) co_return Read::gone;
    }
    lowest(stream).expires_after(options_.header_time);
    while (!parser.is_header_done()) {
      auto [code, count] = co_await http::async_read_some(stream, buffer, parser, kAwait);
      if (code) co_return co_await give_up(stream, code);
    }
    if (!share.take(expected_body(parser))) {
      const HttpResponse busy = respond(api::problem(Error::overloaded, "too much is being received"), false);
      co_return co_await refuse(stream, busy);
    }
    if (!parser.is_done() && text_of(parser.get()[http::field::expect]) == "100-continue") {
      http::response<http::empty_body> go_on(http::status::continue_, 11);
      auto [code, count] = co_await http::async_write(stream, go_on, kAwait);
      if (code) co_return Read::gone;
    }
    co_return co_await read_body(stream, buffer, parser);
  }

  // The first bytes of a request may take their time (H5).
  template <class Stream>
  asio::awaitable<Code> wait_for_more(Stream& stream, beast::flat_buffer& buffer,
                                      std::chrono::milliseconds within) {
    lowest(stream).expires_after(within);
    idle_.push_back(&lowest(stream));
    const auto place = std::prev(idle_.end());
    const auto into = buffer.prepare(4096);
    auto [code, count] = co_await stream.async_read_some(into, kAwait);
    idle_.erase(place);
    buffer.commit(count);
    co_return code;
  }

  template <class Stream>
  asio::awaitable<Read> read_body(Stream& stream, beast::flat_buffer& buffer, Parser& parser) {
    const Clock::time_point begun = Clock::now();
    while (!parser.is_done()) {
      const std::chrono::duration<double> earned(static_cast<double>(parser.get().body().size()) /
                                                 static_cast<double>(options_.body_rate));
      lowest(stream).expires_at(begun + options_.header_time +
                                std::chrono::duration_cast<Clock::duration>(earned));
      auto [code, count] = co_await http::async_read_some(stream, buffer, parser, kAwait);
      if (code) co_return co_await give_up(stream, code);
    }
    co_return Read::whole;
  }

  static std::size_t expected_body(const Parser& parser) {
    if (const auto length = parser.content_length()) {
      return *length <= kSmallBody ? 0 : static_cast<std::size_t>(*length);
    }
    return parser.chunked() ? limits::kSubmissionBytes : 0;
  }

  // The request cannot be read to its end.
  template <class Stream>
  asio::awaitable<Read> give_up(Stream& stream, Code code) {
    if (is_closed(code) || !of_parser(code) || code == http::error::partial_message) co_return Read::gone;
    const HttpResponse refusal = refuse_request(code);
    co_return co_await refuse(stream, refusal);
  }

  template <class Stream>
  asio::awaitable<Read> refuse(Stream& stream, HttpResponse response) {
    ++refused_;
    const Response message = to_beast(std::move(response), 11, false);
    lowest(stream).expires_after(options_.write_time);
    co_await http::async_write(stream, message, kAwait);
    co_return Read::refused;
  }

  // True: the connection stays open for another request.
  template <class Stream>
  asio::awaitable<bool> answer(Stream& stream, Parser& parser, const std::string& address) {
    const bool keep = parser.get().keep_alive() && !draining_;
    const unsigned version = parser.get().version();
    HttpRequest request = take_request(parser.get(), address);
    HttpResponse response = co_await handle(std::move(request));
    const Response message = to_beast(std::move(response), version, keep && !draining_);
    lowest(stream).expires_after(options_.write_time);
    auto [code, count] = co_await http::async_write(stream, message, kAwait);
    co_return !code && message.keep_alive();
  }

  static HttpRequest take_request(http::request<http::string_body>& from, const std::string& address) {
    HttpRequest request;
    request.method = node::method_of(from.method());
    request.target = text_of(from.target());
    request.content_type = text_of(from[http::field::content_type]);
    request.accept = text_of(from[http::field::accept]);
    request.body = to_bytes(as_bytes(from.body()));
    request.address = address;
    from.body().clear();
    from.body().shrink_to_fit();
    return request;
  }

  asio::awaitable<HttpResponse> handle(HttpRequest request) {
    auto prepared = prepare(std::move(request));
    if (auto* refused = std::get_if<HttpResponse>(&prepared)) {
      ++refused_;
      co_return std::move(*refused);
    }
    auto question = std::make_shared<Prepared>(std::get<Prepared>(std::move(prepared)));
    Render render = co_await ask_service(std::move(question));
    co_return render();
  }

  // To the loop and back.
  asio::awaitable<Render> ask_service(std::shared_ptr<Prepared> question) {
    auto begin = [this, question](auto handler) {
      auto kept = std::make_shared<decltype(handler)>(std::move(handler));
      auto back = [self = shared_from_this(), kept](Render render) {
        asio::post(self->io_,
                   [kept, render = std::move(render)]() mutable { std::move (*kept)(std::move(render)); });
      };
      const AskLimits limits{.submit_wait = options_.submit_wait, .cluster_wait = options_.cluster_wait};
      asio::post(*loop_, [service = service_, limits, question, back = std::move(back)]() mutable {
        ask(*service, limits, std::move(*question), std::move(back));
      });
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(Render)>(std::move(begin),
                                                                             asio::use_awaitable);
  }

  HttpOptions options_;
  Seed seed_;
  Service* service_ = nullptr;
  asio::io_context* loop_ = nullptr;
  std::vector<std::string> addresses_;
  std::shared_ptr<asio::ssl::context> tls_;
  Gate gate_;
  bool draining_ = false;
  bool leaving_ = false;
  // Read by the metrics on the loop.
  std::atomic<std::size_t> open_ = 0;
  std::atomic<std::uint64_t> turned_away_ = 0;
  std::atomic<std::uint64_t> refused_ = 0;
  std::list<Plain*> idle_;
  std::thread thread_;
  // Last, so that coroutines that still wait are destroyed before what they use.
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  std::list<Listening> listening_;
  std::optional<asio::steady_timer> farewell_;
};

HttpServer::HttpServer(HttpOptions options, const Seed& tls_seed)
    : impl_(std::make_shared<Impl>(std::move(options), tls_seed)) {}

HttpServer::~HttpServer() {
  impl_->stop();
  impl_->join();
}

boost::system::result<void, std::string> HttpServer::start(Service& service, asio::io_context& loop) {
  return impl_->start(service, loop);
}

void HttpServer::stop() { impl_->stop(); }

std::string HttpServer::address() const {
  return impl_->addresses().empty() ? std::string() : impl_->addresses().front();
}

std::vector<std::string> HttpServer::addresses() const { return impl_->addresses(); }

}  // namespace hufu::node
