#include "node/fetch.hpp"

#include <algorithm>

#include "ledger/base/failpoint.hpp"
#include "ledger/base/mutant.hpp"

namespace hufu::node {

Fetcher::Fetcher(FetchParts parts) : parts_(std::move(parts)), self_(std::make_shared<Fetcher*>(this)) {}

Fetcher::~Fetcher() { *self_ = nullptr; }

void Fetcher::go(const Pointer& target) {
  if (target_ && *target_ == target) return;
  if (target.height - parts_.replica.head().height > kHashes) {
    parts_.log.error("too far behind", {{"target", target.height}, {"head", parts_.replica.head().height}});
    return;
  }
  target_ = target;
  hashes_.assign(1, target.head);
  headers_complete_ = false;
  parts_.log.info("fetching blocks", {{"target", target.height}, {"head", parts_.replica.head().height}});
  step_later(std::chrono::milliseconds(0));
}

void Fetcher::stop() {
  target_.reset();
  hashes_.clear();
  timer_.reset();
}

void Fetcher::step_later(std::chrono::milliseconds pause) {
  timer_ = parts_.world.after(static_cast<std::uint64_t>(pause.count()), [self = self_] {
    if (*self != nullptr) (*self)->step();
  });
}

void Fetcher::step() {
  if (!target_ || asking_ || parts_.replica.dead()) return;
  const std::uint64_t head = parts_.replica.head().height;
  if (head >= target_->height) {
    stop();
    return parts_.arrived();
  }
  if (!headers_complete_) {
    // The header of the lowest known hash comes first: it names the next hash below.
    const std::uint64_t from = target_->height - (hashes_.size() - 1);
    if (from > head + 1) {
      const std::uint64_t missing = from - (head + 1);
      return ask(peer::HeadersRequest{
          .from = from,
          .count = static_cast<std::uint32_t>(std::min<std::uint64_t>(missing, peer::kHeaders))});
    }
    headers_complete_ = true;
  }
  // Raft's own log may have brought some of them meanwhile.
  while (target_->height - (hashes_.size() - 1) <= head) hashes_.pop_back();
  ask(peer::BlocksRequest{.from = head + 1, .max_bytes = peer::kBlocksBytes});
}

std::optional<consensus::NodeId> Fetcher::pick() {
  const std::uint64_t now = parts_.world.now_ms();
  std::optional<std::size_t> best;
  unsigned fewest = 0;
  for (std::size_t i = 0; i < parts_.members.size(); ++i) {
    const std::size_t at = (turn_ + i) % parts_.members.size();
    const auto blamed = blamed_.find(parts_.members[at]);
    if (blamed != blamed_.end() && blamed->second.until_ms > now) continue;
    const unsigned times = blamed == blamed_.end() ? 0 : blamed->second.times;
    if (best && times >= fewest) continue;
    best = at;
    fewest = times;
  }
  if (!best) return std::nullopt;
  turn_ = *best;
  return parts_.members[turn_];
}

void Fetcher::ask(peer::Request request) {
  const auto chosen = pick();
  if (!chosen) return step_later(parts_.pause);
  asking_ = true;
  parts_.peers.ask(*chosen, std::move(request), parts_.ask_wait,
                   [self = self_, from = *chosen](Result<peer::Response> response) {
                     if (*self == nullptr) return;
                     Fetcher& me = **self;
                     me.asking_ = false;
                     if (!me.target_) return;
                     std::optional<std::string_view> complaint = "it does not have them";
                     if (!response) {
                       complaint = code_of(response.error());
                     } else if (const auto* headers = std::get_if<peer::HeadersResponse>(&*response)) {
                       complaint = me.took_headers(*headers);
                     } else if (const auto* blocks = std::get_if<peer::BlocksResponse>(&*response)) {
                       complaint = me.took_blocks(*blocks);
                     }
                     if (complaint) {
                       me.blame(from, *complaint);
                     } else {
                       me.blamed_.erase(from);
                     }
                     if (me.target_) me.step_later(std::chrono::milliseconds(0));
                   });
}

std::optional<std::string_view> Fetcher::took_headers(const peer::HeadersResponse& response) {
  if (response.headers.empty()) return "no headers";
  // True, and no use: who says it again and again would hold this node up for ever.
  if (headers_complete_) return "headers instead of blocks";
  for (const BlockHeader& header : response.headers) {
    const std::uint64_t height = target_->height - (hashes_.size() - 1);
    if (header.height != height || block_hash(header) != hashes_.back()) return "a wrong header";
    const std::uint64_t head = parts_.replica.head().height;
    if (height <= head + 1) {
      // The chain that the leader named must grow out of ours.
      if (height == head + 1 && header.parent != parts_.replica.head_hash()) {
        parts_.fatal("the leader's chain does not contain block " + std::to_string(head) + " of this node");
        return std::nullopt;
      }
      headers_complete_ = true;
      return std::nullopt;
    }
    hashes_.push_back(header.parent);
  }
  return std::nullopt;
}

std::optional<std::string_view> Fetcher::took_blocks(const peer::BlocksResponse& response) {
  if (response.blocks.empty()) return "no blocks";
  for (const peer::EncodedBlock& encoded : response.blocks) {
    if (!target_ || hashes_.empty()) return std::nullopt;
    auto block = decode<Block>(encoded.bytes);
    if (!block) return "an undecodable block";
    const std::uint64_t height = block->header.height;
    const std::uint64_t head = parts_.replica.head().height;
    if (head >= target_->height) return std::nullopt;  // more than was needed
    if (height != head + 1) return "a block out of order";
    if (block_hash(block->header) != hashes_.back() && !mutated("fetch_unchecked")) return "a wrong block";
    if (!check_contents(*block)) return "a block with wrong contents";
    failpoint("fetch.before_block");
    if (auto appended = parts_.replica.append(std::move(*block)); !appended) {
      if (parts_.replica.dead()) return std::nullopt;
      // Hash and contents are those the cluster agreed on: the law gave another result here.
      parts_.fatal("executing block " + std::to_string(height) +
                   " gives something else than the cluster's: " + std::string(code_of(appended.error())));
      return std::nullopt;
    }
    failpoint("fetch.after_block");
    hashes_.pop_back();
    parts_.metrics.counter("hufu_blocks_fetched_total", "Blocks fetched from peers.").add();
  }
  return std::nullopt;
}

void Fetcher::blame(consensus::NodeId peer, std::string_view why) {
  parts_.log.warning("fetch failed", {{"peer", peer}, {"why", std::string(why)}});
  Blame& blamed = blamed_[peer];
  blamed.until_ms = parts_.world.now_ms() + static_cast<std::uint64_t>(parts_.penalty.count());
  ++blamed.times;
  ++turn_;
}

peer::Response answer_headers(const store::LedgerStore& store, const peer::HeadersRequest& request) {
  peer::HeadersResponse response;
  const std::size_t count = std::min<std::size_t>(request.count, peer::kHeaders);
  for (std::uint64_t height = request.from; response.headers.size() < count; --height) {
    const auto header = store.header(height);
    if (!header) return peer::refused(header.error().error);
    if (!*header) return peer::refused(Error::not_found);
    response.headers.push_back(**header);
    if (height == 0) break;
  }
  return response;
}

peer::Response answer_blocks(const store::LedgerStore& store, const peer::BlocksRequest& request) {
  peer::BlocksResponse response;
  const std::size_t most = std::min<std::size_t>(request.max_bytes, peer::kBlocksBytes);
  std::size_t bytes = 0;
  for (std::uint64_t height = request.from; response.blocks.size() < peer::kBlocks; ++height) {
    auto block = store.block_bytes(height);
    if (!block) return peer::refused(block.error().error);
    if (!*block) break;
    bytes += (*block)->size();
    if (!response.blocks.empty() && bytes > most) break;
    response.blocks.push_back({std::move(**block)});
  }
  if (response.blocks.empty()) return peer::refused(Error::not_found);
  return response;
}

}  // namespace hufu::node
