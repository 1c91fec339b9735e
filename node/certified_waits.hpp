// Answers that wait for a checkpoint of a certain size, each until its deadline. One thread: the loop; bounded in number.
#pragma once

#include <cstdint>
#include <functional>
#include <map>

namespace hufu::node {

class CertifiedWaits {
 public:
  static constexpr std::size_t kMost = 65'536;
  // True: it came. Called exactly once.
  using Then = std::function<void(bool came)>;

  // Beyond kMost it is answered at once with false.
  void add(std::uint64_t size, std::uint64_t deadline_ms, Then then);
  // A checkpoint of this size is there.
  void arrived(std::uint64_t size);
  void tick(std::uint64_t now_ms);
  // False for all, and for what comes later.
  void stop();

 private:
  struct Waiting {
    std::uint64_t deadline_ms = 0;
    Then then;
  };
  std::multimap<std::uint64_t, Waiting> waiting_;  // by size
  bool stopped_ = false;
};

}  // namespace hufu::node
