// How far long work has come, in one line that is drawn over: done, share, rate, time left.
//
// Draws at most ten times a second, only where someone can see it, and leaves the line clean when it goes.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace hufu::cli::text {

// What a progress line says. Pure. `total` of 0: unknown.
std::string progress_line(std::string_view title, std::uint64_t done, std::uint64_t total, double seconds,
                          std::string_view unit, bool chinese);

class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  // Not shown: nothing is ever drawn. On a terminal the line is drawn over; elsewhere (asked for with --progress) a new
  // line is written every five seconds.
  Progress(std::string title, std::string unit, bool shown, bool terminal, bool chinese);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::uint64_t done, std::uint64_t total);
  // Wipes the line, so that something else can be said.
  void clear();
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  std::string title_;
  std::string unit_;
  bool shown_;
  bool terminal_;
  bool chinese_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};
};

}  // namespace hufu::cli::text
