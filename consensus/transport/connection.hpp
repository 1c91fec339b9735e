// One TLS connection with what a pending operation needs to outlive it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "ledger/base/bytes.hpp"

namespace hufu::consensus {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

struct Connection {
  Connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> tls)
      : context(std::move(tls)), stream(std::move(socket), *context) {}

  // Without a farewell: every frame carries its length, so a cut is never mistaken for an end.
  void close() {
    boost::system::error_code ignored;
    stream.lowest_layer().close(ignored);
  }

  // No delay, and a silent peer is noticed within seconds. What the system refuses here only costs time later.
  void tune();

  const std::shared_ptr<boost::asio::ssl::context> context;
  TlsStream stream;
  Bytes in;
  Bytes out;
};

}  // namespace hufu::consensus
