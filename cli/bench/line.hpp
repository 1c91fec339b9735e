// One connection of a measurement: HTTP/1.1 over TLS 1.3, kept open, several requests under way.
//
// Small on purpose: on a machine that also runs the nodes, what the client uses the nodes do not have. It reads the answers of
// this ledger's nodes, which state their length, and nothing else. Nothing is sent before the node has proved its key.
//
// Used on the thread that runs the loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "cli/client/address.hpp"

namespace hufu::cli::bench {

// Views are valid during the call.
struct Answer {
  unsigned status = 0;
  std::string_view type;
  ByteSpan body;
};

// The first whole answer in what has arrived, and how many bytes it takes; nothing: more has to arrive. Pure.
// Error::not_canonical for what no node of ours says.
struct ReadAnswer {
  Answer answer;
  std::size_t bytes = 0;
};
Result<std::optional<ReadAnswer>> read_answer(ByteSpan arrived);

class Line {
 public:
  // Answers come in the order of the requests.
  using Answered = std::function<void(const Answer&)>;
  using Lost = std::function<void(const std::string& why)>;

  Line(boost::asio::io_context& loop, boost::asio::ssl::context& tls, const Address& address);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  // Runs the loop. Why not, if not.
  std::optional<std::string> connect();
  // From now on these are called; `lost` once at most, and then nothing more.
  void listen(Answered answered, Lost lost);
  // The bytes stay where they are until they are answered.
  void send(ByteSpan request);
  bool is_lost() const { return lost_; }

 private:
  using Stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
  std::optional<std::string> say_hello();
  void write_next();
  void read_more();
  void arrived(std::size_t count);
  void lose(const std::string& why);

  boost::asio::io_context& loop_;
  const Address address_;
  Stream stream_;
  std::deque<ByteSpan> unsent_;
  bool writing_ = false;
  bool lost_ = false;
  Bytes buffer_;
  std::size_t filled_ = 0;
  Answered answered_;
  Lost on_lost_;
};

}  // namespace hufu::cli::bench
