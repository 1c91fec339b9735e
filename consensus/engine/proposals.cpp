#include "consensus/engine/proposals.hpp"

#include <utility>

namespace hufu::consensus {

bool Proposals::add(Bytes& entry, ProposeCallback& done) {
  if (waiting_.size() >= max_entries_ || entry.size() > max_bytes_ - waiting_bytes_) return false;
  waiting_bytes_ += entry.size();
  waiting_.push_back({std::move(entry), std::move(done)});
  return true;
}

bool Proposals::add(ReadCallback& done) {
  if (waiting_reads_.size() >= max_entries_) return false;
  waiting_reads_.push_back(std::move(done));
  return true;
}

std::vector<Bytes> Proposals::take_off(std::uint64_t first, std::size_t max_entries, std::size_t max_bytes) {
  std::vector<Bytes> group;
  std::size_t bytes = 0;
  while (!waiting_.empty() && group.size() < max_entries) {
    Waiting& next = waiting_.front();
    if (!group.empty() && bytes + next.entry.size() > max_bytes) break;
    bytes += next.entry.size();
    waiting_bytes_ -= next.entry.size();
    flying_.push_back({first + group.size(), std::move(next.done)});
    group.push_back(std::move(next.entry));
    waiting_.pop_front();
  }
  for (ReadCallback& read : waiting_reads_) flying_reads_.push_back({first, std::move(read)});
  waiting_reads_.clear();
  return group;
}

void Proposals::landed(std::uint64_t applied, Answers& answers) {
  while (!flying_.empty() && flying_.front().index <= applied) {
    answers.push_back([done = std::move(flying_.front().done), index = flying_.front().index] {
      done({Outcome::Kind::committed, index});
    });
    flying_.pop_front();
  }
  while (!flying_reads_.empty() && flying_reads_.front().index <= applied) {
    answers.push_back([done = std::move(flying_reads_.front().done)] { done(true); });
    flying_reads_.pop_front();
  }
}

void Proposals::abandon(Answers& answers) {
  for (Flying& entry : std::exchange(flying_, {})) {
    answers.push_back([done = std::move(entry.done)] { done({Outcome::Kind::unknown, 0}); });
  }
  for (Waiting& entry : std::exchange(waiting_, {})) {
    answers.push_back([done = std::move(entry.done)] { done({Outcome::Kind::not_leader, 0}); });
  }
  waiting_bytes_ = 0;
  for (FlyingRead& read : std::exchange(flying_reads_, {})) {
    answers.push_back([done = std::move(read.done)] { done(false); });
  }
  for (ReadCallback& read : std::exchange(waiting_reads_, {})) {
    answers.push_back([done = std::move(read)] { done(false); });
  }
}

}  // namespace hufu::consensus
