// Guard "round": one group of entries is on its way; what is proposed meanwhile forms the next group.
//
// Bug (libraft 0.15.0, replication.c:746): the engine tests for commitment only at the leader's last stored index. Under
// open load there is always a newer entry, which no majority has yet, so nothing ever commits. Grouping is also the group
// commit: one fsync for all that waits.
#pragma once

#include <cstddef>

namespace hufu::consensus {

class RoundGuard {
 public:
  explicit RoundGuard(bool on) : on_(on) {}

  bool may_start(bool round_under_way) const { return !on_ || !round_under_way; }
  std::size_t group_size(std::size_t limit) const { return on_ ? limit : 1; }

 private:
  bool on_;
};

}  // namespace hufu::consensus
