#include "cli/bench/cluster.hpp"

#include <fmt/format.h>

#include "cli/bench/machine.hpp"
#include "cli/client/ask_text.hpp"
#include "cli/files.hpp"
#include "ledger/chain/block.hpp"

namespace hufu::cli::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kDrainedIn = std::chrono::seconds(120);
constexpr auto kLook = std::chrono::milliseconds(20);

constexpr std::string_view kSettings = "\n[rates]\naddress_per_second = 0\nagency_per_second = 0\n";

// As an operator would, in the node's own file.
Try<void> lift_rates(const demo::DemoNode& node) {
  const std::string path = node.folder + "/node.toml";
  Try<Bytes> text = read_file(path, 1U << 20);
  if (!text) return text.error();
  const ByteSpan more = as_bytes(kSettings);
  text->insert(text->end(), more.begin(), more.end());
  return replace_file(path, *text, 0600);
}

Trouble interrupted() { return {.error = Error::usage, .what = "stopped by a signal", .exit = kLocal}; }

}  // namespace

Try<void> Cluster::start() {
  for (const demo::DemoNode& node : founded_.nodes) {
    if (const auto lifted = lift_rates(node); !lifted) return lifted;
  }
  if (const auto started = processes_.start_all(); !started) return started;
  addresses_ = roster_addresses(founded_.genesis);
  return stage_.wait_until_ready(true);
}

Try<std::uint64_t> Cluster::drained() {
  const auto deadline = Clock::now() + kDrainedIn;
  while (Clock::now() < deadline) {
    std::optional<Hash> head;
    std::uint64_t height = 0;
    bool same = true;
    for (const NodeReply& reply : stage_.client().status_of_each()) {
      same = same && reply.status && (!head || *head == reply.status->head_hash) &&
             reply.status->certified_size == reply.status->head.height + 1;
      if (!same) break;
      head = reply.status->head_hash;
      height = reply.status->head.height;
    }
    if (same) return height;
    if (const auto node = processes_.ended())
      return Trouble{.error = Error::ledger_unavailable,
                     .what = fmt::format("{} ended by itself", founded_.nodes[*node].name),
                     .next = fmt::format("see {}; --keep keeps it", founded_.nodes[*node].log()),
                     .exit = kLocal};
    if (stop_asked()) return interrupted();
    signals_.wait_for(kLook);
  }
  return Trouble{
      .error = Error::timed_out,
      .what = fmt::format("the nodes have not come to one certified head within {} s", kDrainedIn.count())};
}

Try<OnLedger> Cluster::count(std::uint64_t from, std::uint64_t to) {
  OnLedger counted;
  for (std::uint64_t height = from + 1; height <= to; ++height) {
    const Reply<Bytes> bytes = stage_.client().block(height);
    if (!bytes) return trouble_of(bytes.error(), session(), fmt::format("cannot read block {}", height));
    const Result<Block> block = decode<Block>(*bytes);
    if (!block)
      return Trouble{.error = block.error(), .what = fmt::format("block {} cannot be read", height)};
    counted.submissions += block->submissions.size();
    for (const Submission& each : block->submissions) counted.records += each.operations.size();
    if (stop_asked()) return interrupted();
  }
  return counted;
}

Try<StageTimes> Cluster::stages(std::size_t node) const {
  const auto text = ask_metrics(addresses_[node], std::chrono::seconds(10));
  if (!text)
    return Trouble{.error = text.error().refusal.error,
                   .what = "cannot read the metrics of " + founded_.nodes[node].name,
                   .why = text.error().why};
  return read_stages(*text);
}

std::vector<double> Cluster::cpu_seconds() const {
  std::vector<double> seconds;
  for (std::size_t node = 0; node < nodes(); ++node) seconds.push_back(cpu_seconds_of(processes_.pid(node)));
  return seconds;
}

std::vector<double> Cluster::resident() const {
  std::vector<double> megabytes;
  for (std::size_t node = 0; node < nodes(); ++node) megabytes.push_back(resident_mb(processes_.pid(node)));
  return megabytes;
}

std::uint64_t Cluster::disk() const {
  std::uint64_t bytes = 0;
  for (std::size_t node = 0; node < nodes(); ++node) bytes += disk_bytes(data_folder(node));
  return bytes;
}

bool Cluster::stop_asked() {
  signals_.wait_for(std::chrono::milliseconds(0));
  return signals_.stop_asked();
}

}  // namespace hufu::cli::bench
