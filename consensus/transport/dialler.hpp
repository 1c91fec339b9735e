// The sending end towards one peer on one lane: dials, proves itself, drains a bounded queue, dials again.
//
// Invariants
//   T1  only frames queued after the listener's hello are sent; a lost connection takes its queue with it
//   T2  the queue holds at most so many frames and bytes; what does not fit is refused to the caller
#pragma once

#include <deque>
#include <memory>
#include <random>

#include "consensus/transport/connection.hpp"
#include "consensus/transport/hello.hpp"

namespace hufu::consensus {

class Dialler : public std::enable_shared_from_this<Dialler> {
 public:
  struct Setup {
    Peer peer;
    Hello hello;
    std::shared_ptr<boost::asio::ssl::context> context;
    std::size_t max_frames = 0;
    std::size_t max_bytes = 0;
    TransportOptions options;
    std::uint64_t* handshakes_refused = nullptr;  // outlives the dialler's last handler
    std::shared_ptr<void> keeps_counter;
  };

  Dialler(boost::asio::io_context& io, Setup setup);

  void start() { dial(); }
  // The peer shows signs of life: a pause before the next attempt is over.
  void hurry();
  void stop();
  bool send(Channel channel, const Bytes& frame);
  bool up() const { return up_; }
  std::size_t queued_bytes() const { return queued_bytes_; }

 private:
  using Attempt = std::shared_ptr<Connection>;

  void dial();
  void connect(const Attempt& attempt, const boost::asio::ip::tcp::resolver::results_type& addresses);
  void handshake(const Attempt& attempt);
  void exchange_hellos(const Attempt& attempt);
  void established(const Attempt& attempt);
  void watch(const Attempt& attempt);
  void write(const Attempt& attempt);
  void give_up(const Attempt& attempt);
  bool current(const Attempt& attempt) const { return !stopped_ && attempt == attempt_; }

  boost::asio::io_context& io_;
  const Setup setup_;
  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::steady_timer timer_;  // of the attempt, or until the next one
  std::minstd_rand jitter_{std::random_device{}()};
  std::chrono::milliseconds backoff_;
  Attempt attempt_;
  bool up_ = false;
  bool writing_ = false;
  bool stopped_ = false;
  std::deque<Bytes> queue_;  // with their heads
  std::size_t queued_bytes_ = 0;
};

}  // namespace hufu::consensus
