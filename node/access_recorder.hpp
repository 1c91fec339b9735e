// Writes the node's access log (access_log.hpp) beside its work: what arrives while a batch is on its way to the disk makes the
// next batch, so that a slow disk costs one fdatasync for many traces.
//
// Refusals are counted, not listed: one tally for an agency and an error every kTallyMs, or when the log is read, of what this node told its own clients.
// A crash loses what was counted since the last tallies; that, and a log that is full, are the only gaps.
//
// Threads: everything here is on the loop; the log is only touched inside `work`, which runs its pieces one after the other.
//
// Invariants
//   W1  a trace is acknowledged after it is on the disk, and written down once however often it is sent while this node runs
//   W2  bounded: waiting traces, remembered ids, tallies
#pragma once

#include <deque>
#include <map>

#include "node/access_log.hpp"
#include "node/api/answers.hpp"
#include "node/service.hpp"

namespace hufu::node {

struct RecorderParts {
  AccessLog& log;
  Hash genesis;
  std::function<void(std::function<void()>)> work;  // in the worker pool, in order, never two at once
  std::function<void(std::function<void()>)> post;  // back on the loop
  std::function<std::uint64_t()> wall_clock_ms;
  Metrics& metrics;
  std::function<void(std::string_view why)> fatal;
};

class AccessRecorder {
 public:
  static constexpr std::uint64_t kTallyMs = 60'000;
  static constexpr std::uint64_t kReadTallyMs = 1'000;          // for who reads the log
  static constexpr std::uint64_t kClockDifferenceMs = 600'000;  // of a trace's time and this node's
  static constexpr std::size_t kMaxWaiting = 4'096;
  static constexpr std::size_t kMaxRemembered = 65'536;
  static constexpr std::size_t kMaxTallies = 10'000;

  explicit AccessRecorder(RecorderParts parts);
  ~AccessRecorder();
  AccessRecorder(const AccessRecorder&) = delete;
  AccessRecorder& operator=(const AccessRecorder&) = delete;

  // Errors of check_trace, field_invalid for a time that is too far from this node's, overloaded.
  void record(SignedTrace trace, Done<SignedEntry> done);
  void read(std::uint64_t from, std::size_t limit, Done<AccessPage> done);
  // Who signed it is known, and it was told so.
  void refused(const std::string& agency, const api::Refusal& refusal);
  // Every few tens of milliseconds.
  void tick();
  // The tallies are handed to `work` a last time; what still waits is answered ledger_unavailable.
  void stop();

 private:
  struct Waiting {
    SignedTrace trace;
    Done<SignedEntry> done;
  };
  struct Reading {
    std::uint64_t from = 0;
    std::size_t limit = 0;
    Done<AccessPage> done;
  };
  struct Batch;

  void forget_old(std::uint64_t now_ms);
  void take_tallies(std::uint64_t now_ms);
  void go();
  void done(Batch& batch);

  RecorderParts parts_;
  std::deque<Waiting> waiting_;
  std::deque<Tally> tallied_;
  std::deque<Reading> reading_;
  struct Remembered {
    std::uint64_t time_ms = 0;
    std::optional<std::uint64_t> seq;  // nothing: on its way
  };
  std::map<RequestId, Remembered> remembered_;
  std::deque<std::pair<std::uint64_t, RequestId>> by_age_;
  std::map<std::pair<std::string, Error>, std::uint64_t> counted_;
  std::uint64_t counting_since_ms_;
  bool busy_ = false;
  bool stopped_ = false;
  std::shared_ptr<AccessRecorder*> self_;
};

}  // namespace hufu::node
