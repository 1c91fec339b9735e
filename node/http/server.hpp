// Serves the node's questions over HTTP/1.1: TLS 1.3 under the node's own key, or plain on loopback.
//
// Sockets, TLS, parsing and JSON live on a thread of their own; the service is asked on the node's loop, by posting there,
// and its answers are posted back. The routes are those of node/api/route.hpp.
//
// Bounds, each per listener thread and checked before memory is spent
//   H1  a request line and its headers: header_bytes; a body: limits::kSubmissionBytes
//   H2  the headers must be there header_time after the first chance to read them; a body at no less than body_rate
//   H3  connections: max_connections in all, max_per_address from one address (loopback: in all); more are closed at once
//   H4  one request of a connection at a time: what a client pipelines waits in its socket
//   H5  an idle connection is closed after idle_time; a client that does not read its answer after write_time
//   H6  a listener without TLS has a loopback address: anything else is refused (Error::config_invalid)
//   H7  all bodies under way together: max_body_bytes; more is answered with overloaded
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "ledger/base/ed25519.hpp"
#include "ledger/record/standing.hpp"
#include "node/service.hpp"

namespace hufu::node {

struct HttpListener {
  Endpoint address;  // a literal IP address; port 0: any free one
  bool tls = true;
};

struct HttpOptions {
  std::vector<HttpListener> listeners;
  std::size_t header_bytes = 16 * 1024;
  std::chrono::milliseconds header_time{10'000};
  std::chrono::milliseconds idle_time{60'000};
  std::chrono::milliseconds write_time{30'000};
  std::size_t body_rate = 16 * 1024;  // bytes a second, after header_time
  std::size_t max_connections = 1024;
  std::size_t max_per_address = 256;
  std::size_t max_body_bytes = 128 * 1024 * 1024;
  std::chrono::milliseconds submit_wait{20'000};  // then timed_out: the outcome is unknown
  std::chrono::milliseconds cluster_wait{2'000};
};

class HttpServer final : public Frontend {
 public:
  // The TLS key is the one that the roster pins (consensus/tls_identity.hpp).
  HttpServer(HttpOptions options, const Seed& tls_seed);
  ~HttpServer() override;

  boost::system::result<void, std::string> start(Service& service, boost::asio::io_context& loop) override;
  void stop() override;
  // Of the first listener.
  std::string address() const override;
  // Of all, in the order of the options, with the ports that were taken.
  std::vector<std::string> addresses() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace hufu::node
