// One question, asked until a node answers it or patience is over: which address next, when to wait, what to conclude.
// Runs on the client's own thread.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "cli/client/client.hpp"
#include "cli/client/exchange.hpp"

namespace hufu::cli {

// What all dialogues of a client share.
struct AddressBook {
  ClientOptions options;
  std::vector<Address> addresses;      // in the order in which they are tried
  std::vector<Address> of_roster;      // where a redirect may also lead
  std::atomic<std::size_t> preferred;  // of addresses, then of of_roster: the one that answered last

  const Address& at(std::size_t index) const;
  // The address that a redirect names, if it is one of ours.
  std::optional<std::size_t> find(std::string_view location) const;
};

class Dialogue {
 public:
  Dialogue(AddressBook& book, Link& link, const Call& call, boost::asio::any_io_executor executor);

  // The canonical bytes of the answer.
  boost::asio::awaitable<Reply<Bytes>> run();

 private:
  // What to do after an exchange.
  enum class Next : std::uint8_t { done, same, other, redirected };

  Next judge(const Exchange& exchange);
  Next judge_answer(const Exchange& exchange);
  Next judge_failure(const Exchange& exchange);
  void remember(Error error, std::string why);
  bool is_over() const;
  Failure conclude();
  boost::asio::awaitable<void> pause();
  const Address& here() const { return book_.at(at_); }

  AddressBook& book_;
  Link& link_;
  const Call& call_;
  boost::asio::steady_timer timer_;
  std::chrono::steady_clock::time_point begun_;
  std::size_t at_ = 0;
  std::size_t tried_ = 0;  // addresses since the last pause
  unsigned rounds_ = 0;
  unsigned redirects_ = 0;
  bool renewed_ = false;    // an old connection was replaced by a new one
  bool connected_ = false;  // somebody was there at least once
  bool maybe_written_ = false;
  std::uint32_t wait_ms_ = 0;  // as the node wishes
  std::optional<Reply<Bytes>> reply_;
  std::optional<Failure> refused_;  // the latest passing refusal
  std::vector<Attempt> attempts_;
};

// A node's refusal, as it came; what cannot be read is told by its status.
api::Problem problem_of(const Exchange& exchange);

}  // namespace hufu::cli
