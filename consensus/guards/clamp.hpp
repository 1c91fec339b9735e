// Guard "clamp": a follower acknowledges at most what it has compared with, or got from, the leader of this term.
//
// Bug (libraft 0.15.0, recv_append_entries.c:128): a successful result carries the follower's last index, also when the
// message only proved a shorter prefix. Behind it may stand entries of a deposed leader; the new one counts them as
// replicas of its own and commits without a majority.
#pragma once

#include <algorithm>
#include <cstdint>

namespace hufu::consensus {

class ClampGuard {
 public:
  explicit ClampGuard(bool on) : on_(on) {}

  // The own log agrees up to index with that of the leader of term.
  void verified(std::uint64_t term, std::uint64_t index) {
    if (term != term_) index_ = 0;
    term_ = term;
    index_ = std::max(index_, index);
  }

  // What may be acknowledged in term, of what the engine wants to acknowledge.
  std::uint64_t cap(std::uint64_t term, std::uint64_t claimed) const {
    if (!on_) return claimed;
    return std::min(claimed, term == term_ ? index_ : 0);
  }

 private:
  bool on_;
  std::uint64_t term_ = 0;
  std::uint64_t index_ = 0;
};

}  // namespace hufu::consensus
