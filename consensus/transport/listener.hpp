// The receiving end: accepts, checks who it is, reads frames.
//
// Invariants
//   T3  at most max_unauthenticated connections have not proved who they are; the oldest gives way to a new one, so that
//       idle strangers cannot keep members out
//   T4  a peer has at most one connection a lane; a newer one replaces it
//   T5  memory for a frame is taken only after its length and channel passed, for one frame a connection
#pragma once

#include <deque>
#include <map>
#include <memory>

#include "consensus/transport/connection.hpp"
#include "consensus/transport/hello.hpp"

namespace hufu::consensus {

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  Listener(boost::asio::io_context& io, std::vector<Peer> peers, TransportOptions options,
           std::shared_ptr<boost::asio::ssl::context> context, Transport::FrameHandler handler,
           std::function<void(NodeId)> on_member);

  Checked<void> start();
  // Who is no longer one of them, or has another key, is dropped.
  void set_peers(std::vector<Peer> peers);
  void stop();

  std::uint16_t port() const { return port_; }
  bool connected(NodeId peer, Lane lane) const { return members_.contains({peer, lane}); }
  std::size_t unauthenticated() const { return strangers_.size(); }
  std::uint64_t handshakes_refused() const { return handshakes_refused_; }
  std::uint64_t frames_refused() const { return frames_refused_; }

 private:
  struct Session;
  using SessionPtr = std::shared_ptr<Session>;

  void accept();
  void welcome(boost::asio::ip::tcp::socket socket);
  void read_hello(const SessionPtr& session);
  bool admit(const SessionPtr& session, const Result<Hello>& hello);
  void answer_hello(const SessionPtr& session);
  void read_head(const SessionPtr& session);
  void read_body(const SessionPtr& session, Channel channel, std::size_t length);
  void refuse(const SessionPtr& session);
  void drop(const SessionPtr& session);

  boost::asio::io_context& io_;
  std::vector<Peer> peers_;
  const TransportOptions options_;
  const std::shared_ptr<boost::asio::ssl::context> context_;
  const Transport::FrameHandler handler_;
  const std::function<void(NodeId)> on_member_;  // one has proved who it is
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;  // after a failed accept
  std::uint16_t port_ = 0;
  bool stopped_ = false;
  std::deque<SessionPtr> strangers_;  // oldest first
  std::map<std::pair<NodeId, Lane>, SessionPtr> members_;
  std::uint64_t handshakes_refused_ = 0;
  std::uint64_t frames_refused_ = 0;
};

}  // namespace hufu::consensus
