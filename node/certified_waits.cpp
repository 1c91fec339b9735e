#include "node/certified_waits.hpp"

#include <utility>
#include <vector>

namespace hufu::node {

void CertifiedWaits::add(std::uint64_t size, std::uint64_t deadline_ms, Then then) {
  if (stopped_ || waiting_.size() >= kMost) return then(false);
  waiting_.emplace(size, Waiting{deadline_ms, std::move(then)});
}

// An answer may lead to another question: it is given when nothing is being walked through any more.
void CertifiedWaits::arrived(std::uint64_t size) {
  std::vector<Then> done;
  const auto end = waiting_.upper_bound(size);
  for (auto at = waiting_.begin(); at != end; ++at) done.push_back(std::move(at->second.then));
  waiting_.erase(waiting_.begin(), end);
  for (const Then& then : done) then(true);
}

void CertifiedWaits::tick(std::uint64_t now_ms) {
  std::vector<Then> late;
  std::erase_if(waiting_, [&](auto& each) {
    if (each.second.deadline_ms > now_ms) return false;
    late.push_back(std::move(each.second.then));
    return true;
  });
  for (const Then& then : late) then(false);
}

void CertifiedWaits::stop() {
  stopped_ = true;
  auto waiting = std::move(waiting_);
  waiting_.clear();
  for (auto& [size, each] : waiting) each.then(false);
}

}  // namespace hufu::node
