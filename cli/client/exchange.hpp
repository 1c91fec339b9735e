// One HTTP exchange with one node, over a connection that is kept for the next one.
//
// Nothing is sent before the node has proved, in the TLS handshake, to hold a key that the address allows.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>

#include "cli/client/address.hpp"
#include "node/api/route.hpp"

namespace hufu::cli {

struct Call {
  api::Method method = api::Method::get;
  std::string target;
  Bytes body;
  std::string_view expects = api::kBinaryType;  // the media type of a good answer
};

struct Exchange {
  // How far it came. After `sent` the node may have acted on it.
  enum class Reached : std::uint8_t { nothing, connected, sent, answered };
  Reached reached = Reached::nothing;
  bool reused = false;  // the connection was an old one, which the node may have closed meanwhile
  Error error = Error::ledger_unavailable;  // unless answered
  std::string why;
  unsigned status = 0;
  bool expected = false;  // it is of the media type that the call expects
  bool binary = false;    // canonical bytes
  std::string location;
  Bytes body;
};

// A connection, or none; belongs to one coroutine at a time.
class Link {
 public:
  explicit Link(boost::asio::any_io_executor executor);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Never throws for what the network does. The call and the address must outlive it.
  boost::asio::awaitable<Exchange> exchange(const Address& address, const Call& call,
                                            std::chrono::milliseconds timeout);

 private:
  struct Stream;
  boost::asio::any_io_executor executor_;
  std::unique_ptr<Stream> stream_;
};

}  // namespace hufu::cli
