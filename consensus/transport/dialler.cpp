#include "consensus/transport/dialler.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace hufu::consensus {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {
// Small frames share one TLS record and one system call.
constexpr std::size_t kWriteBatch = 128U << 10;
constexpr int kUserTimeoutMs = 4000;
}  // namespace

void Connection::tune() {
  error_code ignored;
  stream.lowest_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
  stream.lowest_layer().set_option(asio::socket_base::keep_alive(true), ignored);
  const auto set = [this](int option, int value) {
    ::setsockopt(stream.lowest_layer().native_handle(), IPPROTO_TCP, option, &value, sizeof value);
  };
  set(TCP_USER_TIMEOUT, kUserTimeoutMs);
  set(TCP_KEEPIDLE, 5);
  set(TCP_KEEPINTVL, 2);
  set(TCP_KEEPCNT, 3);
}

Dialler::Dialler(asio::io_context& io, Setup setup)
    : io_(io), setup_(std::move(setup)), resolver_(io), timer_(io), backoff_(setup_.options.reconnect_min) {}

void Dialler::stop() {
  stopped_ = true;
  up_ = false;
  timer_.cancel();
  resolver_.cancel();
  if (attempt_) attempt_->close();
}

void Dialler::hurry() {
  if (stopped_ || attempt_) return;
  timer_.cancel();
  dial();
}

bool Dialler::send(Channel channel, const Bytes& frame) {
  if (!up_ || frame.size() > max_frame(channel)) return false;
  if (queue_.size() >= setup_.max_frames ||
      FrameHead::kSize + frame.size() > setup_.max_bytes - queued_bytes_) {
    return false;
  }
  Writer writer;
  writer.reserve(FrameHead::kSize + frame.size());
  writer& FrameHead{static_cast<std::uint32_t>(frame.size()), channel};
  writer.raw(frame);
  queue_.push_back(writer.take());
  queued_bytes_ += queue_.back().size();
  if (!writing_) write(attempt_);
  return true;
}

void Dialler::dial() {
  if (stopped_) return;
  attempt_ = std::make_shared<Connection>(asio::ip::tcp::socket(io_), setup_.context);
  const Attempt attempt = attempt_;
  timer_.expires_after(setup_.options.handshake_timeout);
  timer_.async_wait([self = shared_from_this(), attempt](error_code cancelled) {
    if (!cancelled && !self->up_) self->give_up(attempt);
  });
  resolver_.async_resolve(setup_.peer.host, std::to_string(setup_.peer.port),
                          [self = shared_from_this(), attempt](error_code failed, const auto& addresses) {
                            if (failed) return self->give_up(attempt);
                            self->connect(attempt, addresses);
                          });
}

void Dialler::connect(const Attempt& attempt, const asio::ip::tcp::resolver::results_type& addresses) {
  if (!current(attempt)) return;
  asio::async_connect(attempt->stream.lowest_layer(), addresses,
                      [self = shared_from_this(), attempt](error_code failed, const auto& /*address*/) {
                        if (failed) return self->give_up(attempt);
                        attempt->tune();
                        self->handshake(attempt);
                      });
}

void Dialler::handshake(const Attempt& attempt) {
  if (!current(attempt)) return;
  attempt->stream.async_handshake(asio::ssl::stream_base::client,
                                  [self = shared_from_this(), attempt](error_code failed) {
                                    if (failed && self->current(attempt)) ++*self->setup_.handshakes_refused;
                                    if (failed) return self->give_up(attempt);
                                    self->exchange_hellos(attempt);
                                  });
}

// In TLS 1.3 a listener that refuses our certificate says so only after our side of the handshake is done: only its hello
// shows that we are in.
void Dialler::exchange_hellos(const Attempt& attempt) {
  if (!current(attempt)) return;
  attempt->out = encode(setup_.hello);
  asio::async_write(attempt->stream, asio::buffer(attempt->out),
                    [self = shared_from_this(), attempt](error_code failed, std::size_t) {
                      if (failed) self->give_up(attempt);
                    });
  attempt->in.resize(Hello::kSize);
  asio::async_read(attempt->stream, asio::buffer(attempt->in),
                   [self = shared_from_this(), attempt](error_code failed, std::size_t) {
                     const Hello& own = self->setup_.hello;
                     const Hello expected{own.to, own.from, own.lane, own.network};
                     const auto answer =
                         failed ? Result<Hello>(Error::tls_failed) : decode<Hello>(attempt->in);
                     if (answer && *answer == expected) return self->established(attempt);
                     if (self->current(attempt)) ++*self->setup_.handshakes_refused;
                     self->give_up(attempt);
                   });
}

void Dialler::established(const Attempt& attempt) {
  if (!current(attempt)) return;
  timer_.cancel();
  backoff_ = setup_.options.reconnect_min;
  up_ = true;
  watch(attempt);
}

// Nothing is ever sent this way; a read that returns means the connection is over.
void Dialler::watch(const Attempt& attempt) {
  attempt->in.resize(1);
  attempt->stream.async_read_some(
      asio::buffer(attempt->in),
      [self = shared_from_this(), attempt](error_code, std::size_t) { self->give_up(attempt); });
}

void Dialler::write(const Attempt& attempt) {
  if (!current(attempt) || queue_.empty()) return;
  writing_ = true;
  attempt->out = std::move(queue_.front());
  queue_.pop_front();
  while (!queue_.empty() && attempt->out.size() + queue_.front().size() <= kWriteBatch) {
    attempt->out.insert(attempt->out.end(), queue_.front().begin(), queue_.front().end());
    queue_.pop_front();
  }
  asio::async_write(attempt->stream, asio::buffer(attempt->out),
                    [self = shared_from_this(), attempt](error_code failed, std::size_t) {
                      if (!self->current(attempt)) return;
                      if (failed) return self->give_up(attempt);
                      self->writing_ = false;
                      self->queued_bytes_ -= attempt->out.size();
                      self->write(attempt);
                    });
}

void Dialler::give_up(const Attempt& attempt) {
  if (!current(attempt)) return;
  attempt->close();
  attempt_.reset();
  up_ = writing_ = false;
  queue_.clear();
  queued_bytes_ = 0;
  // Half of the pause is chance, so that nodes that lost each other together do not come back in step.
  const auto half = backoff_.count() / 2;
  const auto pause = half + std::uniform_int_distribution<std::chrono::milliseconds::rep>(0, half)(jitter_);
  backoff_ = std::min(2 * backoff_, setup_.options.reconnect_max);
  timer_.expires_after(std::chrono::milliseconds(pause));
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled && !self->attempt_) self->dial();
  });
}

}  // namespace hufu::consensus
