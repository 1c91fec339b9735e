// Guard "barrier": a new leader first proposes an empty entry of its own term, in the same turn in which it was elected; until
// that entry is stored no append result of that term is delivered, and until it is committed no client's entry is taken.
//
// Bug (libraft 0.15.0, replication.c:1623): the engine commits entries of older terms by counting replicas (figure 8 of
// the Raft paper). A later leader can then overwrite what was applied. With the guard a majority is only ever counted at an
// index at or above an entry of the leader's own term.
#pragma once

#include <cstdint>

namespace hufu::consensus {

class BarrierGuard {
 public:
  explicit BarrierGuard(bool on) : on_(on) {}

  // After every turn of the engine. True: propose the barrier now; it will have the index last + 1.
  bool on_turn(bool leader, std::uint64_t term, std::uint64_t last) {
    if (!leader) led_term_ = 0;
    if (!leader || led_term_ == term) return false;
    led_term_ = term;
    index_ = on_ ? last + 1 : 0;
    return on_;
  }

  // Treat an append result of this term as lost? The follower repeats it with the next heartbeat.
  bool hold_result(std::uint64_t result_term, std::uint64_t stored) const {
    return on_ && led_term_ != 0 && result_term == led_term_ && stored < index_;
  }

  // Leader, and everything of earlier terms is applied.
  bool ready(std::uint64_t applied) const { return led_term_ != 0 && applied >= index_; }

  // The term led, 0 when not leading.
  std::uint64_t led_term() const { return led_term_; }

 private:
  bool on_;
  std::uint64_t led_term_ = 0;
  std::uint64_t index_ = 0;
};

}  // namespace hufu::consensus
