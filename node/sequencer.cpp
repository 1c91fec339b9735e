#include "node/sequencer.hpp"

#include <algorithm>

#include "ledger/base/failpoint.hpp"

namespace hufu::node {
namespace {

// An id whose proposal was committed without an outcome (a void entry) is tried again so often.
constexpr unsigned kMaxTries = 3;

}  // namespace

Bytes encode_proposal(std::uint64_t height, const Hash& parent, std::uint64_t time_ms,
                      std::span<const std::shared_ptr<const Bytes>> submissions) {
  std::size_t bytes = 64;
  for (const auto& each : submissions) bytes += each->size();
  Writer writer;
  writer.reserve(bytes);
  const std::uint8_t version = Proposal::kVersion;
  const auto count = static_cast<std::uint16_t>(submissions.size());
  static_assert(limits::kSubmissionsPerBlock > 0xFF && limits::kSubmissionsPerBlock <= 0xFFFF,
                "the list's length is u16");
  writer& version& height& parent& time_ms& count;
  for (const auto& each : submissions) writer.raw(*each);
  return writer.take();
}

Sequencer::Sequencer(SequencerParts parts) : parts_(std::move(parts)) {
  parts_.metrics.gauge("hufu_sequencer_waiting", "Submissions that wait for a block.",
                       [this] { return static_cast<double>(ids_.size()); });
}

Result<void> Sequencer::put(const Hash& id, std::shared_ptr<const Bytes> submission) {
  if (!parts_.ready()) return Error::not_leader;
  if (ids_.contains(id)) return {};  // Q3
  if (queue_.size() >= parts_.limits.queue_submissions ||
      queue_bytes_ + submission->size() > parts_.limits.queue_bytes) {
    return Error::overloaded;  // Q5
  }
  ids_.insert(id);
  queue_bytes_ += submission->size();
  queue_.push_back({.id = id, .submission = std::move(submission)});
  build_later();
  return {};
}

void Sequencer::build_later() {
  if (build_posted_ || on_its_way_ || queue_.empty()) return;
  build_posted_ = true;
  // Posted, so that what arrives in the same turn of the loop makes one block.
  parts_.post([this] {
    build_posted_ = false;
    build();
  });
}

std::vector<Sequencer::Item> Sequencer::take_batch() {
  std::vector<Item> batch;
  std::size_t bytes = 0;
  while (!queue_.empty() && batch.size() < parts_.limits.block_submissions) {
    Item& next = queue_.front();
    if (!batch.empty() && bytes + next.submission->size() > parts_.limits.block_bytes) break;
    bytes += next.submission->size();
    queue_bytes_ -= next.submission->size();
    if (ids_.contains(next.id)) batch.push_back(std::move(next));  // else it had its outcome while it waited
    queue_.pop_front();
  }
  return batch;
}

void Sequencer::build() {
  if (on_its_way_) return;  // Q1
  if (!parts_.ready()) return lose_queue();
  flying_ = take_batch();
  if (flying_.empty()) return;
  std::vector<std::shared_ptr<const Bytes>> submissions;
  for (const Item& item : flying_) submissions.push_back(item.submission);
  const BlockHeader& head = parts_.head();
  const std::uint64_t time_ms = std::max(parts_.wall_clock_ms(), head.time_ms + 1);  // Q2
  on_its_way_ = true;
  parts_.metrics.histogram("hufu_proposal_submissions", "Submissions in a proposal.", size_bounds())
      .observe(static_cast<double>(flying_.size()));
  Bytes entry = encode_proposal(head.height + 1, parts_.head_hash(), time_ms, submissions);
  failpoint("sequencer.before_propose");
  parts_.propose(std::move(entry), [this](consensus::Outcome outcome) { answered(outcome); });
  failpoint("sequencer.after_propose");
}

void Sequencer::answered(consensus::Outcome outcome) {
  failpoint("sequencer.answered");
  on_its_way_ = false;
  std::vector<Item> flown = std::move(flying_);
  flying_.clear();
  for (auto item = flown.rbegin(); item != flown.rend(); ++item) {
    if (!ids_.contains(item->id)) continue;  // applied, as it should be
    if (outcome.kind != consensus::Outcome::Kind::committed || ++item->tries >= kMaxTries) {
      lose(*item);
    } else {
      queue_bytes_ += item->submission->size();
      queue_.push_front(std::move(*item));
    }
  }
  build_later();
}

void Sequencer::on_applied(std::span<const Hash> ids, StageClock::time_point began) {
  std::size_t known = 0;
  for (const Hash& id : ids) known += ids_.erase(id);
  if (known == 0) return;
  Histogram& times = parts_.metrics.histogram(
      "hufu_ordering_seconds", "On the leader: from being put in order to the execution of the block.",
      kStageBounds);
  for (const Item& item : flying_) {
    if (!ids_.contains(item.id)) times.observe(seconds_between(item.since, began));
  }
}

void Sequencer::on_role_change() {
  if (!parts_.ready()) return lose_queue();
  build_later();
}

void Sequencer::lose(const Item& item) {
  if (ids_.erase(item.id) > 0) parts_.lost(item.id);
}

void Sequencer::lose_queue() {
  std::deque<Item> queue = std::move(queue_);
  queue_.clear();
  queue_bytes_ = 0;
  for (const Item& item : queue) lose(item);
}

}  // namespace hufu::node
