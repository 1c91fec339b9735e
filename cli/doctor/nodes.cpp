#include "cli/doctor/nodes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "cli/text/width.hpp"

namespace hufu::cli {
namespace {

using namespace doctor;

std::string duration_of_ms(std::uint64_t ms) { return text::duration(static_cast<double>(ms) / 1000); }

std::optional<double> sample(const NodeReport& node, std::string_view name) {
  const auto found = node.metrics.find(name);
  if (found == node.metrics.end()) return std::nullopt;
  return found->second;
}

void examine_role(const NodeReport& node, Symptoms& symptoms) {
  const api::NodeStatus& status = *node.status;
  const std::string found = fmt::format("{} {} at block {}, {}", status.name, api::name_of(status.role),
                                        status.head.height, status.version);
  if (status.ready) return symptoms.push_back({Health::ok, node.url, found, ""});
  symptoms.push_back({Health::warn, node.url, found + ", not ready",
                      fmt::format("curl {}/readyz says why; then the log of {}", node.url, status.name)});
}

void examine_progress(const NodeReport& node, std::uint64_t highest, Symptoms& symptoms) {
  const api::NodeStatus& status = *node.status;
  if (status.catching_up_to != 0) {
    return symptoms.push_back(
        {Health::warn, status.name,
         fmt::format("fetches blocks, {} of {}", status.head.height, status.catching_up_to),
         "wait, and ask again: hufu cluster status"});
  }
  if (status.head.height + kBehindBlocks >= highest) return;
  symptoms.push_back({Health::warn, status.name,
                      fmt::format("{} blocks behind", highest - status.head.height),
                      fmt::format("the log of {}: can it reach the others, and they it?", status.name)});
}

void examine_certified(const NodeReport& node, Symptoms& symptoms) {
  const api::NodeStatus& status = *node.status;
  const std::string next = "a quorum of nodes must be up, reach each other and agree: hufu cluster status";
  const std::uint64_t blocks = status.head.height + 1;
  if (status.certified_size == 0) {
    return symptoms.push_back(
        {Health::warn, status.name + " certified", "no checkpoint of a quorum since it started", next});
  }
  const std::uint64_t signed_ms = status.certified_time_s * 1000;
  const std::uint64_t age = node.asked_ms > signed_ms ? node.asked_ms - signed_ms : 0;
  const std::uint64_t behind = blocks > status.certified_size ? blocks - status.certified_size : 0;
  const Health health = age > kCertifiedFailMs                             ? Health::fail
                        : age > kCertifiedWarnMs || behind > kBehindBlocks ? Health::warn
                                                                           : Health::ok;
  if (health == Health::ok) return;
  symptoms.push_back({health, status.name + " certified",
                      fmt::format("{} ago, {} blocks below its newest", duration_of_ms(age), behind), next});
}

void examine_disk_of(const NodeReport& node, Symptoms& symptoms) {
  const api::NodeStatus& status = *node.status;
  const auto size = static_cast<std::uint64_t>(sample(node, "hufu_disk_size_bytes").value_or(0));
  const Symptom space = examine_disk(status.name + " disk", status.disk_free, size,
                                     "docs/operations.md, \"The disk becomes full\"");
  if (space.health != Health::ok) symptoms.push_back(space);
  if (sample(node, "hufu_disk_full").value_or(0) > 0) {
    symptoms.push_back({Health::fail, status.name + " disk", "full: it takes no submission",
                        "docs/operations.md, \"The disk becomes full\""});
  }
  if (sample(node, "hufu_disk_stalled").value_or(0) > 0) {
    symptoms.push_back({Health::fail, status.name + " disk",
                        fmt::format("has not answered for {}",
                                    text::duration(sample(node, "hufu_disk_busy_seconds").value_or(0))),
                        "docs/operations.md, \"The disk does not answer\""});
  } else if (const double stalls = sample(node, "hufu_disk_stalls").value_or(0); stalls > 0) {
    symptoms.push_back({Health::warn, status.name + " disk",
                        fmt::format("did not answer in time, {} times since it started", stalls),
                        fmt::format("dmesg and smartctl on the machine of {}", status.name)});
  }
}

void examine_clock(const NodeReport& node, Symptoms& symptoms) {
  const api::NodeStatus& status = *node.status;
  const std::string next = fmt::format("timedatectl set-ntp true, on {} and here", status.name);
  std::uint64_t apart = 0;
  std::string found;
  if (const auto clock = sample(node, "hufu_clock_seconds")) {
    const auto theirs = static_cast<std::uint64_t>(*clock * 1000);
    apart = theirs > node.asked_ms ? theirs - node.asked_ms : node.asked_ms - theirs;
    found = fmt::format("{} {} this machine's", duration_of_ms(apart),
                        theirs > node.asked_ms ? "ahead of" : "behind");
  } else if (status.head.time_ms > node.asked_ms) {
    // The newest block's time is a leader's clock: it can lie before now by any amount, never after.
    apart = status.head.time_ms - node.asked_ms;
    found = fmt::format("the newest block is {} ahead of this machine's clock", duration_of_ms(apart));
  }
  if (apart <= kSkewWarnMs) return;
  symptoms.push_back(
      {apart > kSkewFailMs ? Health::fail : Health::warn, status.name + " clock", found, next});
}

// One version, one chain.
void examine_agreement(std::span<const NodeReport> nodes, Symptoms& symptoms) {
  std::set<std::string> versions;
  std::map<std::uint64_t, std::pair<Hash, std::string>> heads;
  for (const NodeReport& node : nodes) {
    if (!node.status) continue;
    versions.insert(node.status->version);
    const auto [first, fresh] =
        heads.try_emplace(node.status->head.height, node.status->head_hash, node.status->name);
    if (fresh || first->second.first == node.status->head_hash) continue;
    symptoms.push_back(
        {Health::fail, "two histories",
         fmt::format("block {} of {} is {}, of {} {}", node.status->head.height, first->second.second,
                     short_hex(first->second.first), node.status->name, short_hex(node.status->head_hash)),
         "stop writing; hufu audit ledger against each of them; keep both disks"});
  }
  if (versions.size() < 2) return;
  std::string list;
  for (const std::string& version : versions) list += (list.empty() ? "" : ", ") + version;
  symptoms.push_back(
      {Health::warn, "versions", list, "finish the upgrade: docs/operations.md, \"Upgrading\""});
}

Symptom examine_quorum(std::span<const NodeReport> nodes, std::size_t needed, std::size_t of) {
  const auto up = static_cast<std::size_t>(std::count_if(
      nodes.begin(), nodes.end(), [](const NodeReport& node) { return node.status.has_value(); }));
  const std::string found = fmt::format("{} of {} nodes up; {} needed", up, of, needed);
  if (up < needed) {
    return {Health::fail, "quorum", found,
            "hufu node start on the nodes that are down; are their disks lost: docs/operations.md, \"The "
            "quorum is lost\""};
  }
  const bool led = std::any_of(nodes.begin(), nodes.end(), [](const NodeReport& node) {
    return node.status && (node.status->role == api::Role::leader || node.status->leader != 0);
  });
  if (!led)
    return {Health::fail, "quorum", found + ", but no leader",
            "can the nodes reach each other? their logs say"};
  // One more failure, and nothing is written any more.
  if (up == needed && of > needed) {
    return {Health::warn, "quorum", found + ": none may fail", "hufu node start on the nodes that are down"};
  }
  return {Health::ok, "quorum", found, ""};
}

}  // namespace

Samples parse_samples(std::string_view metrics) {
  Samples samples;
  while (!metrics.empty()) {
    const std::string_view line = metrics.substr(0, metrics.find('\n'));
    metrics.remove_prefix(std::min(metrics.size(), line.size() + 1));
    const std::size_t space = line.find(' ');
    if (line.starts_with('#') || space == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, space);
    if (name.find('{') != std::string_view::npos) continue;
    double value = 0;
    const auto [end, error] = std::from_chars(line.data() + space + 1, line.data() + line.size(), value);
    if (error == std::errc() && end == line.data() + line.size()) samples.emplace(name, value);
  }
  return samples;
}

Symptom examine_disk(std::string what, std::uint64_t free, std::uint64_t size, std::string next) {
  std::string found = text::bytes_size(free) + " free";
  if (size > 0) found += " of " + text::bytes_size(size);
  const bool low = free < kDiskWarn ||
                   (size > 0 && static_cast<double>(free) < kDiskWarnShare * static_cast<double>(size));
  const Health health = free < kDiskFail ? Health::fail : low ? Health::warn : Health::ok;
  return {health, std::move(what), std::move(found), health == Health::ok ? "" : std::move(next)};
}

Symptoms examine_nodes(std::span<const NodeReport> nodes, const RosterStanding& roster, bool whole) {
  Symptoms symptoms;
  std::uint64_t highest = 0;
  for (const NodeReport& node : nodes) {
    if (node.status) highest = std::max(highest, node.status->head.height);
  }
  for (const NodeReport& node : nodes) {
    if (!node.status) {
      symptoms.push_back(
          {Health::fail, node.url, node.why,
           node.next.empty() ? "hufu node start on that machine; its log says why it stopped" : node.next});
      continue;
    }
    examine_role(node, symptoms);
    examine_progress(node, highest, symptoms);
    examine_certified(node, symptoms);
    examine_disk_of(node, symptoms);
    examine_clock(node, symptoms);
  }
  examine_agreement(nodes, symptoms);
  const std::size_t of = whole ? roster.members.size() : nodes.size();
  symptoms.push_back(examine_quorum(nodes, whole ? roster.quorum() : 1, of));
  return symptoms;
}

}  // namespace hufu::cli
