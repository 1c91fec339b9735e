#include "cli/bench/flow.hpp"

namespace hufu::cli::bench {

Flow::Flow(boost::asio::io_context& loop, std::vector<std::unique_ptr<Line>>& lines,
           const std::vector<Request>& requests, Rules rules, Judge judge)
    : requests_(requests), rules_(rules), judge_(std::move(judge)), timer_(loop) {
  for (const std::unique_ptr<Line>& line : lines) lanes_.push_back({.line = line.get(), .under_way = {}});
  result_.latencies.reserve(requests.size());
}

void Flow::begin(std::function<void()> ended) {
  ended_ = std::move(ended);
  for (Lane& lane : lanes_) {
    lane.line->listen([this, &lane](const Answer& answer) { answered(lane, answer); },
                      [this, &lane](const std::string& why) { lost(lane, why); });
  }
  begun_ = last_answer_ = Clock::now();
  send_what_may_go();
  end_if_done();
}

Flow::Clock::time_point Flow::due(std::size_t request) const {
  return begun_ + std::chrono::duration_cast<Clock::duration>(
                      std::chrono::duration<double>(static_cast<double>(request) / rules_.per_second));
}

bool Flow::may_send(Clock::time_point now) const {
  if (stopped_ || next_ >= requests_.size()) return false;
  if (rules_.per_second > 0) return due(next_) <= now;
  return !rules_.time || now - begun_ < *rules_.time;
}

void Flow::fill(Lane& lane) {
  const Clock::time_point now = Clock::now();
  if (lane.line->is_lost() || lane.under_way.size() >= rules_.depth || !may_send(now)) return;
  const std::size_t request = next_++;
  lane.under_way.push_back({.request = request, .since = rules_.per_second > 0 ? due(request) : now});  // F2
  ++under_way_;
  lane.line->send(requests_[request].wire);
}

void Flow::answered(Lane& lane, const Answer& answer) {
  if (lane.under_way.empty()) return lost(lane, "an answer to no question");
  const Sent sent = lane.under_way.front();
  lane.under_way.pop_front();
  --under_way_;
  last_answer_ = Clock::now();
  std::string why;
  const Judgement judgement = judge_(sent.request, answer, why);
  if (judgement == Judgement::accepted) {
    ++result_.accepted;
    result_.latencies.add(last_answer_ - sent.since);
  } else {
    ++(judgement == Judgement::refused ? result_.refused : result_.failed);
    if (result_.trouble.empty()) result_.trouble = why;
  }
  fill(lane);
  if (rules_.per_second > 0) send_what_may_go();
  end_if_done();
}

void Flow::lost(Lane& lane, const std::string& why) {
  result_.failed += lane.under_way.size();
  under_way_ -= lane.under_way.size();
  lane.under_way.clear();
  if (result_.trouble.empty()) result_.trouble = why;
  stopped_ = true;  // what is measured from here on would be another machine
  end_if_done();
}

// One for each line before the second for any.
void Flow::send_what_may_go() {
  for (std::size_t depth = 0; depth < rules_.depth && may_send(Clock::now()); ++depth) {
    for (Lane& lane : lanes_) {
      if (lane.under_way.size() == depth) fill(lane);
    }
  }
  if (rules_.per_second <= 0 || waiting_ || stopped_ || next_ >= requests_.size()) return;
  const Clock::time_point next = due(next_);
  if (next <= Clock::now()) return;  // all lines are full: it goes when one has an answer
  waiting_ = true;
  timer_.expires_at(next);
  timer_.async_wait([this](const boost::system::error_code& code) {
    waiting_ = false;
    if (code) return;
    send_what_may_go();
    end_if_done();
  });
}

void Flow::stop() {
  stopped_ = true;
  end_if_done();
}

void Flow::end_if_done() {
  if (under_way_ > 0 || !ended_) return;
  const bool timed_out = rules_.time && rules_.per_second <= 0 && Clock::now() - begun_ >= *rules_.time;
  if (!stopped_ && next_ < requests_.size() && !timed_out) return;
  timer_.cancel();
  std::exchange(ended_, nullptr)();
}

FlowResult Flow::take_result() {
  result_.seconds = std::chrono::duration<double>(last_answer_ - begun_).count();
  return std::move(result_);
}

}  // namespace hufu::cli::bench
