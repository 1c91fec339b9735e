// Requests of one kind over lines of their own: the next one as soon as one is answered, or each when it is due.
//
// Invariants
//   F1  every request is sent at most once, and ends as accepted, refused or failed
//   F2  on a schedule a request's latency counts from the moment it was due, however late a line was free for it
//   F3  no more than `depth` requests of a line are without an answer
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "cli/bench/latency.hpp"
#include "cli/bench/line.hpp"
#include "cli/bench/load.hpp"

namespace hufu::cli::bench {

enum class Judgement : std::uint8_t { accepted, refused, failed };

struct FlowResult {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::uint64_t failed = 0;
  std::string trouble;  // of the first that was not accepted
  Latencies latencies;  // of what was accepted
  double seconds = 0;   // from the first one sent, or due, to the last answer
};

class Flow {
 public:
  using Clock = std::chrono::steady_clock;
  // What the answer to request number i is; says why when it is not accepted.
  using Judge = std::function<Judgement(std::size_t request, const Answer& answer, std::string& why)>;
  struct Rules {
    std::size_t depth = 1;
    std::optional<Clock::duration> time;  // none is sent after it; absent: until all are sent
    double per_second = 0;                // 0: as soon as one is answered
  };

  // All outlive it, lines are connected.
  Flow(boost::asio::io_context& loop, std::vector<std::unique_ptr<Line>>& lines,
       const std::vector<Request>& requests, Rules rules, Judge judge);
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  // `ended`: when there is nothing more to send, and nothing without an answer.
  void begin(std::function<void()> ended);
  // Sends nothing more.
  void stop();
  FlowResult take_result();

 private:
  struct Sent {
    std::size_t request = 0;
    Clock::time_point since;
  };
  struct Lane {
    Line* line = nullptr;
    std::deque<Sent> under_way;
  };
  Clock::time_point due(std::size_t request) const;
  bool may_send(Clock::time_point now) const;
  void fill(Lane& lane);
  void answered(Lane& lane, const Answer& answer);
  void lost(Lane& lane, const std::string& why);
  void send_what_may_go();
  void end_if_done();

  const std::vector<Request>& requests_;
  const Rules rules_;
  const Judge judge_;
  std::vector<Lane> lanes_;
  boost::asio::steady_timer timer_;
  std::function<void()> ended_;
  std::size_t next_ = 0;
  std::size_t under_way_ = 0;
  bool stopped_ = false;
  bool waiting_ = false;  // for the moment when the next one is due
  Clock::time_point begun_;
  Clock::time_point last_answer_;
  FlowResult result_;
};

}  // namespace hufu::cli::bench
