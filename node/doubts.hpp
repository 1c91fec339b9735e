// Agencies whose submissions the law refused lately. Theirs are judged before they are put in order, so that what nobody can
// apply does not fill Raft's log; of all others the law is asked once, when the block is applied.
//
// Bounded: where more are in doubt than fit, everybody is.
#pragma once

#include <string>
#include <unordered_map>

namespace hufu::node {

class Doubts {
 public:
  static constexpr std::size_t kNames = 4096;
  // So many applied in a row clear an agency: at most one submission in so many is put in order in vain.
  static constexpr unsigned kClears = 64;

  bool none() const { return left_.empty(); }
  bool about(const std::string& agency) const { return left_.size() >= kNames || left_.contains(agency); }
  void refused(const std::string& agency) {
    if (left_.size() < kNames || left_.contains(agency)) left_[agency] = kClears;
  }
  void applied(const std::string& agency) {
    const auto found = left_.find(agency);
    if (found != left_.end() && --found->second == 0) left_.erase(found);
  }

 private:
  std::unordered_map<std::string, unsigned> left_;
};

}  // namespace hufu::node
