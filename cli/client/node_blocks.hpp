// The blocks of one node, for an audit over HTTP. A few are asked for ahead of the one whose turn it is, each over a
// connection of its own; memory is bounded by them. For one thread.
#pragma once

#include <deque>
#include <future>
#include <limits>

#include "cli/client/client.hpp"
#include "ledger/chain/audit.hpp"

namespace hufu::cli {

class NodeBlocks final : public BlockSource {
 public:
  static constexpr std::size_t kAhead = 4;

  // All blocks come from the node that answers first.
  static Reply<std::unique_ptr<NodeBlocks>> open(ClientOptions options);

  const std::string& url() const { return url_; }
  // What the node said of its newest block when it was opened: a claim, like everything that it says.
  const api::Head& head() const { return head_; }
  // The checkpoint that it served just before: it covers no more than the head.
  const Result<std::string>& checkpoint_note() const { return checkpoint_note_; }

  // Nothing is asked for from this height on. Before the first block.
  void end_at(std::uint64_t height) { end_ = height; }

  // In order from 0; nothing above the head, or from end_at() on.
  Result<std::optional<Bytes>> block(std::uint64_t height) override;
  // Why a block could not be had.
  const std::optional<Failure>& failure() const { return failure_; }

 private:
  NodeBlocks() = default;
  void ask_ahead();

  std::string url_;
  api::Head head_;
  Result<std::string> checkpoint_note_ = Error::not_certified;
  std::vector<std::unique_ptr<Client>> clients_;
  std::uint64_t end_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t next_ = 0;  // height that will be asked for next
  std::optional<Failure> failure_;
  std::deque<std::future<Reply<Bytes>>> asked_;  // last: whoever is still asking needs its client
};

}  // namespace hufu::cli
