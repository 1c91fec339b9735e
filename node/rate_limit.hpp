// Token buckets, one for each name (an address, an agency). Pure but for its table; the caller brings the clock.
//
// Bounded: a bucket that has filled up again is as good as none, so such buckets are dropped when the table is full; if none
// is full, a new name is refused, because a crowd of names is what a flood looks like.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "node/config.hpp"

namespace hufu::node {

class RateLimit {
 public:
  RateLimit(Rate rate, std::size_t max_names) : rate_(rate), max_names_(max_names) {}

  // 0: go on. Otherwise in so many milliseconds there will be a token.
  std::uint32_t take(std::string_view name, std::uint64_t now_ms) {
    if (rate_.per_second <= 0) return 0;
    auto found = buckets_.find(std::string(name));
    if (found == buckets_.end()) {
      if (buckets_.size() >= max_names_) sweep(now_ms);
      if (buckets_.size() >= max_names_) return kSecond;
      found = buckets_.emplace(std::string(name), Bucket{rate_.burst, now_ms}).first;
    }
    Bucket& bucket = found->second;
    fill(bucket, now_ms);
    if (bucket.tokens < 1)
      return static_cast<std::uint32_t>((1 - bucket.tokens) / rate_.per_second * kSecond) + 1;
    bucket.tokens -= 1;
    return 0;
  }
  std::size_t names() const { return buckets_.size(); }

 private:
  static constexpr std::uint32_t kSecond = 1000;
  struct Bucket {
    double tokens;
    std::uint64_t at_ms;
  };
  void fill(Bucket& bucket, std::uint64_t now_ms) const {
    const std::uint64_t passed = now_ms > bucket.at_ms ? now_ms - bucket.at_ms : 0;
    bucket.tokens =
        std::min(rate_.burst, bucket.tokens + static_cast<double>(passed) * rate_.per_second / kSecond);
    bucket.at_ms = now_ms;
  }
  void sweep(std::uint64_t now_ms) {
    std::erase_if(buckets_, [&](const auto& entry) {
      Bucket bucket = entry.second;
      fill(bucket, now_ms);
      return bucket.tokens >= rate_.burst;
    });
  }

  const Rate rate_;
  const std::size_t max_names_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace hufu::node
