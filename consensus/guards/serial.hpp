// Guard "serial": nothing is delivered to the engine while a disk step is under way; afterwards messages before ticks.
//
// Bug (libraft 0.15.0, replication.c:790, 1239, 1279): a message or a tick that arrives during a disk write finds the
// engine half-way. A follower acknowledges to a leader of an older term, a snapshot is installed against an append that is
// still being written, a callback runs on freed state. Without the guard about one seed in ten of the simulator breaks,
// some with a crash.
#pragma once

namespace hufu::consensus {

class SerialGuard {
 public:
  explicit SerialGuard(bool on) : on_(on) {}

  bool may_enter(bool disk_busy) const { return !on_ || !disk_busy; }

 private:
  bool on_;
};

}  // namespace hufu::consensus
