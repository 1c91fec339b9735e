#include "consensus/transport/listener.hpp"

#include <algorithm>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "consensus/tls_identity.hpp"

namespace hufu::consensus {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {
// When the system has no descriptor left, trying at once again would only burn the processor.
constexpr std::chrono::milliseconds kPauseAfterFailedAccept{100};
}  // namespace

struct Listener::Session : Connection {
  Session(asio::ip::tcp::socket socket, std::shared_ptr<asio::ssl::context> tls)
      : Connection(std::move(socket), std::move(tls)), deadline(stream.get_executor()) {}

  asio::steady_timer deadline;
  Hello hello;  // valid once admitted
  bool over = false;
};

Listener::Listener(asio::io_context& io, std::vector<Peer> peers, TransportOptions options,
                   std::shared_ptr<asio::ssl::context> context, Transport::FrameHandler handler,
                   std::function<void(NodeId)> on_member)
    : io_(io),
      peers_(std::move(peers)),
      options_(std::move(options)),
      context_(std::move(context)),
      handler_(std::move(handler)),
      on_member_(std::move(on_member)),
      acceptor_(io),
      pause_(io) {}

Checked<void> Listener::start() {
  const auto fault = [&](std::string_view what) {
    return Fault{Error::config_invalid, options_.listen_host + ":" + std::to_string(options_.listen_port) +
                                            ": " + std::string(what)};
  };
  error_code failed;
  const auto address = asio::ip::make_address(options_.listen_host, failed);
  if (failed) return fault("not an address to listen on");
  const asio::ip::tcp::endpoint endpoint(address, options_.listen_port);
  acceptor_.open(endpoint.protocol(), failed);
  if (!failed) acceptor_.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) acceptor_.bind(endpoint, failed);
  if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return fault(failed.message());
  port_ = acceptor_.local_endpoint(failed).port();
  if (failed) return fault(failed.message());
  accept();
  return {};
}

void Listener::set_peers(std::vector<Peer> peers) {
  const std::vector<Peer> before = std::exchange(peers_, std::move(peers));
  std::vector<SessionPtr> gone;
  for (const auto& [slot, session] : members_) {
    const auto is_it = [id = slot.first](const Peer& peer) { return peer.id == id; };
    const auto now = std::find_if(peers_.begin(), peers_.end(), is_it);
    const auto then = std::find_if(before.begin(), before.end(), is_it);
    const bool same = now != peers_.end() && then != before.end() && same_key(now->tls_key, then->tls_key);
    if (!same) gone.push_back(session);
  }
  for (const SessionPtr& session : gone) drop(session);
}

void Listener::stop() {
  stopped_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  while (!strangers_.empty()) drop(strangers_.front());
  while (!members_.empty()) drop(members_.begin()->second);
}

void Listener::accept() {
  acceptor_.async_accept([self = shared_from_this()](error_code failed, asio::ip::tcp::socket socket) {
    if (self->stopped_) return;
    if (!failed) {
      self->welcome(std::move(socket));
      return self->accept();
    }
    self->pause_.expires_after(kPauseAfterFailedAccept);
    self->pause_.async_wait([self](error_code cancelled) {
      if (!cancelled && !self->stopped_) self->accept();
    });
  });
}

void Listener::welcome(asio::ip::tcp::socket socket) {
  const auto session = std::make_shared<Session>(std::move(socket), context_);
  session->tune();
  strangers_.push_back(session);
  if (strangers_.size() > options_.max_unauthenticated) refuse(strangers_.front());
  session->deadline.expires_after(options_.handshake_timeout);
  session->deadline.async_wait([self = shared_from_this(), session](error_code cancelled) {
    if (!cancelled) self->refuse(session);
  });
  session->stream.async_handshake(asio::ssl::stream_base::server,
                                  [self = shared_from_this(), session](error_code failed) {
                                    if (failed) return self->refuse(session);
                                    self->read_hello(session);
                                  });
}

void Listener::read_hello(const SessionPtr& session) {
  if (session->over) return;
  session->in.resize(Hello::kSize);
  asio::async_read(session->stream, asio::buffer(session->in),
                   [self = shared_from_this(), session](error_code failed, std::size_t) {
                     if (session->over) return;
                     if (failed || !self->admit(session, decode<Hello>(session->in)))
                       return self->refuse(session);
                     self->answer_hello(session);
                   });
}

// The handshake let in only keys of the roster; this binds the key to the name in the hello.
bool Listener::admit(const SessionPtr& session, const Result<Hello>& hello) {
  if (!hello || hello->to != options_.self || hello->network != options_.network) return false;
  const auto key = peer_key(session->stream.native_handle());
  const bool known = key && std::any_of(peers_.begin(), peers_.end(), [&](const Peer& peer) {
                       return peer.id == hello->from && same_key(peer.tls_key, *key);
                     });
  if (!known) return false;
  session->hello = *hello;
  return true;
}

void Listener::answer_hello(const SessionPtr& session) {
  session->deadline.cancel();
  std::erase(strangers_, session);
  const std::pair slot{session->hello.from, session->hello.lane};
  if (const auto older = members_.find(slot); older != members_.end()) drop(SessionPtr(older->second));
  members_[slot] = session;
  on_member_(session->hello.from);
  session->out = encode(Hello{options_.self, session->hello.from, session->hello.lane, options_.network});
  asio::async_write(session->stream, asio::buffer(session->out),
                    [self = shared_from_this(), session](error_code failed, std::size_t) {
                      if (failed) self->drop(session);
                    });
  read_head(session);
}

void Listener::read_head(const SessionPtr& session) {
  if (session->over) return;
  session->in.resize(FrameHead::kSize);
  asio::async_read(session->stream, asio::buffer(session->in),
                   [self = shared_from_this(), session](error_code failed, std::size_t) {
                     if (failed) return self->drop(session);
                     const auto head = decode<FrameHead>(session->in);
                     if (!head || lane_of(head->channel) != session->hello.lane) {
                       ++self->frames_refused_;
                       return self->drop(session);
                     }
                     self->read_body(session, head->channel, head->length);
                   });
}

void Listener::read_body(const SessionPtr& session, Channel channel, std::size_t length) {
  if (session->over) return;
  session->in = Bytes(length);
  asio::async_read(session->stream, asio::buffer(session->in),
                   [self = shared_from_this(), session, channel](error_code failed, std::size_t) {
                     if (failed) return self->drop(session);
                     if (session->over) return;
                     self->handler_(session->hello.from, channel, std::move(session->in));
                     self->read_head(session);
                   });
}

void Listener::refuse(const SessionPtr& session) {
  if (!session->over && !stopped_) ++handshakes_refused_;
  drop(session);
}

void Listener::drop(const SessionPtr& gone) {
  const SessionPtr session = gone;  // the argument may live in the container it leaves
  if (std::exchange(session->over, true)) return;
  session->deadline.cancel();
  session->close();
  std::erase(strangers_, session);
  std::erase_if(members_, [&](const auto& entry) { return entry.second == session; });
}

}  // namespace hufu::consensus
