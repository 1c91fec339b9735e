// The demo's nodes as processes of their own: started, watched, stopped. Only processes that this demo started are ever
// signalled: a pid file holds the pid and the process's start time, and both must fit.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/demo/founding.hpp"
#include "cli/session.hpp"

namespace hufu::cli::demo {

// SIGINT, SIGTERM, SIGHUP and SIGCHLD are taken out of the ordinary way, to be waited for. Made before any thread.
class Signals {
 public:
  Signals();
  // The next signal, or nothing when the time is over. SIGCHLD is told only for a wait without another.
  std::optional<int> wait_for(std::chrono::milliseconds time);
  // True once somebody asked to stop; remembered.
  bool stop_asked() const { return stop_asked_; }

 private:
  bool stop_asked_ = false;
};

class Processes {
 public:
  // `detached` processes outlive this one.
  Processes(const Founded& founded, bool detached)
      : founded_(founded), detached_(detached), pids_(founded.nodes.size()) {}
  ~Processes();
  Processes(const Processes&) = delete;
  Processes& operator=(const Processes&) = delete;

  Try<void> start(std::size_t node);
  Try<void> start_all();
  // Collects what has ended; the index of a node that ended unasked.
  std::optional<std::size_t> ended();
  void kill_hard(std::size_t node);  // SIGKILL, and waits for its end
  void stop_all(Signals& signals);   // SIGTERM, then SIGKILL after ten seconds
  pid_t pid(std::size_t node) const { return pids_[node]; }

 private:
  const Founded& founded_;
  bool detached_;
  std::vector<pid_t> pids_;
};

// The path of this very program.
std::string own_program();

// What a pid file says, if that process is alive and the one that was meant.
std::optional<pid_t> living(const std::string& pid_file);
// Stops the processes whose pid files lie in DIR/node-*/pid. Gives how many there were.
Try<unsigned> stop_by_pid_files(const std::string& directory);

}  // namespace hufu::cli::demo
