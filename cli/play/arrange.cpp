#include "cli/play/arrange.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace hufu::cli::play {
namespace {

using Order = std::vector<std::size_t>;  // indices of a life's events

bool is_of_buyer(EventKind kind) {
  return kind == EventKind::inv_claim || kind == EventKind::inv_unclaim || kind == EventKind::inv_archive;
}

std::size_t refused(const std::vector<LineEvent>& events, const Order& life, const Trial& trial) {
  std::vector<const Event*> order;
  for (const std::size_t index : life) order.push_back(&events[index].event);
  return trial(order);
}

// The buyer's events from `claim` on, as many as `count`, before `request`.
Order with_forward(const Order& life, std::size_t request, std::size_t claim, std::size_t count) {
  Order forward;
  Order rest;
  for (std::size_t i = 0; i < life.size(); ++i) {
    const bool moved = i >= claim && i < claim + count;
    (moved ? forward : rest).push_back(life[i]);
  }
  rest.insert(rest.begin() + static_cast<std::ptrdiff_t>(request), forward.begin(), forward.end());
  return rest;
}

// The order in which the law accepts this life, where bringing forward claims after a red-letter invoice is enough.
std::optional<std::pair<Order, std::size_t>> accepted_order(const std::vector<LineEvent>& events,
                                                            const Order& life, const Trial& trial) {
  std::optional<std::size_t> request;
  bool taken_back = false;
  for (std::size_t i = 0; i < life.size(); ++i) {
    const EventKind kind = events[life[i]].event.kind;
    if (kind == EventKind::red_request && !taken_back) request = i;
    taken_back = taken_back || (kind == EventKind::red_issue && request);
    if (!taken_back || kind != EventKind::inv_claim) continue;
    for (std::size_t count = 1; i + count <= life.size(); ++count) {
      if (!is_of_buyer(events[life[i + count - 1]].event.kind)) break;
      Order order = with_forward(life, *request, i, count);
      if (refused(events, order, trial) == 0) return std::pair(std::move(order), count);
    }
  }
  return std::nullopt;
}

}  // namespace

std::size_t arrange(std::vector<LineEvent>& events, const Trial& trial) {
  std::map<SubjectKey, Order> lives;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!is_of_license(events[i].event.kind)) lives[events[i].event.life()].push_back(i);
  }
  Order places(events.size());  // which event is played at each place
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::size_t moved = 0;
  for (const auto& [unused, life] : lives) {
    const auto is = [&](EventKind kind) {
      return [&events, kind](std::size_t index) { return events[index].event.kind == kind; };
    };
    const auto red = std::find_if(life.begin(), life.end(), is(EventKind::red_issue));
    if (std::none_of(red, life.end(), is(EventKind::inv_claim))) continue;
    if (refused(events, life, trial) == 0) continue;
    const auto accepted = accepted_order(events, life, trial);
    if (!accepted) continue;
    // The life keeps its places among the others; only who stands where is changed.
    for (std::size_t i = 0; i < life.size(); ++i) places[life[i]] = accepted->first[i];
    moved += accepted->second;
  }
  std::vector<LineEvent> arranged;
  arranged.reserve(events.size());
  for (const std::size_t place : places) arranged.push_back(std::move(events[place]));
  events = std::move(arranged);
  return moved;
}

}  // namespace hufu::cli::play
