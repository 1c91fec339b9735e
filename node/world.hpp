// Time and threads, as a node's core sees them: injected, so that whole nodes run in one thread on virtual time and repeat a
// run from one integer. What Raft alone needs besides stands in consensus/env.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace hufu::node {

class World {
 public:
  // Destroying it cancels what it waits for.
  class Timer {
   public:
    virtual ~Timer() = default;
  };

  virtual ~World() = default;

  virtual std::uint64_t now_ms() = 0;         // monotonic
  virtual std::uint64_t wall_clock_ms() = 0;  // may jump either way
  // On the loop, later, in the order of the calls.
  virtual void post(std::function<void()> turn) = 0;
  // On the loop, not before the time has passed, unless the timer is gone.
  [[nodiscard]] virtual std::unique_ptr<Timer> after(std::uint64_t ms, std::function<void()> turn) = 0;
  // In the worker pool. What comes of it the piece posts itself.
  virtual void work(std::function<void()> piece) = 0;
};

}  // namespace hufu::node
