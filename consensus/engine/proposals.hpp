// What clients asked for and is not answered yet: entries and reads, waiting or on their way. Pure bookkeeping.
//
// Invariants
//   Q1  every callback taken in is handed out exactly once
//   Q2  a read leaves no earlier than everything that was under way when it was asked for: it flies with the next round
//   Q3  waiting entries are bounded in number and bytes
#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "consensus/raft.hpp"

namespace hufu::consensus {

using Answers = std::deque<std::function<void()>>;

class Proposals {
 public:
  Proposals(std::size_t max_entries, std::size_t max_bytes)
      : max_entries_(max_entries), max_bytes_(max_bytes) {}

  // False (nothing is taken): too much waits.
  bool add(Bytes& entry, ProposeCallback& done);
  bool add(ReadCallback& done);

  bool nothing_waits() const { return waiting_.empty() && waiting_reads_.empty(); }
  bool nothing_flies() const { return flying_.empty() && flying_reads_.empty(); }
  std::size_t waiting_entries() const { return waiting_.size(); }
  std::size_t flying_entries() const { return flying_.size(); }

  // The next group starts at index first: its entries, in order; none means that only reads wait and a barrier must carry
  // them. At least one entry, then up to both limits.
  std::vector<Bytes> take_off(std::uint64_t first, std::size_t max_entries, std::size_t max_bytes);

  // Everything up to here is committed and applied.
  void landed(std::uint64_t applied, Answers& answers);
  // Leadership is lost: what flies is unknown, what waits was never proposed.
  void abandon(Answers& answers);

 private:
  struct Waiting {
    Bytes entry;
    ProposeCallback done;
  };
  struct Flying {
    std::uint64_t index;
    ProposeCallback done;
  };
  struct FlyingRead {
    std::uint64_t index;
    ReadCallback done;
  };

  const std::size_t max_entries_;
  const std::size_t max_bytes_;
  std::size_t waiting_bytes_ = 0;
  std::deque<Waiting> waiting_;
  std::deque<ReadCallback> waiting_reads_;
  std::deque<Flying> flying_;  // indexes rise
  std::deque<FlyingRead> flying_reads_;
};

}  // namespace hufu::consensus
