#include "cli/client/node_blocks.hpp"

namespace hufu::cli {

Reply<std::unique_ptr<NodeBlocks>> NodeBlocks::open(ClientOptions options) {
  auto blocks = std::unique_ptr<NodeBlocks>(new NodeBlocks);
  while (blocks->clients_.size() < kAhead) {
    Reply<std::unique_ptr<Client>> client = Client::make(options);
    if (!client) return client.error();
    blocks->clients_.push_back(*std::move(client));
    if (blocks->clients_.size() > 1) continue;
    Client& first = *blocks->clients_.front();
    const Reply<std::string> note = first.checkpoint_note();
    if (note) {
      blocks->checkpoint_note_ = *note;
    } else {
      blocks->checkpoint_note_ = note.error().problem.refusal.error;
    }
    // Of the node alone: also one that is cut off from the others can be audited.
    const Reply<api::Head> head = first.head(api::ReadWish::local);
    if (!head) return head.error();
    blocks->head_ = *head;
    blocks->url_ = first.last_url();
    options.urls = {blocks->url_};
  }
  return blocks;
}

Result<std::optional<Bytes>> NodeBlocks::block(std::uint64_t height) {
  if (height > head_.header.height || height >= end_) return std::optional<Bytes>();
  HUFU_CHECK(height == next_ - asked_.size());
  ask_ahead();
  Reply<Bytes> reply = asked_.front().get();
  asked_.pop_front();
  ask_ahead();
  if (!reply) {
    failure_ = reply.error();
    return reply.error().problem.refusal.error;
  }
  return std::optional<Bytes>(*std::move(reply));
}

void NodeBlocks::ask_ahead() {
  while (asked_.size() < clients_.size() && next_ <= head_.header.height && next_ < end_) {
    // Free again: the block it was asked for kAhead heights ago has come.
    Client& client = *clients_[next_ % clients_.size()];
    asked_.push_back(
        std::async(std::launch::async, [&client, height = next_] { return client.block(height); }));
    ++next_;
  }
}

}  // namespace hufu::cli
