// One round of load, as the driver asks for it on a line of standard input and reads it as a line of JSON; the same for every
// peer (README.md).
//
//   line := { "clients=" N | "in-flight=" N | "size=" RECORDS | "seconds=" S | "rate=" REQUESTS-A-SECOND | "key=" WORD } …
//
// Invariants
//   R1  with a rate, a request's latency counts from the moment at which it was due, not from when it could be sent: a peer
//       that stalls is charged for all that waited behind it
//   R2  requests that end after the round's end are not counted in rates; their latencies are
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace hufu::bench {

using Clock = std::chrono::steady_clock;

struct RoundPlan {
  std::size_t clients = 1;
  std::size_t in_flight = 1;  // over all clients
  std::size_t size = 1;       // records in a request
  double seconds = 5;
  double rate = 0;  // requests a second; 0: as fast as answers come
  std::string word = "k";

  static RoundPlan read(const std::string& line);  // exits with a message when it is not one
};

struct Tally {
  std::vector<std::uint32_t> latency_us;
  std::uint64_t requests = 0;  // R2
  std::uint64_t errors = 0;
  std::string error;  // the first one

  void done(Clock::time_point due, Clock::time_point now, Clock::time_point end);
  void failed(const std::string& why);
  void add(const Tally& other);
};

// When the next request of one of so many senders is due, whose first is number `sender`; every sender has its own.
class Pace {
 public:
  Pace(const RoundPlan& plan, std::size_t sender, std::size_t senders, Clock::time_point start);
  bool open() const { return step_.count() > 0; }
  Clock::time_point due() const { return due_; }
  void next() { due_ += step_; }

 private:
  Clock::duration step_{};
  Clock::time_point due_;
};

// A value of so many bytes that compresses as badly as a hash does. The same for the same number.
std::string value_of(std::uint64_t number, std::size_t bytes);

std::string json_line(const RoundPlan& plan, Tally tally);

}  // namespace hufu::bench
