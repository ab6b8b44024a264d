// Token buckets by key: how long somebody has to wait. Bounded: with too many keys the full
// buckets, whose loss changes nothing, go first. Thread-safe.
#pragma once

#include "base/strings.h"

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace scantling::server::access {

class RateLimiter {
 public:
  // `rate` a second, `burst` at once.
  RateLimiter(double rate, double burst) : rate_(rate), burst_(burst) {}
  // Takes one; else the milliseconds until there is one.
  int64_t Take(std::string_view key, int64_t now);

 private:
  struct Bucket {
    double left = 0;
    int64_t at = 0;
  };
  void Shrink(int64_t now);

  static constexpr size_t kMaxKeys = 100'000;
  const double rate_;
  const double burst_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket, base::StringHash, std::equal_to<>> buckets_;
};

}  // namespace scantling::server::access
