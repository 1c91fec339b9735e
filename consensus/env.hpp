// The world outside Raft: clock, randomness, network and disk, injected so that a whole cluster can run in one thread in
// virtual time and repeat a run from one integer. The adapter and its guards know no other source of these.
#pragma once

#include <cstdint>
#include <functional>

#include "consensus/types.hpp"

namespace hufu::consensus {

class Env {
 public:
  virtual ~Env() = default;

  // Monotonic; never the wall clock.
  virtual std::uint64_t now_ms() = 0;

  // Uniform in [low, high).
  virtual int random(int low, int high) = 0;

  // Hands a frame to the network. False when it certainly goes nowhere (not connected, queue full); true promises nothing.
  // Must not call back into Raft.
  virtual bool send(NodeId to, Bytes frame) = 0;

  // Runs work off the loop, then done on the loop; neither inside this call. At most one at a time is under way. Keeps
  // done alive until work has ended, also when done will never be called: what work reads belongs to it.
  virtual void disk(std::function<void()> work, std::function<void()> done) = 0;
};

}  // namespace hufu::consensus
