// Chance of a seed, the same on every build. Own arithmetic: the standard's distributions differ from library to library, and a
// state root that is compared must not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hufu::testing {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2 + 1) {}
  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state_ >> 33) % bound;
  }
  bool often() { return below(3) != 0; }
  template <class T>
  const T& of(const std::vector<T>& list) {
    return list[below(list.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace hufu::testing
